"""One ring for one danger: what is told together, and what rings for itself."""

from datetime import timedelta

import pytest

from chalicelib.domain.notices.rings import place_and_kind, ring_of
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import ExternalId, Where
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from tests.telling_town import PATH, a_notice, a_ticket, a_town, at

POINT = Place(code="L4", parent=PATH[3], kind=PlaceKind.POINT, name="4号楼电梯", path=(*PATH[:4], "L4"))
TOWN = a_town(places=(*a_town().places, POINT))
FIRE = DangerCase(level=Danger.SURE, kinds=(DangerKind.FIRE,), words=("起火",), since=at("09:00"))
BUILDING = Where(place=PATH[3], path=PATH[:4], name="盛华景苑4号楼")


def typed(words, depth=3):
    """Words that nobody found a place for, in an estate (3), an area (2) or the town (1)."""
    return Where(path=PATH[:depth], name=words)


def ring(where=BUILDING, notice="urgent_alert", urgent=True, **about):
    ticket = a_ticket(**{"where": where, "danger": FIRE} | about)
    return ring_of(a_notice(template=notice, urgent=urgent), ticket, TOWN)


def kind(*kinds):
    return FIRE.model_copy(update={"kinds": kinds})


def test_two_reports_of_one_building_and_kind_are_one_ring_by_whichever_code():
    by_its_lift = Where(place="L4", path=POINT.path, name="4号楼电梯")
    assert ring().key == ring(by_its_lift, notice="danger_asked").key
    assert ring().params == {"place": "盛华景苑4号楼", "note": "起火冒烟"}


@pytest.mark.parametrize(
    "other",
    [
        {"where": Where(place=PATH[2], path=PATH[:3], name="盛华景苑")},
        {"danger": kind(DangerKind.GAS)},
        {"danger": kind()},
        {"practice": True},
    ],
)
def test_another_place_another_danger_and_a_drill_ring_anew(other):
    assert ring(**other).key != ring().key


def test_a_drill_says_so_in_the_message_of_the_others_too():
    assert ring(practice=True).params["practice"]
    assert "practice" not in ring().params


@pytest.mark.parametrize("about", [{"danger": None}, {"urgent": False}, {"notice": "assigned"}])
def test_what_says_nothing_of_danger_or_may_wait_is_no_ring(about):
    assert ring(**about) is None


def test_a_place_that_was_typed_alike_in_an_estate_is_the_same():
    assert ring(typed("小区北门、凉亭")).key == ring(typed("小区北门凉亭 ")).key
    assert ring(typed("ＡＢ栋")).key == ring(typed("ab栋")).key
    assert ring(typed("小区北门")).key != ring(typed("小区南门")).key


@pytest.mark.parametrize(
    "where", [typed("北门", 2), typed("北门", 1), typed(PATH[2]), typed("。"), Where(name="北门")]
)
def test_where_nobody_knows_the_place_everything_rings_for_itself(where):
    assert ring(where) is None
    assert place_and_kind(a_ticket(where=where, danger=FIRE), TOWN) == ""


def test_nothing_in_common_where_no_danger_was_heard():
    assert place_and_kind(a_ticket(where=BUILDING), TOWN) == ""


def old(hours, **about):
    sent = at("09:00") - timedelta(hours=hours)
    order = ExternalId(partner="12345", number="A1", sent_at=sent)
    return ring(external_ids=(order,), **about)


def test_orders_that_came_in_hours_late_are_one_ring_of_their_station_whatever_they_say():
    assert old(3).key == old(5, where=typed("北门", 1), danger=kind(DangerKind.GAS)).key
    assert old(3).key != old(3, station_id="another").key
    assert old(3).params["place"] == "两小时前的旧工单"
    assert old(2) == ring()  # exactly two hours are not late
    assert ring(external_ids=(ExternalId(partner="12345", number="A1"),)) == ring()


def test_what_follows_a_ring_is_told_together_ten_minutes_after_it():
    digest = ring().together(at("10:00"))
    assert (digest.key, digest.until, digest.at_once) == (ring().key, at("10:10"), 1)
    said = words_of(digest.template, digest.params | {"count": "3", "numbers": "MS1、MS2"})
    assert "盛华景苑4号楼" in said.text
