"""Due times in a year whose working days were not published yet (rule: the calendar's list wins over the guess)."""

from datetime import date

import pytest

from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.recalculating import recalculate
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.calendar import Calendar
from tests.domain.clock_town import a_ticket, a_town, at

UNKNOWN = a_town()  # the list ends with 2026; that the 5th to the 8th are holidays the law says
FEBRUARY = {
    date(2027, 2, day): day == 20 or (day % 7 not in (6, 0) and not 5 <= day <= 11) for day in range(1, 29)
}
KNOWN = a_town(calendar=Calendar(overrides=FEBRUARY))
BEFORE = at("2027-02-03 17:00")
LATER = at("2027-02-04 02:30")


def started(**about: object) -> Ticket:
    return clocks.start(
        a_ticket(stage=Stage.HANDLING, **about), ClockKind.RESOLUTION, town=UNKNOWN, now=BEFORE
    )


def test_a_due_time_by_guess_is_marked_and_moves_when_the_year_is_published():
    ticket = started()
    assert (ticket.clocks[0].provisional, ticket.clocks[0].due_at) == (True, at("2027-02-09 18:00"))
    recalculated = recalculate(ticket, town=KNOWN, now=LATER)
    assert recalculated is not None
    clock = recalculated[0].clocks[0]
    assert (clock.provisional, clock.due_at) == (False, at("2027-02-12 18:00"))
    assert [f"{rung.at:%m-%d %H:%M}" for rung in clock.rungs] == [
        "02-12 14:12",
        "02-12 18:00",
        "02-15 18:00",
        "02-17 18:00",
    ]


@pytest.mark.parametrize(
    ("about", "told"),
    [({}, "staff:handler-a"), ({"concerns": ("handler-a",), "confidential": True}, "staff:handler-b")],
)
def test_the_holder_is_told_of_the_new_due_time(about, told):
    recalculated = recalculate(started(**about), town=KNOWN, now=LATER)
    assert recalculated is not None
    (notice,) = [each for each in recalculated[1].notices if each.to.startswith("staff:")]
    assert (notice.to, notice.template, notice.params["due"]) == (told, "due_changed", "2月12日 18:00")


def test_whoever_was_promised_the_instant_is_told_that_it_moves():
    recalculated = recalculate(started(), town=KNOWN, now=LATER)
    assert recalculated is not None
    assert [(n.template, n.params["due"]) for n in recalculated[1].notices if n.to == "reporter"] == [
        ("due_moved", "2月12日 18:00")
    ]


def test_a_promise_among_colleagues_is_no_news_to_the_resident():
    ticket = clocks.start(a_ticket(stage=Stage.HANDLING), ClockKind.PROGRESS, town=UNKNOWN, now=BEFORE)
    recalculated = recalculate(ticket, town=KNOWN, now=LATER)
    assert recalculated is not None
    assert [notice.to for notice in recalculated[1].notices] == ["staff:handler-a"]


def test_what_the_calendar_still_does_not_know_stays_as_it_is():
    assert recalculate(started(), town=UNKNOWN, now=LATER) is None


def test_a_guess_that_was_right_is_no_news_to_anybody():
    right = a_town(
        calendar=Calendar(overrides={date(2027, 2, day): day in (3, 4, 9) for day in range(3, 10)})
    )
    recalculated = recalculate(started(), town=right, now=LATER)
    assert recalculated is not None
    assert (recalculated[0].clocks[0].provisional, recalculated[1].notices) == (False, ())


def test_a_promise_within_the_published_year_is_never_touched():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=UNKNOWN, now=at("2026-11-20 17:00"))
    assert recalculate(ticket, town=KNOWN, now=LATER) is None


def test_a_clock_that_is_over_is_not_reckoned_again():
    met = clocks.meet(started(), ClockKind.RESOLUTION, by="handler-a", now=at("2026-12-30 18:00"))
    assert recalculate(met, town=KNOWN, now=LATER) is None


def test_a_start_on_a_day_that_turned_out_a_holiday_counts_from_the_next_working_day():
    ticket = clocks.start(
        a_ticket(stage=Stage.HANDLING), ClockKind.RESOLUTION, town=UNKNOWN, now=at("2027-02-09 17:00")
    )
    recalculated = recalculate(ticket, town=KNOWN, now=at("2027-02-10 02:30"))
    assert recalculated is not None
    assert recalculated[0].clocks[0].due_at == at("2027-02-15 18:00")


def test_a_rung_that_has_been_rung_stays_rung():
    ticket = started()
    alarm = clocks.next_alarm(ticket)
    assert alarm is not None
    rung = escalate(ticket, alarm, town=UNKNOWN, now=alarm.at)
    assert rung is not None
    recalculated = recalculate(rung[0], town=KNOWN, now=alarm.at)
    assert recalculated is not None
    clock = recalculated[0].clocks[0]
    assert (clock.rang, clock.rungs[0].at) == (1, alarm.at)
    assert clocks.next_alarm(recalculated[0]).rung == 1


def test_a_resumed_clock_is_reckoned_from_where_it_went_on():
    paused = clocks.pause(started(), ClockKind, now=at("2027-02-04 12:00"))  # 6 h, and the ninth, are left
    resumed = clocks.resume(paused, town=UNKNOWN, now=at("2027-02-04 15:00"))
    assert resumed.clocks[0].due_at == at("2027-02-10 12:00")
    recalculated = recalculate(resumed, town=KNOWN, now=at("2027-02-04 16:00"))
    assert recalculated is not None
    assert recalculated[0].clocks[0].due_at == at("2027-02-15 12:00")


def test_a_round_whose_ladder_the_town_has_rewritten_keeps_its_own_and_moves_as_a_whole():
    other = KNOWN.model_copy(update={"clocks": ()})
    recalculated = recalculate(started(), town=other, now=LATER)
    assert recalculated is not None
    assert len(recalculated[0].clocks[0].rungs) == 4
    assert recalculated[0].clocks[0].rungs[1].at == at("2027-02-12 18:00")
