"""Schemas of figures 数据: rows with their names (docs/indicators.md)."""

from typing import NotRequired

from typing_extensions import TypedDict

from chalicelib.domain.schemas import Named, Span


class Indicator(TypedDict):
    """A share; `enough`: of so many that it says something. Which of the others come hangs on the indicator."""

    numerator: int
    denominator: int
    enough: bool
    open: NotRequired[int]
    void: NotRequired[int]
    times: NotRequired[int]
    by_person: NotRequired[int]
    by_machine: NotRequired[int]
    by_typing: NotRequired[int]
    returned: NotRequired[int]
    transferred: NotRequired[int]
    unit_added: NotRequired[int]
    corrected: NotRequired[int]
    finished: NotRequired[int]
    not_solved: NotRequired[int]
    unreached: NotRequired[int]
    silent: NotRequired[int]
    explained: NotRequired[int]
    exempt: NotRequired[int]
    asked: NotRequired[int]
    answered: NotRequired[int]


class PromiseShown(TypedDict):
    """A promise under the amount that it stated, which is the town's own (clocks.csv)."""

    clock: str
    amount: str
    name: str
    numerator: int
    denominator: int
    open: int
    void: int
    disproved: int
    enough: bool


class DaysToSolution(TypedDict):
    """Days from a report to the solution that its reporter confirmed; `open`: those whose days are not known yet."""

    of: int
    median: int | None
    p90: int | None
    open: int


class Stopped(TypedDict):
    """What stands beside 按期."""

    paused: int
    paused_days: int
    paused_now: int
    extended: int
    reworks: int
    disproved: int
    of: int


class BesideSolutions(TypedDict):
    """How else tickets went, and what came about too fast to be believed unseen."""

    declined: int
    forwarded: int
    withdrawn: int
    merged: int
    parted: int
    suspended: int
    arrived: int
    quick_arrivals: int
    quick_resolves: int
    one_hand: int
    typed: int


# a key that is no name of Python
_As = TypedDict("_As", {"as": str})


class ApprovedPauses(_As):
    """Pauses by the role that approved them."""

    as_name: str
    pauses: int


class FigureRow(TypedDict):
    """The figures of one area, unit, category, channel, origin or track."""

    key: str
    name: str
    received: int
    closed: int
    indicators: dict[str, Indicator]
    promises: list[PromiseShown]
    days: DaysToSolution
    stopped: Stopped
    paused_by: list[ApprovedPauses]
    beside: BesideSolutions


class Climbed(TypedDict):
    """How often a clock climbed to a role."""

    to: str
    to_name: str
    times: int


class EndedAs(_As):
    """How many tickets ended in a stage."""

    as_name: str
    tickets: int


class FullRow(FigureRow):
    escalated: list[Climbed]
    ended: list[EndedAs]


class LateNow(TypedDict):
    """How many open tickets are late, by whom that has reached."""

    to: str
    to_name: str
    tickets: int


class FiguresToday(TypedDict):
    """The first dashboard; `waiting`: something is not counted yet."""

    day: str
    counted_at: str | None
    waiting: bool
    areas: list[Named]
    open: int
    late: list[LateNow]
    total: FigureRow
    by: dict[str, list[FigureRow]]


class Lost(TypedDict):
    """What did not come to a step of the funnel, and why."""

    why: str
    why_name: str
    tickets: int


class FunnelStep(TypedDict):
    """漏斗: how many came to a step."""

    step: str
    step_name: str
    tickets: int
    lost: list[Lost]


class DayLine(TypedDict):
    day: str
    received: int
    closed: int


class FiguresOfDays(Span):
    """The figures of some days: their sum, and a row for each; of a unit head the own row alone."""

    by: str
    minimum: int
    areas: list[Named]
    total: FullRow | None
    rows: list[FullRow]
    days: list[DayLine]
    funnel: list[FunnelStep]


class SilentPlace(TypedDict):
    """A place of the list for the next walk, with what chance has to do with it."""

    area: str
    area_name: str
    place: str
    place_name: str
    inside_wall: bool
    found: int
    reported: int
    expected: float
    chance: float


class SilentPlaces(Span):
    """Where walks found things and nobody reported any; `by_chance`: so many would be listed of no cause."""

    items: list[SilentPlace]
    looked_at: int
    by_chance: float


class SignLine(TypedDict):
    """How often a sign of danger was right."""

    code: str
    name: str
    kind: str
    sure: bool
    said: int
    right: int
    wrong: int
    open: int


class DangerSigns(TypedDict):
    """说法准头 of a month."""

    month: str
    items: list[SignLine]


class PublicShare(TypedDict):
    """A share that everyone may see; null where it would tell of few."""

    numerator: int | None
    denominator: int | None


class PublicIndicator(PublicShare):
    """`asked`: of `satisfied`, how many were asked, of whom the denominator said it."""

    asked: NotRequired[int | None]


class PublicFedBack(TypedDict):
    """Who met the feedback promises that were kept; null where one of the three is few."""

    by_person: int | None
    by_machine: int | None
    by_typing: int | None


class PublicStopped(TypedDict):
    """Tickets received whose clocks stood still (waiting, 挂账), and for how many days; null where they are few."""

    paused: int | None
    days: int | None


class PublicPromise(PublicShare):
    clock: str
    name: str


class PublicDays(TypedDict):
    """`open`: of the tickets received in the month, those not done yet."""

    of: int | None
    median: int | None
    p90: int | None
    open: int | None


class PublicRow(TypedDict):
    name: str
    received: int | None
    closed: int | None


class PublicFigures(TypedDict):
    """What everyone may see of a month that is over: no number from 1 to 4."""

    month: str
    received: int | None
    closed: int | None
    indicators: dict[str, PublicIndicator]
    fed_back: PublicFedBack
    promises: list[PublicPromise]
    stopped: PublicStopped
    days: PublicDays
    left_out: str
    area: list[PublicRow]
    category: list[PublicRow]
    channel: list[PublicRow]


class AlertShown(TypedDict):
    """趋势 or 苗头: what is surprising, where, and why."""

    id: str
    kind: str
    kind_name: str
    reason: str
    area: str
    place: str
    place_name: str
    category: str
    category_name: str
    day: str
    since: str
    at: str
    count: int
    expected: float
    chance: float
    tickets: int
    text: str
