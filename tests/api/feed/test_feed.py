"""The feed over HTTP: what is fetched is signed for and fits the published schema; and what the desk sees of subscribers."""

import json
from datetime import timedelta

import jsonschema
import pytest

from chalicelib.actions import retention
from chalicelib.actions.feed import sending
from chalicelib.domain.errors import NotFound
from chalicelib.domain.partners import signatures
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.gateways import http
from chalicelib.store.feed import subscribers
from chalicelib.store.partners import partners
from chalicelib.store.town import directory
from infra.local.partner.server import StandIn
from tests.api.unchanged import everything, is_clear
from tests.feed_cloud import KEY
from tests.moto_cloud import keep_secrets
from tests.service import running_service

NONCES = iter(range(10**9))
PHONE = "13800001111"
DESK, HEAD, HANDLER = "gglw-fc1", "gglw-head", "pm-shjy-a"


@pytest.fixture(scope="module")
def city():
    with StandIn(KEY) as partner:
        yield partner


@pytest.fixture(scope="module")
def service(city):
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        keep_secrets(**{f"partner_{name}": KEY.decode() for name in ("city", "reads", "hotline")})
        partners.save(Partner(name="hotline", title="12345"))
        town = directory.town()
        parts = {name: getattr(town, name) for name in type(town).model_fields}
        known = (
            Subscriber(name="city", title="城运中心", address=city.url, identity=("phone",)),
            Subscriber(name="reads", title="只取不推"),
        )
        changed = type(town)(**(parts | {"subscribers": known}))
        patch.setattr(directory, "town", lambda: changed)
        city.now = lambda: running.now
        yield running


@pytest.fixture(scope="module")
def lamp(service):
    """Reported with a phone, dispatched by the machine, taken; by the stream's own consumer in the feed."""
    ticket_id = service.report(
        f"四号楼楼道灯不亮，电话{PHONE}", contact={"name": "王阿姨", "phone": PHONE}
    ).body["id"]
    assert service.staff_act(ticket_id, "take", HANDLER).status == 200
    service.settle()
    return service.ticket(ticket_id)


def fetch(service, after="", *, name="reads", key=KEY, nonce="", skew=0):
    now = service.now + timedelta(seconds=skew)
    signed = signatures.sign(key, b"", nonce=nonce or f"nonce-{next(NONCES):012d}", now=now)
    path = f"/partners/{name}/events" + (f"?after={after}" if after else "")
    return service._ask("GET", path, "", b"", signatures.headers(signed))


def test_what_is_fetched_fits_the_published_schema_and_holds_nobody(service, lamp):
    service.later(minutes=2)
    answer = fetch(service)
    assert answer.status == 200, answer.raw
    schema = service.get("/partners/schema/event-1.json").body
    jsonschema.Draft202012Validator.check_schema(schema)
    for event in answer.body["items"]:
        jsonschema.validate(event | {"identity": None}, schema)
    assert [(e["version"], e["kind"]) for e in answer.body["items"]] == [(1, "received"), (2, "taken")]
    text = json.dumps(answer.body, ensure_ascii=False)
    for private in (PHONE, "王阿姨", lamp.reporter_id, HANDLER):
        assert private not in text
    assert fetch(service, answer.body["next"]).body["items"] == []


def test_what_is_sent_fits_the_published_schema_too(service, lamp, city):
    http.forget()
    assert sending.send_due(now=service.now) == 2
    schema = service.get("/partners/schema/event-1.json").body
    for event in city.asked:
        jsonschema.validate({"identity": None} | event, schema)
    assert [event.get("identity") for event in city.asked] == [{"phone": PHONE}, None]


REFUSED = {
    "a wrong signature": ({"key": b"x" * 40}, 401),
    "a clock that is off": ({"skew": 301}, 401),
    "nobody": ({"name": "nobody"}, 401),
    "a partner that does not subscribe": ({"name": "hotline"}, 404),
    "a cursor of another list": ({"after": "abc"}, 400),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_is_told_why_and_changes_nothing(service, lamp, why):
    how, status = REFUSED[why]
    before = [item for item in everything(service) if "NONCE#" not in item]
    answer = fetch(service, **how)
    assert answer.status == status, answer.raw
    assert is_clear(answer)
    assert [item for item in everything(service) if "NONCE#" not in item] == before


def test_a_request_that_is_sent_again_is_refused(service, lamp):
    assert fetch(service, nonce="the-same-nonce-twice").status == 200
    assert fetch(service, nonce="the-same-nonce-twice").status == 409


@pytest.mark.parametrize("document", ["event-2.json", "event-1.xml", "nothing"])
def test_a_format_that_there_is_not_is_not_found(service, document):
    assert service.get(f"/partners/schema/{document}").status == 404


def feeds(service):
    return {each["name"]: each for each in service.get("/desk/feeds", service.staff(HEAD)).body["items"]}


def test_the_desk_sees_how_far_each_subscriber_is_and_what_it_fails_at(service, lamp, city):
    service.later(minutes=10)
    service.staff_act(lamp.id, "unit-feedback", HANDLER, text="明天来修")
    service.settle()
    city.mode = "error"
    http.forget()
    sending.send_due(now=service.now)
    service.later(seconds=90)
    seen = feeds(service)
    assert (seen["city"]["waiting"], seen["city"]["dead"], seen["city"]["lag_seconds"]) == (1, 0, 90)
    assert seen["city"]["failing"]["attempts"] == 1
    assert "没有应答" in seen["city"]["failing"]["detail"]
    assert seen["city"]["acknowledged"]["event"] == f"{lamp.id}-000002"
    assert (seen["reads"]["sends"], seen["reads"]["waiting"], seen["reads"]["lag_seconds"]) == (False, 0, 0)
    assert seen["reads"]["fetched_at"].endswith("+08:00")


def test_what_was_given_up_is_listed_and_goes_out_again_when_the_desk_says_so(service, lamp, city):
    for days in (0, 4):
        service.later(days=days)
        http.forget()
        sending.send_due(now=service.now)
    assert feeds(service)["city"]["dead"] == 1
    page = service.get("/desk/feeds/city/dead-letters", service.staff(DESK)).body
    [letter] = page["items"]
    assert (letter["number"], letter["version"], letter["latest"]) == (lamp.number, 3, 3)
    assert set(letter) == {
        "ticket_id",
        "number",
        "version",
        "latest",
        "attempts",
        "detail",
        "since",
        "tried_at",
    }
    city.mode = "ok"
    answer = service.post("/desk/feeds/city/resend", {"ticket_id": lamp.id}, service.staff(DESK))
    assert answer.body == {"resent": 1, "more": False}
    again = service.post("/desk/feeds/city/resend", {}, service.staff(DESK))
    assert again.body == {"resent": 0, "more": False}  # it waits already
    http.forget()
    assert sending.send_due(now=service.now) == 1
    assert feeds(service)["city"]["dead"] == feeds(service)["city"]["waiting"] == 0


REFUSED_RESENDS = {
    "a subscriber that there is not": ("nobody", {}, 404),
    "a ticket for which nothing waits": ("city", {"ticket_id": "01JD0000000000000000000000"}, 404),
    "an id that is none": ("city", {"ticket_id": "../x"}, 422),
    "its own state": ("city", {"ticket_id": "STATE"}, 404),
    "a field nobody knows": ("city", {"all": True}, 422),
}


@pytest.mark.parametrize("why", REFUSED_RESENDS)
def test_a_resend_that_is_refused_changes_nothing(service, lamp, why):
    name, body, status = REFUSED_RESENDS[why]
    token = service.staff(DESK)
    before = everything(service)
    answer = service.post(f"/desk/feeds/{name}/resend", body, token, key=None)
    assert answer.status == status, answer.raw
    assert is_clear(answer)
    assert everything(service) == before


def test_a_case_that_is_removed_leaves_nothing_in_the_feed(service, lamp):
    """The last of this file: it takes the ticket away."""
    assert any(f"FEED#{lamp.id}" in item for item in everything(service))
    retention.remove_case(service.ticket(lamp.id), now=service.now)
    assert not any(f"FEED#{lamp.id}" in item for item in everything(service))
    with pytest.raises(NotFound):
        subscribers.get("city", lamp.id)
    service.later(minutes=2)
    assert fetch(service).body["items"] == []
