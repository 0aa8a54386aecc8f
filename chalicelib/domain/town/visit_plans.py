"""A plan of visits 走访计划, as data (visit_plans.csv): who goes, where, and how often every place is to be seen."""

from datetime import date, timedelta

from chalicelib.domain.model import Frozen
from chalicelib.domain.town.roster import Roster
from chalicelib.domain.town.vocabulary import Place, PlaceKind, Role, Source

_A_MONDAY = date(2024, 1, 1)  # periods of several weeks are counted from here, for every plan alike
_WEEK = timedelta(weeks=1)


class VisitPlan(Frozen):
    """Within `places`, every place of the kind `each` is to be seen `times` in `weeks` weeks by people of `role`."""

    code: str
    name: str  # 四百大走访
    source: Source  # visit, patrol or volunteer
    role: Role
    places: tuple[str, ...]
    each: PlaceKind
    times: int = 1
    weeks: int = 1


def period(plan: VisitPlan, day: date) -> tuple[date, ...]:
    """The Mondays of the plan's weeks that hold this day together with it."""
    weeks = (monday_of(day) - _A_MONDAY).days // 7
    first = _A_MONDAY + _WEEK * (weeks - weeks % plan.weeks)
    return tuple(first + _WEEK * n for n in range(plan.weeks))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def holds(plan: VisitPlan, path: tuple[str, ...]) -> bool:
    """Whether a place lies where the plan goes."""
    return any(place in path for place in plan.places)


def seen_place(plan: VisitPlan, path: tuple[str, ...], town: Roster) -> str | None:
    """What the plan counts as seen by whoever stood here; None outside the plan, or where nothing of its kind lies above.

    `path` is a point's own: its last code is the point.
    """
    if not path or not holds(plan, path):
        return None
    if plan.each is PlaceKind.POINT:
        return path[-1]
    above = (place for code in path if (place := town.find_place(code)))
    return next((place.code for place in above if place.kind is plan.each), None)


def to_be_seen(plan: VisitPlan, places: tuple[Place, ...]) -> list[Place]:
    """Every place that the plan wants seen, in file order; `places` holds the points too where the plan goes by points."""
    return [place for place in places if place.kind is plan.each and holds(plan, place.path)]
