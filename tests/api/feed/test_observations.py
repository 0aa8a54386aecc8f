"""The horn sonar 鸣笛声呐: observations become one ticket, with their evidence, and no second one while it is open."""

import json
from datetime import timedelta

import pytest

from chalicelib.actions.feed import observing
from chalicelib.domain.partners import signatures
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.sensor_rules import SensorRule
from chalicelib.store.feed import observations
from chalicelib.store.partners import partners
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory
from tests.api.unchanged import everything, is_clear
from tests.moto_cloud import keep_secrets
from tests.service import running_service

KEY = b"o" * 40
HORN = SensorRule(
    code="horn", name="望月路鸣笛声呐", partner="sonar", kind="horn", least=70, more_than=3, minutes=15,
    place="YDL-EXIT", category="B06",
)  # fmt: skip
NONCES = iter(range(10**9))


@pytest.fixture(scope="module")
def one_service():
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        keep_secrets(partner_sonar=KEY.decode(), partner_other=KEY.decode())
        partners.save(Partner(name="other", title="没有规则的"))
        yield running


@pytest.fixture
def service(one_service, monkeypatch):
    """Each test has a rule of its own, so that none finds the tickets of another."""
    town = directory.town()
    parts = {name: getattr(town, name) for name in type(town).model_fields}
    rule = HORN.model_copy(update={"code": f"horn{next(NONCES)}"})
    changed = type(town)(**(parts | {"sensor_rules": (rule,)}))
    monkeypatch.setattr(directory, "town", lambda: changed)
    one_service.rule = rule
    one_service.later(hours=3)
    return one_service


def seen(service, *seconds, **more):
    known = {"sensor": "horn-1", "kind": "horn", "value": 92.5} | more
    return [{"id": f"o{s}", "at": (service.now + timedelta(seconds=s)).isoformat()} | known for s in seconds]


def push(service, found, *, name="sonar", key=KEY, skew=0):
    raw = json.dumps({"observations": found}).encode()
    signed = signatures.sign(
        key, raw, nonce=f"nonce-{next(NONCES):012d}", now=service.now + timedelta(seconds=skew)
    )
    return service.post(f"/partners/{name}/observations", raw, key=None, **signatures.headers(signed))


def tickets_of(service):
    numbers = [lists.find_id_by_external("sonar", f"{service.rule.code}-{n}") for n in range(1, 6)]
    return [service.ticket(ticket_id) for ticket_id in numbers if ticket_id]


def end(service, ticket):
    given = {"to": "交警支队", "text": "已转请交警现场处理"}
    answer = service.desk_act(ticket.id, "forward", service_desk(service, ticket), **given)
    assert answer.status == 200, answer.raw


def service_desk(service, ticket):
    town = directory.town()
    return next(
        p.code
        for p in town.staff
        if p.unit == ticket.station_id and "first_contact" in {str(r) for r in p.roles}
    )


def test_more_than_three_within_a_quarter_of_an_hour_are_one_ticket_with_their_evidence(service):
    link = "https://sonar.example.cn/clip/7"
    assert push(service, seen(service, -600, -300, -10, evidence=link)).body == {
        "received": 3, "tickets": [], "unknown": 0,
    }  # fmt: skip
    answer = push(service, seen(service, 0, evidence=link, note="沪A12345"))
    assert answer.status == 201, answer.raw
    [ticket] = tickets_of(service)
    assert answer.body["tickets"] == [ticket.number]
    assert (ticket.source, ticket.category, ticket.where.place) == ("sensor", "B06", "YDL-EXIT")
    assert "4次" in ticket.text
    assert link in ticket.text
    assert "12345" not in ticket.text
    desk = service_desk(service, ticket)
    shown = service.get(f"/staff/tickets/{ticket.id}/observations", service.staff(desk)).body["items"]
    assert [each["id"] for each in shown] == ["o-600", "o-300", "o-10", "o0"]
    assert {each["evidence"] for each in shown} == {link}
    assert service.get(f"/staff/tickets/{ticket.id}/observations", service.staff("pm-shjy-a")).status == 404


def test_the_same_observations_again_and_again_are_not_more(service):
    for _ in range(5):
        assert push(service, seen(service, -30, -20, -10)).body["tickets"] == []
    assert tickets_of(service) == []


def test_while_a_ticket_is_open_what_follows_is_its_evidence_and_no_second_one_is_made(service):
    push(service, seen(service, -40, -30, -20, -10))
    [ticket] = tickets_of(service)
    service.later(minutes=30)
    assert push(service, seen(service, -5, -4, -3, -2, -1)).body["tickets"] == [ticket.number]
    assert len(tickets_of(service)) == 1
    assert len(observations.list_of_ticket(ticket.id)[0]) == 9


def test_after_it_has_ended_only_what_was_seen_since_counts(service):
    push(service, seen(service, -40, -30, -20, -10))
    [ticket] = tickets_of(service)
    end(service, ticket)
    assert push(service, seen(service, 1, 2, 3)).body["tickets"] == []
    assert (
        push(service, seen(service, 0)).body["tickets"] == []
    )  # the very instant in which it ended is before
    [number] = push(service, seen(service, 4)).body["tickets"]
    assert [each.number for each in tickets_of(service)] == [ticket.number, number]


def test_a_matter_that_was_merged_goes_on_in_the_other_ticket(service):
    push(service, seen(service, -40, -30, -20, -10))
    [ticket] = tickets_of(service)
    desk = service_desk(service, ticket)
    body = {"place": "YDL-EXIT", "text": "有车一直鸣笛", "source": "patrol"}
    into = service.post("/staff/tickets", body, service.staff(desk)).body["id"]
    answer = service.desk_act(ticket.id, "merge", desk, into=into)
    assert answer.status == 200, answer.raw
    service.later(minutes=1)
    assert push(service, seen(service, -4, -3, -2, -1)).body["tickets"] == [service.ticket(into).number]
    assert len(tickets_of(service)) == 1


def test_observations_that_come_late_and_out_of_order_count_at_their_own_instants(service):
    push(service, seen(service, -10))
    push(service, seen(service, -3000))
    push(service, seen(service, -20))
    assert tickets_of(service) == []
    assert push(service, seen(service, -30, -40)).body["tickets"]


def test_a_run_that_is_killed_after_the_ticket_is_made_makes_no_second_one(service, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(observations, "set_last_ticket", killed)
        with pytest.raises(KeyboardInterrupt):
            observing.take_in("sonar", found(service, -40, -30, -20, -10), now=service.now)
    [ticket] = tickets_of(service)
    service.later(minutes=20)
    assert push(service, seen(service, -4, -3, -2, -1)).body["tickets"] == [ticket.number]
    assert len(tickets_of(service)) == 1


def test_two_that_exceed_it_at_once_make_one_ticket(service, monkeypatch):
    """The other one makes it after this one has looked, and before it makes its own."""
    original = observing._make

    def late(rule, evidence, count, now):
        monkeypatch.setattr(observing, "_make", original)
        observing.take_in("sonar", found(service, -35), now=now)
        return original(rule, evidence, count, now)

    monkeypatch.setattr(observing, "_make", late)
    taken = observing.take_in("sonar", found(service, -40, -30, -20, -10), now=service.now)
    [ticket] = tickets_of(service)
    assert taken.tickets == [ticket.number]


def found(service, *seconds):
    from chalicelib.domain.feed.observations import Observation

    return [Observation.model_validate(each) for each in seen(service, *seconds)]


def test_what_no_rule_asks_for_is_said_and_not_kept(service):
    quiet, smoke = seen(service, -1, value=60.0), seen(service, -2, kind="smoke")
    assert push(service, quiet + smoke).body == {"received": 2, "tickets": [], "unknown": 2}
    assert observations.list_between(service.rule.code, service.now - timedelta(days=1), service.now) == []


REFUSED = {
    "a wrong signature": ({"key": b"x" * 40}, {}, 401),
    "a clock that is off": ({"skew": 301}, {}, 401),
    "a partner without a key": ({"name": "nobody"}, {}, 401),
    "a partner without rules": ({"name": "other"}, {}, 404),
    "an instant that cannot be": ({}, {"at": "2020-01-01T00:00:00+08:00"}, 422),
    "an instant without its zone": ({}, {"at": "2026-11-23T10:00:00"}, 422),
    "no number": ({}, {"value": "loud"}, 422),
    "a link that is none": ({}, {"evidence": "javascript:alert(1)"}, 422),
    "a field nobody knows": ({}, {"phone": "13800001111"}, 422),
    "an id that is no code": ({}, {"id": "../x"}, 422),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_refused_changes_nothing_also_not_the_good_ones_beside_it(service, why):
    how, wrong, status = REFUSED[why]
    before = [item for item in everything(service) if "NONCE#" not in item]
    body = seen(service, -40, -30, -20, -10)
    body[3] |= wrong
    answer = push(service, body, **how)
    assert answer.status == status, answer.raw
    assert is_clear(answer)
    assert [item for item in everything(service) if "NONCE#" not in item] == before


@pytest.mark.parametrize(("count", "status"), [(0, 422), (100, 201), (101, 422)])
def test_a_request_holds_one_to_a_hundred(service, count, status):
    assert push(service, seen(service, *range(-count, 0), value=10.0)).status == status
