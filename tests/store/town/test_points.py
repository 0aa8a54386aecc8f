"""Point codes: one active code a place, torn codes, scans."""

from datetime import date, datetime, timedelta
from unittest.mock import Mock

import pytest

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.codes import is_mistyped
from chalicelib.domain.town.point import PointState
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from chalicelib.store import keys, table
from chalicelib.store.table import Table
from chalicelib.store.town import outages, points
from tests.moto_cloud import moto_cloud

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    with moto_cloud(monkeypatch):
        yield


def a_point(code="SHJY-4-1", name="1单元", **changes):
    path = ("HJ", "GGLW", "SHJY-4", code)
    return Place(
        **{"code": code, "parent": "SHJY-4", "kind": PlaceKind.POINT, "name": name, "path": path} | changes
    )


def the_code(place="SHJY-4-1"):
    return points.active_codes([place])[place]


def test_every_point_gets_a_code_and_no_other_kind_of_place_does():
    building = a_point("SHJY-4", kind=PlaceKind.BUILDING)
    assert points.ensure([building, a_point(), a_point("SHJY-4-2")], NOW) == 2
    assert set(points.active_codes(["SHJY-4", "SHJY-4-1", "SHJY-4-2"])) == {"SHJY-4-1", "SHJY-4-2"}
    assert not is_mistyped(the_code())


def test_importing_again_issues_nothing_new():
    points.ensure([a_point()], NOW)
    code = the_code()
    assert points.ensure([a_point()], LATER) == 0
    assert the_code() == code


def test_more_places_than_one_transaction_holds_all_get_codes():
    many = [a_point(f"P{n:04}") for n in range(130)]
    assert points.ensure(many, NOW) == 130
    assert len(set(points.active_codes(place.code for place in many).values())) == 130


def test_two_imports_at_once_never_give_a_place_two_codes(monkeypatch):
    points.ensure([a_point()], NOW)
    known, blind = points.active_codes, iter([{}])
    monkeypatch.setattr(points, "active_codes", lambda places: next(blind, None) or known(places))
    assert points.ensure([a_point(), a_point("SHJY-4-2")], NOW) == 1
    monkeypatch.undo()
    assert len(points.list_for_place("SHJY-4-1")) == 1
    assert len(points.list_for_place("SHJY-4-2")) == 1


def test_a_new_name_of_the_place_is_noted_in_its_code():
    points.ensure([a_point()], NOW)
    points.ensure([a_point(name="一单元", full_name="盛华景苑 4号楼 一单元")], LATER)
    assert points.get(the_code()).full_name == "盛华景苑 4号楼 一单元"


def test_a_torn_code_is_replaced_keeps_its_history_and_still_opens_its_place():
    points.ensure([a_point()], NOW)
    torn = the_code()
    new = points.replace(torn, "admin", LATER)
    old = points.get(torn)
    assert (old.state, old.replaced_by, old.place) == (PointState.REPLACED, new.code, "SHJY-4-1")
    assert [line.kind for line in old.history] == ["issued", "replaced"]
    assert new.history[0].other == torn
    assert the_code() == new.code
    assert [point.code for point in points.list_for_place("SHJY-4-1")] == [torn, new.code]


def test_a_code_is_replaced_once():
    points.ensure([a_point()], NOW)
    torn = the_code()
    points.replace(torn, "admin", NOW)
    with pytest.raises(AlreadyDone):
        points.replace(torn, "admin", LATER)


def test_of_two_who_replace_a_code_at_once_the_second_is_told(monkeypatch):
    points.ensure([a_point()], NOW)
    torn = points.get(the_code())
    points.replace(torn.code, "first", NOW)
    monkeypatch.setattr(points, "get", lambda code: torn)  # read before the first had written
    with pytest.raises(AlreadyDone):
        points.replace(torn.code, "second", NOW)
    assert len(points.list_for_place("SHJY-4-1")) == 2


def test_a_retired_code_leaves_its_place_free_for_a_new_one():
    points.ensure([a_point()], NOW)
    old = the_code()
    assert points.retire(old, "admin", LATER).state is PointState.RETIRED
    assert points.active_codes(["SHJY-4-1"]) == {}
    assert points.ensure([a_point()], LATER) == 1
    assert the_code() != old
    with pytest.raises(AlreadyDone):
        points.retire(old, "admin", LATER)


def test_a_code_that_was_never_issued_is_not_found():
    with pytest.raises(NotFound):
        points.get("2222222")
    assert points.find("2222222") is None


def test_labels_are_sorted_by_place():
    points.ensure([a_point("SHJY-4-2"), a_point("SHJY-4-1")], NOW)
    assert [point.place for point in points.get_active(["SHJY-4-2", "SHJY-4-1", "unknown"])] == [
        "SHJY-4-1",
        "SHJY-4-2",
    ]


def test_scans_are_counted_by_point_and_day():
    for day in (22, 22, 23):
        points.count_scan("2222222", date(2026, 11, day))
    assert points.list_scans("2222222") == {"2026-11-22": 2, "2026-11-23": 1}


def test_a_scan_that_cannot_be_counted_breaks_nothing(monkeypatch):
    def fails(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(table, "update", fails)
    points.count_scan("2222222", date(2026, 11, 22))


def test_an_outage_is_shown_in_its_whole_subtree_and_nowhere_else():
    outages.put_outage("SHJY-4", "4号楼电梯检修至今晚6点", by="desk", now=NOW, known_as="B1")
    outages.put_outage("HJ", "全镇停水", by="desk", now=LATER, known_as="B2")
    shown = outages.list_outages(("HJ", "GGLW", "SHJY-4", "SHJY-4-1"), LATER)
    assert [outage.text for outage in shown] == ["全镇停水", "4号楼电梯检修至今晚6点"]
    assert [outage.text for outage in outages.list_outages(("HJ", "WYL"), LATER)] == ["全镇停水"]
    assert outages.list_outages((), LATER) == []


@pytest.mark.parametrize(("minutes", "shown"), [(59, 1), (60, 0), (61, 0)])
def test_an_outage_with_an_end_disappears_by_itself(minutes, shown):
    outages.put_outage("HJ", "停水一小时", by="desk", now=NOW, until=NOW + timedelta(hours=1), known_as="B3")
    assert len(outages.list_outages(("HJ",), NOW + timedelta(minutes=minutes))) == shown


def test_a_banner_whose_time_is_over_leaves_the_place_with_the_next_one():
    outages.put_outage("HJ", "停水一小时", by="desk", now=NOW, until=NOW + timedelta(hours=1), known_as="B4")
    outages.put_outage("HJ", "停电", by="desk", now=NOW + timedelta(hours=1), known_as="M1")
    outages.put_outage("HJ", "停电，晚上来电", by="desk", now=NOW + timedelta(hours=1), known_as="M1")
    kept = table.get(Table.WORK, *keys.outages("HJ"))
    assert [name for name in kept if name.startswith("banner_")] == ["banner_M1"]
    assert [each.text for each in outages.list_outages(["HJ"], NOW + timedelta(hours=1))] == [
        "停电，晚上来电"
    ]


def test_whatever_is_up_anywhere_is_in_one_list_until_it_is_taken_down():
    end = NOW + timedelta(hours=1)
    low = outages.put_outage("SHJY-4", "4号楼电梯检修", by="desk", now=NOW, known_as="B5")
    outages.put_outage(
        "HJ", "停水一小时", by="desk", now=NOW + timedelta(minutes=1), until=end, known_as="B6"
    )
    latest = outages.put_outage("WYL", "停电", by="desk", now=NOW + timedelta(minutes=2), known_as="B7")
    still = outages.list_all(end - timedelta(seconds=1))
    assert [outage.text for outage in still] == ["停电", "停水一小时", "4号楼电梯检修"]
    assert outages.list_all(end) == [latest, low]
    with pytest.raises(NotFound):
        outages.end_outage("HJ", low.id)
    outages.end_outage("SHJY-4", low.id)
    assert outages.list_all(end) == [latest]


def test_a_banner_that_a_kill_left_half_put_up_or_half_taken_down_can_be_taken_down(monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(table, "update", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            outages.put_outage("HJ", "停水", by="desk", now=NOW, known_as="B8")
    (listed,) = outages.list_all(NOW)
    outages.end_outage("HJ", listed.id)
    assert outages.list_all(NOW) == []


def test_one_of_two_outages_at_a_place_can_be_ended():
    first = outages.put_outage("HJ", "停水", by="desk", now=NOW, known_as="B9")
    outages.put_outage("HJ", "停电", by="desk", now=NOW, known_as="B10")
    outages.end_outage("HJ", first.id)
    assert [outage.text for outage in outages.list_outages(("HJ",), NOW)] == ["停电"]
    for wrong in (first.id, "no-such", "x"):
        with pytest.raises(NotFound):
            outages.end_outage("HJ", wrong)
