"""Facts, marks and counts: one contract on each engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.actions.figures import counting
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.figures.counts import StillOpen, count_day
from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Source
from chalicelib.settings import settings
from chalicelib.store.figures import counts, facts
from chalicelib.store.table import ConditionFailed, Table, put_each, query_all, transact
from tests.domain.life import NOW

DAY, NEXT = NOW.date(), NOW.date() + timedelta(days=1)


def a_fact(version=1, ticket_id="t1", **changes):
    parts = {"received_at": NOW, "stage": Stage.RECEIVED, "source": Source.QR, "area": "GG"}
    return Fact(ticket_id=ticket_id, version=version, **(parts | changes))


def ended(version=2, **changes):
    return a_fact(version, **({"stage": Stage.CLOSED, "closed_at": NOW + timedelta(days=1)} | changes))


def marked():
    return {(mark.day, mark.area) for mark in facts.list_marks(limit=99)}


def count():
    return counting.count_marked(now=NOW)


def kept(day=DAY):
    return {each.area: each.counts for each in counts.get_counts([(day, "GG"), (day, "")])}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1, 3)])
def test_the_newest_fact_stands_whatever_the_order(town_table, order):
    for version in order:
        facts.keep(a_fact(version, returns=version))
    assert facts.find(DAY, "GG", "t1").returns == 3
    assert marked() == {(DAY, "GG")}


@pytest.mark.parametrize(("before", "stands"), [(None, 1), (1, 1), (2, 2)])
def test_the_first_facts_of_a_batch_are_written_together_and_none_over_a_newer_one(
    town_table, before, stands
):
    if before:
        facts.keep(a_fact(before))
    owed = facts.Owed()
    for ticket_id in ("t1", "t2"):
        facts.keep(a_fact(ticket_id=ticket_id), owed=owed)
    assert facts.find(DAY, "GG", "t2") is None
    facts.settle(owed, put_each(Table.WORK, facts.first_items(owed)))
    found = [facts.find(DAY, "GG", ticket_id).version for ticket_id in ("t1", "t2")]
    assert found == [stands, 1]
    assert {(each.day, each.area) for each in owed.changed} == {(DAY, "GG")}


def test_a_fact_that_ends_stands_under_both_days_and_both_are_marked(town_table):
    facts.keep(a_fact())
    facts.keep(ended())
    assert marked() == {(DAY, "GG"), (NEXT, "GG")}
    assert [fact.version for fact in facts.list_of_day(NEXT, "GG").ended] == [2]
    assert [fact.version for fact in facts.list_of_day(DAY, "GG").received] == [2]


def test_a_reopened_one_leaves_the_day_of_its_end_which_is_marked(town_table):
    facts.keep(ended())
    count()
    facts.keep(a_fact(3))
    assert facts.list_of_day(NEXT, "GG").ended == []
    assert marked() == {(DAY, "GG"), (NEXT, "GG")}


def test_one_that_ends_again_on_another_day_counts_there_alone(town_table):
    facts.keep(ended())
    facts.keep(ended(3, closed_at=NOW + timedelta(days=2)))
    assert facts.list_of_day(NEXT, "GG").ended == []
    assert len(facts.list_of_day(NEXT + timedelta(days=1), "GG").ended) == 1


def test_an_area_nobody_could_tell_is_an_area_too(town_table):
    facts.keep(a_fact(area=""))
    assert count() == 1
    assert kept()[""]["all"][""]["received"] == 1
    assert counts.list_areas() == [""]


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_a_ticket_moved_away_and_back_is_counted_once_in_whatever_order_its_readings_are_written(
    town_table, order
):
    areas = ("GG", "HJB", "")
    readings = {
        1: lambda: facts.keep(a_fact()),
        2: lambda: facts.keep(ended(area="HJB"), not_in=areas),
        3: lambda: facts.keep(ended(3), not_in=areas),
    }
    for version in (*order, *order):
        readings[version]()
    assert [fact.version for fact in facts.list_of_day(DAY, "GG").received] == [3]
    assert [fact.version for fact in facts.list_of_day(NEXT, "GG").ended] == [3]
    assert facts.list_of_day(DAY, "HJB") == facts.OfADay([], [], facts.list_of_day(DAY, "").gone)
    assert facts.list_of_day(NEXT, "HJB").ended == []
    assert facts.find(DAY, "HJB", "t1") is None


def test_the_area_that_a_ticket_left_is_counted_again(town_table):
    facts.keep(ended(1))
    count()
    facts.keep(ended(2, area="HJB"), not_in=("GG", "HJB"))
    assert marked() == {(DAY, "GG"), (NEXT, "GG"), (DAY, "HJB"), (NEXT, "HJB")}


def test_counts_are_written_with_their_mark_cleared_or_not_at_all(town_table):
    facts.keep(a_fact())
    [seen] = facts.list_marks(limit=1)
    facts.keep(a_fact(2))
    with pytest.raises(ConditionFailed):
        counts.save(
            DAY,
            "GG",
            {},
            StillOpen(tickets=1),
            is_listed=False,
            now=NOW,
            extra=tuple(facts.cleared_ops(seen)),
        )
    assert kept() == {}
    assert marked() == {(DAY, "GG")}


def test_what_is_no_longer_open_is_not_listed_as_open(town_table):
    facts.keep(a_fact())
    count()
    assert [each.tickets for each in counts.list_open("GG")] == [1]
    facts.keep(ended())
    count()
    assert counts.list_open("GG") == []


@pytest.mark.parametrize(
    ("first", "last", "days"), [(DAY, DAY, 1), (DAY, NEXT, 2), (NEXT, NEXT, 1), (NEXT + timedelta(days=1), NEXT + timedelta(days=9), 0)]
)  # fmt: skip
def test_both_days_of_a_range_count(town_table, first, last, days):
    facts.keep(ended())
    count()
    assert len(counts.list_counts("GG", first, last)) == days


def test_removed_cases_add_up(town_table):
    for n in range(3):
        facts.keep(ended(ticket_id=f"t{n}"))
    count()
    before = kept(), kept(NEXT)
    for n in range(3):
        facts.let_go(facts.find(DAY, "GG", f"t{n}"))
    facts.mark(DAY, NEXT, area="GG")
    count()
    assert (kept(), kept(NEXT)) == before
    assert [item["SK"] for item in query_all(Table.WORK, f"DAY#{DAY}#GG")] == ["GONE"]


def test_a_case_is_let_go_once(town_table):
    fact = ended()
    facts.keep(fact)
    facts.let_go(fact)
    with pytest.raises(TryAgain):
        facts.let_go(fact)
    assert facts.list_of_day(DAY, "GG").gone == count_day([fact], [])


def test_counts_are_packed_and_read_as_they_were(town_table):
    whole = count_day([a_fact(unit=f"U{n}", category=f"C{n}") for n in range(40)], [])
    packed = counts.pack(whole)
    assert counts.unpack({"document": packed}) == whole
    assert len(packed) < 2048


def test_many_consumers_and_counters_at_once_lose_nothing(real_table):
    """Twelve tickets change four times each, every line comes twice, while others count all the time."""

    def keep(n):
        for version in range(1, 5):
            made = ended if version == 3 else a_fact
            patiently(lambda made=made, version=version: facts.keep(made(version, ticket_id=f"t{n % 12}")))

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(keep, n) for n in range(24)]
        jobs += [pool.submit(lambda: [count() for _ in range(10)]) for _ in range(2)]
        for job in jobs:
            job.result()
    while marked():
        count()
    assert kept()["GG"]["all"][""]["received"] == 12
    assert kept()["GG"]["all"][""]["still_open"] == 12
    assert kept(NEXT).get("GG", {}) == {}


def patiently(act):
    """As the stream does: what fails comes again."""
    for _ in range(50):
        try:
            return act()
        except Exception as fault:
            if not (isinstance(fault, TryAgain) or "Conflict" in f"{fault}"):
                raise
    raise AssertionError("never done")


def test_marks_of_several_shelves_are_one_day_to_count_and_go_together(town_table, monkeypatch):
    monkeypatch.setenv("SHELVES", "4")
    settings.cache_clear()
    for n in range(12):
        facts.keep(a_fact(ticket_id=f"t{n}"))
    [seen] = facts.list_marks(limit=9)
    assert (seen.day, seen.area, len(seen.seen) > 1) == (DAY, "GG", True)
    facts.keep(a_fact(2, ticket_id="t0"))
    with pytest.raises(ConditionFailed):
        transact(facts.cleared_ops(seen))
    assert count() == 1
    assert facts.list_marks(limit=9) == []
    assert kept()["GG"]["all"][""]["received"] == 12
    monkeypatch.undo()
    settings.cache_clear()
