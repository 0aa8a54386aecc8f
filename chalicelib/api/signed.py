"""Who is calling under /partners: the partner's name in the address, and its signature over what it sends."""

from chalicelib.api import http
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.signatures import Asked, Signed, Way
from chalicelib.gateways import secrets
from chalicelib.store.partners import partners
from chalicelib.store.requests import nonces
from chalicelib.store.town import directory


def partner(name: str) -> str:
    """The partner that signed this request. Raises NotSignedIn, and AlreadyDone for a replay."""
    registered = _registered(name)
    key = secrets.find_partner_key(name) if registered else None
    given = Signed(
        timestamp=http.header(signatures.TIMESTAMP),
        nonce=http.header(signatures.NONCE),
        signature=http.header(signatures.SIGNATURE),
        signature_v2=http.header(signatures.SIGNATURE_V2),
    )
    if key is None:
        raise NotSignedIn("没有为这个名称登记密钥，请联系镇平台管理员")
    least, body = max(registered), http.request().raw_body or b""
    signatures.check(given, key, body, asked=_asked(), least=least, now=http.now())
    nonces.take(name, given.nonce, http.now())
    return name


def _registered(name: str) -> list[str]:
    """The least version of a signature that each registration of the name accepts, the strictest of which counts; empty
    for whoever the town has nothing to do with: a stranger's names must not each become a question to SSM.
    """
    town = directory.town()
    known = [each for each in (town.find_subscriber(name), partners.find(name)) if each is not None]
    rules = [rule for rule in town.sensor_rules if rule.partner == name]
    return [each.signature for each in (*known, *rules)]


def _asked() -> Asked:
    """By the route and its names, without the base path under which the town is reached; the query as it was understood."""
    request = http.request()
    path = request.path.format(**(request.uri_params or {}))
    query = request.query_params
    pairs = [(key, value) for key in query for value in query.getlist(key)] if query else []
    return Asked(way=Way.TO_TOWN, method=request.method, target=signatures.target(path, pairs))
