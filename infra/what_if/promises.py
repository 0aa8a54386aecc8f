"""The clocks of a past life under another town's clocks.csv: when each would have been due, and whether it would have been kept.

What people did stays when they did it; only promises, ladders and the machine's own first act change. Each clock is run
once under the rules in force first: only one that comes out as it really was (same amount, due time and rungs) is run
under the other rules. The rest stays as it was and is counted as `unlike`.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.directory import Town
from infra.what_if.lives import Life, may_have_stood
from infra.what_if.receipts import LEFT_TO_THE_DESK, Receipts

Stop = tuple[datetime, datetime | None]  # from when to when time stood still; None: still


class Replayed(NamedTuple):
    """`unlike`: clocks that the rules in force do not bring out as they were. `dropped`: promised no more by the other rules.

    `unknown`: the machine met them at once and would not have, and nobody knows when a person would.
    """

    ticket: Ticket
    unlike: int = 0
    dropped: int = 0
    unknown: int = 0


def replayed(life: Life, *, was: Town, other: Town, found: Receipts | None, now: datetime) -> Replayed:
    """The ticket with the clocks it would have had. With `other` the rules in force, the very ticket."""
    made: list[Clock] = []
    theirs: dict[str, Clock] = {}  # by the clock's id: as the other rules have it, for what extends it
    counts = {"unlike": 0, "dropped": 0, "unknown": 0}
    for clock in life.ticket.clocks:
        if _is_given(clock):
            made.append(clock)
            continue
        asks = _asked(life, clock, was, now)
        if asks is None:
            counts["unlike"] += 1
            made.append(clock)
            continue
        ours = _run(life, clock, asks, was, _base(life, clock, {}), now)
        under = found.asks(asks) if found else asks
        again = _run(life, clock, _filed(under, was, other), other, _base(life, clock, theirs), now)
        if again is None:
            counts["dropped"] += 1
            continue
        theirs[clock.id] = again
        kept = clock if ours is not None and _same(ours, again) else _stored(again)
        met = _met_at_once(kept, found)
        counts["unknown"] += met is None
        made += [met] if met else []
    return Replayed(life.ticket.model_copy(update={"clocks": tuple(made)}), **counts)


def _is_given(clock: Clock) -> bool:
    """Whether its due time came with it: a review date, or a promise that a merge brought."""
    return clock.kind is ClockKind.REVIEW or bool(clock.carried_from) or not clock.promise


def _asked(life: Life, clock: Clock, town: Town, now: datetime) -> Ticket | None:
    """What the ticket asked for when this clock began: as the rules in force bring out the clock that was."""
    base = _base(life, clock, {})
    for view in may_have_stood(life, clock.started_at, town):
        again = _run(life, clock, view, town, base, now)
        if again is not None and _is_like(clock, again):
            return view
    return None


def _filed(view: Ticket, was: Town, other: Town) -> Ticket:
    """As the other town has the category: whether it is a facility, and whether the night counts, may have changed."""
    old, new = was.find_category(view.category or ""), other.find_category(view.category or "")
    if old is None or new is None:
        return view
    changes = {
        name: getattr(new, name)
        for name in ("facility", "night")
        if getattr(view, name) == getattr(old, name)
    }
    return view.model_copy(update=changes)


def _run(
    life: Life, clock: Clock, view: Ticket, town: Town, base: Clock | None, now: datetime
) -> Clock | None:
    """The clock as these rules make it, stood still when the ticket did, up to when it was met or ended; None: no promise."""
    begun = _begun(life, clock, view, town, base)
    if begun is None:
        return None
    stopped = clock.met_at or clock.ended_at
    ticket = view.model_copy(update={"clocks": (begun,)})
    for since, until in _stops(life.ticket, clock.kind):
        if (stopped and since >= stopped) or (until and until <= clock.started_at):
            continue
        stands = max(since, clock.started_at)
        ticket = clocks.pause(_rung(ticket, stands), [clock.kind], now=stands)
        if until is None or (stopped and until > stopped):
            break
        ticket = clocks.resume(ticket, town=town, now=until)
    one = ticket.clocks[0]
    return (
        _rung(ticket, one.paused_at or stopped or now)
        .clocks[0]
        .model_copy(
            update={
                "round": clock.round,
                "met_at": clock.met_at,
                "met_by": clock.met_by,
                "ended_at": clock.ended_at,
                "carried_to": clock.carried_to,
            }
        )
    )


def _begun(life: Life, clock: Clock, view: Ticket, town: Town, base: Clock | None) -> Clock | None:
    began = clock.started_at
    if not clock.extended:
        started = clocks.start(view.model_copy(update={"clocks": ()}), clock.kind, town=town, now=began)
        return started.clocks[0] if started.clocks else None
    days = _extension(life.ticket, clock)
    if base is None or days is None:
        return None
    running = base.model_copy(update={"ended_at": None, "met_at": None, "paused_at": None})
    ticket = view.model_copy(update={"clocks": (running,)})
    return clocks.extend(ticket, clock.kind, working_days=days, town=town, now=began).clocks[-1]


def _extension(ticket: Ticket, clock: Clock) -> int | None:
    """By how many working days: the extensions granted and the rounds they began are in one order."""
    rounds = [each.id for each in ticket.clocks if each.extended and not each.carried_from]
    granted = [each.working_days for each in ticket.extensions]
    return dict(zip(rounds, granted, strict=False)).get(clock.id)


def _base(life: Life, clock: Clock, theirs: dict[str, Clock]) -> Clock | None:
    """The round that this one extends."""
    if not clock.extended:
        return None
    before = [each for each in life.ticket.clocks if each.kind is clock.kind and each.round < clock.round]
    return theirs.get(before[-1].id, before[-1]) if before else None


def _stops(ticket: Ticket, kind: ClockKind) -> Iterator[Stop]:
    for pause in ticket.pauses:
        if kind in pause.kind.stops and pause.since < pause.until:
            yield pause.since, pause.until
    held = ticket.pause
    if held is not None and ticket.stands_still and kind in held.kind.stops:
        yield held.arrived_at or held.since, None


def _rung(ticket: Ticket, instant: datetime) -> Ticket:
    """With every rung rung whose time has come."""
    clock = ticket.clocks[0]
    rang = sum(rung.at <= instant for rung in clock.rungs)
    return ticket.model_copy(update={"clocks": (clock.model_copy(update={"rang": max(rang, clock.rang)}),)})


def _is_like(clock: Clock, again: Clock) -> bool:
    """Whether this is the clock that was. What had not rung when it was met or ended is no longer on that one."""
    is_whole = not clock.is_open or len(again.rungs) == len(clock.rungs)
    rungs = all(one == other for one, other in zip(clock.rungs, again.rungs, strict=False))
    return is_whole and rungs and (clock.promise, clock.due_at) == (again.promise, again.due_at)


def _stored(clock: Clock) -> Clock:
    """As a ticket keeps it: what has not rung by the time it is met or ended never rings."""
    return clock if clock.is_open else clock.model_copy(update={"rungs": clock.rungs[: clock.rang]})


def _same(ours: Clock, theirs: Clock) -> bool:
    return (ours.promise, ours.due_at, ours.rungs) == (theirs.promise, theirs.due_at, theirs.rungs)


def _met_at_once(clock: Clock, found: Receipts | None) -> Clock | None:
    """The first feedback where the machine's first act is another: met by it at the receipt, or unknown (None) when it was."""
    is_first = clock.kind is ClockKind.FEEDBACK and clock.round == 1
    if not is_first or found is None or found.was.says == found.other.says:
        return clock
    if found.other.says == LEFT_TO_THE_DESK:
        return None
    met = _first_feedback(found.other.ticket)
    if met is None or found.was.ticket.stage is not Stage.RECEIVED:
        return clock
    return clock.model_copy(
        update={"met_at": met, "met_by": Actor.MACHINE, "ended_at": None, "rang": 0, "rungs": ()}
    )


def _first_feedback(ticket: Ticket) -> datetime | None:
    return next((each.met_at for each in ticket.clocks if each.kind is ClockKind.FEEDBACK), None)
