"""Nobody is on two walks, what is found stands with its walk or not at all, and coverage counts a place once a walk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.visits.walks import LONGEST, Finding, Walk
from chalicelib.store.requests.idempotency import replay
from chalicelib.store.visits import visits
from tests.domain.clock_town import at

NOW = at("2026-11-23 10:00")
MONDAY = NOW.date()


def a_walk(id_="w1", who="gw1", **changes):
    fields = {"plan": "P", "source": "visit", "place": "SP", "started_at": NOW}
    return Walk(id=id_, who=who, **(fields | changes))


def note(walk, place="B4-1", seen="B4", key="k1"):
    finding = Finding(at=NOW, place=place, place_name="4号楼", in_order=True)
    return visits.note(walk, finding, seen, replay("gw1", key, place.encode(), NOW))


def test_a_walk_begins_once_and_only_where_no_other_goes_on(town_table):
    assert visits.begin(a_walk())
    assert not visits.begin(a_walk())
    assert not visits.begin(a_walk("w2"))
    assert visits.find("w2") is None
    assert visits.begin(a_walk("w3", who="gw2"))
    assert visits.find_open("gw1").id == "w1"


@pytest.mark.parametrize(("after", "begun"), [(LONGEST, False), (LONGEST + timedelta(milliseconds=1), True)])
def test_a_walk_that_nobody_ended_stands_in_the_way_for_twelve_hours(town_table, after, begun):
    visits.begin(a_walk())
    assert visits.begin(a_walk("w2", started_at=NOW + after)) is begun


def test_an_ended_walk_makes_room_and_takes_nothing_more(town_table):
    visits.begin(a_walk())
    ended = a_walk(ended_at=NOW)
    visits.end(ended)
    visits.end(ended)
    assert not note(a_walk())
    assert visits.list_findings("w1") == []
    assert visits.begin(a_walk("w2"))
    visits.end(ended)  # late, while another goes on
    assert visits.find_open("gw1").id == "w2"


def test_somebody_elses_walk_is_not_there(town_table):
    visits.begin(a_walk())
    assert visits.get_walk("w1", "gw1").place == "SP"
    for id_, who in (("w1", "gw2"), ("w9", "gw1")):
        with pytest.raises(NotFound):
            visits.get_walk(id_, who)


def test_a_place_is_in_order_once_a_walk_and_seen_once_a_walk(town_table):
    visits.begin(a_walk())
    assert note(a_walk(), "B4-1", key="k1")
    assert not note(a_walk(), "B4-1", key="k2")
    assert note(a_walk(), "B4-2", key="k3")  # the same building
    assert not note(a_walk(), "B4-3", key="k1")  # that key was used
    visits.end(a_walk(ended_at=NOW))
    visits.begin(a_walk("w2"))
    assert note(a_walk("w2"), key="k4")
    week_before = MONDAY - timedelta(days=7)
    assert visits.list_seen("P", [week_before, MONDAY]) == {week_before: {}, MONDAY: {"B4": 2}}
    assert [finding.place for finding in visits.list_findings("w1")] == ["B4-1", "B4-2"]


def test_without_a_plan_nothing_is_covered(town_table):
    visits.begin(a_walk(plan=""))
    assert note(a_walk(plan=""))
    assert visits.list_seen("", [MONDAY]) == {MONDAY: {}}


def test_the_walks_of_a_person_are_listed_newest_first(town_table):
    for n in range(3):
        walk = a_walk(f"w{n}", started_at=NOW + timedelta(days=n))
        visits.begin(walk)
        visits.end(walk.model_copy(update={"ended_at": walk.started_at}))
    found, following = visits.list_walks("gw1")
    assert ([walk.id for walk in found], following) == (["w2", "w1", "w0"], None)
    assert [walk.id for walk in visits.all_walks("gw1")] == ["w0", "w1", "w2"]


def test_of_many_that_begin_at_once_one_does(real_table):
    with ThreadPoolExecutor(8) as people:
        begun = list(people.map(lambda n: _begin(f"w{n}"), range(8)))
    assert sum(begun) == 1
    assert sum(visits.find(f"w{n}") is not None for n in range(8)) == 1


def _begin(id_):
    from chalicelib.domain.errors import TryAgain

    try:
        return visits.begin(a_walk(id_))
    except TryAgain:  # in conflict with another: nothing was written
        return False
