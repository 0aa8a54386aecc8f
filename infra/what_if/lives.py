"""A life 一张工单的经过 as its history tells it: the ticket as it stood at an instant, as far as the lines say.

The ticket itself holds only how it stands now. Which row of clocks.csv ruled a clock, and who held a ticket when a rung rang,
are asked of the past; what the lines do not say (whether it was urgent then) is tried both ways by whoever asks.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Track

_WITHOUT_A_UNIT = frozenset({EventKind.RETURNED, EventKind.KEPT_APART, EventKind.SPLIT, EventKind.RELOCATED})
_AGAIN = frozenset({EventKind.REWORKED, EventKind.REOPENED})  # back with whoever had it
_STAGES = {
    "taken": Stage.HANDLING,
    "resolved": Stage.RESOLVED,
    "suspended": Stage.SUSPENDED,
    "resumed": Stage.HANDLING,
}


class Life(NamedTuple):
    """A ticket and its lines of history, the oldest first."""

    ticket: Ticket
    lines: tuple[Event, ...]


def stood(life: Life, instant: datetime, *, before: Event | None = None) -> Ticket:
    """The ticket right after the lines written up to this instant: category, track, stage and who had it.

    `before`: a line of that instant, with which and after which nothing counts.
    """
    ticket, suggested = life.ticket, life.ticket.suggestion
    corrections = [line for line in life.lines if line.kind is EventKind.CLASSIFIED]
    holds: dict[str, object] = {
        "category": (corrections[0].details.get("was") or None) if corrections else ticket.category,
        "track": suggested.track if suggested and corrections else ticket.track,
        "stage": Stage.RECEIVED,
        "lead_unit_id": None,
        "handler_id": None,
    }
    for line in life.lines:
        if line is before or line.at > instant:
            break
        holds |= _told_by(line, has_unit=holds["lead_unit_id"] is not None)
    return ticket.model_copy(update=holds)


def _told_by(line: Event, *, has_unit: bool) -> dict[str, object]:
    """What a line says of the ticket after it."""
    said: dict[str, object] = {}
    if line.kind in _STAGES:
        said["stage"] = _STAGES[line.kind]
    if line.kind in _AGAIN:
        said["stage"] = Stage.DISPATCHED if has_unit else Stage.RECEIVED
    if line.kind is EventKind.CLASSIFIED:
        said |= {"category": line.details["category"], "track": Track(line.details["track"])}
    if line.kind is EventKind.TAKEN:
        said["handler_id"] = line.by
    if line.kind in _WITHOUT_A_UNIT:
        said |= {"stage": Stage.RECEIVED, "lead_unit_id": None, "handler_id": None}
    if "unit" in line.details and "handler" in line.details:
        unit, handler = line.details["unit"] or None, line.details["handler"] or None
        said |= {"stage": Stage.DISPATCHED, "lead_unit_id": unit, "handler_id": handler}
    return said


def may_have_stood(life: Life, instant: datetime, town: Town) -> Iterator[Ticket]:
    """The ways in which the ticket may have asked for its promises at this instant, the likeliest first."""
    ticket, there = life.ticket, stood(life, instant)
    category = town.find_category(there.category or "")
    tracks = dict.fromkeys((there.track, ticket.track, *((category.track,) if category else ()), *Track))
    facilities = dict.fromkeys((*((category.facility,) if category else ()), ticket.facility))
    nights = dict.fromkeys((*((category.night,) if category else ()), ticket.night))
    for track in tracks:
        for urgent in (ticket.urgent, not ticket.urgent):
            for facility in facilities:
                for night in nights:
                    asks = {"track": track, "urgent": urgent, "facility": facility, "night": night}
                    yield there.model_copy(update=asks)
