"""Schemas of ticket pages, for staff and for residents, and of what may be the same matter."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.actions.tickets.schemas import ConfrontAsked, MayAct, TicketLine
from chalicelib.actions.town.schemas import OpenMatter
from chalicelib.domain.model import Instant
from chalicelib.domain.offers.act import NotOffered, Offer
from chalicelib.domain.schemas import Named
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import Proxy, Ticket
from chalicelib.domain.views.schemas import (
    DangerAsked,
    DangerCard,
    EmergencyCard,
    EscalationCard,
    GrievanceCard,
    GuessShown,
    PlaceStep,
    RecordingShown,
    Running,
    Secrecy,
    ShownAssisting,
    ShownConfrontation,
    ShownMeeting,
    ShownPart,
    ShownSuggestion,
    UnitShown,
    Viewer,
    WithheldCard,
)


class PhotoId(TypedDict):
    """A photo, fetched by `GET /api/photos/{photo_id}`."""

    id: str


class ClassBrief(TypedDict):
    """An issue class 一类事 in one line."""

    id: str
    name: str
    reporters: int
    state: str
    state_name: str


class ClassOfTicket(ClassBrief):
    """The class that a ticket is in; `measure` "" without one."""

    measure: str


class HandledGroup(TypedDict):
    """One way closed tickets like this one went; `hours` of work, the median, null for too few."""

    tickets: int
    share: float
    hours: float | None


class HandledByUnit(HandledGroup):
    unit_id: str
    unit_name: str


class HandledByTrack(HandledGroup):
    track: str


class HandledShown(TypedDict):
    """What became of closed tickets of its category nearby within a year."""

    category: str
    category_name: str
    place: str
    place_name: str
    tickets: int
    units: list[HandledByUnit]
    tracks: list[HandledByTrack]
    text: str


class Suggestions(TypedDict):
    """What is learned from closed tickets, beside the rules' suggestion."""

    guess: GuessShown | None
    handled: HandledShown | None


class JoinedTicket(TypedDict):
    """What was merged into a ticket, as its reporter said it."""

    id: str
    number: str
    text: str
    photos: list[str]
    received_at: str


class Alike(TicketLine):
    """Another ticket that may be the same matter, and why."""

    reason: str


class HistoryLine(TypedDict):
    """A line of a ticket's history; `what` in words."""

    version: int
    kind: str
    at: str
    by: str
    what: str
    note: str
    public: bool
    photos: list[PhotoId]
    details: dict[str, str]


class ShownProxy(Proxy):
    """代反映, without who it is."""

    person: Annotated[str, Field(exclude=True)]


class StaffTicket(Ticket):
    """A ticket on a staff screen: its own fields without who reported it, the names of its codes, and what the caller may do.

    `offers` are the acts with all that a button and a form need; `acts` the names of those that would be done now;
    `not_offered` those that people look for and that are not possible, with why.
    """

    reporter_id: Annotated[str | None, Field(exclude=True)]
    generation: Annotated[int, Field(exclude=True)]
    armed_for: Annotated[Instant | None, Field(exclude=True)]
    proxy: ShownProxy | None
    # what a screen may know of it, where the ticket knows more
    recording: RecordingShown | None  # type: ignore[assignment]
    category_name: str
    lead_unit_name: str
    has_reporter: bool
    suggestion: ShownSuggestion | None
    place_path: list[PlaceStep]
    station: UnitShown | None
    lead_unit: UnitShown | None
    handler: Named | None
    assisting: tuple[ShownAssisting, ...]
    running: list[Running]
    reached_by: str
    place_candidates: list[Named]
    stood_still_hours: float
    parts: tuple[ShownPart, ...]
    # the case as the desk's card shows it, which holds more and less
    danger: DangerCard | None  # type: ignore[assignment]
    guess: GuessShown | None
    handled: HandledShown | None
    usual: str
    matters: int
    emergency: EmergencyCard | None
    escalation: EscalationCard | None
    acts: list[str]
    offers: list[Offer]
    not_offered: list[NotOffered]
    similar: list[Alike]  # empty: they stand in BesideTicket
    stage_name: str
    confrontations: tuple[ShownConfrontation, ...]
    meetings: tuple[ShownMeeting, ...]
    history: list[HistoryLine]
    asks_whom_to_avoid: bool
    grievance: GrievanceCard | None
    complains: Annotated[Grievance, Field(exclude=True)]
    # as its card says it, to the desk more than to the unit
    withheld: WithheldCard | None  # type: ignore[assignment]
    merged: list[JoinedTicket]
    members: int
    may_reveal: bool
    may_listen: bool
    viewer: Named


class BesideTicket(TypedDict):
    """What stands beside a ticket on a staff screen. `rung`: how many others reported an open danger with it, in words, "" where none did."""

    similar: list[Alike]
    issue_class: ClassOfTicket | None
    rung: str


class HolderShown(TypedDict):
    """Who has a ticket now and by when it is due, as the resident sees it."""

    unit: str
    role: str
    phone: str
    due_at: str | None
    due_what: str
    paused: bool
    stood_still_hours: float


class TimelineLine(TypedDict):
    """A line of a ticket's history as residents read it."""

    at: str
    what: str
    note: str
    photos: list[PhotoId]


class ResidentTicket(TicketLine):
    """A ticket on its reporter's or a member's page."""

    text: str
    photos: list[PhotoId]
    standing: str
    holder: HolderShown | None
    usual: str
    timeline: list[TimelineLine]
    viewers: list[Viewer]
    may: MayAct
    acts: list[str]
    is_reporter: bool
    title: str
    parts: list[ShownPart]
    confidential: bool
    secrecy: Secrecy | None
    confront: ConfrontAsked | None
    proxy: str
    danger: DangerAsked | None
    recording: RecordingShown | None


class Neighbouring(OpenMatter):
    """What a resident is shown before sending: open near the point and alike, with approved words only."""

    reason: str


class SaidAlike(TypedDict):
    """What a person said of two tickets."""

    same: bool
    by: str
    at: str


class BesideShown(TypedDict):
    """What the desk is shown beside a ticket; `text`: how alike the words are, 0 to 1."""

    id: str
    number: str
    stage: str
    stage_name: str
    category: str | None
    category_name: str
    place: str
    received_at: str
    text: float
    shared: str
    reason: str
    judged: SaidAlike | None


class ReadByResidents(TypedDict):
    """A message that an act would bring; `to`: reporter, or members who joined."""

    to: str
    title: str
    text: str
