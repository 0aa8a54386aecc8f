"""Whose queue a ticket stands in, and by when it is wanted there. Computed from the ticket alone, so that it cannot drift."""

from datetime import datetime

from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Stage, Ticket, Waiting

_AT_THE_DESK = {Stage.RECEIVED, Stage.RESOLVED}
_WITH_THE_UNIT = {Stage.DISPATCHED, Stage.HANDLING}
_HELPED = {*_WITH_THE_UNIT, Stage.RECEIVED}  # who helps keeps that while the desk looks for another lead
Due = tuple[datetime, str]  # the instant, and the kind of the clock it belongs to


def waits_for(ticket: Ticket) -> tuple[Waiting, ...]:
    """The queue entries of a ticket: desk, unit, person, escalated, calls; sorted by who, none for an ended one.

    A suspended ticket stays listed at the desk under its review date (rule 16).
    """
    entries: dict[str, Due] = {}
    if ticket.verify_owed:
        entries[f"verify:{ticket.station_id}"] = _due(ticket, ClockKind.FOLLOW_UP)
    if ticket.on_call_list:
        due_at, clock = _due(ticket, ClockKind.FOLLOW_UP)
        entries[f"calls:{ticket.station_id}"] = (ticket.call_at or due_at, clock)
    if (
        ticket.danger and ticket.danger.is_open
    ):  # an ended one too: a later word says that somebody may be in danger
        entries[f"desk:{ticket.station_id}"] = (ticket.danger.since, ClockKind.DANGER.value)
    if ticket.unread and ticket.stage in ENDED:  # words after the end wait at the station (rule 88)
        entries[f"desk:{ticket.station_id}"] = (ticket.unread.since, ClockKind.REVIEW.value)
    if ticket.stage not in ENDED:
        entries = _at_the_desk(ticket) | _with_the_units(ticket) | entries
        entries |= {f"escalated:{person}": _due(ticket) for person in ticket.escalated_to}
    return tuple(Waiting(who=who, due_at=entries[who][0], clock=entries[who][1]) for who in sorted(entries))


def marked(who: str, *as_it_stands: Ticket) -> set[str]:
    """Whose marks say that this queue has changed, by the ticket before and after: nobody's who may not list what changed.

    Of a confidential ticket a unit's own queue is its heads' alone, and whom it is about has no part in it.
    """
    kind, _, whose = who.partition(":")
    found: set[str] = set()
    for ticket in as_it_stands:
        if not ticket.confidential:
            found.add(who)
        elif whose not in ticket.concerns:
            found.add({"unit": heads_of(whose)}.get(kind, who))
    return found


def heads_of(unit: str) -> str:
    """The name of the mark of what only the heads of a unit may list."""
    return f"heads:{unit}"


def _at_the_desk(ticket: Ticket) -> dict[str, Due]:
    if ticket.station_id in ticket.concerns:
        return {}  # a complaint about the station itself is the area leader's (rule 21)
    if ticket.pause is not None:
        return {f"desk:{ticket.station_id}": (ticket.pause.review_at, ClockKind.REVIEW.value)}
    asks_the_desk = ticket.stage in _AT_THE_DESK or ticket.extension is not None
    return {f"desk:{ticket.station_id}": _due(ticket)} if asks_the_desk else {}


def _with_the_units(ticket: Ticket) -> dict[str, Due]:
    due = _due(ticket)
    entries: dict[str, Due] = {}
    if ticket.stage in _WITH_THE_UNIT:
        entries[f"unit:{ticket.lead_unit_id}"] = due
        if ticket.handler_id:
            entries[f"staff:{ticket.handler_id}"] = due
    if ticket.stage in _HELPED:
        entries |= {f"unit:{assisting.unit_id}": due for assisting in ticket.assisting if assisting.is_open}
    return entries


def _due(ticket: Ticket, *kinds: ClockKind) -> Due:
    """The earliest due time of the running clocks (of `kinds`, if given); the day of receipt when none runs."""
    clock = min(_running(ticket, kinds), key=lambda clock: clock.due_at, default=None)
    return (clock.due_at, clock.kind.value) if clock else (ticket.received_at, "")


def _running(ticket: Ticket, kinds: tuple[ClockKind, ...]) -> list[Clock]:
    return [clock for clock in ticket.clocks if clock.is_running and (not kinds or clock.kind in kinds)]
