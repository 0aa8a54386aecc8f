"""点位: what a printed code knows of its place, and every turn of its life."""

from datetime import timedelta

import pytest

from chalicelib.domain.town import point as rules
from chalicelib.domain.town.point import Point, PointAct, PointEvent, PointState
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from tests.service import MONDAY

LATER = MONDAY + timedelta(days=1)
PLACE = Place(
    code="P41", parent="B4", kind=PlaceKind.POINT, name="1单元", full_name="盛华景苑 4号楼 1单元", path=("T", "B4", "P41"),
    lat=31.1, lon=121.4,
)  # fmt: skip
OUTSIDE = Place(code="SP", kind=PlaceKind.POINT, name="公示栏", path=("T", "SP"), inside_wall=False)


def issued():
    return rules.issue("c1", PLACE, by="desk", now=MONDAY)


def line(kind, at=LATER, other=""):
    return PointEvent(kind=kind, at=at, by="desk", other=other)


def test_a_fresh_code_knows_its_place_and_who_made_it():
    assert issued() == Point(
        code="c1",
        place="P41",
        path=("T", "B4", "P41"),
        name="1单元",
        full_name="盛华景苑 4号楼 1单元",
        inside_wall=True,
        position=(31.1, 121.4),
        issued_at=MONDAY,
        history=(line(PointAct.ISSUED, MONDAY),),
    )
    instead = rules.issue("c2", OUTSIDE, by="desk", now=MONDAY, instead_of="c1")
    assert (instead.full_name, instead.inside_wall, instead.position) == ("公示栏", False, None)
    assert instead.history == (line(PointAct.ISSUED, MONDAY, "c1"),)


def test_a_code_follows_its_place_where_the_files_move_it():
    moved = rules.renamed(issued(), OUTSIDE)
    fresh = rules.issue("c1", OUTSIDE, by="desk", now=MONDAY)
    assert moved == fresh


def test_a_torn_code_opens_its_place_still_and_the_new_one_knows_which_it_follows():
    old, new = rules.follow(issued(), "c2", by="desk", now=LATER)
    assert old == issued().model_copy(
        update={
            "state": PointState.REPLACED,
            "replaced_by": "c2",
            "history": (*issued().history, line(PointAct.REPLACED, other="c2")),
        }
    )
    assert new == issued().model_copy(
        update={"code": "c2", "issued_at": LATER, "history": (line(PointAct.ISSUED, other="c1"),)}
    )


@pytest.mark.parametrize(
    ("with_place", "kind", "may_come_back"),
    [(True, PointAct.REMOVED, True), (False, PointAct.RETIRED, False)],
)
def test_only_a_code_that_went_with_its_place_comes_back_with_it(with_place, kind, may_come_back):
    down = rules.take_down(issued(), by="desk", now=LATER, with_place=with_place)
    assert down == issued().model_copy(
        update={"state": PointState.RETIRED, "history": (*issued().history, line(kind))}
    )
    assert rules.can_revive(down) is may_come_back


def test_what_hangs_there_or_has_no_history_is_not_revived():
    assert not rules.can_revive(issued())
    removed = line(PointAct.REMOVED)
    assert not rules.can_revive(issued().model_copy(update={"history": (removed,)}))
    assert not rules.can_revive(issued().model_copy(update={"state": PointState.RETIRED, "history": ()}))


def test_a_revived_code_works_again_where_its_place_is_now():
    down = rules.take_down(issued(), by="desk", now=MONDAY, with_place=True)
    again = rules.revive(down, OUTSIDE, by="desk", now=LATER)
    assert (again.state, again.place, again.name) == (PointState.ACTIVE, "SP", "公示栏")
    assert again.history == (*down.history, line(PointAct.REVIVED))
