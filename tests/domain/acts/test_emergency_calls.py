"""A danger's response is a human voice or an arrival (rules 3 and 81)."""

import pytest

from chalicelib.domain.acts import dispatching, endangered, handling
from chalicelib.domain.acts.endangered import Called
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.town.danger_signs import DangerKind
from tests.domain.acts.test_endangered import TOWN
from tests.domain.life import NOW, dispatched, person, received_with


def urgent():
    return received_with("来人", town=TOWN, danger=DangerKind.LIFT)[0]


HOW = {"town": TOWN, "now": NOW}


def responds(ticket) -> bool:
    return clocks.find_open(ticket, ClockKind.RESPONSE) is None


def test_a_call_for_help_is_noted_and_told_and_is_no_response_yet():
    after, event = endangered.call_made(urgent(), by=person("pm"), called=Called.FIRE, note="", **HOW)
    assert event.details["number"] == "119"
    assert [notice.template for notice in event.notices] == ["call_made"]
    assert not responds(after)


def test_a_voice_and_an_arrival_are_the_response_of_a_danger():
    assert responds(endangered.spoken(urgent(), by=person("pm"), note="已到六楼", **HOW)[0])
    assert responds(handling.arrive(urgent(), by=person("pm"), note="", photos=(), **HOW)[0])


def test_no_tap_and_no_text_is_the_response_of_a_danger():
    taken, _ = dispatching.take(urgent(), by=person("pm"), **HOW)
    told, _ = handling.progress(taken, by=person("pm"), text="在路上", photos=(), public=True, **HOW)
    fed, _ = handling.unit_feedback(told, by=person("pm"), text="马上到", **HOW)
    assert not responds(fed)


def test_an_ordinary_ticket_has_no_emergency_calls():
    with pytest.raises(WrongStage):
        endangered.spoken(dispatched(), by=person("handler-a"), note="", **HOW)
