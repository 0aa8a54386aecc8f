"""Who is calling under /partners: the partner's name in the address, and its signature over what it sends."""

from chalicelib.api import http
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.signatures import Signed
from chalicelib.gateways import secrets
from chalicelib.store.partners import partners
from chalicelib.store.requests import nonces
from chalicelib.store.town import directory


def partner(name: str) -> str:
    """The partner that signed this request. Raises NotSignedIn, and AlreadyDone for a replay."""
    key = secrets.find_partner_key(name) if _is_known(name) else None
    given = Signed(
        timestamp=http.header(signatures.TIMESTAMP),
        nonce=http.header(signatures.NONCE),
        signature=http.header(signatures.SIGNATURE),
    )
    if key is None:
        raise NotSignedIn("没有为这个名称登记密钥，请联系镇平台管理员")
    signatures.check(given, key, http.request().raw_body or b"", now=http.now())
    nonces.take(name, given.nonce, http.now())
    return name


def _is_known(name: str) -> bool:
    """Whether the town has to do with it: a stranger's names must not each become a question to SSM."""
    town = directory.town()
    return (
        town.find_subscriber(name) is not None
        or any(rule.partner == name for rule in town.sensor_rules)
        or partners.find(name) is not None
    )
