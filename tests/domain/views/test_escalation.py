"""A leader's card says why the ticket is here, and in whose hands it lies."""

from datetime import timedelta

import pytest

from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Notice
from chalicelib.domain.views import escalation
from tests.domain.life import NOW, TOWN, person, received, taken

AREA = person("area")


def climbed(ticket, kind=ClockKind.FEEDBACK):
    clock = clocks.find_open(ticket, kind)
    line = Event(
        kind=EventKind.ESCALATED,
        at=clock.due_at,
        by="machine",
        details={"clock": clock.id},
        notices=(Notice(to="staff:area", template="escalated"),),
    )
    return ticket.model_copy(update={"escalated_to": ("area",)}), line, clock.due_at


@pytest.mark.parametrize(
    ("late", "why"),
    [
        (timedelta(0), "反馈居民快到时限"),
        (timedelta(seconds=1), "反馈居民超时 0 分"),
        (timedelta(minutes=5, seconds=59), "反馈居民超时 5 分"),
        (timedelta(hours=3, minutes=20), "反馈居民超时 3 小时 20 分"),
        (timedelta(days=2, hours=3), "反馈居民超时 2 天 3 小时"),
    ],
)
def test_it_says_by_how_much_which_clock_is_late(late, why):
    ticket, line, due_at = climbed(received())
    shown = escalation.card(ticket, [line], AREA, TOWN, due_at + late)
    assert shown["why"] == why


def test_it_names_in_whose_hands_it_lies_and_the_phone_of_their_unit():
    ticket, line, due_at = climbed(taken(), ClockKind.RESOLUTION)
    shown = escalation.card(ticket, [line], AREA, TOWN, due_at)
    unit = TOWN.unit(person("handler-a").unit)
    assert (shown["who"], shown["unit_name"], shown["phone"]) == (
        person("handler-a").name,
        unit.name,
        unit.phone,
    )


def test_what_no_clock_brought_says_what_happened():
    notices = (Notice(to="staff:area", template="explanation_proposed"),)
    line = Event(kind=EventKind.EXPLANATION_PROPOSED, at=NOW, by="off-head", notices=notices)
    ticket = taken().model_copy(update={"escalated_to": ("area",)})
    assert "解释结案" in escalation.card(ticket, [line], AREA, TOWN, NOW)["why"]


def test_to_whom_it_was_not_escalated_it_is_no_card():
    assert escalation.card(taken(), [], AREA, TOWN, NOW) is None
