"""What became of closed tickets like this one: counts, shares and times, and nothing below five (rule 60)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.figures.similar_closed import Closed, closed_of, summed
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.life import NOW, TOWN, received, resolved

HERE, THERE = "HERE", "THERE"


def closed(n=1, **fields):
    usual = {"closed_at": NOW, "place": HERE, "unit": "WY", "track": "simple", "hours": 3.0}
    return [Closed(ticket_id=f"T{each}", **(usual | fields)) for each in range(n)]


def a_fact(**fields):
    usual = {"stage": Stage.CLOSED, "closed_at": NOW, "area": "GG", "place": HERE, "category": "lamp"}
    return fact_of(resolved()).model_copy(update=usual | fields)


def test_twelve_like_it_of_which_ten_were_handled_by_one_unit_in_three_hours():
    found = summed([*closed(10), *closed(2, unit="OFF", track="joint", hours=20.0)], HERE, NOW)
    first, second = found.units
    assert (found.tickets, found.place) == (12, HERE)
    assert (first.key, first.tickets, first.share, first.hours) == ("WY", 10, 0.83, 3.0)
    assert (second.key, second.tickets, second.share, second.hours) == ("OFF", 2, 0.17, None)
    assert [(track.key, track.tickets) for track in found.tracks] == [("simple", 10), ("joint", 2)]


@pytest.mark.parametrize(("tickets", "said"), [(4, False), (5, True), (6, True)])
def test_of_fewer_than_five_nothing_is_said(tickets, said):
    assert (summed(closed(tickets), HERE, NOW) is not None) is said


@pytest.mark.parametrize(("here", "place", "tickets"), [(4, "", 14), (5, HERE, 5), (6, HERE, 6)])
def test_the_neighbourhood_speaks_for_itself_from_five_on_else_the_whole_area(here, place, tickets):
    found = summed([*closed(here), *closed(10, place=THERE)], HERE, NOW)
    assert (found.place, found.tickets) == (place, tickets)


def test_where_no_neighbourhood_is_known_the_whole_area_speaks():
    assert summed(closed(5, place=""), "", NOW).place == ""


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(days=365) - timedelta(seconds=1), True),
        (timedelta(days=365), True),  # exactly a year ago still counts
        (timedelta(days=365, seconds=1), False),
    ],
)
def test_what_was_closed_more_than_a_year_ago_is_forgotten(age, said):
    assert (summed(closed(5, closed_at=NOW - age), HERE, NOW) is not None) is said


@pytest.mark.parametrize(("timed", "hours"), [(2, None), (3, 3.0), (4, 3.0)])
def test_a_time_is_told_from_three_on(timed, hours):
    found = summed([*closed(timed), *closed(5, hours=None)], HERE, NOW)
    assert found.units[0].hours == hours


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.floats(0, 500)), min_size=5, max_size=60))
def test_no_group_is_larger_than_the_whole_and_the_largest_comes_first(ways):
    known = [each for unit, hours in ways for each in closed(unit=unit, hours=hours)]
    found = summed(known, HERE, NOW)
    counts = [group.tickets for group in found.units]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) <= found.tickets == len(ways)
    assert all(0 < group.share <= 1 for group in found.units)


def test_a_closed_ticket_is_kept_with_its_unit_track_and_working_hours_and_no_words():
    kept = closed_of(a_fact(), TOWN.calendar)
    assert kept.unit == fact_of(resolved()).unit
    assert kept.hours is not None
    assert set(Closed.model_fields) == {"ticket_id", "closed_at", "place", "unit", "track", "hours", "days"}


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": Stage.HANDLING},
        {"stage": Stage.DECLINED},
        {"stage": Stage.MERGED},
        {"closed_at": None},
        {"confidential": True},
        {"unit": ""},
        {"category": ""},
        {"area": ""},
    ],
)
def test_what_is_not_closed_or_confidential_or_without_unit_category_or_area_tells_nothing(fields):
    assert closed_of(a_fact(**fields), TOWN.calendar) is None


def test_the_night_counts_for_what_is_urgent_only():
    fact, clocks = a_fact(), []
    for clock in fact.clocks:
        day = {"started": 0, "met": 24 * 3600} if clock.kind == "resolution" else {}
        clocks.append(clock.model_copy(update=day))
    fact = fact.model_copy(update={"clocks": tuple(clocks)})
    calm, urgent = fact, fact.model_copy(update={"urgent": True})
    assert closed_of(urgent, TOWN.calendar).hours == 24
    assert closed_of(calm, TOWN.calendar).hours == 9  # one working day


def test_what_was_never_dispatched_has_no_working_time():
    fact = fact_of(received()).model_copy(
        update={"stage": Stage.CLOSED, "closed_at": NOW, "area": "GG", "category": "lamp", "unit": "ST"}
    )
    assert closed_of(fact, TOWN.calendar).hours is None
