"""Trends and first signs: what is told, at its boundaries, and what is not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.domain.figures.alerts import (
    ALONE,
    Kind,
    Reason,
    Running,
    Thresholds,
    is_over,
    is_silenced,
    look,
    series,
    spots_of,
    spread_of,
    spread_of_kinds,
)
from chalicelib.domain.figures.surprise import dispersion

USUAL = Thresholds()
DAY = date(2026, 11, 23)
CALM = [1, 0, 2, 1, 1, 0, 0] * 9  # nine weeks


def weeks(*sums):
    """Days of which each seven, the last of them the busiest, have these sums."""
    return [n for whole in sums for n in (0, 0, 0, 0, 0, 0, whole)]


def test_a_calm_place_alerts_nobody():
    assert look(CALM, USUAL) is None


@pytest.mark.parametrize(("count", "kind"), [(4, None), (5, Kind.TREND), (60, Kind.TREND)])
def test_a_trend_takes_five_in_a_day_at_least(count, kind):
    history = [0] * 62 + [count]
    history[3] = 1  # not the first of its kind
    found = look(history, USUAL)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(("days", "compared"), [(34, False), (35, True)])
def test_four_whole_weeks_of_past_are_needed(days, compared):
    assert (look([0] * (days - 1) + [60], USUAL) is not None) is compared
    by_week = days // 7
    assert (look([0] * (by_week - 1) + [60], USUAL, season=1) is not None) is compared


def test_what_is_counted_comes_by_place_and_kind_first_then_places_whole_then_areas():
    made = series({DAY: {"SH|LAMP|qr": 2, "N|LAMP|qr": 1, "|LAMP|qr": 1}}, DAY, DAY)
    assert list(made) == [("N", "LAMP"), ("SH", "LAMP"), ("N", ""), ("SH", ""), ("", "LAMP")]
    assert made["", "LAMP"] == [4]


def test_the_same_weekday_is_compared_with():
    """Ten every Monday are no surprise on a Monday, and one on a Tuesday."""
    mondays = ([10, 0, 0, 0, 0, 0, 0] * 9)[:-6]
    assert look(mondays, USUAL) is None
    found = look([*mondays, 10], USUAL)
    assert (found.kind, found.reason) == (Kind.TREND, Reason.DAY)


def test_many_small_days_are_a_trend_of_the_week():
    history = [1, 0, 1, 0, 1, 0, 0] * 8 + [2, 2, 2, 2, 2, 2, 2]
    found = look(history, USUAL)
    assert (found.reason, found.count) == (Reason.WEEK, 14)


@pytest.mark.parametrize(("count", "reason"), [(2, None), (3, Reason.NEW), (4, Reason.NEW)])
def test_a_new_kind_at_a_place_is_a_first_sign_from_three_on(count, reason):
    found = look(weeks(*[0] * 8, count), USUAL)
    assert (found and found.reason) == reason


@pytest.mark.parametrize(("count", "found"), [(15, True), (16, False)])
def test_what_rises_is_a_first_sign_only_while_it_is_small(count, found):
    history = weeks(5, 8, 4, 7, 5, 4, 6, 7, 8, count)
    assert (
        look(history, USUAL.model_copy(update={"trend_chance": 1e-9, "sign_chance": 0.02})) is not None
    ) is found


def test_what_was_there_eight_weeks_ago_is_not_new_but_what_was_before_is_forgotten():
    assert look(weeks(1, *[0] * 7, 3), USUAL) is None
    assert look(weeks(1, *[0] * 8, 3), USUAL).reason is Reason.NEW


@pytest.mark.parametrize(
    ("last", "reason"), [((1, 2, 4), Reason.RISING), ((2, 2, 4), None), ((1, 2, 2), None), ((0, 1, 2), None)]
)
def test_a_first_sign_rises_week_after_week(last, reason):
    found = look(weeks(1, 0, 1, 0, 0, 1, *last), USUAL.model_copy(update={"sign_chance": 0.02}))
    assert (found and found.reason) == reason


@pytest.mark.parametrize(("past", "found"), [(3, False), (4, True)])
def test_nothing_is_said_before_four_weeks_of_past(past, found):
    assert (look([0] * 7 * past + [0, 0, 0, 0, 0, 0, 9], USUAL) is not None) is found


def test_weekly_counts_are_looked_at_alike():
    assert look([2, 1, 2, 3, 1, 2, 2, 1, 30], USUAL, season=1).reason is Reason.WEEK
    assert look([2, 1, 2, 3, 1, 2, 2, 1, 2], USUAL, season=1) is None


@given(history=st.lists(st.integers(0, 50), max_size=80), season=st.sampled_from([1, 7]))
def test_whatever_was_counted_an_answer_comes_and_holds_its_threshold(history, season):
    found = look(history, USUAL, season=season)
    if found and found.kind is Kind.TREND:
        assert found.count >= USUAL.trend_least
        assert found.chance <= USUAL.trend_chance
        assert found.count > found.expected


@pytest.mark.parametrize(("days", "over"), [(0, False), (14, False), (15, True)])
def test_a_surprise_within_a_fortnight_belongs_to_the_alert_that_was_told(days, over):
    running = Running(kind=Kind.TREND, first=DAY, last=DAY)
    assert is_over(running, DAY + timedelta(days=days), USUAL) is over
    assert is_over(None, DAY, USUAL)


SPOT, AREA = ("SH", "lamp"), ("", "lamp")


def test_a_first_sign_that_becomes_a_trend_is_told_again_and_not_the_other_way():
    sign, trend = look(weeks(*[0] * 8, 3), USUAL), look(weeks(*[0] * 8, 30), USUAL)
    running = {SPOT: {Kind.TREND: Running(kind=Kind.TREND, first=DAY, last=DAY)}}
    assert is_silenced(sign, SPOT, running, DAY, USUAL)
    assert not is_silenced(trend, SPOT, running, DAY, USUAL)
    assert not is_silenced(sign, SPOT, {}, DAY, USUAL)


def test_an_area_is_told_of_only_for_what_none_of_its_places_was():
    sign, trend = look(weeks(*[0] * 8, 3), USUAL), look(weeks(*[0] * 8, 30), USUAL)
    running = {SPOT: {Kind.TREND: Running(kind=Kind.TREND, first=DAY, last=DAY)}}
    assert is_silenced(trend, AREA, running, DAY, USUAL)
    assert not is_silenced(trend, AREA, running, DAY + timedelta(days=15), USUAL)
    assert not is_silenced(trend, ("", "noise"), running, DAY, USUAL)
    assert is_silenced(sign, AREA, {}, DAY, USUAL)


def test_a_place_is_told_of_whole_only_where_none_of_its_kinds_was_and_never_for_a_first_sign():
    sign, trend = look(weeks(*[0] * 8, 3), USUAL), look(weeks(*[0] * 8, 30), USUAL)
    running = {SPOT: {Kind.TREND: Running(kind=Kind.TREND, first=DAY, last=DAY)}}
    assert is_silenced(trend, ("SH", ""), running, DAY, USUAL)
    assert not is_silenced(trend, ("SH", ""), running, DAY + timedelta(days=15), USUAL)
    assert not is_silenced(trend, ("LW", ""), running, DAY, USUAL)
    assert is_silenced(sign, ("SH", ""), {}, DAY, USUAL)


def test_a_place_whole_silences_none_of_its_kinds():
    trend = look(weeks(*[0] * 8, 30), USUAL)
    running = {("SH", ""): {Kind.TREND: Running(kind=Kind.TREND, first=DAY, last=DAY)}}
    assert not is_silenced(trend, SPOT, running, DAY, USUAL)
    assert not is_silenced(trend, AREA, running, DAY, USUAL)


@pytest.mark.parametrize(
    ("place", "category", "spots"),
    [
        ("SH", "lamp", {("SH", "lamp"), ("SH", ""), ("", "lamp")}),
        ("SH", "", {("SH", "")}),
        ("", "lamp", {("", "lamp")}),
        ("", "", set()),
    ],
)
def test_a_report_counts_in_its_kind_its_place_whole_and_its_kind_in_the_area(place, category, spots):
    assert set(spots_of(place, category)) == spots


def test_a_little_more_of_every_kind_at_one_place_is_seen_in_the_place_whole():
    """Ten kinds of which each comes once where none came before: no kind says anything, the place does."""
    by_day = {DAY - timedelta(days=7 * n): {"SH|k0|qr": 1} for n in range(1, 9)}
    by_day[DAY] = {f"SH|k{n}|qr": 1 for n in range(10)}
    made = series(by_day, DAY - timedelta(weeks=9), DAY)
    spread = spread_of_kinds(made, USUAL)
    said = {spot: look(history, USUAL, spread=spread) for spot, history in made.items()}
    assert {spot for spot, found in said.items() if found} == {("SH", "")}
    assert (said["SH", ""].kind, said["SH", ""].count) == (Kind.TREND, 10)


def test_kinds_and_whole_places_add_up_and_what_has_no_category_counts_in_its_place_alone():
    by_day = {
        DAY: {"SH|lamp|qr": 2, "SH|lamp|phone": 1, "LW|lamp|qr": 1, "SH||qr": 4},
        DAY - timedelta(days=9): {"SH|lamp|qr": 5},
    }
    assert series(by_day, DAY - timedelta(days=1), DAY) == {
        ("SH", "lamp"): [0, 3],
        ("LW", "lamp"): [0, 1],
        ("SH", ""): [0, 7],
        ("LW", ""): [0, 1],
        ("", "lamp"): [0, 4],
    }


@pytest.mark.parametrize("wrong", [{"weeks": 3}, {"trend_least": 1}, {"trend_chance": 0}, {"quiet_days": 0}])
def test_thresholds_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValidationError):
        Thresholds(**wrong)


def test_the_spread_of_all_places_keeps_what_varies_everywhere_from_being_a_trend():
    history = weeks(2, 6, 1, 5, 2, 6, 1, 5, 12)
    restless = [weeks(0, 9, 1, 12, 0, 8, 2, 14, 3) for _ in range(10)]
    common = spread_of([history, *restless], USUAL)
    assert common.weeks is not None
    assert common.weeks > dispersion([5, 1, 6, 2, 5, 1, 6, 2])
    alone, pooled = (
        look(history, USUAL.model_copy(update={"trend_chance": 0.05}), spread=each)
        for each in (ALONE, common)
    )
    assert (alone is not None, pooled is None) == (True, True)
