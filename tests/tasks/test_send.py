"""One delivery out of the door: once, again, or never."""

import json
from datetime import timedelta

import pytest

from chalicelib import logs
from chalicelib.actions.notices import sending
from chalicelib.domain.errors import NotFound
from chalicelib.domain.notices.deliveries import Delivery, Outcome, State
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store.notices import deliveries, digests
from chalicelib.store.notices.deliveries import LEASE, key_of
from chalicelib.tasks import send
from tests.telling_cloud import telling_cloud, woken
from tests.telling_town import PARAMS, at

NOW = at("10:00")


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    with telling_cloud(monkeypatch):
        monkeypatch.setattr(send.clock, "now", lambda: NOW)
        yield


class Gateway:
    """Answers each attempt with the next of what it was given: an outcome's state, or a fault."""

    def __init__(self, patch, *answers):
        self.seen = []
        self.answers = list(answers)
        patch.setattr(sending, "_GATEWAYS", {Channel.WECOM: self.send, Channel.WECHAT: self.send})

    def send(self, delivery, _now):
        self.seen.append(delivery)
        answer = self.answers.pop(0) if self.answers else State.DELIVERED
        if isinstance(answer, BaseException):
            raise answer
        return Outcome(state=answer)


def created(**changes):
    given = {
        "recipient": "staff:head",
        "way": Channel.WECOM,
        "at": NOW,
        "event_key": "01KAT-000001",
        "ticket_id": "01KAT",
        "template": "assigned",
        "params": PARAMS,
        "not_before": NOW,
    }
    delivery = Delivery(**given | changes)
    assert deliveries.create(delivery)
    return key_of(delivery)


def run(*bodies):
    records = [{"messageId": str(i), "body": body} for i, body in enumerate(bodies)]
    return [entry["itemIdentifier"] for entry in send.send({"Records": records}, None)["batchItemFailures"]]


def state(key):
    return deliveries.find(key).state


@pytest.mark.parametrize("answer", [State.DELIVERED, State.PERMANENT_FAILURE, State.NO_CONSENT])
def test_what_the_gateway_says_is_what_stands(monkeypatch, answer):
    gateway = Gateway(monkeypatch, answer)
    key = created()
    assert run(json.dumps(key), json.dumps(key)) == []
    assert state(key) is answer
    assert len(gateway.seen) == 1


@pytest.mark.parametrize(
    "body", ["", "null", "[]", '["a"]', "[1, 2]", '{"pk": 1}', '["a", "b", "c"]', '["TO#x", "out#y"]']
)
def test_a_message_that_names_no_delivery_is_ignored(monkeypatch, body):
    gateway = Gateway(monkeypatch)
    assert run(body) == []
    assert gateway.seen == []


@pytest.mark.parametrize("answer", [State.TEMPORARY_FAILURE, TimeoutError()])
def test_a_passing_failure_is_tried_again_until_it_arrives(monkeypatch, answer):
    gateway = Gateway(monkeypatch, answer, answer)
    key = created()
    now = NOW
    for minutes in (1, 2):
        sending.send(key, now=now)
        assert state(key) is State.TEMPORARY_FAILURE
        now += timedelta(minutes=minutes)
    sending.send(key, now=now)
    assert state(key) is State.DELIVERED
    assert len(gateway.seen) == 3


def test_the_sweep_wakes_a_retry_when_it_is_due(monkeypatch):
    Gateway(monkeypatch, State.TEMPORARY_FAILURE)
    key = created()
    sending.send(key, now=NOW)
    assert sending.sweep(now=NOW + timedelta(seconds=89)) == 0
    assert sending.sweep(now=NOW + timedelta(seconds=90)) == 1
    run(*(message["body"] for message in woken()))


def test_a_send_that_was_killed_is_tried_again(monkeypatch):
    gateway = Gateway(monkeypatch, KeyboardInterrupt())
    key = created()
    with pytest.raises(KeyboardInterrupt):
        sending.send(key, now=NOW)
    assert state(key) is State.SENDING
    later = NOW + LEASE + timedelta(seconds=30)
    assert sending.sweep(now=later - timedelta(seconds=1)) == 0
    assert sending.sweep(now=later) == 1
    sending.send(key, now=later)
    assert state(key) is State.DELIVERED
    assert len(gateway.seen) == 2


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), TimeoutError()])
def test_a_one_time_message_that_may_have_arrived_is_never_sent_again(monkeypatch, fault):
    gateway = Gateway(monkeypatch, fault)
    key = created(way=Channel.WECHAT)
    try:
        sending.send(key, now=NOW)
    except KeyboardInterrupt:
        assert sending.sweep(now=NOW + LEASE + timedelta(seconds=30)) == 0
    assert state(key) is State.PERMANENT_FAILURE
    sending.send(key, now=NOW + timedelta(hours=1))
    assert len(gateway.seen) == 1


def test_a_one_time_message_that_was_refused_for_now_is_sent_again(monkeypatch):
    gateway = Gateway(monkeypatch, State.TEMPORARY_FAILURE)
    key = created(way=Channel.WECHAT)
    sending.send(key, now=NOW)
    sending.send(key, now=NOW + timedelta(minutes=1))
    assert state(key) is State.DELIVERED
    assert len(gateway.seen) == 2


@pytest.mark.parametrize(("urgent", "hours"), [(False, 24), (True, 2)])
def test_what_is_too_old_expires_unsent(monkeypatch, urgent, hours):
    gateway = Gateway(monkeypatch)
    key = created(urgent=urgent)
    sending.send(key, now=NOW + timedelta(hours=hours))
    assert state(key) is State.EXPIRED
    assert gateway.seen == []


@pytest.mark.parametrize(("minutes", "woke", "end"), [(119, 1, State.CREATED), (120, 0, State.EXPIRED)])
def test_the_sweep_ends_what_is_too_old(minutes, woke, end):
    key = created(urgent=True)
    assert sending.sweep(now=NOW + timedelta(minutes=minutes)) == woke
    assert state(key) is end


def test_a_failure_whose_retry_would_come_too_late_expires(monkeypatch):
    Gateway(monkeypatch, State.TEMPORARY_FAILURE)
    key = created(urgent=True)
    sending.send(key, now=NOW + timedelta(minutes=119))
    assert state(key) is State.EXPIRED


def test_a_night_message_waits_for_the_morning(monkeypatch):
    gateway = Gateway(monkeypatch)
    key = created(not_before=NOW + timedelta(hours=8))
    run(json.dumps(key))
    assert sending.sweep(now=NOW + timedelta(hours=7)) == 0
    assert gateway.seen == []
    sending.send(key, now=NOW + timedelta(hours=8))
    assert state(key) is State.DELIVERED


def test_a_digest_says_how_many_and_which(monkeypatch):
    gateway = Gateway(monkeypatch)
    digest = Delivery(
        recipient="staff:head",
        way=Channel.WECOM,
        at=NOW,
        event_key="digest",
        ticket_id="",
        template="digest",
        not_before=NOW,
    )
    for i in (2, 1):
        digests.gather(digest, f"e{i}|MS{i}")
    sending.send(key_of(digest), now=NOW)
    assert gateway.seen[0].params == {"count": "2", "numbers": "MS1、MS2"}


def test_one_delivery_that_cannot_be_recorded_does_not_hold_up_the_others(monkeypatch):
    first, second = created(), created(event_key="01KAT-000002")
    record = deliveries.record

    def throttled(delivery, *args, **how):
        if delivery.event_key == "01KAT-000001":
            raise ConnectionError
        return record(delivery, *args, **how)

    monkeypatch.setattr(deliveries, "record", throttled)
    assert run(json.dumps(first), json.dumps(second)) == ["0"]
    assert state(second) is State.DELIVERED


def test_a_call_is_off_the_list_when_the_desk_has_made_it():
    key = created(way=Channel.CALL, station_id="station", recipient="staff:old")
    sending.send(("TO#nobody", "out#x"), now=NOW)
    call = {"ticket_id": "01KAT", "to": "staff:old", "line": key[1], "by": "head"}
    with pytest.raises(NotFound):
        sending.record_call(**call, station_id="another", reached=True, now=NOW)
    sending.record_call(**call, station_id="station", reached=True, now=NOW)
    sending.record_call(**call, station_id="station", reached=False, now=NOW)
    assert deliveries.list_calls("station")[0] == []
    assert state(key) is State.DELIVERED


def test_a_call_is_never_sent(monkeypatch):
    gateway = Gateway(monkeypatch)
    key = created(way=Channel.CALL, station_id="station")
    sending.send(key, now=NOW)
    assert gateway.seen == []
    assert state(key) is State.CREATED


def test_the_log_names_template_and_number_and_neither_text_nor_resident(caplog):
    key = created(recipient="reporter:secret-id", template="progress")
    caplog.handler.setFormatter(logs.Lines())
    with caplog.at_level("INFO"):
        run(json.dumps(key))
    assert PARAMS["number"] in caplog.text
    assert "progress" in caplog.text
    assert PARAMS["note"] not in caplog.text
    assert "secret-id" not in caplog.text
