"""改分类: a person corrects triage (rules 10, 21)."""

import pytest

from chalicelib.domain.acts.assisting import add_assisting
from chalicelib.domain.acts.classifying import chosen_by_reporter, classify
from chalicelib.domain.acts.dispatching import dispatch
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, ConflictOfInterest, Invalid, NotAllowed, WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Role, Track
from tests.domain.life import (
    NOW,
    TOWN,
    dispatched,
    person,
    received,
    resolved,
    waiting,
)

DESK = person("desk-a")


def corrected(ticket, category="HORN", by=DESK, **more):
    parts = {"track": None, "urgent": None, "confidential": None, "concerns": None}
    return classify(ticket, by=by, category=category, town=TOWN, now=NOW, **(parts | more))[0]


def test_a_correction_stands_beside_the_suggestion():
    before = received("楼道灯不亮")
    after = corrected(before)
    assert (after.category, after.track, after.corrected) == ("HORN", Track.JOINT, True)
    assert after.suggestion == before.suggestion


@pytest.mark.parametrize(("had", "has"), [(None, "desk-a"), ("desk-b", "desk-b")])
def test_whoever_files_it_first_is_its_first_contact(had, has):
    assert corrected(received().model_copy(update={"first_contact_id": had})).first_contact_id == has


def test_what_turns_into_a_facility_or_urgent_owes_a_response_from_then_on_once():
    after = corrected(received(), "LAMP")
    assert clocks.find_open(after, ClockKind.RESPONSE) is not None
    again = corrected(after, "LIFT")
    assert sum(clock.kind is ClockKind.RESPONSE for clock in again.clocks) == 1


def test_a_ticket_that_turns_out_to_be_about_its_handlers_unit_is_taken_back_from_it():
    ticket = dispatched(unit="PM", handler="pm", text="物业不修灯")
    after = corrected(ticket, "PM-BAD")
    assert (after.stage, after.lead_unit_id, after.handler_id, after.concerns) == (
        Stage.RECEIVED,
        None,
        None,
        ("PM",),
    )
    assert clocks.find_open(after, ClockKind.RESOLUTION) == clocks.find_open(ticket, ClockKind.RESOLUTION)
    assert clocks.find_open(after, ClockKind.TAKE) is None


def test_what_is_taken_back_waits_for_nobody_and_keeps_what_was_left_of_its_time():
    held = waiting(unit="OFF", text="物业不修灯")
    after = corrected(held, concerns=("OFF",))
    assert (after.stage, after.pause) == (Stage.RECEIVED, None)
    assert clocks.find_open(after, ClockKind.RESOLUTION).is_running


def test_naming_whom_a_ticket_concerns_makes_it_confidential_and_undoing_it_names_nobody():
    after = corrected(received(), concerns=("PM", "grid"))
    assert (after.confidential, after.concerns) == (True, ("PM", "grid"))
    undone = corrected(after, by=person("area"), confidential=False, reason="本人同意公开")
    assert (undone.confidential, undone.concerns) == (False, ())


@pytest.mark.parametrize("wrong", [{"category": "NOPE"}, {"concerns": ("PM", "NOPE")}])
def test_a_correction_to_what_does_not_exist_is_refused(wrong):
    with pytest.raises(Invalid):
        corrected(received(), **wrong)


@pytest.mark.parametrize("ticket", [resolved(), received("浦东那边有人烧烤")])
def test_triage_is_not_corrected_after_the_work(ticket):
    with pytest.raises(WrongStage):
        corrected(ticket)


def test_a_station_complaint_found_by_correction_goes_to_the_area_leader():
    after = corrected(received("没人接电话，工作站不管"), "PM-BAD")
    assert (after.concerns, after.escalated_to) == (("ST",), ("area",))
    assert Role.AREA_LEADER in person("area").roles


@pytest.mark.parametrize("changes", [{"confidential": False}, {"concerns": ()}, {"concerns": ("ST",)}])
def test_the_desk_raises_secrecy_and_only_a_leader_lowers_it(changes):
    secret = received("保安骂我")
    assert secret.concerns == ("PM",)
    asked = {
        "category": "PM-BAD",
        "track": None,
        "urgent": None,
        "confidential": None,
        "concerns": None,
    } | changes
    with pytest.raises(NotAllowed):
        classify(secret, by=DESK, town=TOWN, now=NOW, **asked)
    if changes != {"concerns": ()}:
        with pytest.raises(Invalid):
            classify(secret, by=person("area"), town=TOWN, now=NOW, **asked)
        lifted, line = classify(secret, by=person("area"), town=TOWN, now=NOW, reason="已与居民核对", **asked)
        assert (line.kind, line.note, line.public) == ("secrecy_lifted", "已与居民核对", True)
        assert [n.template for n in line.notices if n.to == "reporter"] == ["secrecy_lifted"]
        assert "PM" not in lifted.concerns or not lifted.confidential


def test_who_lets_somebody_see_it_again_does_not_give_it_to_them():
    secret = received("保安骂我")
    asked = {"category": "PM-BAD", "track": None, "urgent": None, "confidential": None, "concerns": ()}
    lifted, _ = classify(secret, by=person("area"), town=TOWN, now=NOW, reason="已与居民核对", **asked)
    how = {"unit_id": "PM", "handler_id": None, "track": None, "note": "", "town": TOWN, "now": NOW}
    with pytest.raises(ConflictOfInterest):
        dispatch(lifted, by=person("area"), **how)
    given, _ = dispatch(lifted, by=DESK, **how)
    assert given.lead_unit_id == "PM"
    elsewhere, _ = dispatch(lifted, by=DESK, **(how | {"unit_id": "OFF"}))
    with pytest.raises(ConflictOfInterest):
        add_assisting(elsewhere, unit_id="PM", by=person("area"), note="", town=TOWN, now=NOW)
    again, _ = classify(lifted, by=DESK, town=TOWN, now=NOW, **(asked | {"concerns": ("PM",)}))
    assert again.concerns == ("PM",)


def test_the_reporter_takes_back_whom_it_is_kept_from_and_may_ask_for_it_again():
    secret = received("保安骂我")
    lifted, line = chosen_by_reporter(secret, avoid=(), town=TOWN, now=NOW)
    assert (lifted.concerns, lifted.confidential, line.by) == ((), False, "reporter")
    with pytest.raises(AlreadyDone):
        chosen_by_reporter(lifted, avoid=(), town=TOWN, now=NOW)
    again, _ = chosen_by_reporter(lifted, avoid=("grid",), town=TOWN, now=NOW)
    assert (again.concerns, again.confidential) == (("grid",), True)


def test_whom_the_reporter_avoids_later_loses_it_at_once():
    held = dispatched(unit="PM", handler="pm")
    after, line = chosen_by_reporter(held, avoid=("property",), town=TOWN, now=NOW)
    assert (after.stage, after.lead_unit_id, after.concerns) == (Stage.RECEIVED, None, ("PM",))
    assert [n.template for n in line.notices if n.to == "staff:pm"] == ["recalled"]


def test_somebody_whom_the_list_does_not_name_makes_it_confidential_and_the_desk_asks_whom():
    after, _ = chosen_by_reporter(received(), avoid=("other",), town=TOWN, now=NOW)
    assert (after.confidential, after.concerns) == (True, ())


def test_what_has_ended_is_kept_from_nobody_anew():
    with pytest.raises(WrongStage):
        chosen_by_reporter(received("浦东那边有人烧烤"), avoid=("grid",), town=TOWN, now=NOW)
