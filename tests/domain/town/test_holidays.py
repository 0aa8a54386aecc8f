"""Holidays that the law fixes, before anybody has published a year's list."""

from datetime import date

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.town.holidays import is_statutory


def days_of(year: int) -> list[str]:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + number) for number in range(366)]
    return [f"{day:%m-%d}" for day in days if day.year == year and is_statutory(day)]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (
            2027,  # 除夕 on the 5th of February
            "01-01 02-05 02-06 02-07 02-08 04-05 05-01 05-02 06-09 09-15 10-01 10-02 10-03",
        ),
        (
            2028,  # a leap year with a leap fifth month; 中秋节 is the third day of the National Day
            "01-01 01-25 01-26 01-27 01-28 04-04 05-01 05-02 05-28 10-01 10-02 10-03",
        ),
        (
            2033,  # the year whose leap month older tables have wrong
            "01-01 01-30 01-31 02-01 02-02 04-04 05-01 05-02 06-01 09-08 10-01 10-02 10-03",
        ),
    ],
)
def test_thirteen_days_of_a_year_are_holidays_by_law_alone(year, days):
    assert days_of(year) == days.split()


@pytest.mark.parametrize("year", [2025, 2026])
def test_no_day_that_the_law_fixes_was_ever_published_as_a_working_day(year):
    for day in days_of(year):
        assert not chinese_calendar.is_workday(date.fromisoformat(f"{year}-{day}"))


@pytest.mark.parametrize("year", [1899, 2100, 2500])
def test_where_no_lunar_table_reaches_the_dates_of_the_sun_still_hold(year):
    assert days_of(year) == ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]


@given(st.integers(2027, 2099))
def test_every_year_has_its_thirteen_days_unless_festivals_meet(year):
    assert 10 <= len(days_of(year)) <= 13
