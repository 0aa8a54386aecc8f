"""Reckoning again 重算: a due time in a year whose working days were not published yet, once they are."""

from datetime import datetime, timedelta

from chalicelib.domain.acts.moves import WITH_A_UNIT, Changed, changed
from chalicelib.domain.clocks.ladder import rungs_of
from chalicelib.domain.clocks.rounds import exactly, rule_for
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.parties.telling import told
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import Clock, ClockKind, LadderRole, Rung
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.calendar import Basis
from chalicelib.domain.town.directory import Town

_PROMISED = frozenset(
    {ClockKind.FEEDBACK, ClockKind.RESOLUTION}
)  # whose instants stand in messages to the resident


def recalculate(ticket: Ticket, *, town: Town, now: datetime) -> Changed | None:
    """Move the open clocks that were due by guess; whoever holds the ticket is told of each new due time, and of what was
    promised to the resident, the resident.

    None while the calendar knows no more than before. Rungs already rung stay; the others move with the due time.
    """
    recalculated = tuple(_recalculated(ticket, clock, town) for clock in ticket.clocks)
    if recalculated == ticket.clocks:
        return None
    after = ticket.model_copy(update={"clocks": recalculated})
    moved = [
        new.kind for old, new in zip(ticket.clocks, recalculated, strict=True) if new.due_at != old.due_at
    ]
    holding = LadderRole.HANDLER if after.stage in WITH_A_UNIT else LadderRole.DESK
    holder = people_for(holding, after, town=town, now=now)
    event = Event(
        kind=EventKind.DUE_RECALCULATED, at=now, by=Actor.MACHINE, details={"clocks": " ".join(moved)}
    )
    notices = [
        notice
        for kind in moved
        if kind in _PROMISED
        for notice in told(
            event, before=ticket, after=after, town=town, row="due_recalculated/promised", due=kind
        )
    ]
    for kind in moved[1:]:
        notices += told(event, before=ticket, after=after, town=town, named=holder, due=kind)
    event = event.model_copy(update={"notices": tuple(notices)})
    first = moved[0] if moved else None
    return changed(after, event, before=ticket, town=town, named=holder if moved else (), due=first)


def _recalculated(ticket: Ticket, clock: Clock, town: Town) -> Clock:
    if not clock.is_open or not clock.provisional or clock.counted_from is None:
        return clock
    due_at, provisional = _due(clock, clock.counted_from, town)
    if (due_at, provisional) == (clock.due_at, True):
        return clock
    changes: dict[str, object] = {"due_at": due_at, "provisional": provisional}
    return clock.model_copy(
        update=changes | {"rungs": _rungs(ticket, clock, clock.counted_from, due_at, town)}
    )


def _due(clock: Clock, counted_from: datetime, town: Town) -> tuple[datetime, bool]:
    """The same working time from the same instant, by today's calendar."""
    calendar, length = town.calendar, timedelta(seconds=clock.counted_seconds)
    due_at, provisional = calendar.run(counted_from, length, clock.basis)
    ended_at_closing = clock.due_at.astimezone(SHANGHAI).time() == calendar.closes
    if (
        clock.basis is Basis.WORK
        and ended_at_closing
        and due_at.astimezone(SHANGHAI).time() != calendar.closes
    ):
        # The day of the start turned out to be no working day: what was left of it does not count.
        opened = datetime.combine(due_at.astimezone(SHANGHAI).date(), calendar.opens, SHANGHAI)
        due_at, provisional = calendar.run(counted_from, length - (due_at - opened), clock.basis)
    return exactly(due_at), provisional


def _rungs(ticket: Ticket, clock: Clock, start: datetime, due_at: datetime, town: Town) -> tuple[Rung, ...]:
    rule = rule_for(ticket, clock.kind, town)
    fresh = rungs_of(rule, start=start, due=due_at, basis=clock.basis, calendar=town.calendar) if rule else ()
    if len(fresh) != len(clock.rungs):  # the town has another ladder by now; this round keeps its own
        by = due_at - clock.due_at
        fresh = tuple(rung.model_copy(update={"at": rung.at + by}) for rung in clock.rungs)
    return (*clock.rungs[: clock.rang], *fresh[clock.rang :])
