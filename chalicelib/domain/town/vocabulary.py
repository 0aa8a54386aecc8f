"""The town as data: who is where, who is on duty, what counts as what, and which promises run (design: docs/architecture.md)."""

from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.calendar import Amount


class PlaceKind(StrEnum):
    TOWN = "town"
    AREA = "area"  # 片区
    BLOCK = "block"  # 街区
    NEIGHBOURHOOD = "neighbourhood"  # 居民区
    GRID = "grid"  # 网格
    BUILDING = "building"
    POINT = "point"  # where a code hangs


class UnitKind(StrEnum):
    STATION = "station"  # 民情快办工作站
    PROPERTY = "property"  # 物业
    TOWN_OFFICE = "town_office"
    DISTRICT_AGENCY = "district_agency"
    VOLUNTEERS = "volunteers"
    COMMITTEE = "committee"  # 居委会


class Role(StrEnum):
    FIRST_CONTACT = "first_contact"  # 首问接待
    STATION_HEAD = "station_head"
    GRID_WORKER = "grid_worker"
    PROPERTY_MANAGER = "property_manager"
    VOLUNTEER = "volunteer"
    HANDLER = "handler"  # 承办部门经办人
    UNIT_HEAD = "unit_head"
    AREA_LEADER = "area_leader"
    TOWN_LEADER = "town_leader"
    CITY_OPERATIONS = "city_operations"  # 城运中心, reads only
    ADMIN = "admin"
    # 保密受理: in the place of a station that is complained about
    CONFIDENTIAL_CONTACT = "confidential_contact"


# Who comes in together. 保密受理 stands in for the desk where that is complained about; of any other ticket it may not
# even know (`views.access.is_desk`).
DESK = frozenset({Role.FIRST_CONTACT, Role.STATION_HEAD})
CONFIDENTIAL = frozenset({Role.CONFIDENTIAL_CONTACT})
LEADERS = frozenset({Role.AREA_LEADER, Role.TOWN_LEADER})
HEADS = LEADERS | {Role.STATION_HEAD}
HANDLERS = (
    frozenset({Role.GRID_WORKER, Role.PROPERTY_MANAGER, Role.VOLUNTEER, Role.HANDLER, Role.UNIT_HEAD}) | DESK
)


class Track(StrEnum):
    SIMPLE = "simple"  # 简易 → 当场办
    JOINT = "joint"  # 复杂 → 协同快办
    DIFFICULT = "difficult"  # 疑难 → 跟踪督办


class Channel(StrEnum):
    """By what a message goes."""

    INBOX = "inbox"  # delivered by being written
    WECOM = "wecom"
    WECHAT = "wechat"  # one-time messages: each consent sends one, so never twice
    CHECK = "check"  # nobody is told: what a report says is shown to WeChat's content check
    CALL = "call"  # whoever has no smartphone: the desk calls, nothing is sent


class StaffChannel(StrEnum):
    """By what a member of staff is told outside the inbox."""

    WECOM = "wecom"
    WECHAT = "wechat"
    DESK_CALLS = "desk_calls"  # no smartphone: the desk's call list

    @property
    def outward(self) -> Channel:
        return Channel.CALL if self is StaffChannel.DESK_CALLS else Channel(self)


class ResidentChannel(StrEnum):
    """By what a resident is told of a ticket outside the page."""

    IN_APP = "in_app"  # a browser; of a report in the mini-program, by WeChat
    IN_WECHAT = "in_wechat"
    CALL = "call"
    NONE = "none"

    def outward(self, source: "Source") -> Channel | None:
        """None where there is only the page: for a browser, and for whom nobody knows."""
        if self is ResidentChannel.CALL:
            return Channel.CALL
        is_theirs = self is ResidentChannel.IN_APP and source is Source.MINI_PROGRAM
        return Channel.WECHAT if is_theirs or self is ResidentChannel.IN_WECHAT else None


class Source(StrEnum):
    """How a report came (rule 6)."""

    QR = "qr"
    MINI_PROGRAM = "mini_program"
    BROWSER = "browser"
    WALK_IN = "walk_in"
    PHONE = "phone"
    HOTLINE_12345 = "hotline_12345"
    PETITION = "petition"
    VISIT = "visit"
    PATROL = "patrol"
    VOLUNTEER = "volunteer"
    SENSOR = "sensor"
    OPEN311 = "open311"  # another town's or people's own program, by an api key


class FollowUpHow(StrEnum):
    """How a follow-up 回访 was made."""

    IN_APP = "in_app"
    CALL = "call"
    VERIFY = "verify"  # 核查: a person looked at the place
    PARTNER = "partner"  # the partner whose order it was asked


class UnitFeedback(StrEnum):
    """How the unit owes the resident its own feedback 初步反馈 (follow_up.csv)."""

    MESSAGE = "message"
    CALL_LIST = "call_list"
    NONE = "none"

    @property
    def is_owed(self) -> bool:
        return self is not UnitFeedback.NONE


class StationFollowUp(StrEnum):
    """How the station follows up 工作站回访 (follow_up.csv, design §6)."""

    IN_APP_THEN_CALL = "in_app_then_call"
    CALL = "call"
    MESSAGE_ONLY = "message_only"
    VERIFY = "verify"
    CALL_UNLESS_PARTNER = "call_unless_partner"

    @property
    def accepts(self) -> frozenset[FollowUpHow]:
        """Which follow-ups count as the station's own."""
        return _ACCEPTED[self]

    @property
    def is_owed(self) -> bool:
        return bool(self.accepts)

    @property
    def asks_in_app(self) -> bool:
        return FollowUpHow.IN_APP in self.accepts

    @property
    def calls(self) -> bool:
        return FollowUpHow.CALL in self.accepts

    @property
    def verifies(self) -> bool:
        """Somebody looks at the place 核查, in place of asking."""
        return FollowUpHow.VERIFY in self.accepts


_ACCEPTED = {
    StationFollowUp.IN_APP_THEN_CALL: frozenset({FollowUpHow.IN_APP, FollowUpHow.CALL}),
    StationFollowUp.CALL: frozenset({FollowUpHow.CALL}),
    StationFollowUp.MESSAGE_ONLY: frozenset(),
    StationFollowUp.VERIFY: frozenset({FollowUpHow.VERIFY}),
    StationFollowUp.CALL_UNLESS_PARTNER: frozenset({FollowUpHow.CALL, FollowUpHow.PARTNER}),
}

FOUND = frozenset(
    {Source.VISIT, Source.PATROL, Source.VOLUNTEER, Source.SENSOR}
)  # 主动发现; the rest is 被动发现
IN_APP = frozenset({Source.QR, Source.MINI_PROGRAM, Source.BROWSER})


Position = tuple[float, float]  # latitude and longitude, WGS84 degrees


class Place(Frozen):
    """A node of the one place tree (多格合一). `path` holds the codes from the town down to this place itself."""

    code: str
    parent: str | None = None
    kind: PlaceKind
    name: str
    full_name: str = ""  # 盛华景苑 4号楼 1单元, for people
    inside_wall: bool = True  # 围墙内
    lat: float | None = None  # WGS84 degrees
    lon: float | None = None
    aliases: tuple[str, ...] = ()
    path: tuple[str, ...] = ()

    @property
    def position(self) -> Position | None:
        return (self.lat, self.lon) if self.lat is not None and self.lon is not None else None


class Unit(Frozen):
    code: str
    name: str
    kind: UnitKind
    area: str  # code of the place whose subtree it serves
    phone: str = ""


class Staff(Frozen):
    """A member of staff, called by role (网格员甲), never by a private name."""

    code: str
    name: str
    unit: str
    roles: tuple[Role, ...]
    places: tuple[str, ...]  # subtrees this person answers for; empty: the unit's area
    channel: StaffChannel = StaffChannel.WECOM
    wecom_id: str = ""
    # Whose code this session began with, where not the person's own phone; never in a file
    signed_in_by: str = ""


class Duty(Frozen):
    """Who is on duty for a unit and role. Times of day; `until` before `start` crosses midnight; weekdays 1–7, empty = all."""

    unit: str
    role: Role
    person: str
    start: str  # HH:MM
    until: str  # HH:MM, exclusive; 24:00 allowed
    weekdays: tuple[int, ...] = ()
    working_days: bool = False  # only on working days, with 调休
    from_date: date | None = None
    to_date: date | None = None  # inclusive
    backup: str | None = None


class Swap(Frozen):
    """换班: one person is on duty instead of another, or of everyone of that role, from an instant to another (exclusive)."""

    id: str
    unit: str
    role: Role
    person: str
    from_at: Instant
    until_at: Instant
    instead_of: str | None = None  # whose shifts; None: the role's, whether rostered or not
    reason: str
    by: str
    at: Instant

    def holds(self, at: datetime) -> bool:
        """Whether it is in force at this instant; `until_at` is not."""
        return self.from_at <= at < self.until_at

    def replaces(self, row: Duty) -> bool:
        return (row.unit, row.role) == (self.unit, self.role) and self.instead_of in (None, row.person)


class Category(Frozen):
    code: str
    parent: str | None = None
    name: str
    track: Track = Track.SIMPLE
    urgent: bool = False  # 紧急: minute clocks, never queues
    facility: bool = False  # 公共设施: rule 3
    night: bool = True  # the response clock runs at night too
    sensitive: bool = False  # confidential from the start
    lead: str = ""  # a unit's code, or a unit kind resolved by place
    lead_role: Role | None = None  # who of the lead unit gets it; rule 3: grid worker or property manager
    keywords: tuple[str, ...] = ()
    class_reporters: int = 3  # 一类事: from so many different reporters …
    class_days: int = 30  # … within so many days the machine proposes a class


class Mandate(Frozen):
    """派单目录, one row of mandates.csv: who must do what is of a category at a place, on which ground, and who must not be given it.

    It holds for what lies below the category and the place too; the row that says more holds (`parties.mandates`).
    """

    category: str
    place: str | None = None  # everywhere
    lead: str = ""  # a unit's code; "" as the category says
    assisting: tuple[str, ...] = ()
    never: tuple[str, ...] = ()  # units' codes, or kinds of units: 部门该做的不派给基层
    ground: str  # the law or the duty list, as it is quoted
    ground_url: str = ""

    def forbids(self, unit: Unit) -> bool:
        """Whether this must not be given to the unit."""
        return unit.code in self.never or unit.kind in self.never


class TriageRule(Frozen):
    """One ordered rule; the first whose every given condition holds wins. `sure` lets the machine dispatch at once."""

    order: int
    keywords: tuple[str, ...] = ()  # any of them
    unless: tuple[str, ...] = ()  # none of them
    inside_wall: bool | None = None
    within: str | None = None  # a place code; the report's path must hold it
    category: str | None = None
    urgent: bool | None = None
    confidential: bool | None = None
    forward_to: str = ""  # outside the town: who it goes to
    sure: bool = False


class ClockRule(Frozen):
    """One row of clocks.csv. Empty conditions match all; the most specific matching row rules, then the first.

    `reminders` and `ladder` are texts of entries joined by ";": "<when> <role>[ supervise]", <when> one of "80%" (of the
    amount), "due", "due+1 working_days", "2 minutes" (after the start).
    """

    clock: str
    channel: str = ""  # a Source
    category: str = ""
    track: str = ""  # a Track
    urgent: bool | None = None
    facility: bool | None = None
    amount: Amount
    reminders: str = ""
    ladder: str = ""


class FollowUpRule(Frozen):
    """One row of follow_up.csv, design §6: what must have happened before a ticket that came this way may close."""

    source: str  # a Source, or "on_the_spot"
    unit_feedback: UnitFeedback
    station: StationFollowUp
    attempts: int = 3
    days: int = 2
    recheck_percent: int = 10  # of resolved facility tickets, drawn by lot for 核查
    wait_hours: float = 24  # how long an in-app question waits for its answer before the call list


class RoleRule(Frozen):
    """One row of roles.csv: quiet hours of a role (not for urgent). Equal times = none.

    `storm_after`: so many messages of one kind and place go singly in a quarter of an hour; the rest become one.
    """

    role: Role
    quiet_from: str = "00:00"
    quiet_until: str = "00:00"
    storm_after: int = 5
