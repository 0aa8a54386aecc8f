"""Schemas of how far a plan of visits is covered, and of shops as walks found them."""

from typing_extensions import TypedDict

from chalicelib.domain.schemas import Named


class WeekSeen(TypedDict):
    """How often a place was seen in a week."""

    monday: str
    times: int


class PlaceSeen(TypedDict):
    """A place of a plan: how often it was seen in the period, and how often it still is to be."""

    place: str
    name: str
    times: int
    left: int
    weeks: list[WeekSeen]


class Coverage(TypedDict):
    """How far a plan is covered; `done` of `places`, those not yet seen first."""

    items: list[PlaceSeen]
    next: str | None
    plan: str
    name: str
    times: int
    mondays: list[str]
    places: int
    done: int


class FoundTicket(TypedDict):
    """All that a volunteer ever learns of a ticket."""

    id: str
    number: str
    stage: str
    stage_name: str


class ShopAtPoint(TypedDict):
    """A shop 商户 as it was last found: its sign, what it does, and whether it trades."""

    code: str
    name: str
    kind: str
    place: str
    trade: str
    trade_name: str


class ShopSeen(ShopAtPoint):
    """A shop in the list of a street. `seen_at`, `in_order` null: no walk has been there; `ticket`: what the last made, where it may be seen."""

    place_name: str
    seen_at: str | None
    in_order: bool | None
    ticket: FoundTicket | None


class ShopPage(TypedDict):
    """The shops of a place, those not seen for longest first. `trades`: how many there are of each state; `streets`: where shops are."""

    items: list[ShopSeen]
    next: str | None
    count: int
    trades: dict[str, int]
    streets: list[Named]


class ShopFinding(TypedDict):
    """What a walk found at a shop. `changed`: what it says of the shop that was not so before."""

    at: str
    by_name: str
    in_order: bool
    hazard_name: str
    settled: bool
    changed: str
    ticket: FoundTicket | None


class WholeShop(ShopAtPoint):
    """A shop with its findings, newest first."""

    place_name: str
    findings: list[ShopFinding]
    next: str | None
