"""The stored town: a version switched by a pointer, points under their own keys."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import NotFound, Stale, TryAgain
from chalicelib.domain.model import SHANGHAI
from chalicelib.store import table
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from chalicelib.store.town.directory import Pointer
from tests.moto_cloud import moto_cloud
from tests.towns import built, edited, small_files

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
TOWN, POINTS = built(small_files())


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    directory.forget()
    with moto_cloud(monkeypatch):
        yield
    directory.forget()


def a_pointer(version="v1", previous=""):
    return Pointer(version=version, previous=previous, digest="d", imported_at=NOW, imported_by="admin1")


def put_in_force(version="v1", before=None, points=POINTS, **changes):
    directory.write_points(points)
    directory.write_version(TOWN.model_copy(update={"version": version} | changes), points)
    directory.switch(a_pointer(version), before=before)


def test_before_the_first_import_one_is_told_to_import():
    assert directory.find_pointer() is None
    with pytest.raises(TryAgain):
        directory.town()


def test_what_was_imported_is_what_is_read():
    put_in_force()
    assert directory.town() == TOWN
    assert directory.list_points() == POINTS
    assert directory.find_pointer() == a_pointer()


def test_places_are_found_by_code():
    put_in_force()
    assert directory.place("P41") == POINTS[0]
    assert directory.place("B4") == TOWN.place("B4")
    with pytest.raises(NotFound):
        directory.place("nowhere")


@pytest.mark.parametrize(("code", "points"), [("T", 3), ("G", 2), ("P42", 1), ("A", 3), ("SG", 1)])
def test_the_points_of_a_subtree(code, points):
    put_in_force()
    assert len(directory.list_points_under(code)) == points


def test_an_unknown_subtree_is_refused():
    put_in_force()
    with pytest.raises(NotFound):
        directory.list_points_under("nowhere")


def test_a_town_larger_than_one_item_is_read_back_whole(monkeypatch):
    monkeypatch.setattr(directory, "CHUNK_BYTES", 100)
    put_in_force()
    assert len(list(table.query_all(Table.WORK, "TOWN#v1", begins="CHUNK#"))) > 10
    assert directory.town() == TOWN


def test_a_version_with_a_chunk_missing_is_not_taken_for_whole(monkeypatch):
    monkeypatch.setattr(directory, "CHUNK_BYTES", 100)
    put_in_force()
    table.delete(Table.WORK, "TOWN#v1", "CHUNK#003")
    with pytest.raises(TryAgain):
        directory.town()


def test_a_process_sees_a_new_version_within_five_seconds(monkeypatch):
    at = 100.0
    monkeypatch.setattr(directory.time, "monotonic", lambda: at)
    put_in_force()
    assert directory.town().version == "v1"
    directory.write_version(TOWN.model_copy(update={"version": "v2"}), POINTS)
    table.put(
        Table.WORK,
        {"PK": "TOWN", "SK": "POINTER", "version": "v2", "pointer": a_pointer("v2").model_dump_json()},
    )
    at = 104.99
    assert directory.town().version == "v1"
    at = 105.0
    assert directory.town().version == "v2"


def test_within_five_seconds_nothing_is_read_again(monkeypatch):
    put_in_force()
    directory.town()
    monkeypatch.setattr(table, "get", lambda *_: pytest.fail("read again"))
    assert directory.town().version == "v1"


def test_while_the_database_does_not_answer_the_town_as_last_read_holds(monkeypatch):
    put_in_force()
    directory.town()
    monkeypatch.setattr(directory, "FRESH_FOR", 0.0)
    monkeypatch.setattr(table, "get", lambda *_: 1 / 0)
    assert directory.town().version == "v1"


def test_of_two_imports_at_once_the_second_is_refused_and_changes_nothing():
    put_in_force("v1")
    put_in_force("v2", before=a_pointer("v1"))
    directory.write_version(TOWN.model_copy(update={"version": "v3"}), POINTS)
    for read in (a_pointer("v1"), None):
        with pytest.raises(Stale):
            directory.switch(a_pointer("v3"), before=read)
    assert directory.town().version == "v2"


def test_one_import_at_a_time_writes_but_a_killed_one_may_go_on():
    directory.claim("mine", NOW)
    with pytest.raises(Stale):
        directory.claim("yours", NOW)
    directory.claim("mine", NOW)
    directory.release()
    directory.claim("yours", NOW)


@pytest.mark.parametrize(("later", "free"), [(timedelta(0), False), (timedelta(milliseconds=1), True)])
def test_a_dead_imports_claim_ends_after_ten_minutes(later, free):
    directory.claim("mine", NOW)
    if free:
        directory.claim("yours", NOW + directory.CLAIM_LASTS + later)
    else:
        with pytest.raises(Stale):
            directory.claim("yours", NOW + directory.CLAIM_LASTS + later)


def test_removed_points_are_gone_and_dropped_versions_too():
    put_in_force()
    directory.write_points((), ["P41"])
    directory.drop_version("v1")
    assert table.get(Table.WORK, "PLACE#P41", "PLACE") is None
    assert list(table.query_all(Table.WORK, "TOWN#v1")) == []


def test_points_follow_the_version():
    put_in_force()
    assert len(directory.list_points()) == 3
    _, more = built(edited("places", "SP,SG", "P43,B4,point,3单元楼道,,,,\nSP,SG"))
    put_in_force("v2", before=a_pointer("v1"), points=more)
    assert len(directory.list_points()) == 4
