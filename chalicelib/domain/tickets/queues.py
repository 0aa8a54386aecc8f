"""Whose queue a ticket stands in, and by when it is wanted there. Computed from the ticket alone, so that it cannot drift."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.model import one_of
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Stage, Ticket, Waiting

_AT_THE_DESK = {Stage.RECEIVED, Stage.RESOLVED}
_WITH_THE_UNIT = {Stage.DISPATCHED, Stage.HANDLING}
_HELPED = {*_WITH_THE_UNIT, Stage.RECEIVED}  # who helps keeps that while the desk looks for another lead
_OF_WHO_HANDLES = tuple(kind for kind in ClockKind if kind is not ClockKind.LOOK)  # which is the desk's


class Due(NamedTuple):
    """By when a ticket is wanted in a queue, by which kind of clock, and when that clock's ladder rings."""

    at: datetime
    clock: str = ""
    rings_at: tuple[datetime, ...] = ()


class Queue(StrEnum):
    """The kind of a queue. Whose it is stands behind it: `unit:WY-01`, of a station, a unit or a member of staff."""

    DESK = "desk"
    CALLS = "calls"  # 待回访
    VERIFY = "verify"  # 待核查
    UNIT = "unit"
    STAFF = "staff"
    ESCALATED = "escalated"

    def of(self, whose: str) -> str:
        """The `who` of the queue."""
        return f"{self}:{whose}"

    @classmethod
    def kind_of(cls, who: str) -> "Queue | None":
        """The kind of the queue with this `who`; None for what is none."""
        return one_of(cls, who.partition(":")[0])


class AskedQueue(StrEnum):
    """A queue as a screen asks for it: whose it is follows from who asks."""

    MINE = "mine"
    UNIT = "unit"
    ESCALATED = "escalated"
    VERIFY = "verify"  # 核查; only a station has such a queue
    DESK = "desk"
    CALLS = "calls"

    @property
    def is_the_desks(self) -> bool:
        """Whether it is listed by the desk of a station alone."""
        return self in {AskedQueue.DESK, AskedQueue.CALLS}

    def of(self, staff: str, unit: str) -> str:
        """The `who` of the queue, for a member of staff of this unit."""
        if self in {AskedQueue.MINE, AskedQueue.ESCALATED}:
            return (Queue.STAFF if self is AskedQueue.MINE else Queue.ESCALATED).of(staff)
        return Queue(self.value).of(unit)


def waits_for(ticket: Ticket) -> tuple[Waiting, ...]:
    """The queue entries of a ticket: desk, unit, person, escalated, calls; sorted by who, none for an ended one.

    A suspended ticket stays listed at the desk under its review date (rule 16).
    """
    entries: dict[str, Due] = {}
    if ticket.verify_owed:
        entries[Queue.VERIFY.of(ticket.station_id)] = _due(ticket, ClockKind.FOLLOW_UP)
    if ticket.on_call_list:
        due = _due(ticket, ClockKind.FOLLOW_UP)
        entries[Queue.CALLS.of(ticket.station_id)] = due._replace(at=ticket.call_at or due.at)
    if ticket.danger and ticket.danger.is_open:  # of an ended one too, which has no ladder
        rings_at = _due(ticket, ClockKind.DANGER).rings_at
        entries[Queue.DESK.of(ticket.station_id)] = Due(ticket.danger.since, ClockKind.DANGER.value, rings_at)
    if ticket.unread and ticket.stage in ENDED:  # words after the end wait at the station (rule 88)
        entries[Queue.DESK.of(ticket.station_id)] = Due(ticket.unread.since, ClockKind.REVIEW.value)
    if ticket.stage not in ENDED:
        entries = _at_the_desk(ticket) | _with_the_units(ticket) | entries
        entries |= {Queue.ESCALATED.of(person): _due(ticket) for person in ticket.escalated_to}
    return tuple(
        Waiting(who=who, due_at=due.at, clock=due.clock, rings_at=due.rings_at)
        for who, due in sorted(entries.items())
    )


def marked(who: str, *as_it_stands: Ticket) -> set[str]:
    """Whose marks say that this queue has changed, by the ticket before and after: nobody's who may not list what changed.

    Of a confidential ticket a unit's own queue is its heads' alone, and whom it is about has no part in it.
    """
    whose = who.partition(":")[2]
    found: set[str] = set()
    for ticket in as_it_stands:
        if not ticket.confidential:
            found.add(who)
        elif whose not in ticket.concerns:
            found.add(heads_of(whose) if Queue.kind_of(who) is Queue.UNIT else who)
    return found


def heads_of(unit: str) -> str:
    """The name of the mark of what only the heads of a unit may list."""
    return f"heads:{unit}"


def inbox_of(staff: str) -> str:
    """The name of the mark of somebody's inbox."""
    return f"inbox:{staff}"


def _at_the_desk(ticket: Ticket) -> dict[str, Due]:
    if ticket.station_id in ticket.kept_from:
        return {}  # a complaint about the station itself is the area leader's (rule 21)
    if ticket.withheld and ticket.withheld.waits and ticket.stage is not Stage.RECEIVED:
        return {Queue.DESK.of(ticket.station_id): _due(ticket, ClockKind.LOOK)}  # rule 104
    if ticket.pause is not None:
        return {Queue.DESK.of(ticket.station_id): Due(ticket.pause.review_at, ClockKind.REVIEW.value)}
    asks_the_desk = ticket.stage in _AT_THE_DESK or ticket.extension is not None
    return {Queue.DESK.of(ticket.station_id): _due(ticket)} if asks_the_desk else {}


def _with_the_units(ticket: Ticket) -> dict[str, Due]:
    due = _due(ticket, *_OF_WHO_HANDLES)
    entries: dict[str, Due] = {}
    if ticket.stage in _WITH_THE_UNIT and ticket.lead_unit_id:
        entries[Queue.UNIT.of(ticket.lead_unit_id)] = due
        if ticket.handler_id:
            entries[Queue.STAFF.of(ticket.handler_id)] = due
    if ticket.stage in _HELPED:
        entries |= {
            Queue.UNIT.of(assisting.unit_id): due for assisting in ticket.assisting if assisting.is_open
        }
    return entries


def _due(ticket: Ticket, *kinds: ClockKind) -> Due:
    """The earliest due time of the running clocks (of `kinds`, if given); the day of receipt when none runs."""
    clock = min(_running(ticket, kinds), key=lambda clock: clock.due_at, default=None)
    if clock is None:
        return Due(ticket.received_at)
    return Due(clock.due_at, clock.kind.value, tuple(rung.at for rung in clock.rungs))


def _running(ticket: Ticket, kinds: tuple[ClockKind, ...]) -> list[Clock]:
    return [clock for clock in ticket.clocks if clock.is_running and (not kinds or clock.kind in kinds)]
