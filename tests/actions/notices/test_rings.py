"""The same place and kind within ten minutes is one ring with a count (rule 81)."""

from datetime import timedelta

import pytest

from chalicelib.actions.notices import notifying
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import ExternalId, Level, Where
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.store.notices import deliveries
from chalicelib.store.tickets import stream
from tests.telling_cloud import lines_of, outward, save, telling_cloud
from tests.telling_town import PATH, a_notice, an_event, at

NOW = at("10:09")  # rings know no windows of the wall's clock
FIRE, LIFT = DangerKind.FIRE, DangerKind.LIFT


@pytest.fixture(autouse=True)
def workflows(monkeypatch):
    with telling_cloud(monkeypatch) as started:
        yield started


def rung(n, *, minutes=0.0, kind=FIRE, template="danger_asked", times=1, place=PATH[-1], typed=None, **about):
    """The n-th ticket rings the head after so many minutes; `times`: its line of history comes so often."""
    when = NOW + timedelta(minutes=minutes)
    case = DangerCase(level=Danger.POSSIBLE, kinds=(kind,), since=when, **about.pop("case", {}))
    where = (
        Where(place=place, path=(*PATH[:3], place.rpartition("-")[0], place), name="盛华景苑4号楼")
        if place
        else Where(place=None, path=(), name="楼下")
    )
    where = Where(path=typed[0], name=typed[1]) if typed else where
    event = an_event(a_notice("staff:head", template, level=Level.RING)).model_copy(update={"at": when})
    record = save(event, id=f"01KAT00000000000000000000{n}", number=f"MS{n}", where=where, danger=case,
                  received_at=when, **about)  # fmt: skip
    for _ in range(times):
        notifying.follow(stream.read_line(record), now=when)


def sent():
    return sorted(told["template"] for told in outward().values())


def test_what_is_rung_of_one_building_and_kind_is_one_ring_and_one_count():
    rung(1, times=2)
    rung(2, minutes=3, place="SHJY-4-2", times=2)  # by another of its codes
    rung(3, minutes=9.9)
    assert sent() == ["danger_asked", "more_rings"]
    [key] = [key for key, told in outward().items() if told["template"] == "more_rings"]
    together = deliveries.find(key)
    assert together.not_before == NOW + timedelta(minutes=10)
    assert len(together.members) == 2
    assert together.urgent
    assert len(lines_of("staff:head")) == 3  # the inbox has each


@pytest.mark.parametrize(
    "other",
    [
        {"minutes": 10},  # just then it rings anew
        {"kind": LIFT},
        {"place": "SHJY-5-1"},
        {"template": "danger_heard"},  # that is of one ticket, and its holder must act
    ],
)
def test_another_kind_place_or_time_rings_for_itself(other):
    rung(1)
    rung(2, **other)
    assert "more_rings" not in sent()


def test_two_typed_places_are_not_known_to_be_one():
    rung(1, place=None)
    rung(2, place=None, minutes=1)
    assert sent() == ["danger_asked", "danger_asked"]


ESTATE = PATH[:3]


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ((ESTATE, "小区北门、凉亭"), (ESTATE, "小区北门 凉亭"), True),  # typed alike in one estate
        ((ESTATE, "小区北门"), (ESTATE, "小区南门"), False),
        ((ESTATE, "SHJY"), (ESTATE, "SHJY"), False),  # the estate's own name says of nowhere in it
        ((PATH[:1], "小区北门"), (PATH[:1], "小区北门"), False),  # nobody knows of which estate
    ],
)
def test_a_place_that_the_town_does_not_know_is_the_same_where_it_was_typed_alike(first, second, is_one):
    rung(1, typed=first)
    rung(2, typed=second, minutes=1)
    assert sent() == (["danger_asked", "more_rings"] if is_one else ["danger_asked", "danger_asked"])


@pytest.mark.parametrize("case", [{"decided": "no"}, {"answer": "no"}])
def test_after_a_no_the_next_report_rings_again_and_the_one_behind_it_is_counted(case):
    rung(1, case=case)
    rung(2, minutes=2, times=2)
    assert sent() == ["danger_asked", "danger_asked"]
    rung(3, minutes=3)
    assert sent() == ["danger_asked", "danger_asked", "more_rings"]


def test_orders_that_came_in_hours_late_are_one_ring_wherever_they_are():
    for n, (place, kind) in enumerate([("SHJY-4-1", FIRE), ("SHJY-5-1", LIFT), (None, FIRE)]):
        late = ExternalId(partner="hotline", number=f"H{n}", sent_at=NOW - timedelta(hours=3), digest="x")
        rung(n, place=place, kind=kind, external_ids=(late,))
    assert sent() == ["danger_asked", "more_rings"]
