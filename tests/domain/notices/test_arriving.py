"""What must arrive, and what is owed when it did not."""

from datetime import timedelta

import pytest

from chalicelib.domain.notices.arriving import (
    MUST_ARRIVE,
    UNREAD,
    Kind,
    call_owed,
    is_instead,
    is_moot,
    is_read,
)
from chalicelib.domain.notices.deliveries import FAILED, Delivery, State
from chalicelib.domain.notices.words import template_of
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Channel
from tests.domain.clock_town import at
from tests.domain.life import dispatched

NOW = at("2026-11-23 10:00")


def a_message(template="closed", recipient="reporter:r1", **about):
    told = {"way": Channel.WECHAT, "at": NOW, "event_key": "T1-000003", "ticket_id": "T1", "not_before": NOW}
    return Delivery(recipient=recipient, template=template, **(told | about))


def owed(message, phone_left=True, now=NOW):
    return call_owed(message, phone_left=phone_left, station_id="ST", now=now)


@pytest.mark.parametrize("template", sorted(MUST_ARRIVE))
def test_what_must_arrive_and_did_not_is_a_call_for_the_desk(template):
    call = owed(a_message(template))
    assert (call.way, call.station_id, call.template) == (Channel.CALL, "ST", template)
    assert is_instead(call)
    assert template_of(template).call  # the desk has words to say


@pytest.mark.parametrize(
    ("template", "waits"),
    [
        ("waiting_for_you", timedelta(0)),
        ("assigned", timedelta(0)),
        ("closed", UNREAD),
        ("dispatched", UNREAD),
    ],
)
def test_a_question_and_an_assignment_are_told_at_once_a_result_when_nobody_opened_it_for_a_day(
    template, waits
):
    assert owed(a_message(template)).not_before == NOW + waits


def test_who_left_no_phone_is_not_called_but_staff_are():
    assert owed(a_message(), phone_left=False) is None
    assert owed(a_message("assigned", "staff:pm"), phone_left=False) is not None


@pytest.mark.parametrize("template", ["progress", "arrived", "published", "commented"])
def test_what_need_not_arrive_owes_no_call(template):
    assert template not in MUST_ARRIVE
    assert owed(a_message(template)) is None


def test_one_call_a_person_kind_and_day():
    first, second = owed(a_message()), owed(a_message("declined", event_key="T2-000001", ticket_id="T2"))
    assert (first.at, first.event_key) == (second.at, second.event_key)
    tomorrow = owed(a_message(at=NOW + timedelta(days=1)))
    assert (first.at, first.event_key) != (tomorrow.at, tomorrow.event_key)
    assert first.at == at("2026-11-24 00:00")  # the day on which it is due
    question = owed(a_message("waiting_for_you"))
    assert question.event_key != first.event_key


def test_to_staff_every_assignment_is_a_call_of_its_own():
    first = owed(a_message("assigned", "staff:pm"), now=NOW + timedelta(hours=2))
    second = owed(a_message("assigned", "staff:pm", event_key="T2-000001", ticket_id="T2"))
    assert first.event_key != second.event_key
    assert first.at == second.at == NOW  # it stands under the instant of what it is about


@pytest.mark.parametrize(("after", "read"), [(-1, False), (0, True), (3600, True)])
def test_whoever_opened_the_ticket_since_has_been_told(after, read):
    assert is_read(owed(a_message()), NOW + timedelta(seconds=after)) is read
    assert not is_read(owed(a_message()), None)


def test_a_missing_template_is_a_failure_of_its_own():
    assert {State.NOT_SET_UP, State.NO_CONSENT} <= FAILED
    assert Kind.QUESTION in set(MUST_ARRIVE.values())


@pytest.mark.parametrize(
    ("about", "moot"),
    [
        ({}, False),
        ({"handler_id": None}, False),
        ({"taken": True}, True),
        ({"handler_id": "another"}, True),
        ({"stage": Stage.RECEIVED}, True),
        ({"urgent": False}, True),
    ],
)
def test_a_call_to_take_an_urgent_one_is_over_when_it_is_taken_or_is_not_theirs_any_more(about, moot):
    call = owed(a_message("take_now", "staff:handler-a"))
    ticket = dispatched().model_copy(update={"urgent": True} | about)
    assert is_moot(call, ticket) is moot
    ordinary = owed(a_message("assigned", "staff:handler-a"))  # the push of an assignment did not arrive
    assert is_moot(ordinary, ticket) is (moot and ticket.urgent)
    told_by_phone = ordinary.model_copy(update={"event_key": "01-000001"})  # the call is the message itself
    assert not is_moot(told_by_phone, ticket)
