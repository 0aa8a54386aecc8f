"""改地点: a place put right moves station, queues, holders and what climbed together."""

import pytest

from chalicelib.domain.acts.relocating import relocate
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from tests.domain import life
from tests.domain.life import NOW, dispatched, person, received, taken, told

ELSEWHERE = "GREEN"
TOWN = life.TOWN.model_copy(
    update={
        "places": (
            *life.TOWN.places,
            Place(code="HJB", parent="HJ", kind=PlaceKind.AREA, name="华泾北片区", path=("HJ", "HJB")),
            Place(
                code=ELSEWHERE,
                parent="HJB",
                kind=PlaceKind.NEIGHBOURHOOD,
                name="绿苑",
                path=("HJ", "HJB", ELSEWHERE),
            ),
        )
    }
)


def moved(ticket, place=ELSEWHERE, by="desk-a"):
    return relocate(ticket, by=person(by), place=place, note="来电核实", town=TOWN, now=NOW)


def test_station_area_queue_and_what_was_said_go_with_the_place():
    after, event = moved(received(), by="st-head")
    assert after.station_id == "ST2"
    assert "HJB" in after.where.path
    assert [entry.who for entry in waits_for(after)] == ["desk:ST2"]
    assert after.where.said == received().where.name
    assert event.details["was"] == received().where.place
    assert told(event)["relocated"] == ["reporter"]
    assert told(event)["new_for_desk"] == ["area-2"]  # nobody of that desk is on duty
    assert told(event)["recalled"] == ["desk-a"]


def test_a_unit_that_does_not_serve_the_place_gives_it_back_to_the_desk_that_does():
    before = taken(unit="PM", handler="pm", text="楼道的灯不亮", category=None)
    after, event = moved(before)
    assert (after.stage, after.lead_unit_id, after.handler_id) == (Stage.RECEIVED, None, None)
    assert "pm" in told(event)["recalled"]
    assert clocks.find_open(after, ClockKind.FEEDBACK) is not None
    assert clocks.find_open(after, ClockKind.RESOLUTION) == clocks.find_open(before, ClockKind.RESOLUTION)


def test_a_unit_of_the_whole_town_keeps_it_and_hears_of_it():
    before = dispatched(unit="OFF", handler="handler-a")
    after, event = moved(before)
    assert (after.stage, after.handler_id, after.clocks) == (before.stage, "handler-a", before.clocks)
    assert told(event)["place_changed"] == ["handler-a"]


def test_what_climbed_stays_with_those_who_answer_for_the_new_place():
    after, _ = moved(received().model_copy(update={"escalated_to": ("area", "st-head", "off-head")}))
    assert after.escalated_to == ("off-head",)


def test_of_several_candidates_the_desk_chooses_one_even_the_one_guessed():
    here = received().where
    unsure = received().model_copy(update={"where": here.model_copy(update={"candidates": (here.place,)})})
    after, _ = moved(unsure, place=here.place)
    assert after.where.candidates == ()


def test_the_code_that_was_scanned_is_kept():
    here = received().where.model_copy(update={"point_code": "K7M2QX9R"})
    after, _ = moved(received().model_copy(update={"where": here}))
    assert after.where.point_code == "K7M2QX9R"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"place": "NOWHERE"}, Invalid), ({"place": "SH"}, Invalid)],
)
def test_an_unknown_place_and_the_same_one_are_refused(change, refusal):
    with pytest.raises(refusal):
        moved(received(), **change)


@pytest.mark.parametrize(
    "stage", [Stage.CLOSED, Stage.DECLINED, Stage.MERGED, Stage.WITHDRAWN, Stage.FORWARDED]
)
def test_what_has_ended_stays_where_it_was(stage):
    with pytest.raises(WrongStage):
        moved(received().model_copy(update={"stage": stage}))
