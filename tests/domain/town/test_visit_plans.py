"""Plans of visits: which weeks a period has, what counts as seen, and what is to be seen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.town.visit_plans import VisitPlan, monday_of, period, seen_place, to_be_seen
from chalicelib.domain.town.vocabulary import PlaceKind
from tests.towns import built, sample_files

TOWN, POINTS = built(sample_files())
PATHS = {point.code: point.path for point in POINTS}
DAYS = st.dates(date(2024, 1, 1), date(2099, 12, 31))


def a_plan(**changes):
    fields = {"code": "p", "name": "走访", "source": "visit", "role": "grid_worker", "places": ("SHJY",)}
    return VisitPlan(**(fields | {"each": "building"} | changes))


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 29), date(2026, 11, 2)),  # the last Sunday of a period
        (date(2026, 11, 30), date(2026, 11, 30)),  # the Monday after it
        (date(2026, 12, 27), date(2026, 11, 30)),
        (date(2026, 12, 28), date(2026, 12, 28)),
    ],
)
def test_a_period_of_four_weeks_begins_on_the_same_mondays_for_every_plan(day, first):
    assert period(a_plan(weeks=4), day) == tuple(first + timedelta(weeks=n) for n in range(4))


@given(DAYS, st.integers(1, 13))
def test_every_day_lies_in_exactly_one_period_which_is_that_of_all_its_weeks(day, weeks):
    plan = a_plan(weeks=weeks)
    mondays = period(plan, day)
    assert monday_of(day) in mondays
    assert all(monday.weekday() == 0 and period(plan, monday) == mondays for monday in mondays)
    assert period(plan, mondays[0] - timedelta(days=1))[-1] == mondays[0] - timedelta(weeks=1)
    assert len(mondays) == weeks


SEEN = {
    "a point of the building": ({}, "SHJY-4-1", "SHJY-4"),
    "the point itself": ({"each": "point"}, "SHJY-4-1", "SHJY-4-1"),
    "the grid above": ({"each": "grid"}, "SHJY-4-1", "SHJY-G2"),
    "the neighbourhood": ({"each": "neighbourhood", "places": ("GGLW",)}, "SHJY-4-1", "SHJY"),
    "no building at a gate": ({}, "SHJY-GATE", None),
    "a gate is of its grid": ({"each": "grid"}, "SHJY-GATE", "SHJY-G1"),
    "outside the plan": ({}, "LWY-1-1", None),
    "one building alone": ({"places": ("SHJY-5",)}, "SHJY-4-1", None),
    "a street is no neighbourhood": ({"each": "neighbourhood", "places": ("GGLW",)}, "WYL-E", None),
}


@pytest.mark.parametrize("case", SEEN)
def test_what_counts_as_seen_is_what_the_plan_goes_by(case):
    changes, point, seen = SEEN[case]
    assert seen_place(a_plan(**changes), PATHS[point], TOWN) == seen


def test_nothing_is_seen_without_a_place():
    assert seen_place(a_plan(), (), TOWN) is None


def test_every_place_of_the_kind_under_the_plan_is_to_be_seen_once():
    places = to_be_seen(a_plan(places=("SHJY", "SHJY-G1", "LWY")), TOWN.places)
    codes = [place.code for place in places]
    assert len(codes) == len(set(codes)) == 10
    assert all(place.kind is PlaceKind.BUILDING for place in places)


@given(st.sampled_from(sorted(PATHS)), st.sampled_from(["block", "neighbourhood", "grid", "building"]))
def test_what_is_seen_is_always_among_what_is_to_be_seen(point, each):
    plan = a_plan(each=each, places=("HJ",))
    seen = seen_place(plan, PATHS[point], TOWN)
    assert seen is None or seen in {place.code for place in to_be_seen(plan, TOWN.places)}
