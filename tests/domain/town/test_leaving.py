"""离任: who is missing from the new town, and whom the old one's tickets go to."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.town.leaving import check_leaving
from tests.domain.life import PEOPLE, TOWN, UNITS, life_town

NEW = life_town(
    staff=tuple(each for each in PEOPLE if each.code not in ("police", "grid")),
    units=tuple(each for each in UNITS if each.code != "VO"),
)


def test_who_and_what_the_new_town_does_not_have_leaves_with_its_successors():
    leaving = check_leaving(TOWN, NEW, {"police": "police-head"})
    assert [person.code for person in leaving.people] == ["grid", "police"]
    assert [unit.code for unit in leaving.units] == ["VO"]
    assert leaving.successors == {"police": NEW.staff_member("police-head")}


def test_nobody_leaves_a_town_that_has_none_yet():
    leaving = check_leaving(None, NEW, {})
    assert (leaving.people, leaving.units, leaving.successors) == ((), (), {})


def test_a_hand_over_from_who_stays_or_to_who_is_not_there_is_refused_line_by_line():
    with pytest.raises(Invalid, match=r"^交接名单有误，没有导入任何内容$") as refused:
        check_leaving(TOWN, NEW, {"pm": "desk-a", "police": "grid"})
    assert refused.value.details["fields"] == [
        {"file": "hand_over_to", "line": 0, "column": "pm", "reason": "不在这次离任的人员里，请从交接名单中去掉"},
        {"file": "hand_over_to", "line": 0, "column": "police", "reason": "接手人 grid 不在新的人员表里"},
    ]  # fmt: skip
