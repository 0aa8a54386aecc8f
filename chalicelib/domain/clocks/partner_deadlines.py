"""Deadlines set outside 外部时限: kept beside ours, and the earlier one rules."""

from datetime import datetime

from chalicelib.domain.clocks import clocks
from chalicelib.domain.clocks.rounds import Due, earlier, promised, rule_for
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town


def recalculate(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """The running resolution's due time anew: ours (with what was granted) or theirs, whichever is first.

    A new due time is a new round, as paused as the old one was. None open, or no other due time: unchanged.
    """
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    if clock is None:
        return ticket
    due_at, _ = earlier(ticket, ClockKind.RESOLUTION, _ours(ticket, town), now=now)
    return ticket if due_at == clock.due_at else _moved(ticket, clock, due_at, town, now)


def brought_forward(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """The running resolution due at a partner's deadline where that is earlier; never later than it is."""
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    if clock is None:
        return ticket
    due_at, _ = earlier(ticket, ClockKind.RESOLUTION, (clock.due_at, clock.provisional), now=now)
    return _moved(ticket, clock, due_at, town, now) if due_at < clock.due_at else ticket


def _moved(ticket: Ticket, clock: Clock, due_at: datetime, town: Town, now: datetime) -> Ticket:
    begun = clocks.start(ticket, ClockKind.RESOLUTION, town=town, now=now, due_at=due_at)
    new = begun.clocks[-1].model_copy(
        update={"extended": clock.extended, "paused_at": clock.paused_at, "carried_from": clock.carried_from}
    )
    return begun.model_copy(update={"clocks": (*begun.clocks[:-1], new)})


def _ours(ticket: Ticket, town: Town) -> Due:
    """What the town itself promised: the latest extension, else by clocks.csv from the first round on."""
    rounds = [clock for clock in ticket.clocks if clock.kind is ClockKind.RESOLUTION]
    if rounds[-1].carried_from:
        return rounds[-1].due_at, False  # what was promised to whoever reported the merged one
    extended = [clock.due_at for clock in rounds if clock.extended]
    rule = rule_for(ticket, ClockKind.RESOLUTION, town)
    if extended or rule is None:
        return max(extended, default=rounds[0].due_at), False
    alone = ticket.model_copy(update={"external_ids": ()})
    return promised(alone, ClockKind.RESOLUTION, rule, town=town, now=rounds[0].started_at)
