"""Repeats are found in constant time, whatever the number of tickets (rule 66)."""

from datetime import timedelta

import pytest

from chalicelib.domain.classes.similarity import KEPT, look, shelves, written
from chalicelib.domain.model import stamp
from chalicelib.store import table
from chalicelib.store.classes import similar
from chalicelib.store.classes.similar import Judged
from chalicelib.store.table import Table
from tests.service import MONDAY
from tests.towns import built, small_files

TOWN, _ = built(small_files())
P41 = ("T", "A", "N", "G", "B4", "P41")
TEXT = "四号楼一单元楼道的灯坏了三天，晚上看不见台阶，请派人来修"


def put(ticket_id, text=TEXT, at=MONDAY):
    made = look(ticket_id, P41, "F1", text, TOWN, at)
    similar.write(made, written(made, text), at)
    return made.model_copy(update={"squares": ()}), shelves(made, text)


def test_what_is_written_is_found_again_once(town_table):
    made, keys = put("T1")
    put("T1")
    assert similar.find(keys, MONDAY) == [made]


def test_what_the_next_version_writes_as_one_text_is_found_as_well(town_table):
    made, keys = put("T1")
    later = made.model_copy(update={"ticket_id": "T2"})
    text = later.model_dump_json(exclude={"personal", "squares"}, exclude_defaults=True)
    expires = int((MONDAY + KEPT).timestamp())
    item = {"PK": f"ALIKE#{keys[0]}", "SK": "3", "look": text, "noted_at": stamp(MONDAY), "expires": expires}
    table.put(Table.WORK, item)
    assert later in similar.find(keys, MONDAY)


@pytest.mark.parametrize(("seconds", "found"), [(-1, True), (0, False), (1, False)])
def test_a_signature_is_found_for_forty_days(town_table, seconds, found):
    _, keys = put("T1")
    assert bool(similar.find(keys, MONDAY + KEPT + timedelta(seconds=seconds))) is found


def test_a_thousand_of_the_same_report_do_not_make_the_keys_grow(town_table):
    keys = []
    for n in range(60):
        _, keys = put(f"T{n}")
    assert 1 <= len(similar.find(keys, MONDAY)) <= similar.SLOTS * len(keys)
    assert similar.MOST_READ <= 100  # one batch read


def test_a_newer_report_of_the_same_matter_never_hides_the_older_one(town_table):
    """With one slot for all keys, one pair in eight would share it, and the older be gone from every one of them."""
    for n in range(1, 13):
        (older, _), (newer, keys) = put(f"T{n * 7919}"), put(f"T{n * 104729}")
        found = {each.ticket_id for each in similar.find(keys, MONDAY)}
        assert {older.ticket_id, newer.ticket_id} <= found


def test_a_report_costs_at_most_fifteen_write_units(town_table, monkeypatch):
    """Each item is under a kilobyte and in no index, so an item is a unit; twelve and three more squares at the corner of four."""
    items = []
    monkeypatch.setattr(similar, "batch_write", lambda _, puts: items.extend(puts))
    put("01JDABCDEFGHJKMNPQRSTVWXYZ", "灯" + TEXT * 70)
    assert len(items) <= 15
    for item in items:
        assert "GSI1PK" not in item
        assert sum(len(str(name)) + len(str(value).encode()) for name, value in item.items()) < 1000


def test_finding_is_one_request_of_at_most_96_keys(town_table, monkeypatch):
    _, keys = put("T1")
    asked = []
    ask = table.client().batch_get_item
    monkeypatch.setattr(table.client(), "batch_get_item", lambda **r: asked.append(r) or ask(**r))
    similar.find(keys, MONDAY)
    (request,) = asked
    assert len(request["RequestItems"][Table.WORK.full_name]["Keys"]) <= 96


def test_nothing_that_can_be_read_is_kept(town_table):
    put("T1")
    _, keys = put("T2")
    items = [item for key in keys for item in table.query(Table.WORK, f"ALIKE#{key}")]
    assert len(items) >= 11
    assert not any(word in str(items) for word in ("灯", "楼道", "单元"))


def test_what_a_person_said_stands_for_both_and_the_last_word_counts(town_table):
    similar.judge("T1", Judged(other="T2", same=False, by="fc1", at=MONDAY))
    similar.judge("T2", Judged(other="T1", same=True, by="fc2", at=MONDAY))
    assert similar.list_judged("T1")["T2"].same
    assert similar.list_judged("T2")["T1"].by == "fc2"


def test_reports_that_are_looked_at_together_ask_for_each_key_once(town_table, monkeypatch):
    put("T1")
    asked = []
    ask = table.client().batch_get_item
    monkeypatch.setattr(table.client(), "batch_get_item", lambda **r: asked.append(r) or ask(**r))
    together = similar.Shelves()
    made, keys = put("T2")
    assert {each.ticket_id for each in together.find(keys, MONDAY)} == {"T1", "T2"}
    together.write(made.model_copy(update={"ticket_id": "T3"}), keys, MONDAY)
    assert {each.ticket_id for each in together.find(keys, MONDAY)} == {"T1", "T2", "T3"}
    assert len(asked) == 1


def of_cluster(together, n, cluster, at=MONDAY):
    made, keys = (
        look(f"T{n}", P41, "F1", TEXT, TOWN, at),
        shelves(look("", P41, "F1", TEXT, TOWN, at), TEXT),
    )
    together.find(keys, at)
    together.write(made.model_copy(update={"cluster": cluster}), keys, at)
    return keys


def wrote_of(monkeypatch, act):
    written = []
    monkeypatch.setattr(similar, "batch_write", lambda _, puts: written.extend(puts))
    act()
    return written


def test_what_says_nothing_new_is_written_under_its_first_key_alone(town_table, monkeypatch):
    """Once every slot of a key holds a report of its own cluster; a report of another cluster is written as ever."""
    together = similar.Shelves()
    for n in range(200):
        keys = of_cluster(together, n, "crowd")
    crowd = wrote_of(monkeypatch, lambda: of_cluster(similar.Shelves(), 201, "crowd"))
    other = wrote_of(monkeypatch, lambda: of_cluster(similar.Shelves(), 202, "other"))
    assert (len(crowd), len(other)) == (1, len(keys))
    late = MONDAY + similar.FULL_FOR + timedelta(seconds=1)
    again = wrote_of(monkeypatch, lambda: of_cluster(similar.Shelves(), 203, "crowd", late))
    assert len(again) == len(keys)
