"""事件流: what a subscriber is told of a ticket, one event for every version of it (docs/feed.md).

The models here are the contract that is published: of a format nothing is changed; a change is the next FORMAT.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import AwareDatetime, PlainSerializer, WithJsonSchema

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views import access
from chalicelib.domain.views.history import history_line
from chalicelib.domain.views.ticket_view import category_name, unit_name

FORMAT: Literal[1] = 1
HIDDEN = "hidden"
_OF_ANOTHER = frozenset({"number"})  # details that name another ticket


def _iso(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="milliseconds")


Shown = Annotated[
    AwareDatetime,
    PlainSerializer(_iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class TicketState(Frozen):
    """A ticket as 城运中心 may see it (docs/access.md): no identity, no member of staff, nobody whom it is about."""

    version: int
    stage: str
    stage_name: str
    source: str
    category: str
    category_name: str
    track: str
    urgent: bool
    facility: bool
    place: str  # the code of the finest place that is known; "" for one that was only typed
    place_name: str
    text: str  # without what identifies
    public_text: str  # as the desk approved it for neighbours
    photos: int
    station: str
    station_name: str
    unit: str
    unit_name: str
    round: int
    received_at: Shown
    due_at: Shown | None  # of the resolution, while it runs
    closed_at: Shown | None
    outcome: str
    forwarded_to: str


class FeedEvent(Frozen):
    """`version` is the sequence within the ticket. `ticket` is None when the ticket is hidden from now on."""

    id: str
    format: Literal[1] = FORMAT
    ticket_id: str
    number: str
    version: int
    kind: str
    at: Shown
    what: str
    unit: str = ""  # of whoever acted
    note: str = ""  # what the resident may read too
    ticket: TicketState | None
    identity: dict[str, str] | None = None  # only what the subscriber is granted by name


class HistoryLine(NamedTuple):
    """A line of history with the version it made, and whether the ticket was hidden then."""

    version: int
    event: Event
    hidden: bool


class Written(NamedTuple):
    """The last event of a ticket in the feed."""

    version: int
    hidden: bool


def is_hidden(ticket: Ticket) -> bool:
    """Confidential tickets are nobody's outside, a drill stays inside the house (rule 55), what was erased is to be removed."""
    return ticket.confidential or ticket.practice or ticket.erased or ticket.erasure_asked_at is not None


def following(
    lines: Iterable[HistoryLine], last: Written | None, ticket: Ticket, town: Town
) -> list[FeedEvent]:
    """The events that the feed still lacks, in order. `lines` are those after `last`, read after the ticket was.

    Of a ticket that is hidden now only that it is, and only if something of it was told. What was done while it was
    hidden is never told. No event is of a later version than the ticket itself.
    """
    known = [line for line in lines if line.version <= ticket.version]
    if not is_hidden(ticket):
        return [_event(line, ticket, town) for line in known if not line.hidden]
    turned = next((line for line in known if line.hidden), None)
    if last is None or last.hidden or turned is None:
        return []
    return [_hidden(turned, ticket)]


def event_id(ticket_id: str, version: int) -> str:
    return f"{ticket_id}-{version:06d}"


def _event(line: HistoryLine, ticket: Ticket, town: Town) -> FeedEvent:
    event, person = line.event, town.find_staff(line.event.by)
    details = {name: value for name, value in event.details.items() if name not in _OF_ANOTHER}
    return FeedEvent(
        id=event_id(ticket.id, line.version),
        ticket_id=ticket.id,
        number=ticket.number,
        version=line.version,
        kind=event.kind,
        at=event.at,
        what=history_line(event.model_copy(update={"details": details}), town),
        unit=person.unit if person else "",
        note=access.line_as_read_outside(ticket, event).note if event.public else "",
        ticket=state_of(access.as_read_outside(ticket), town),
    )


def _hidden(line: HistoryLine, ticket: Ticket) -> FeedEvent:
    return FeedEvent(
        id=event_id(ticket.id, line.version),
        ticket_id=ticket.id,
        number=ticket.number,
        version=line.version,
        kind=HIDDEN,
        at=line.event.at,
        what="不再提供",
        ticket=None,
    )


def state_of(ticket: Ticket, town: Town) -> TicketState:
    due = clocks.find_open(ticket, ClockKind.RESOLUTION)
    return TicketState(
        version=ticket.version,
        stage=ticket.stage.value,
        stage_name=STAGE_NAMES[ticket.stage],
        source=ticket.source.value,
        category=ticket.category or "",
        category_name=category_name(ticket.category, town),
        track=ticket.track.value,
        urgent=ticket.urgent,
        facility=ticket.facility,
        place=ticket.where.place or "",
        place_name=ticket.where.name,
        text=ticket.text,
        public_text=ticket.public_text,
        photos=len(ticket.photos),
        station=ticket.station_id,
        station_name=unit_name(ticket.station_id, town),
        unit=ticket.lead_unit_id or "",
        unit_name=unit_name(ticket.lead_unit_id, town),
        round=ticket.round,
        received_at=ticket.received_at,
        due_at=due.due_at if due else None,
        closed_at=ticket.closed_at,
        outcome=ticket.outcome,
        forwarded_to=ticket.forwarded_to,
    )
