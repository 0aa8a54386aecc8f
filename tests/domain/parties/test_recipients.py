"""Whom a rung of a ladder means, and who is told where nobody holds the role (rule 21)."""

import pytest

from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.clock_model import LadderRole
from tests.domain.life import NIGHT, NOW, PEOPLE, TOWN, life_town, received, taken

R = LadderRole


def told(role, ticket, town=TOWN, now=NOW):
    return [person.code for person in people_for(role, ticket, town=town, now=now)]


@pytest.mark.parametrize(
    ("role", "ticket", "who"),
    [
        (R.DESK, received(), ["desk-a"]),
        (R.SECOND_CLERK, received(), ["grid"]),
        (R.HANDLER, taken(), ["handler-a"]),
        (R.BACKUP, taken(), ["handler-b"]),
        (R.BACKUP, taken(handler="handler-b"), ["handler-a"]),  # whom no roster names: a colleague on duty
        (R.UNIT_HEAD, taken(), ["off-head"]),
        (R.UNIT_HEAD, received(), ["st-head"]),
        (R.STATION_HEAD, taken(), ["st-head"]),
        (R.AREA_LEADER, taken(), ["area"]),
        (R.TOWN_LEADER, taken(), ["town"]),
        (R.UPWARD, taken(), ["town"]),
        (R.HANDLER, received(), ["st-head"]),  # nobody has it: the heads of where it is
        (R.APPROVER, taken(), ["off-head"]),
    ],
)
def test_a_rung_means_whoever_holds_the_role_for_this_ticket_now(role, ticket, who):
    assert told(role, ticket) == who


@pytest.mark.parametrize(
    ("role", "concerns", "who"),
    [
        (R.DESK, ("desk-a", "desk-b"), ["st-head"]),
        (R.DESK, ("ST",), ["area"]),
        (R.UNIT_HEAD, ("OFF",), ["area"]),
        (R.TOWN_LEADER, ("town",), ["area"]),
        (R.STATION_HEAD, ("st-head",), ["area"]),
    ],
)
def test_whom_it_concerns_is_passed_over_for_the_next_above(role, concerns, who):
    assert told(role, taken().model_copy(update={"confidential": True, "concerns": concerns})) == who


def test_where_nobody_holds_a_role_the_next_in_its_line_is_told():
    without = life_town(
        staff=tuple(each for each in PEOPLE if each.code not in ("off-head", "area", "area-2"))
    )
    assert told(R.UNIT_HEAD, taken(), without) == ["town"]
    assert told(R.AREA_LEADER, taken(), without) == ["town"]


@pytest.mark.parametrize(("now", "who"), [(NOW, ["grid"]), (NIGHT, ["desk-b"])])
def test_behind_the_clerk_stands_whoever_is_at_work_before_who_sleeps(now, who):
    assert told(R.SECOND_CLERK, received(), now=now) == who
