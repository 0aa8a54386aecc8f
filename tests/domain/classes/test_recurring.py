"""A measure that recurs: its days, holidays, what is called off, and how it is said (rule 67)."""

from datetime import date, datetime

import pytest

from chalicelib.domain.classes import recurring
from chalicelib.domain.classes.issue_class import IssueClass, State
from chalicelib.domain.classes.measures_taken import Measure, Off, Recurs
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, WrongStage
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.calendar import Calendar

NOW = datetime(2026, 9, 21, 10, tzinfo=SHANGHAI)  # a Monday
TODAY = NOW.date()
THURSDAY = date(2026, 9, 24)
CALENDAR = Calendar()


def a_measure(off=(), **recurs):
    given = Recurs(**({"weekdays": (4,), "hours": "8:00–10:00"} | recurs)) if recurs is not None else None
    return Measure(
        id="M",
        what="便民小菜场",
        place="盛华景苑东门",
        schedule="每周四",
        unit_id="ST",
        from_on=TODAY,
        announced_at=NOW,
        by="head",
        recurs=given,
        off=off,
    )


def a_class(measure, state=State.MEASURED):
    return IssueClass(id="C", name="买菜远", state=state, at=NOW, first_on=TODAY, measures=(measure,))


def days(measure, today=TODAY, most=4, calendar=CALENDAR):
    return [(f"{day.day:%m-%d}", day.off) for day in recurring.coming(measure, today, calendar, most)]


def test_every_thursday_but_not_on_a_holiday():
    assert days(a_measure()) == [("09-24", ""), ("10-01", "节假日"), ("10-08", ""), ("10-15", "")]


def test_one_that_is_for_holidays_is_held_on_them_too():
    assert days(a_measure(on_holidays=True), most=2) == [("09-24", ""), ("10-01", "")]


@pytest.mark.parametrize(
    ("every", "expected"), [(1, ["09-24", "10-01"]), (2, ["09-24", "10-08"]), (8, ["09-24", "11-19"])]
)
def test_weeks_are_counted_from_the_one_in_which_it_began(every, expected):
    assert [day for day, _ in days(a_measure(every=every), most=2)] == expected


def test_the_last_day_still_counts_and_the_first_is_not_before_it_began():
    assert days(a_measure(until=date(2026, 10, 8)))[-1][0] == "10-08"
    assert days(a_measure(until=THURSDAY)) == [("09-24", "")]
    assert days(a_measure(), today=date(2026, 9, 1), most=1) == [("09-24", "")]


def test_a_saturday_is_no_holiday_unless_the_law_says_so():
    saturday = a_measure(weekdays=(6,))
    assert days(saturday, most=2) == [("09-26", ""), ("10-03", "节假日")]  # 10-03 is 国庆节 by law


def test_the_towns_own_day_off_counts():
    free = Calendar(overrides={THURSDAY: False})
    assert days(a_measure(), most=1, calendar=free) == [("09-24", "节假日")]


def test_a_day_is_called_off_with_a_reason_and_taken_back():
    off = recurring.call_off(a_class(a_measure()), "M", THURSDAY, "台风", by="head", now=NOW)
    assert days(off.measures[0], most=1) == [("09-24", "台风")]
    assert off.lines[-1].note == "9月24日（周四）：台风"
    held = recurring.hold_after_all(off, "M", THURSDAY, by="head", now=NOW)
    assert days(held.measures[0], most=1) == [("09-24", "")]


def test_what_is_past_falls_away_when_a_day_is_called_off():
    old = a_measure(off=(Off(day=date(2026, 9, 17), reason="下雨", by="head"),))
    off = recurring.call_off(a_class(old), "M", THURSDAY, "台风", by="head", now=NOW)
    assert [each.day for each in off.measures[0].off] == [THURSDAY]


@pytest.mark.parametrize("day", [date(2026, 9, 17), date(2026, 9, 25)])
def test_only_a_coming_day_of_the_measure_is_called_off(day):
    with pytest.raises(Invalid):
        recurring.call_off(a_class(a_measure()), "M", day, "台风", by="head", now=NOW)


def test_today_may_still_be_called_off():
    monday = a_measure(weekdays=(1,))
    off = recurring.call_off(a_class(monday), "M", TODAY, "停电", by="head", now=NOW)
    assert recurring.on(off.measures[0], TODAY, CALENDAR).off == "停电"


def test_twice_is_said_and_a_day_that_stands_is_not_restored():
    off = recurring.call_off(a_class(a_measure()), "M", THURSDAY, "台风", by="head", now=NOW)
    with pytest.raises(AlreadyDone):
        recurring.call_off(off, "M", THURSDAY, "台风", by="head", now=NOW)
    with pytest.raises(AlreadyDone):
        recurring.hold_after_all(a_class(a_measure()), "M", THURSDAY, by="head", now=NOW)


def test_a_class_that_is_over_and_a_measure_that_does_not_recur_have_no_days():
    with pytest.raises(WrongStage):
        recurring.call_off(a_class(a_measure(), State.ENDED), "M", THURSDAY, "台风", by="head", now=NOW)
    once = a_measure().model_copy(update={"recurs": None})
    assert recurring.coming(once, TODAY, CALENDAR) == []
    with pytest.raises(NotFound):
        recurring.call_off(a_class(once), "M", THURSDAY, "台风", by="head", now=NOW)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "每周四 8:00–10:00，节假日停"),
        ({"every": 2, "on_holidays": True}, "每2周的周四 8:00–10:00"),
        ({"weekdays": (1, 7), "hours": "", "until": THURSDAY}, "每周一、周日，到2026年9月24日为止，节假日停"),
    ],
)
def test_how_it_recurs_is_one_clause(given, said):
    assert recurring.words(a_measure(**given)) == said


def test_the_unit_reads_whether_it_is_held():
    [day] = recurring.coming(a_measure(), TODAY, CALENDAR, 1)
    assert recurring.reminder(a_measure(), day) == "9月24日（周四）便民小菜场（盛华景苑东门）照常，8:00–10:00"
    off = day._replace(off="台风")
    assert recurring.reminder(a_measure(), off) == "9月24日（周四）便民小菜场（盛华景苑东门）停一次：台风"


def test_residents_read_which_coming_days_are_off_and_why():
    off = (Off(day=THURSDAY, reason="台风", by="head"),)
    assert recurring.days_off(a_measure(off), TODAY, CALENDAR) == (
        "9月24日（周四）停一次：台风；10月1日（周四）停一次：节假日"
    )
    assert recurring.days_off(a_measure(until=THURSDAY), TODAY, CALENDAR) == ""
    assert recurring.days_off(a_measure().model_copy(update={"recurs": None}), TODAY, CALENDAR) == ""
