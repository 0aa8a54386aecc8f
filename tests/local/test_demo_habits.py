"""What the demo's people do next: by the ticket's stage and their plan, each act once in its life."""

from datetime import datetime

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import FollowUp, FollowUpResult, Stage, Ticket, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from infra.local.play.acts import Seat, named
from infra.local.play.habits import next_acts
from infra.local.play.plans import Plan
from tests.towns import built, sample_files

TOWN, _ = built(sample_files())
NOW = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
USUAL = Plan("prompt", "satisfied", "quick", "", 1.0)


def ticket(**changes) -> Ticket:
    usual = {
        "id": "01A",
        "number": "MS261123-AAAAAA-A",
        "stage": Stage.RECEIVED,
        "source": Source.QR,
        "reporter_id": "r1",
        "where": Where(place="SHJY-4-1", path=("HJ", "GGLW", "SHJY", "SHJY-G2", "SHJY-4"), name="4号楼"),
        "text": "灯不亮",
        "category": "B01",
        "station_id": "ST-GGLW",
        "received_at": NOW,
    }
    return Ticket(**(usual | changes))


def with_unit(stage, **changes) -> Ticket:
    return ticket(**{"stage": stage, "lead_unit_id": "PM-SHJY", "handler_id": "pm-shjy-a"} | changes)


def doing(now_ticket, plan=USUAL, **seat) -> list[tuple[str, str]]:
    """Who does what next."""
    return [(act.who, act.name) for act in next_acts(now_ticket, plan, Seat(TOWN, NOW, **seat))]


def test_the_desk_dispatches_what_the_machine_left():
    assert doing(ticket()) == [("gglw-fc1", "dispatch")]


def test_the_desk_answers_questions_on_the_spot():
    assert doing(ticket(category="G01")) == [("gglw-fc1", "answer")]


def test_a_second_report_of_the_same_thing_is_merged():
    assert doing(ticket(), merge_into="01B") == [("gglw-fc1", "merge")]
    assert doing(with_unit(Stage.DISPATCHED), merge_into="01B") == [("gglw-fc1", "merge")]


def test_what_was_returned_twice_is_the_area_leaders():
    assert doing(ticket(returns=2)) == [("gglw-leader", "assign-finally")]
    assert doing(ticket(returns=1)) == [("gglw-fc1", "dispatch")]


def test_a_complaint_about_the_station_is_dispatched_by_the_area_leader():
    assert doing(ticket(concerns=("ST-GGLW",))) == [("gglw-leader", "dispatch")]


@pytest.mark.parametrize(
    ("concerns", "unit"), [((), "OF-DZB"), (("OF-DZB",), "DA-SJ"), (("OF-DZB", "PM-SHJY"), "DA-SJ")]
)
def test_it_is_dispatched_to_nobody_whom_it_is_about(concerns, unit):
    (act,) = next_acts(ticket(concerns=concerns), USUAL, Seat(TOWN, NOW))
    assert act.body["unit_id"] == unit


@pytest.mark.parametrize(
    ("unit", "returns", "does"),
    [
        ("returns", 0, "return"),
        ("returns", 1, "take"),
        ("returns_twice", 1, "return"),
        ("returns_twice", 2, "take"),
        ("prompt", 0, "take"),
    ],
)
def test_a_unit_returns_as_often_as_its_plan_says(unit, returns, does):
    plan = USUAL._replace(unit=unit)
    assert doing(with_unit(Stage.DISPATCHED, returns=returns), plan) == [("pm-shjy-a", does)]


def test_a_colleague_takes_what_somebody_off_duty_was_given():
    off = frozenset({"pm-shjy-a"})
    ((who, does),) = doing(with_unit(Stage.DISPATCHED), off_duty=off)
    assert (TOWN.staff_member(who).unit, does) == ("PM-SHJY", "take")
    assert who not in off


def test_the_handler_arrives_feeds_back_and_resolves_in_this_order():
    at = with_unit(Stage.HANDLING, taken=True, facility=True)
    assert doing(at) == [("pm-shjy-a", "arrived")]
    at = at.model_copy(update={"arrived": True})
    assert doing(at) == [("pm-shjy-a", "unit-feedback")]
    at = at.model_copy(update={"fed_back_by_unit": 1})
    assert doing(at) == [("pm-shjy-a", "resolve")]


def test_a_detour_is_taken_once():
    at, plan = with_unit(Stage.HANDLING, fed_back_by_unit=1), USUAL._replace(unit="extends")
    assert doing(at, plan) == [("pm-shjy-a", "ask-extension")]
    done = frozenset({named("ask-extension", at)})
    assert doing(at, plan, done=done) == [("pm-shjy-a", "resolve")]


def test_a_silent_resident_says_nothing_and_is_called():
    at, plan = with_unit(Stage.RESOLVED), USUAL._replace(resident="silent")
    assert doing(at, plan) == []
    assert doing(at.model_copy(update={"on_call_list": True}), plan) == [("gglw-fc1", "call0")]


def test_a_dissatisfied_resident_is_content_with_the_rework():
    plan = USUAL._replace(resident="dissatisfied")
    (first,) = next_acts(with_unit(Stage.RESOLVED), plan, Seat(TOWN, NOW))
    (second,) = next_acts(with_unit(Stage.RESOLVED, round=2), plan, Seat(TOWN, NOW))
    assert (first.body["solved"], second.body["solved"]) == (False, True)
    assert named(first.name, with_unit(Stage.RESOLVED)) != named(
        second.name, with_unit(Stage.RESOLVED, round=2)
    )


def test_what_staff_found_is_looked_at_by_somebody_else():
    assert doing(with_unit(Stage.RESOLVED, source=Source.PATROL, reporter_id=None)) == [
        ("gglw-fc1", "verify")
    ]


def test_nobody_does_anything_about_what_has_ended():
    said = FollowUp(round=1, by="reporter", how="in_app", at=NOW, result=FollowUpResult.SOLVED)
    assert doing(with_unit(Stage.CLOSED, follow_ups=(said,))) == []
    for stage in (Stage.MERGED, Stage.WITHDRAWN, Stage.FORWARDED, Stage.DECLINED):
        assert doing(ticket(stage=stage)) == []


def test_a_unit_whose_return_was_refused_takes_the_ticket():
    at = with_unit(Stage.DISPATCHED)
    done = frozenset({named("return", at)})
    assert doing(at, USUAL._replace(unit="returns"), done=done) == [("pm-shjy-a", "take")]


def test_where_no_area_is_known_the_town_leader_decides():
    typed = ticket(returns=2, where=Where(path=("HJ",), name="电话里说的地方"))
    assert doing(typed) == [("town-leader", "assign-finally")]


def test_the_clerk_says_whether_somebody_is_in_danger_before_anything_else():
    case = DangerCase(level=Danger.POSSIBLE, since=NOW)
    for category, act in (("B01", "deny-danger"), ("A05", "confirm-danger")):
        assert [what for _, what in doing(ticket(danger=case, category=category))] == [act]
