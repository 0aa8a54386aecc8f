"""Deadlines set outside 外部时限: kept beside ours, and the earlier one rules."""

from datetime import datetime

from chalicelib.domain.clocks import clocks
from chalicelib.domain.clocks.rounds import earlier, exactly
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town


def recalculate(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """The running resolution's due time anew: ours (with what was granted and stood still) or theirs, whichever is first.

    A new due time is a new round, as paused as the old one was. None open, no other due time, or late by either: unchanged.
    """
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    if clock is None:
        return ticket
    due_at = exactly(earlier(ticket, ClockKind.RESOLUTION, (clock.ours, clock.provisional), now=now)[0])
    is_same = due_at == clock.due_at or max(due_at, clock.due_at) <= exactly(now)
    return ticket if is_same else _moved(ticket, clock, town, now)


def resumed(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """Every paused clock runs on with what was left of it; a partner's deadline has not stood still meanwhile."""
    return recalculate(clocks.resume(ticket, town=town, now=now), town=town, now=now)


def _moved(ticket: Ticket, clock: Clock, town: Town, now: datetime) -> Ticket:
    begun = clocks.start(ticket, ClockKind.RESOLUTION, town=town, now=now, due_at=clock.ours)
    new = begun.clocks[-1].model_copy(
        update={"extended": clock.extended, "paused_at": clock.paused_at, "carried_from": clock.carried_from}
    )
    return begun.model_copy(update={"clocks": (*begun.clocks[:-1], new)})
