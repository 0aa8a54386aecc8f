"""What a captured request of a partner is worth: elsewhere, again, or sent back to whoever made it."""

import json
from itertools import count

import pytest

from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.signatures import Asked, Way
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.gateways import http
from chalicelib.gateways import partners as gateway
from chalicelib.store.partners import partners
from chalicelib.store.town import directory
from infra.local.partner.server import StandIn
from tests.actions.partners.test_partners import KEY, SAMPLES
from tests.moto_cloud import keep_secrets
from tests.service import running_service

NAMES = ("hotline", "both", "strict")
NONCES = count()


@pytest.fixture(scope="module")
def service():
    """`hotline` says v2 as in the samples; `both` is a partner and a subscriber of the first version; of `strict` the
    partner's file says v2 and the subscription nothing.
    """
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        keep_secrets(**{f"partner_{name}": KEY.decode() for name in NAMES})
        sample = read_partner("hotline", (SAMPLES / "hotline.csv").read_bytes())
        partners.save(sample)
        partners.save(sample.model_copy(update={"name": "both", "signature": "v1"}))
        partners.save(sample.model_copy(update={"name": "strict"}))
        town = directory.town()
        parts = {name: getattr(town, name) for name in type(town).model_fields}
        known = tuple(Subscriber(name=name, title=name) for name in ("both", "strict"))
        changed = type(town)(**(parts | {"subscribers": known}))
        patch.setattr(directory, "town", lambda: changed)
        yield running


def signed(service, body=b"", asked=None):
    nonce = f"nonce-{next(NONCES):012d}"
    return signatures.headers(signatures.sign(KEY, body, nonce=nonce, now=service.now, asked=asked))


def ask(service, method, path, headers, body=b""):
    return service._ask(method, path, "", body, headers)


def order(number):
    return json.dumps({"number": number, "text": "盛华景苑4号楼门口路灯坏了"}).encode()


def to_town(method, target):
    return Asked(way=Way.TO_TOWN, method=method, target=target)


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    ("method", "rest"),
    [("POST", "orders"), ("POST", "statuses"), ("POST", "observations"), ("GET", "events")],
)
def test_what_was_delivered_counts_nowhere_again(service, version, method, rest):
    body = order(f"SH-{version}-{rest}")
    asked = to_town("POST", "/partners/both/orders") if version == "v2" else None
    captured = signed(service, body, asked)
    assert ask(service, "POST", "/partners/both/orders", captured, body).status == 201
    again = ask(service, method, f"/partners/both/{rest}", captured, body)
    assert again.status == (409 if version == "v1" or rest == "orders" else 401), again.raw


def test_what_was_held_back_counts_nowhere_else(service):
    """Kept from us on its way, then brought where it was not meant to go: under the first version that would be heard."""
    body = order("SH-held")
    captured = signed(service, body, to_town("POST", "/partners/both/orders"))
    assert ask(service, "GET", "/partners/both/events", captured, body).status == 401
    assert ask(service, "POST", "/partners/both/statuses", captured, body).status == 401
    assert ask(service, "POST", "/partners/both/orders", captured, body).status == 201  # it used up nothing


def test_the_query_is_covered(service):
    after = to_town("GET", signatures.target("/partners/strict/events", [("after", "now")]))
    plain = to_town("GET", "/partners/strict/events")
    assert (
        ask(service, "GET", "/partners/strict/events?after=now", signed(service, asked=after)).status == 200
    )
    assert ask(service, "GET", "/partners/strict/events", signed(service, asked=after)).status == 401
    assert (
        ask(service, "GET", "/partners/strict/events?after=now", signed(service, asked=plain)).status == 401
    )
    assert ask(service, "GET", "/partners/strict/events", signed(service, asked=plain)).status == 200


@pytest.mark.parametrize(("name", "status"), [("both", 200), ("strict", 401)])
def test_the_first_version_counts_as_far_as_the_registration_says_the_strictest_of_a_name(
    service, name, status
):
    assert ask(service, "GET", f"/partners/{name}/events", signed(service)).status == status


@pytest.mark.parametrize("rest", ["", "?a=1&b=%2F", "/x/../y?z", "/|?q={}"])
def test_what_we_sign_is_the_target_as_it_arrives(service, rest):
    http.forget()
    with StandIn(KEY, now=lambda: service.now) as partner:
        gateway.send("strict", partner.url + rest, {"id": "e.2"}, version="v2", now=service.now)
    assert (list(partner.taken), partner.refused) == (["e.2"], 0)


@pytest.mark.parametrize("name", ["both", "strict"])
def test_what_we_sent_to_a_partner_cannot_be_sent_back_to_us(service, name):
    """Whoever reads the partner's log of our request holds a fresh signature by the shared key."""
    sent = {}

    class Keeps(StandIn):
        def answer(self, headers, body, target):
            sent.update(headers=dict(headers), body=body)
            return super().answer(headers, body, target)

    http.forget()
    with Keeps(KEY, now=lambda: service.now) as partner:
        version = partners.get(name).signature
        gateway.send(name, partner.url, {"id": "e.1"}, version=version, now=service.now)
    given = {key: value for key, value in sent["headers"].items() if key.startswith("X-Partner")}
    assert (signatures.SIGNATURE in given) == (name == "both")
    for headers in (given, {key: value for key, value in given.items() if key != signatures.SIGNATURE_V2}):
        assert ask(service, "GET", f"/partners/{name}/events", headers, sent["body"]).status == 401
