"""Schemas of walks, of what is found on them, and of volunteers."""

from typing_extensions import TypedDict

from chalicelib.actions.visits.schemas import FoundTicket
from chalicelib.domain.schemas import Named
from chalicelib.domain.town.walk_lists import Hazard
from chalicelib.domain.views.schemas import Viewer


class PlanShown(TypedDict):
    """走访计划: each of `each` is visited `times` in `weeks` weeks."""

    code: str
    name: str
    source: str
    each: str
    times: int
    weeks: int


class ShownHazard(Hazard):
    """An entry of the checklist of hazards 隐患."""

    category_name: str


class WalkShown(TypedDict):
    """一趟走访、巡查."""

    id: str
    plan: str
    plan_name: str
    source: str
    place: str
    started_at: str
    ended_at: str | None
    open: bool


class FindingShown(TypedDict):
    """What was found at a place: in order, or a ticket."""

    at: str
    place: str
    place_name: str
    in_order: bool
    hazard_name: str
    settled: bool
    shop_name: str
    changed: str
    ticket: FoundTicket | None


class WalkWithFindings(WalkShown):
    findings: list[FindingShown]


class FindingTaken(TypedDict):
    """What a finding became."""

    in_order: bool
    ticket: FoundTicket | None


class MyWalks(TypedDict):
    """Who goes out: the own plans, the checklist, the walk that is open, and those before it."""

    items: list[WalkShown]
    next: str | None
    name: str
    plans: list[PlanShown]
    hazards: list[ShownHazard]
    open: WalkShown | None


class VolunteerState(TypedDict):
    """How a sign-up stands."""

    name: str
    state: str
    state_name: str
    place: str
    place_name: str
    since: str


class OwnVolunteer(VolunteerState):
    """What the volunteer sees of it."""

    station_name: str
    note: str


class KeptVolunteer(OwnVolunteer):
    """The same in the copy of everything that is kept."""

    phone: str


class VolunteerLine(TypedDict):
    at: str
    what: str
    by_name: str
    note: str


class VolunteerShown(VolunteerState):
    """What the desk of the own station sees of it."""

    id: str
    station: str
    history: list[VolunteerLine]


class MySignUp(TypedDict):
    """How the own sign-up stands, who looked at it, and where one may sign up."""

    volunteer: OwnVolunteer | None
    viewers: list[Viewer]
    places: list[Named]


class NameAndPhone(TypedDict):
    """Of who signed up, for a reason."""

    name: str
    phone: str
