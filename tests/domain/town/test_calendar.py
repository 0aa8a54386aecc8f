"""Working time: 调休, the unknown year, amounts, and time that stands still."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.calendar import Amount, AmountUnit, Basis, Calendar

TOWN = Calendar()
BASES = st.sampled_from(list(Basis))
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=20))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


INSTANTS = st.timedeltas(timedelta(0), timedelta(days=545)).map(
    lambda length: at("2026-01-01 00:00") + length
)


def after(start: str, count: float, unit: str, calendar: Calendar = TOWN, basis: Basis | None = None) -> str:
    return f"{calendar.add(at(start), Amount(count=count, unit=AmountUnit(unit)), basis)[0]:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-02-13", True),
        ("2026-02-14", True),  # a Saturday that 调休 makes a working day
        ("2026-02-15", False),  # the first day of the Spring Festival
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),  # a Saturday again
        ("2026-10-01", False),
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-23", True),
    ],
)
def test_working_days_follow_the_state_councils_list(day, working):
    assert TOWN.is_working_day(date.fromisoformat(day)) is working
    assert TOWN.is_known(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "working"), [("2035-10-08", True), ("2035-10-06", False), ("2035-02-12", True)]
)
def test_a_year_that_nobody_has_published_falls_back_to_monday_to_friday(day, working):
    assert TOWN.is_working_day(date.fromisoformat(day)) is working
    assert not TOWN.is_known(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day", ["2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2035-10-01", "2035-05-01"]
)
def test_what_the_law_fixes_is_a_holiday_before_anybody_publishes_it(day):
    assert not TOWN.is_working_day(date.fromisoformat(day))
    assert TOWN.is_known(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("start", "count", "unit", "due"),
    [
        (
            "2026-12-31 17:30",
            2,
            "working_hours",
            "2027-01-04 10:30",
        ),  # a Thursday; New Year's Day is a Friday
        ("2026-12-31 10:00", 1, "working_days", "2027-01-04 18:00"),
        ("2027-02-04 10:00", 1, "working_days", "2027-02-09 18:00"),  # over 除夕 and the first three days
        ("2027-02-04 17:00", 2, "working_hours", "2027-02-09 10:00"),
        ("2027-09-30 10:00", 1, "working_days", "2027-10-04 18:00"),  # what is worked for it is not known yet
    ],
)
def test_no_promise_runs_out_on_new_years_day(start, count, unit, due):
    assert after(start, count, unit) == due


def test_the_towns_own_calendar_wins_and_makes_a_day_known():
    calendar = Calendar(overrides={date(2035, 10, 1): False, date(2026, 11, 21): True})
    assert not calendar.is_working_day(date(2035, 10, 1))
    assert calendar.is_known(date(2035, 10, 1))
    assert calendar.is_working_day(date(2026, 11, 21))


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-12 00:00", "2026-02-14 18:00"),  # Thursday; Friday and the working Saturday count
        ("2026-02-12 23:59", "2026-02-14 18:00"),  # the day of the start never counts
        ("2026-02-13 10:00", "2026-02-24 18:00"),  # Saturday works, then the festival
        ("2026-02-14 17:59", "2026-02-25 18:00"),
        ("2026-11-21 09:00", "2026-11-24 18:00"),  # from a Saturday: Monday, Tuesday
    ],
)
def test_two_working_days_end_at_closing_time_of_the_second_day_after_the_start(start, due):
    assert after(start, 2, "working_days") == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23 08:59", "2026-11-23 11:00"),  # before opening: from opening
        ("2026-11-23 09:00", "2026-11-23 11:00"),
        ("2026-11-23 16:00", "2026-11-23 18:00"),  # the last instant of the day still counts
        ("2026-11-23 16:01", "2026-11-24 09:01"),
        ("2026-11-23 18:00", "2026-11-24 11:00"),
        ("2026-11-27 17:00", "2026-11-30 10:00"),  # over a weekend
    ],
)
def test_two_working_hours_run_only_while_the_town_works(start, due):
    assert after(start, 2, "working_hours") == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-21 06:59", "2026-11-21 08:00"),
        ("2026-11-21 21:00", "2026-11-21 22:00"),  # Saturdays have days too
        ("2026-11-21 21:30", "2026-11-22 07:30"),
        ("2026-11-21 23:00", "2026-11-22 08:00"),
    ],
)
def test_an_hour_that_does_not_count_the_night_waits_for_the_morning(start, due):
    assert after(start, 1, "hours", basis=Basis.DAY) == due


def test_minutes_and_days_run_by_the_clock_on_the_wall():
    assert after("2026-10-01 23:58", 5, "minutes") == "2026-10-02 00:03"
    assert after("2026-10-01 23:58", 60, "days") == "2026-11-30 23:58"
    assert after("2026-10-01 23:58", 15, "days", basis=Basis.DAY) == "2026-10-16 23:58"


def test_a_due_time_in_an_unpublished_year_is_provisional():
    add = Amount(count=2, unit=AmountUnit.WORKING_DAYS)
    assert TOWN.add(at("2026-12-28 10:00"), add) == (at("2026-12-30 18:00"), False)
    assert TOWN.add(at("2035-12-28 10:00"), add)[1]
    assert TOWN.add(at("2035-03-05 10:00"), Amount(count=1, unit=AmountUnit.WORKING_HOURS))[1]
    assert not TOWN.add(at("2035-03-05 10:00"), Amount(count=1, unit=AmountUnit.HOURS))[1]


def test_a_start_in_another_time_zone_is_read_as_shanghai_time():
    late = datetime.fromisoformat("2026-11-23T15:30:00+00:00")  # 23:30 in Shanghai
    assert TOWN.add(late, Amount(count=1, unit=AmountUnit.WORKING_DAYS))[0] == at("2026-11-24 18:00")


def test_a_calendar_without_working_days_is_refused_rather_than_searched_for_ever():
    never = Calendar(overrides={date(2026, 1, 1) + timedelta(days=n): False for n in range(5000)})
    for unit in (AmountUnit.WORKING_DAYS, AmountUnit.WORKING_HOURS):
        with pytest.raises(ValueError, match="no working day"):
            never.add(at("2026-11-23 10:00"), Amount(count=1, unit=unit))


@settings(deadline=None)
@given(INSTANTS, st.floats(0.1, 40), st.floats(0.1, 40), st.sampled_from(list(AmountUnit)))
def test_a_longer_amount_never_ends_earlier(start, one, other, unit):
    short, long = sorted((one, other))
    ends = [TOWN.add(start, Amount(count=count, unit=unit))[0] for count in (short, long)]
    assert start <= ends[0] <= ends[1]


@settings(deadline=None)
@given(INSTANTS, INSTANTS, st.floats(0.1, 20), st.sampled_from(list(AmountUnit)))
def test_a_later_start_never_ends_earlier(one, other, count, unit):
    first, second = sorted((one, other))
    amount = Amount(count=count, unit=unit)
    assert TOWN.add(first, amount)[0] <= TOWN.add(second, amount)[0]


@settings(deadline=None)
@given(INSTANTS, LENGTHS, BASES)
def test_as_much_time_lies_before_a_due_time_as_was_given(start, length, basis):
    end, _ = TOWN.run(start, length, basis)
    assert TOWN.between(start, end, basis) == length


@settings(deadline=None)
@given(INSTANTS, LENGTHS, LENGTHS, LENGTHS, BASES)
def test_a_pause_never_shortens_what_is_left(paused_at, left, pause, ran, basis):
    due, resumed_at = paused_at + left, paused_at + pause
    shifted = TOWN.shift(due, paused_at, resumed_at, basis)
    assert shifted >= due
    assert TOWN.between(resumed_at, shifted, basis) >= TOWN.between(paused_at, due, basis)
    assert TOWN.shift(paused_at - ran, paused_at, resumed_at, basis) == paused_at - ran


@pytest.mark.parametrize("said", ["5 minutes", "2.5 working_hours", "3 working_days"])
def test_an_amount_is_kept_as_its_code_and_read_again(said):
    kept = Amount.of(said)
    assert (kept.count, kept.unit) == (float(said.split()[0]), said.split()[1])
    assert Amount.of(kept.code) == kept
