"""A deadline set outside beside the town's own: the earlier one rules, and a new one is a new round of the same promise."""

from datetime import datetime

import pytest

from chalicelib.domain.clocks import clocks, partner_deadlines
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import ExternalId, Stage, Ticket
from tests.domain.clock_town import a_ticket, a_town, at

TOWN = a_town()
BEGUN = at("2026-11-23 10:00")  # a Monday; the resolution of two working days is due on Wednesday
OURS = at("2026-11-25 18:00")  # working days end with the day
NOW = at("2026-11-24 09:00")


def ordered(*deadlines: datetime | None, **about: object) -> Ticket:
    """A ticket whose partners named these deadlines after its clock had begun."""
    begun = clocks.start(a_ticket(stage=Stage.HANDLING, **about), ClockKind.RESOLUTION, town=TOWN, now=BEGUN)
    named = tuple(
        ExternalId(partner="hotline", number=f"N{number}", due_at=due) for number, due in enumerate(deadlines)
    )
    return begun.model_copy(update={"external_ids": named})


def with_last(ticket: Ticket, **changes: object) -> Ticket:
    last = ticket.clocks[-1].model_copy(update=changes)
    return ticket.model_copy(update={"clocks": (*ticket.clocks[:-1], last)})


def running(ticket: Ticket) -> Clock:
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    assert clock is not None
    return clock


def test_ours_is_two_working_days():
    assert running(ordered()).due_at == OURS


@pytest.mark.parametrize(
    ("theirs", "due"),
    [
        ((at("2026-11-24 18:00"),), at("2026-11-24 18:00")),
        ((at("2026-11-25 09:59"), at("2026-11-24 12:00"), None), at("2026-11-24 12:00")),
        ((at("2026-11-23 18:00"),), NOW),  # one that has passed is due now
    ],
)
def test_an_earlier_deadline_is_a_new_round_due_then(theirs, due):
    before = ordered(*theirs)
    after = partner_deadlines.recalculate(before, town=TOWN, now=NOW)
    clock = running(after)
    assert (clock.due_at, clock.round, clock.started_at) == (due, 2, NOW)
    assert not after.clocks[0].is_open
    assert clock.rungs[-1].at > due


@pytest.mark.parametrize("theirs", [(), (None,), (OURS,), (at("2026-12-24 18:00"),)])
def test_one_that_is_not_earlier_changes_nothing(theirs):
    before = ordered(*theirs)
    assert partner_deadlines.recalculate(before, town=TOWN, now=NOW) == before


def test_a_ticket_without_a_running_resolution_is_left_alone():
    ended = clocks.end(ordered(at("2026-11-24 12:00")), ClockKind, now=NOW)
    assert partner_deadlines.recalculate(ended, town=TOWN, now=NOW) == ended


def test_a_deadline_that_is_put_off_goes_back_to_ours_and_no_further():
    early = partner_deadlines.recalculate(ordered(at("2026-11-24 12:00")), town=TOWN, now=NOW)
    later = early.model_copy(
        update={"external_ids": (ExternalId(partner="hotline", number="N0", due_at=at("2026-12-24 18:00")),)}
    )
    assert running(partner_deadlines.recalculate(later, town=TOWN, now=NOW)).due_at == OURS


def test_what_was_granted_counts_as_ours_the_latest_of_all():
    granted = with_last(ordered(), extended=True, due_at=at("2026-11-30 18:00"))
    early = partner_deadlines.recalculate(
        granted.model_copy(
            update={
                "external_ids": (ExternalId(partner="hotline", number="N0", due_at=at("2026-11-26 18:00")),)
            }
        ),
        town=TOWN,
        now=NOW,
    )
    assert (running(early).due_at, running(early).extended) == (at("2026-11-26 18:00"), True)
    freed = early.model_copy(update={"external_ids": ()})
    assert running(partner_deadlines.recalculate(freed, town=TOWN, now=NOW)).due_at == at("2026-11-30 18:00")


def test_a_pause_and_whose_promise_it_was_outlive_the_move():
    paused = with_last(ordered(at("2026-11-24 12:00")), paused_at=NOW, carried_from="OTHER")
    moved = running(partner_deadlines.recalculate(paused, town=TOWN, now=NOW))
    assert (moved.paused_at, moved.carried_from, moved.due_at) == (NOW, "OTHER", at("2026-11-24 12:00"))


def test_what_was_promised_to_a_merged_reporter_is_not_calculated_anew():
    promised = at("2026-11-24 16:00")
    carried = with_last(ordered(), carried_from="OTHER", due_at=promised)
    assert partner_deadlines.recalculate(carried, town=TOWN, now=NOW) == carried


def test_only_a_resolution_has_a_partners_deadline():
    ticket = clocks.start(ordered(at("2026-11-23 10:01")), ClockKind.PROGRESS, town=TOWN, now=BEGUN)
    [progress] = [clock for clock in ticket.clocks if clock.kind is ClockKind.PROGRESS]
    after = partner_deadlines.recalculate(ticket, town=TOWN, now=NOW)
    assert [clock for clock in after.clocks if clock.kind is ClockKind.PROGRESS] == [progress]


def due_again(ticket: Ticket, now: datetime = NOW) -> datetime:
    return running(partner_deadlines.recalculate(ticket, town=TOWN, now=now)).due_at


def test_time_that_stood_still_is_still_ours_when_an_order_changes():
    paused = clocks.pause(ordered(None), [ClockKind.RESOLUTION], now=NOW)
    on = clocks.resume(paused, town=TOWN, now=at("2026-11-27 09:00"))
    assert running(on).due_at > OURS
    assert due_again(on, at("2026-11-27 09:00")) == running(on).due_at


def test_a_rework_is_promised_from_its_own_beginning_when_an_order_changes():
    again = clocks.start(ordered(None), ClockKind.RESOLUTION, town=TOWN, now=at("2026-12-07 10:00"))
    assert due_again(again, at("2026-12-07 11:00")) == running(again).due_at == at("2026-12-09 18:00")


def test_a_partners_deadline_does_not_stand_still_with_ours():
    theirs = at("2026-11-25 12:00")
    early = partner_deadlines.recalculate(ordered(theirs), town=TOWN, now=NOW)
    paused = clocks.pause(early, [ClockKind.RESOLUTION], now=NOW)
    on = partner_deadlines.resumed(paused, town=TOWN, now=at("2026-11-25 09:00"))
    assert running(on).due_at == theirs
    freed = on.model_copy(update={"external_ids": ()})
    assert due_again(freed, at("2026-11-25 09:00")) == at("2026-11-26 18:00")  # ours, a day later than it was


def test_one_that_passed_while_it_stood_still_is_due_when_it_goes_on():
    early = partner_deadlines.recalculate(ordered(at("2026-11-25 12:00")), town=TOWN, now=NOW)
    paused, on = clocks.pause(early, [ClockKind.RESOLUTION], now=NOW), at("2026-11-30 09:00")
    assert running(partner_deadlines.resumed(paused, town=TOWN, now=on)).due_at == on


def test_what_is_late_by_their_deadline_begins_no_new_round_whenever_the_order_changes():
    early = partner_deadlines.recalculate(ordered(at("2026-11-24 12:00")), town=TOWN, now=NOW)
    late = at("2026-11-24 15:00")
    assert partner_deadlines.recalculate(early, town=TOWN, now=late) == early


def test_an_extension_adds_to_what_the_town_had_promised_and_theirs_still_rules():
    theirs = at("2026-11-24 12:00")
    early = partner_deadlines.recalculate(ordered(theirs), town=TOWN, now=NOW)
    more = clocks.extend(early, ClockKind.RESOLUTION, working_days=2, town=TOWN, now=NOW)
    assert running(more).due_at == theirs
    assert due_again(more.model_copy(update={"external_ids": ()})) == at("2026-11-27 18:00")
