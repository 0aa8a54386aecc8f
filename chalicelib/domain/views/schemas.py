"""Schemas of what screens are given of a ticket: its danger, its clocks, who looked, the pick lists."""

from typing import NotRequired

from typing_extensions import TypedDict

from chalicelib.domain.schemas import EmergencyRow, Named, PhoneNumber
from chalicelib.domain.tickets.ticket import Assisting, Confrontation, Meeting, Part, Suggestion, Undertaking


class DangerAsked(TypedDict):
    """现在有人有危险吗？: the question to the resident while `asks`, the numbers to call, what was answered."""

    level: str
    asks: bool
    question: str
    answers: list[Named]
    answer: str
    known: str
    watched: str
    numbers: list[PhoneNumber]


class DangerTaps(TypedDict):
    """The button 有人有危险."""

    kinds: list[Named]
    numbers: list[PhoneNumber]


class DangerCard(TypedDict):
    """可能有人有危险: what was said, what the resident answered, what the desk decided."""

    level: str
    is_open: bool
    title: str
    kinds: list[Named]
    words: list[str]
    answer: str
    answer_name: str
    decided: str
    agreed: bool
    reason: str
    whys: list[Named]


class EmergencyCard(TypedDict):
    """应急卡 of an urgent or doubtful ticket."""

    rows: list[EmergencyRow]
    numbers: list[PhoneNumber]
    called: list[Named]


class EscalationCard(TypedDict):
    """For whom it was escalated to: why, and in whose hands it lies."""

    why: str
    who: str
    unit_name: str
    phone: str


class Secrecy(TypedDict):
    """保密 as its reporter reads it."""

    kept_from: list[str]
    by_area: bool
    sealed: bool
    notes: list[str]
    may_lift: bool


class GrievanceCard(TypedDict):
    """Of whom its words may complain, for the desk: what it is, and the words that decided with who does not see it."""

    level: str
    title: str
    text: str


class WithheldCard(TypedDict):
    """原话待转: what who has the ticket does not read, why, and when it comes; for the desk what to do about it."""

    waits: bool
    title: str
    text: str


class RecordingShown(TypedDict):
    """录音: how long, whether its words are still to be written down, whether it may still be played."""

    seconds: int
    is_unheard: bool
    heard_at: str | None
    is_kept: bool


class ShownPart(Part):
    """Another matter of a divided report."""

    stage_name: str


class PartOfShown(TypedDict):
    """The report that a matter was divided from."""

    id: str
    number: str


class Running(TypedDict):
    """An open clock."""

    kind: str
    name: str
    round: int
    started_at: str
    due_at: str
    rings_at: list[str]
    overdue: bool
    paused: bool
    extended: bool
    provisional: bool


class QueueRow(TypedDict):
    """A row of a queue: what lists show of a ticket."""

    ticket_id: str
    number: str
    stage: str
    stage_name: str
    category: str
    category_name: str
    place: str
    source: str
    urgent: bool
    track: str
    round: int
    unit_id: str
    unit_name: str
    handler_id: str
    handler_name: str
    confidential: bool
    practice: bool
    extension_asked: bool
    phone_left: NotRequired[bool]
    paused: str
    unread: NotRequired[bool]
    clock: str
    clock_name: str
    due_at: str
    rings_at: list[str]
    received_at: str


class WatchedRow(TypedDict):
    """What a locked screen knows of a ticket: when it rings, and of what is pressing number, place and kind."""

    ticket_id: str
    urgent: bool
    paused: str
    clock: str
    due_at: str
    rings_at: list[str]
    confidential: bool
    number: str
    place: str
    category_name: str


class Choice(TypedDict):
    """One of the model's likeliest categories; `share`: how often it was right of such texts, give or take `error`."""

    category: str
    category_name: str
    share: float | None
    error: float


class GuessShown(TypedDict):
    """What the trained model takes a report for; `proposed`: its first choice by itself, else a person chooses of all."""

    category: str
    category_name: str
    proposed: bool
    words: list[str]
    choices: list[Choice]


class ShownSuggestion(Suggestion):
    """What triage proposed, with the names of its codes."""

    category_name: str
    unit_name: str


class ShownUndertaking(Undertaking):
    """会商任务; `is_own`: the viewer's unit undertook it."""

    unit_name: str
    is_own: bool


class ShownConfrontation(Confrontation):
    """转告事由 with the names of who put it and to whom."""

    to_name: str
    by_name: str


class ShownMeeting(Meeting):
    """会商 with the names of its units, and what was undertaken at it."""

    units: list[str]
    undertakings: list[ShownUndertaking]


class ShownAssisting(Assisting):
    """A unit that assists."""

    unit_name: str


class UnitShown(TypedDict):
    """A unit with the number under which it is reached."""

    code: str
    name: str
    phone: str


class PlaceStep(TypedDict):
    """A place of a path, from the town down."""

    code: str
    name: str
    kind: str


class StaffParts(TypedDict):
    """What a ticket page of staff shows beside the ticket's own fields. `stood_still_hours`: how long it waited in all."""

    suggestion: ShownSuggestion | None
    place_path: list[PlaceStep]
    station: UnitShown | None
    lead_unit: UnitShown | None
    handler: Named | None
    assisting: list[ShownAssisting]
    running: list[Running]
    reached_by: str
    place_candidates: list[Named]
    stood_still_hours: float
    title: str
    part_of: PartOfShown | None
    parts: list[ShownPart]


class Viewer(TypedDict):
    """谁看过: one look, without a name. `through`: whose code the viewer had signed in with."""

    role: str
    unit: str
    code: str
    at: str
    what: str
    what_name: str
    fields: list[str]
    reason: str
    through: str


class LookLine(Viewer):
    """One look on the page of whoever answers for the viewer; `outside`: why it is an exception, "" where it is none."""

    name: str
    ticket_id: str
    number: str
    words: str
    outside: str


class ListedPlace(TypedDict):
    """A place of the directory."""

    code: str
    parent: str | None
    kind: str
    name: str
    full_name: str
    inside_wall: bool


class ListedUnit(TypedDict):
    """A unit of the directory; its phone is public."""

    code: str
    name: str
    kind: str
    area: str
    phone: str


class ListedStaff(TypedDict):
    """A person of the directory, with nothing he or she is reached by."""

    code: str
    name: str
    unit: str
    roles: list[str]
    places: list[str]


class ListedCategory(TypedDict):
    """A category of the directory."""

    code: str
    parent: str | None
    name: str
    track: str
    urgent: bool
    facility: bool
    sensitive: bool


class OurWords(TypedDict):
    """The names of our own words, as the release brings them."""

    stages: list[Named]
    tracks: list[Named]
    clocks: list[Named]
    roles: list[Named]
    sources: list[Named]
    place_kinds: list[Named]
    unit_kinds: list[Named]
    return_reasons: list[Named]
    decline_reasons: list[Named]
    call_outcomes: list[Named]
    queues: list[Named]
    reveal_reasons: list[Named]


class TownLists(OurWords):
    """What pick lists need of the town in force."""

    version: str
    places: list[ListedPlace]
    units: list[ListedUnit]
    staff: list[ListedStaff]
    categories: list[ListedCategory]
