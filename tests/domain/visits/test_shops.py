"""What walks say of shops beside the town's table (rule 72)."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.town.walk_lists import Shop, Trade
from chalicelib.domain.visits import shops, walks
from chalicelib.domain.visits.shops import Known, Said
from chalicelib.domain.visits.walks import Found


def a_shop(code="S1", name="老陈水果店", trade=Trade.OPEN, place="P"):
    return Shop(code=code, name=name, trade=trade, place=place)


def seen(trade=None, name=None):
    return {"S1": Known(trade=trade, name=name)}


PAUSED = seen(Said("paused", "open"))


def test_a_shop_is_as_whoever_stood_there_said():
    assert shops.in_force([a_shop()], PAUSED) == (a_shop(trade=Trade.PAUSED),)
    assert shops.in_force([a_shop()], seen(name=Said("新鲜果铺", "老陈水果店"))) == (a_shop(name="新鲜果铺"),)


@pytest.mark.parametrize(
    ("table", "holds"),
    [
        (Trade.OPEN, Trade.PAUSED),  # the file is older than the walk: it takes nothing back
        (Trade.PAUSED, Trade.PAUSED),
        (Trade.VACANT, Trade.VACANT),  # somebody changed the cell since
    ],
)
def test_a_cell_that_was_changed_since_is_the_newer_word(table, holds):
    [shop] = shops.in_force([a_shop(trade=table)], PAUSED)
    assert shop.trade is holds


def test_what_the_table_took_in_or_contradicts_is_said_no_more():
    assert shops.overruled([a_shop()], PAUSED) == []
    no_more = [("S1", "trade", Said("paused", "open"))]
    assert shops.overruled([a_shop(trade=Trade.PAUSED)], PAUSED) == no_more
    assert shops.overruled([], PAUSED) == no_more  # a shop that comes back is as its new row says


def test_a_shop_that_walks_know_and_the_old_table_had_not_has_come_back():
    assert shops.come_back([], [a_shop(), a_shop("S2")], PAUSED) == [a_shop()]
    assert shops.come_back([a_shop()], [a_shop()], PAUSED) == []


def test_the_points_own_shops_stand_before_those_of_its_grid():
    street, point = a_shop("S1", place="GRID"), a_shop("S2", place="POINT")
    assert shops.at_point([street, point, a_shop("S3", place="ELSEWHERE")], ("TOWN", "GRID", "POINT")) == [
        point,
        street,
    ]


def test_a_finding_is_of_a_shop_that_the_point_has():
    walks.check_shop(Found(point="x", shop="S1"), a_shop(), ("TOWN", "P"))
    for found, shop in (
        (Found(point="x", shop="S1"), None),
        (Found(point="x", shop="S1"), a_shop(place="OTHER")),
        (Found(point="x", trade=Trade.OPEN), None),
        (Found(point="x", shop_name="新店"), None),
    ):
        with pytest.raises(Invalid) as refused:
            walks.check_shop(found, shop, ("TOWN", "P"))
        assert refused.value.details["fields"] == ["shop"]


def test_what_a_walk_changes_is_said_in_words():
    assert walks.changes_of(Found(point="x", trade=Trade.OPEN, shop_name="老陈水果店"), a_shop()) == ""
    assert walks.changes_of(Found(point="x", trade=Trade.VACANT), a_shop()) == "营业改为空置"
    assert walks.changes_of(Found(point="x", shop_name="新鲜果铺"), a_shop()) == "改名“新鲜果铺”"
