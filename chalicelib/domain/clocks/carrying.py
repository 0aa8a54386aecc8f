"""Clocks that a merge carries from one ticket to another, and a split gives back (design §13).

For each kind the joined ticket keeps the earliest due time that still runs. Whatever a promise was replaced by is named on
it (`carried_to`): it was neither broken nor dropped. A late one is not inherited: it stays where it is, counted late.
What of a promise's ladder rang wherever it was has rung: it does not ring again where the promise goes next.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.clocks import clocks
from chalicelib.domain.clocks.ladder import rungs_of
from chalicelib.domain.clocks.rounds import exactly, rule_for
from chalicelib.domain.tickets.bounds import next_round
from chalicelib.domain.tickets.clock_model import Clock, ClockKind, Rung
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.directory import Town

# The review of a pause is nobody's promise; the first feedback is met by telling the reporter of the merge.
_STAYS = frozenset(
    {ClockKind.REVIEW, ClockKind.FEEDBACK, ClockKind.FOLLOW_UP}
    | {ClockKind.UNDERTAKING, ClockKind.RULING, ClockKind.STATEMENT, ClockKind.LOOK}
)
OF_A_UNIT = frozenset({ClockKind.TAKE, ClockKind.UNIT_FEEDBACK, ClockKind.PROGRESS})


def running(ticket: Ticket, *, town: Town, now: datetime) -> tuple[Clock, ...]:
    """The promises that a merge carries: open and not late. What stood still runs on with what was left of it."""
    resumed = clocks.resume(ticket, town=town, now=now)
    return tuple(
        clock
        for clock in resumed.clocks
        if clock.is_open and clock.kind not in _STAYS and not clocks.is_overdue(clock, now)
    )


def carry(into: Ticket, coming: Iterable[Clock], *, of: str, now: datetime) -> Ticket:
    """`into` with the clocks that come from ticket `of`, where they are due before its own or it has none of that kind.

    While `into` is suspended 挂账, what comes stands still with it from this instant (rule 16).
    """
    for clock in coming:
        if clock.kind in OF_A_UNIT and into.lead_unit_id is None:
            continue  # it begins with the dispatch
        if clock.kind is ClockKind.TAKE and into.stage is not Stage.DISPATCHED:
            continue  # whoever has it has taken it: nobody could meet it any more
        into = _adopted(into, clock, of=of, now=now)
    return _put_off_too(into, now)


def handed_on(ticket: Ticket, to: str, *, now: datetime) -> Ticket:
    """The ticket whose promises went to another one: its open clocks end here, the late ones as late."""
    kinds = {
        clock.kind
        for clock in ticket.clocks
        if clock.is_open and clock.kind not in _STAYS and not clocks.is_overdue(clock, now)
    }
    return clocks.end(_ended(ticket, kinds, to=to, now=now), ClockKind, now=now)


def given_back(ticket: Ticket, *, of: str, others: Iterable[Clock], town: Town, now: datetime) -> Ticket:
    """The ticket without what came from `of`: its own promise holds again, or the earliest of the `others` in it."""
    others = tuple(others)
    for clock in ticket.clocks:
        if not clock.is_open or clock.carried_from != of:
            continue
        ticket = _ended(ticket, {clock.kind}, to=of, now=now)
        left = [*_own(ticket, clock.kind), *(other for other in others if other.kind is clock.kind)]
        if left:
            earliest = min(left, key=lambda one: one.due_at)
            known = (each for each in ticket.clocks if each.carried_from == earliest.carried_from)
            again = _rung_as_on(known, revived(ticket, earliest, town=town))
            ticket = _begun(ticket, again, of=earliest.carried_from)
    return _put_off_too(ticket, now)


def taken_back(ticket: Ticket, *, kinds: Iterable[ClockKind], went_on: Iterable[Clock], town: Town) -> Ticket:
    """The ticket with its own promises again, those that had been carried to another one, whose clocks are `went_on`.

    Due times are the old ones; what rang there has rung.
    """
    went_on = tuple(each for each in went_on if each.carried_from)
    for kind in kinds:
        own = clocks.find_latest(ticket, kind)
        if own is not None and own.carried_to and not own.is_open:
            ticket = _begun(ticket, _rung_as_on(went_on, revived(ticket, own, town=town)), of="")
    return ticket


def revived(ticket: Ticket, clock: Clock, *, town: Town) -> Clock:
    """A clock that had ended unmet, open again: due when it was, with what of its ladder has not rung."""
    rule, rungs = rule_for(ticket, clock.kind, town), clock.rungs
    if rule and len(clock.rungs) == clock.rang:  # what had not rung was dropped when it ended
        whole = rungs_of(
            rule, start=clock.started_at, due=clock.due_at, basis=clock.basis, calendar=town.calendar
        )
        rungs = (*clock.rungs, *whole[clock.rang :])
    stands_since = clock.paused_at if _is_put_off(ticket) else None
    return clock.model_copy(
        update={"ended_at": None, "carried_to": "", "rungs": rungs, "paused_at": stands_since}
    )


def _rung_as_on(went_on: Iterable[Clock], clock: Clock) -> Clock:
    """A promise as far up its ladder as it rang where it went on; rungs of another one that was late are not its own."""
    same = (each for each in went_on if (each.kind, each.started_at) == (clock.kind, clock.started_at))
    more = (sum(not rung.overdue for rung in each.rungs[clock.rang : each.rang]) for each in same)
    rang = min(clock.rang + max(more, default=0), len(clock.rungs))
    return clock.model_copy(update={"rang": rang})


def _is_put_off(ticket: Ticket) -> bool:
    return ticket.pause is not None and not ticket.pause.waits


def _put_off_too(ticket: Ticket, now: datetime) -> Ticket:
    """What came into, or holds again in, a suspended ticket stands still with it."""
    held = ticket.pause
    return clocks.pause(ticket, held.kind.stops, now=now) if held and _is_put_off(ticket) else ticket


def _adopted(into: Ticket, clock: Clock, *, of: str, now: datetime) -> Ticket:
    own = clocks.find_open(into, clock.kind)
    is_late = own is not None and clocks.is_overdue(own, now)
    if own is not None and not is_late and _stays(own, clock, into, now):
        return _promising(into, own, clock)  # its own is the earlier promise
    if own is not None and not is_late:
        clock = _stricter(clock, own)
    if own is not None and is_late:  # its ladder goes on: nobody is let off by a merge
        late = (rung.model_copy(update={"overdue": True}) for rung in own.rungs[own.rang :])
        clock = _with_rungs(clock, tuple(late))
    return _begun(_ended(into, {clock.kind}, to=into.id, now=now), clock, of=of)


def _promising(ticket: Ticket, own: Clock, other: Clock) -> Ticket:
    kept = tuple(_stricter(own, other) if each is own else each for each in ticket.clocks)
    return ticket if kept == ticket.clocks else ticket.model_copy(update={"clocks": kept})


def _stricter(clock: Clock, other: Clock) -> Clock:
    """Both were promised: where a partner's deadline rules the one, and is put off, neither is due later than the other."""
    if clock.ours_at is None or other.ours >= clock.ours_at:
        return clock
    return clock.model_copy(update={"ours_at": other.ours if other.ours > clock.due_at else None})


def _stays(own: Clock, clock: Clock, into: Ticket, now: datetime) -> bool:
    """Whether its own promise is the earlier: of what is suspended by what is left of either, for both stand still."""
    if own.is_running:
        return own.due_at <= clock.due_at
    return _is_put_off(into) and own.due_at - (own.paused_at or now) <= clock.due_at - exactly(now)


def _with_rungs(clock: Clock, more: tuple[Rung, ...]) -> Clock:
    unrung = sorted((*clock.rungs[clock.rang :], *more), key=lambda rung: rung.at)
    return clock.model_copy(update={"rungs": (*clock.rungs[: clock.rang], *unrung)})


def _begun(ticket: Ticket, clock: Clock, *, of: str) -> Ticket:
    new = clock.model_copy(update={"round": next_round(ticket, clock.kind), "carried_from": of})
    return ticket.model_copy(update={"clocks": (*ticket.clocks, new)})


def _ended(ticket: Ticket, kinds: Iterable[ClockKind], *, to: str, now: datetime) -> Ticket:
    wanted = set(kinds)

    def stopped(clock: Clock) -> Clock:
        if clock.kind not in wanted or not clock.is_open:
            return clock
        changes = {"ended_at": exactly(now), "carried_to": to, "rungs": clock.rungs[: clock.rang]}
        return clock.model_copy(update=changes)

    return ticket.model_copy(update={"clocks": tuple(map(stopped, ticket.clocks))})


def _own(ticket: Ticket, kind: ClockKind) -> list[Clock]:
    """The ticket's own last promise of that kind, if a merge replaced it."""
    own = [clock for clock in ticket.clocks if clock.kind is kind and not clock.carried_from]
    return own[-1:] if own and own[-1].carried_to == ticket.id else []
