"""Schemas of what a printed code opens, and of who is on duty when."""

from typing_extensions import TypedDict

from chalicelib.domain.schemas import PhoneNumber, Span
from chalicelib.domain.views.schemas import DangerTaps


class PointPlace(TypedDict):
    """The place that a code stands for."""

    code: str
    name: str
    full_name: str
    inside_wall: bool
    point: str


class StationToCall(TypedDict):
    """The station that answers for a place."""

    name: str
    phone: str


class CategoryToPick(TypedDict):
    """A category that a resident may pick."""

    code: str
    name: str
    parent: str | None


class OutageOnPage(TypedDict):
    """A banner 已知故障 as the page of a code shows it."""

    text: str
    since: str


class OpenMatter(TypedDict):
    """What is open at a place, as everybody may see it; `standing`: who has it and by when, `reports`: of how many it is the first."""

    ticket_id: str
    category: str
    stage: str
    stage_name: str
    received_on: str
    public_text: str
    standing: str
    reports: int


class PointPage(TypedDict):
    """Everything the page of a code shows; `place` null for a code that opens none: then the place is typed in."""

    place: PointPlace | None
    state: str
    message: str
    practice: bool
    station: StationToCall
    emergency: list[PhoneNumber]
    danger: DangerTaps
    categories: list[CategoryToPick]
    outages: list[OutageOnPage]
    open: list[OpenMatter]


class NewCode(TypedDict):
    """The code that takes a torn one's place."""

    code: str
    place: str
    name: str
    url: str


class ListedPoint(TypedDict):
    """A point with its active code; null where it has none."""

    place: str
    name: str
    full_name: str
    inside_wall: bool
    code: str | None
    issued_at: str | None


class PointLine(TypedDict):
    """A line of a code's history."""

    kind: str
    at: str
    by: str
    by_name: str
    other: str


class CodeOfPlace(TypedDict):
    """A code that a place ever had."""

    code: str
    state: str
    issued_at: str


class ScansOfDay(TypedDict):
    day: str
    count: int


class PointHistory(TypedDict):
    """One code with all that happened to it, the codes its place ever had, and its scans by day."""

    code: str
    place: str
    name: str
    full_name: str
    inside_wall: bool
    state: str
    replaced_by: str
    issued_at: str
    history: list[PointLine]
    codes: list[CodeOfPlace]
    scans: list[ScansOfDay]


class ShiftShown(TypedDict):
    """Who has a duty from when to when; `source`: roster, or swap."""

    role: str
    role_name: str
    person: str
    name: str
    start: str
    until: str
    source: str
    instead_of: str | None
    instead_of_name: str
    swap_id: str | None
    reason: str
    backup: str | None
    backup_name: str


class OnDutyNow(TypedDict):
    role: str
    person: str
    name: str


class Roster(Span):
    """Who of a unit is on duty when, and who now."""

    items: list[ShiftShown]
    unit: str
    unit_name: str
    now: list[OnDutyNow]


class SwapShown(Span):
    """换班"""

    id: str
    unit: str
    role: str
    person: str
    instead_of: str | None
    reason: str
    by: str
    at: str


class ShownPhoto(TypedDict):
    """Links to a photo that the desk approved for everybody; they work for five minutes."""

    thumb: str
    url: str


class DoneThing(TypedDict):
    """One matter of 办结公示: the desk's own words and photos. `confirmed`: the resident said that it is solved."""

    category: str
    place: str
    text: str
    done_on: str
    confirmed: bool
    before: list[ShownPhoto]
    after: list[ShownPhoto]


class WatchedPlace(TypedDict):
    """关注: a place that a resident watches, or may."""

    place: str
    name: str


class DoneNearby(TypedDict):
    """办结公示 around a place; `done` null where the number is from 1 to 4."""

    place: str
    name: str
    days: int
    done: int | None
    items: list[DoneThing]
    watchable: list[WatchedPlace]
