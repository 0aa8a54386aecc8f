"""How far the plans of visits are covered, by place and week: for the desk, for leaders, and for whoever goes out."""

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.town import visit_plans
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.visit_plans import VisitPlan
from chalicelib.domain.town.vocabulary import Place, PlaceKind, Staff
from chalicelib.domain.visits.walks import Walker
from chalicelib.store.town import directory
from chalicelib.store.visits import visits

if TYPE_CHECKING:
    from chalicelib.actions.visits.schemas import Coverage, PlaceSeen, WeekSeen

MOST_LISTED = 200


def coverage(plan_code: str, day: date, *, after: str | None, by: Staff) -> "Coverage":
    """How far a plan is covered in the period of a day, in the places this person answers for: those not yet seen first.

    Raises NotFound.
    """
    town = directory.town()
    plan = town.visit_plan(plan_code)
    places = directory.list_points() if plan.each is PlaceKind.POINT else town.places
    wanted = [place for place in visit_plans.to_be_seen(plan, places) if town.covers(by, place.path)]
    mondays = visit_plans.period(plan, day)
    seen = visits.list_seen(plan.code, mondays)
    rows = sorted((_row(place, plan, seen) for place in wanted), key=lambda row: -row["left"])
    start = 1 + next((n for n, row in enumerate(rows) if row["place"] == after), -1)
    shown = rows[start : start + MOST_LISTED]
    return {
        "plan": plan.code,
        "name": plan.name,
        "times": plan.times,
        "mondays": [f"{monday}" for monday in mondays],
        "places": len(rows),
        "done": sum(row["left"] == 0 for row in rows),
        "items": shown,
        "next": shown[-1]["place"] if len(rows) > start + MOST_LISTED else None,
    }


def _row(place: Place, plan: VisitPlan, seen: dict[date, dict[str, int]]) -> "PlaceSeen":
    weeks: list[WeekSeen] = [
        {"monday": f"{monday}", "times": walks.get(place.code, 0)} for monday, walks in seen.items()
    ]
    times = sum(walks.get(place.code, 0) for walks in seen.values())
    name = place.full_name or place.name
    left = max(plan.times - times, 0)
    return {"place": place.code, "name": name, "times": times, "left": left, "weeks": weeks}


def plans_of(by: Staff) -> list[VisitPlan]:
    """The plans that go anywhere this person answers for."""
    town = directory.town()
    return [plan for plan in town.visit_plans if any(town.covers(by, p) for p in _reach(plan, town))]


def plans_for(by: Walker) -> list[VisitPlan]:
    """The plans that this person may walk."""
    town = directory.town()
    mine = [plan for plan in town.visit_plans if plan.role in by.roles]
    staff = town.find_staff(by.code)
    own = town.area_of(staff) if staff else (by.area,)
    return [plan for plan in mine if any(set(own) & set(path) for path in _reach(plan, town))]


def _reach(plan: VisitPlan, town: Town) -> list[tuple[str, ...]]:
    """The paths of everything in a plan, points left out."""
    return [place.path for place in town.places if visit_plans.holds(plan, place.path)]
