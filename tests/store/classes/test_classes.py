"""Classes split and merge, and nothing is lost (rule 67)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.classes import acts
from chalicelib.domain.classes import classes as rules
from chalicelib.domain.classes.issue_class import ClassAct, State
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound
from chalicelib.store.classes import classes as store
from chalicelib.store.classes import clusters, splits
from chalicelib.store.classes import members as class_members
from tests.domain.classes.test_classes import member, some
from tests.moto_cloud import moto_cloud
from tests.service import MONDAY


def begin(class_id, members, **changes):
    cls = rules.founded(class_id, class_id, members, by="fc1", what=ClassAct.BEGIN, now=MONDAY)
    assert store.create(cls.model_copy(update=changes), members)
    return class_id


def split(class_id, ticket_ids, new_id):
    return splits.split(
        class_id,
        ticket_ids,
        lambda moved: rules.founded(new_id, new_id, moved, by="fc1", what=ClassAct.SPLIT_OFF, now=MONDAY),
        lambda cls: acts.split_line(cls, by="fc1", name=new_id, now=MONDAY),
    )


def merge(class_id, into_id):
    return splits.merge(class_id, into_id, lambda c, into: acts.merge(c, into, by="fc1", now=MONDAY))


def add(class_id, members):
    return class_members.add(class_id, members, by="fc1", now=MONDAY)


def remove(ticket_id):
    class_members.remove(ticket_id, by="fc1", now=MONDAY)


def holds(class_id):
    """The class's members, and a proof that its counts are theirs."""
    cls = store.get_class(class_id)
    found = list(class_members.all_members(cls))
    assert cls.members == len(found) == len({each.ticket_id for each in found})
    assert cls.reporters == len(rules.voices(found))
    assert cls.weeks == dict(rules._weeks(found))
    return {each.ticket_id for each in found}


def test_a_class_is_begun_once_and_a_ticket_is_in_one_class(town_table):
    begin("C1", some(5))
    again = rules.founded("C2", "C2", some(3), by="fc1", what=ClassAct.BEGIN, now=MONDAY)
    assert not store.create(again, some(3))
    assert store.find("C2") is None
    with pytest.raises(NotFound):
        store.get_class("C2")


def test_adding_twice_is_as_once_and_another_classs_ticket_is_refused(town_table):
    begin("C1", some(2))
    begin("C2", [member(9)])
    add("C1", [member(3), member(4)])
    add("C1", [member(3)])
    assert holds("C1") == {"T0", "T1", "T3", "T4"}
    with pytest.raises(AlreadyDone):
        add("C1", [member(9)])


def test_part_of_a_class_becomes_one_of_its_own(town_table):
    begin("C1", [member(n, f"v{n % 3}") for n in range(6)])
    new = split("C1", ["T0", "T3", "T1"], "C2")
    assert (new.members, new.reporters, new.state) == (3, 2, State.CONFIRMED)
    assert holds("C2") == {"T0", "T1", "T3"}
    assert holds("C1") == {"T2", "T4", "T5"}


@pytest.mark.parametrize("chosen", [["T0", "T1"], ["T0", "T9"]])
def test_neither_all_of_a_class_nor_strangers_can_be_split_off(town_table, chosen):
    begin("C1", some(2))
    begin("C2", [member(9)])
    with pytest.raises(Invalid):
        split("C1", chosen, "C3")
    assert holds("C1") == {"T0", "T1"}
    assert store.find("C3") is None


def test_a_merged_class_counts_in_the_other_and_leads_there(town_table):
    begin("C1", [member(n, f"v{n}") for n in range(4)])
    begin("C2", [member(n, f"v{n - 3}") for n in range(4, 9)])
    whole = merge("C1", "C2")
    assert (whole.members, whole.reporters) == (9, 6)
    assert holds("C2") == {f"T{n}" for n in range(9)}
    assert store.follow("C1") == store.get_class("C2")
    add("C2", [member(20, "v1")])
    split("C2", ["T0", "T20"], "C3")  # one of them lies in the part that was merged
    assert holds("C3") == {"T0", "T20"}
    assert holds("C2") == {f"T{n}" for n in range(1, 9)}


@pytest.mark.parametrize("most", [3, 4, 5])  # looked up one by one, or all read: below, equal, above
def test_whoever_is_in_both_classes_is_one_reporter_of_the_merged_one(town_table, monkeypatch, most):
    monkeypatch.setattr(splits, "MOST_LOOKED_UP", most)
    begin("C1", [member(n, f"v{n}") for n in range(4)])
    begin("C2", [member(n, f"v{n - 2}") for n in range(4, 10)])
    assert merge("C1", "C2").reporters == 8
    assert holds("C2") == {f"T{n}" for n in range(10)}


def test_a_ticket_that_becomes_confidential_leaves_its_class(town_table):
    begin("C1", [member(0, "a"), member(1, "a"), member(2, "b")])
    remove("T2")
    remove("T2")
    assert holds("C1") == {"T0", "T1"}
    assert class_members.list_standing(["T2"]) == {}


def test_classes_are_ranked_by_distinct_reporters_and_not_by_tickets(town_table):
    begin("C1", [member(n, "one") for n in range(20)])
    begin("C2", [member(n) for n in range(30, 33)])
    begin("C3", [member(n) for n in range(40, 45)], state=State.ENDED)
    found, following = store.list_classes("A", past=False)
    assert ([cls.id for cls in found], following) == (["C2", "C1"], None)
    assert [cls.id for cls in store.list_classes("A", past=True)[0]] == ["C3"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 20])
def test_pages_cross_the_parts_of_a_merged_class_without_gap_or_repetition(town_table, limit):
    begin("C1", some(4))
    begin("C2", [member(n) for n in range(4, 8)])
    cls, after, found = merge("C1", "C2"), "", []
    while True:
        page, after = class_members.list_members(cls, after=after, limit=limit)
        assert len(page) <= limit
        found += [each.ticket_id for each in page]
        if not after:
            break
    assert sorted(found) == [f"T{n}" for n in range(8)]


def test_a_cursor_of_another_class_is_refused(town_table):
    begin("C1", some(2))
    with pytest.raises(Invalid):
        class_members.list_members(store.get_class("C1"), after="C9|x")


def test_a_cluster_shows_its_latest_and_takes_each_once(town_table):
    for n in range(50):
        clusters.add("G1", member(n, days_ago=n / 100))
    clusters.add("G1", member(0))
    found = clusters.list_members("G1", MONDAY - timedelta(days=7))
    assert [each.ticket_id for each in found] == [f"T{n}" for n in range(clusters.MOST_MEMBERS)]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["split", "merge", "add"]), st.integers(0, 9), st.integers(0, 9), st.integers(1, 4)
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(STEPS)
def test_however_often_classes_are_split_and_merged_no_member_is_lost_or_doubled(steps):
    with pytest.MonkeyPatch.context() as patch, moto_cloud(patch):
        begin("C0", [member(n, f"v{n % 4}") for n in range(7)])
        begin("C1", [member(n, f"v{n % 5}") for n in range(7, 12)])
        known, count = {f"T{n}" for n in range(12)}, 12
        for n, (act, one, other, many) in enumerate(steps):
            open_ones = [
                c for i in range(n + 2) if (c := store.find(f"C{i}")) and c.state is not State.MERGED
            ]
            cls, into = open_ones[one % len(open_ones)], open_ones[other % len(open_ones)]
            tickets = sorted(holds(cls.id))
            if act == "split" and len(tickets) > many:
                split(cls.id, tickets[:many], f"C{n + 2}")
            elif act == "merge" and cls.id != into.id:
                merge(cls.id, into.id)
            elif act == "add":
                add(cls.id, [member(count, f"v{many}")])
                known.add(f"T{count}")
                count += 1
        left = [
            c.id for i in range(len(steps) + 2) if (c := store.find(f"C{i}")) and c.state is not State.MERGED
        ]
        held = [holds(class_id) for class_id in left]
        assert set().union(*held) == known
        assert sum(map(len, held)) == len(known)
