"""The directory for pick lists, and what a person keeps for his or her own screens."""

import json

import pytest

from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.offers import possible
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, ClockKind
from chalicelib.domain.views.pick_lists import DECLINE_NAMES
from chalicelib.store.town import directory, preferences
from chalicelib.store.town.preferences import MOST_BYTES


def ask(service, tag=""):
    return service._ask(
        "GET", "/staff/directory", service.staff("gglw-gw1"), b"", {"If-None-Match": tag} if tag else {}
    )


def test_the_directory_names_everything_that_a_pick_list_shows(service):
    found, town = ask(service).body, directory.town()
    assert found["version"] == town.version
    assert {place["code"] for place in found["places"]} == {place.code for place in town.places}
    assert "point" not in {place["kind"] for place in found["places"]}
    assert len(found["staff"]) == len(town.staff)
    assert {clock["code"] for clock in found["clocks"]} == set(ClockKind)
    assert {reason["code"] for reason in found["decline_reasons"]} == set(DeclineReason)
    assert {"属地不符", "权属不清", "职能交叉"} == {reason["code"] for reason in found["return_reasons"]}
    for name in ("stages", "tracks", "roles", "sources", "place_kinds", "unit_kinds", "queues"):
        assert all(row["code"] and row["name"] for row in found[name])


def test_the_directory_names_every_act_for_pages_without_a_ticket(service):
    acts = {act["name"]: act for act in ask(service).body["acts"]}
    assert set(acts) == set(possible.ACTS)
    assert acts["close"] | {"label": "结案", "key": "x"} == acts["close"]


def test_the_directory_says_nothing_by_which_a_person_is_reached(service):
    found = ask(service).body
    assert {name for person in found["staff"] for name in person} == {
        "code",
        "name",
        "unit",
        "roles",
        "places",
    }
    assert "wecom" not in json.dumps(found)


def test_a_directory_that_is_known_is_not_sent_again_until_the_town_changes(service, monkeypatch):
    first = ask(service)
    assert ask(service, first.headers["ETag"]).status == 304
    changed = directory.town().model_copy(update={"version": "another"})
    monkeypatch.setattr(directory, "town", lambda: changed)
    assert ask(service, first.headers["ETag"]).status == 200


def test_every_clock_and_reason_has_its_chinese_name():
    assert set(CLOCK_NAMES) == set(ClockKind)
    assert set(DECLINE_NAMES) == set(DeclineReason)


def test_preferences_are_a_persons_own(service):
    mine, other = service.staff("gglw-gw1"), service.staff("gglw-gw2")
    assert service.get("/staff/preferences", mine).body == {"preferences": {}}
    kept = {"filters": [{"name": "急件", "urgent": True}], "large_type": True}
    assert service.put("/staff/preferences", {"preferences": kept}, mine).status == 200
    assert service.get("/staff/preferences", mine).body == {"preferences": kept}
    assert service.get("/staff/preferences", other).body == {"preferences": {}}


@pytest.mark.parametrize(("more", "status"), [(-1, 200), (0, 200), (1, 422)])
def test_preferences_take_eight_kilobytes(service, more, status):
    frame = len(json.dumps({"x": ""}, separators=(",", ":")))
    answer = service.put(
        "/staff/preferences",
        {"preferences": {"x": "a" * (MOST_BYTES - frame + more)}},
        service.staff("gglw-gw1"),
    )
    assert answer.status == status


@pytest.mark.parametrize("body", [{}, {"preferences": []}, {"preferences": {}, "more": 1}])
def test_preferences_that_are_no_object_are_refused(service, body):
    assert service.put("/staff/preferences", body, service.staff("gglw-gw1")).status == 422


def test_the_preferences_of_someone_who_leaves_are_gone(service):
    preferences.save("x", {"a": 1})
    preferences.forget("x")
    assert preferences.find("x") == {}
