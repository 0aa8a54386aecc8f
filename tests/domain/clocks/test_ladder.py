"""The ladder grammar of clocks.csv."""

import pytest

from chalicelib.domain.clocks.ladder import BadLadder, parse_ladder, parse_reminders, rungs_of
from chalicelib.domain.tickets.clock_model import RungAct
from chalicelib.domain.town.calendar import Basis
from tests.domain.clock_town import a_town, at, rule


def test_a_ladder_says_when_who_and_whether_with_a_supervision_order():
    steps = parse_ladder(
        "80% handler; due unit_head;due + 1 working_days area_leader; 2 minutes town_leader supervise;"
    )
    assert [(step.percent, step.from_due, step.to, step.act) for step in steps] == [
        (80, False, "handler", RungAct.ESCALATE),
        (None, True, "unit_head", RungAct.ESCALATE),
        (None, True, "area_leader", RungAct.ESCALATE),
        (None, False, "town_leader", RungAct.SUPERVISE),
    ]


def test_an_empty_ladder_has_no_steps():
    assert parse_ladder("") == parse_reminders(" ; ") == ()


def test_a_reminder_reminds():
    assert [step.act for step in parse_reminders("50% handler")] == [RungAct.REMIND]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("80 handler", "handler"),
        ("80%", "80%"),
        ("101% handler", "101"),
        ("due", "due"),
        ("due-1 working_days unit_head", "due-1"),
        ("-2 minutes desk", "-2"),
        ("2 fortnights desk", "fortnights"),
        ("due+1 weeks desk", "weeks"),
        ("2 minutes mayor", "mayor"),
        ("due unit_head loudly", "loudly"),
        ("due unit_head, 80% handler", ","),
    ],
)
def test_what_cannot_be_read_is_named_to_the_clerk(text, named):
    with pytest.raises(BadLadder, match=named.replace("+", r"\+")):
        parse_ladder(text)


def test_a_hundred_percent_is_the_due_time_itself():
    start, due = at("2026-11-20 10:00"), at("2026-11-20 10:05")
    rungs = rungs_of(
        rule("feedback", "5 minutes", ladder="100% desk"),
        start=start,
        due=due,
        basis=Basis.WALL,
        calendar=a_town().calendar,
    )
    assert [rung.at for rung in rungs] == [due]


def test_only_a_ladder_may_order_supervision():
    with pytest.raises(BadLadder, match="supervise"):
        parse_reminders("due unit_head supervise")


def test_rungs_stand_in_the_order_of_time_and_reminders_first_at_the_same_instant():
    clock = rule(
        "feedback", "5 minutes", reminders="due desk", ladder="10 minutes area_leader; 5 minutes station_head"
    )
    rungs = rungs_of(
        clock,
        start=at("2026-11-20 10:00"),
        due=at("2026-11-20 10:05"),
        basis=Basis.WALL,
        calendar=a_town().calendar,
    )
    assert [rung.to for rung in rungs] == ["desk", "station_head", "area_leader"]
