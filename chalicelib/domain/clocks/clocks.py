"""The clocks 时限 of a ticket: starting, meeting, ending, pausing, extending, arming. Pure: a ticket in, a ticket out.

A kind has at most one open clock; a new due time or a rework is a new round, which climbs its own ladder. Nobody can
meet a round twice, and no rung of a round rings twice (`acts.escalating.escalate`).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from chalicelib.domain.clocks.rounds import (
    A_WORKING_DAY,
    Due,
    exactly,
    new_round,
    promised,
    rule_for,
)
from chalicelib.domain.tickets.clock_model import Alarm, Clock, ClockKind, LadderRole, Rung, RungAct
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ClockRule

Pending = tuple[Clock, int]  # a rung that waits to be rung: of this clock, the n-th
EARLY = timedelta(seconds=1)  # a workflow may wake this much before the instant


def find_open(ticket: Ticket, kind: ClockKind) -> Clock | None:
    """The clock of that kind that is neither met nor ended; it may be paused."""
    return next((clock for clock in ticket.clocks if clock.kind is kind and clock.is_open), None)


def find_latest(ticket: Ticket, kind: ClockKind) -> Clock | None:
    """The last round of that kind, whatever became of it."""
    return next((clock for clock in reversed(ticket.clocks) if clock.kind is kind), None)


def start(
    ticket: Ticket, kind: ClockKind, *, town: Town, now: datetime, due_at: datetime | None = None
) -> Ticket:
    """Begin the next round of a clock as clocks.csv has it for this ticket; one of that kind still open is ended.

    `due_at` replaces the town's amount (a review date). No row and no `due_at`: nothing promised, the ticket unchanged.
    """
    rule = rule_for(ticket, kind, town)
    if due_at is not None:
        return _begin(ticket, kind, rule, (due_at, False), town=town, now=now)
    if rule is None:
        return ticket
    due = promised(ticket, kind, rule, town=town, now=now)
    return _begin(ticket, kind, rule, due, town=town, now=now)


def meet(ticket: Ticket, kind: ClockKind, *, by: str, now: datetime) -> Ticket:
    """The promise is kept, also if late or paused. `by` is a staff code or "machine". None open: unchanged."""
    return _each_open(ticket, {kind}, {"met_at": exactly(now), "met_by": by})


def end(ticket: Ticket, kinds: Iterable[ClockKind], *, now: datetime) -> Ticket:
    """Stop open clocks without their being met: the promise no longer applies."""
    return _each_open(ticket, set(kinds), {"ended_at": exactly(now)})


def hasten(ticket: Ticket, kind: ClockKind, *, now: datetime) -> Ticket:
    """Let the next rung of an open clock ring now, and those behind it as much earlier. Its due time stays.

    None open, or nothing left to ring: unchanged. A rung that is late already stays where it is.
    """

    def hastened(clock: Clock) -> Clock:
        unrung = clock.rungs[clock.rang :]
        if clock.kind is not kind or not clock.is_running or not unrung or unrung[0].at <= now:
            return clock
        sooner = unrung[0].at - exactly(now)
        moved = (rung.model_copy(update={"at": rung.at - sooner}) for rung in unrung)
        return clock.model_copy(update={"rungs": (*clock.rungs[: clock.rang], *moved)})

    return _each(ticket, hastened)


def rung_when_due(ticket: Ticket, kind: ClockKind) -> Ticket:
    """With a reminder of the desk at the instant when the clock of that kind is due, where its own ladder has nothing then."""

    def rung(clock: Clock) -> Clock:
        if (
            clock.kind is not kind
            or not clock.is_open
            or any(each.at == clock.due_at for each in clock.rungs)
        ):
            return clock
        at_due = Rung(at=clock.due_at, act=RungAct.REMIND, to=LadderRole.DESK)
        rungs = sorted((*clock.rungs, at_due), key=lambda each: each.at)
        return clock.model_copy(update={"rungs": tuple(rungs)})

    return _each(ticket, rung)


def pause(ticket: Ticket, kinds: Iterable[ClockKind], *, now: datetime) -> Ticket:
    """Let running clocks of these kinds stand still. The review of the pause itself always runs."""
    wanted, changes = set(kinds) - {ClockKind.REVIEW}, {"paused_at": exactly(now)}

    def paused(clock: Clock) -> Clock:
        return clock.model_copy(update=changes) if clock.kind in wanted and clock.is_running else clock

    return _each(ticket, paused)


def resume(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """Let every paused clock run on with what was left of it, and end the pause's review.

    Due time and unrung rungs move by the time stood still, in the clock's own basis; what was already late stays so.
    """
    resumed = _each(ticket, lambda clock: _resumed(clock, town, exactly(now)))
    return end(resumed, [ClockKind.REVIEW], now=now)


def extend(ticket: Ticket, kind: ClockKind, *, working_days: int, town: Town, now: datetime) -> Ticket:
    """延期: the approved extension is a new round, due that many working days after what the town had promised.

    The old round ends unmet; the new one has its own ladder, and is as paused as the old one was. None open: unchanged.
    """
    old = find_open(ticket, kind)
    if old is None:
        return ticket
    ours = town.calendar.add(old.ours, Amount(count=working_days, unit=AmountUnit.WORKING_DAYS))
    rule = rule_for(ticket, kind, town)
    begun = _begin(ticket, kind, rule, ours, town=town, now=old.paused_at or now)
    new = begun.clocks[-1].model_copy(update={"extended": True, "paused_at": old.paused_at})
    return begun.model_copy(update={"clocks": (*begun.clocks[:-1], new)})


def is_overdue(clock: Clock, now: datetime) -> bool:
    """超期: not met by the due time, whose last instant still counts. Time stops at a pause, at meeting and at ending."""
    return (clock.paused_at or clock.met_at or clock.ended_at or exactly(now)) > clock.due_at


def next_alarm(ticket: Ticket) -> Alarm | None:
    """The earliest rung that has not been rung; paused, met and ended clocks have none."""
    first = min(_pending(ticket), key=_instant, default=None)
    return _alarm(*first) if first else None


def due_alarms(ticket: Ticket, now: datetime) -> tuple[Alarm, ...]:
    """Every unrung rung whose instant is past or within the next second, in the order in which they ring."""
    due = [pending for pending in _pending(ticket) if _instant(pending) <= now + EARLY]
    return tuple(_alarm(*pending) for pending in sorted(due, key=_instant))


def arm(ticket: Ticket) -> Ticket:
    """Note the instant of the next alarm; generation rises when a fresh execution is owed for it.

    That is whenever it is another instant than was armed: to begin anew is one transition, to wake for nothing is three
    (docs/decisions/0102). Whoever sees to the next alarm without a fresh execution says so by `carried_on`.
    """
    alarm = next_alarm(ticket)
    if alarm is None:
        return ticket.model_copy(update={"armed_for": None})
    is_owed = alarm.at != ticket.armed_for
    return ticket.model_copy(update={"armed_for": alarm.at, "generation": ticket.generation + is_owed})


def carried_on(ticket: Ticket) -> Ticket:
    """The execution that has just rung goes on to the next alarm by itself; none other is owed."""
    alarm = next_alarm(ticket)
    return ticket if alarm is None else ticket.model_copy(update={"armed_for": alarm.at})


def watched(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """Every ticket that is not at its end has an alarm, and one at its end has none. Belongs at the end of every act.

    Where no other clock is left to ring, a review begins: at the pause's review date, or on the next working day.
    """
    if ticket.stage in ENDED:
        return end(ticket, ClockKind, now=now)
    review = find_open(ticket, ClockKind.REVIEW)
    if ticket.pause is None and any(_has_unrung(clock) for clock in ticket.clocks if clock is not review):
        return end(ticket, [ClockKind.REVIEW], now=now)
    if review is not None and _has_unrung(review):
        return ticket
    review_at = ticket.pause.review_at if ticket.pause else now
    due_at = review_at if review_at > now else town.calendar.add(now, A_WORKING_DAY)[0]
    return start(ticket, ClockKind.REVIEW, town=town, now=now, due_at=due_at)


def _begin(
    ticket: Ticket, kind: ClockKind, rule: ClockRule | None, due: Due, *, town: Town, now: datetime
) -> Ticket:
    ended = end(ticket, [kind], now=now)
    clock = new_round(ended, kind, rule, due, town=town, now=now)
    return ended.model_copy(update={"clocks": (*ended.clocks, clock)})


def _resumed(clock: Clock, town: Town, now: datetime) -> Clock:
    paused_at = clock.paused_at
    if paused_at is None or not clock.is_open:
        return clock
    moved = [
        rung.model_copy(update={"at": exactly(town.calendar.shift(rung.at, paused_at, now, clock.basis))})
        for rung in clock.rungs[clock.rang :]
    ]
    changes: dict[str, object] = {"paused_at": None, "rungs": (*clock.rungs[: clock.rang], *moved)}
    if clock.ours_at is not None and clock.ours_at > paused_at:
        stood = town.calendar.shift(clock.ours_at, paused_at, now, clock.basis)
        changes["ours_at"] = exactly(stood)
    if clock.due_at > paused_at:
        left = town.calendar.between(paused_at, clock.due_at, clock.basis)
        due_at, provisional = town.calendar.run(now, left, clock.basis)
        changes |= {"due_at": exactly(due_at), "provisional": provisional}
        changes |= {"counted_from": now, "counted_seconds": left.total_seconds()} if provisional else {}
    return clock.model_copy(update=changes)


def _pending(ticket: Ticket) -> Iterator[Pending]:
    for clock in ticket.clocks:
        if clock.is_running:
            yield from ((clock, position) for position in range(clock.rang, len(clock.rungs)))


def _has_unrung(clock: Clock) -> bool:
    return clock.is_running and clock.rang < len(clock.rungs)


def _instant(pending: Pending) -> datetime:
    clock, position = pending
    return clock.rungs[position].at


def _alarm(clock: Clock, position: int) -> Alarm:
    rung = clock.rungs[position]
    return Alarm(clock_id=clock.id, rung=position, at=rung.at, act=rung.act, to=rung.to)


def _each_open(ticket: Ticket, kinds: set[ClockKind], changes: dict[str, object]) -> Ticket:
    def stopped(clock: Clock) -> Clock:
        if clock.kind not in kinds or not clock.is_open:
            return clock
        return clock.model_copy(update=changes | {"rungs": clock.rungs[: clock.rang]})

    return _each(ticket, stopped)


def _each(ticket: Ticket, change: Callable[[Clock], Clock]) -> Ticket:
    clocks = tuple(map(change, ticket.clocks))
    is_as_before = all(new is old for new, old in zip(clocks, ticket.clocks, strict=True))
    return ticket if is_as_before else ticket.model_copy(update={"clocks": clocks})
