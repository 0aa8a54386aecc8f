"""The duty roster over HTTP: who is on duty when, and 换班 (rule 61)."""

import pytest

from chalicelib.actions.town.importing import import_town
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.identity import audit
from chalicelib.store.town import directory
from tests.towns import sample_files

SWAP = {
    "unit": "ST-GGLW",
    "role": "first_contact",
    "from": "2026-11-23T10:00:00+08:00",
    "to": "2026-11-23T12:00:00+08:00",
    "reason": "看病，电话13812345678",
}


@pytest.fixture
def serving(service):
    """Who is at the desk on Monday at ten."""
    return directory.town().on_duty("ST-GGLW", Role.FIRST_CONTACT, service.now).code


def other_than(code):
    return next(c for c in ("gglw-fc1", "gglw-fc2", "gglw-fc3") if c != code)


def swapped(service, by="gglw-head", **changes):
    return service.post("/desk/duty/swaps", SWAP | changes, service.staff(by))


def test_the_roster_says_who_is_on_duty_when_and_now(service, serving):
    shown = service.get("/desk/duty", service.staff("gglw-fc1")).body
    assert (shown["unit"], shown["from"], shown["to"]) == ("ST-GGLW", "2026-11-23", "2026-11-29")
    assert {"role": "first_contact", "person": serving} == {
        name: shown["now"][0][name] for name in ("role", "person")
    }
    assert all(item["name"] and item["start"] < item["until"] for item in shown["items"])
    assert all(item["source"] == "roster" for item in shown["items"])


def test_a_swap_is_in_force_at_once_and_over_by_itself(service, serving):
    other = other_than(serving)
    answer = swapped(service, person=other, instead_of=serving)
    assert answer.status == 201, answer.raw
    assert "13812345678" not in answer.body["reason"]
    assert directory.town().on_duty("ST-GGLW", Role.FIRST_CONTACT, service.now).code == other
    service.later(hours=2)
    assert directory.town().on_duty("ST-GGLW", Role.FIRST_CONTACT, service.now).code == serving
    shown = service.get("/desk/duty?from=2026-11-23&to=2026-11-23", service.staff("gglw-fc1")).body["items"]
    line = next(item for item in shown if item["source"] == "swap")
    assert (line["person"], line["instead_of"], line["swap_id"]) == (other, serving, answer.body["id"])


def test_a_swap_is_taken_back_with_a_trace_of_both(service, serving):
    made = swapped(service, person=other_than(serving), instead_of=serving).body
    service.later(minutes=1)
    assert service.delete(f"/desk/duty/swaps/{made['id']}", service.staff("gglw-fc1")).status == 200
    assert directory.town().on_duty("ST-GGLW", Role.FIRST_CONTACT, service.now).code == serving
    assert service.delete(f"/desk/duty/swaps/{made['id']}", service.staff("gglw-fc1")).status == 404
    traces = audit.list_traces("duty:ST-GGLW")
    assert [(t.what, t.viewer) for t in traces] == [("swapped", "gglw-head"), ("swap_taken_back", "gglw-fc1")]


@pytest.mark.parametrize(
    ("by", "changes", "status", "code"),
    [
        ("hjb-fc1", {}, 403, "not_yours"),
        ("gglw-gw1", {}, 403, "not_allowed"),
        ("gglw-head", {"person": "gglw-gw1"}, 422, "invalid"),
        ("gglw-head", {"unit": "NO-SUCH"}, 403, "not_yours"),
        ("gglw-head", {"role": "king"}, 422, "invalid"),
        ("gglw-head", {"to": "2026-11-23T10:00:00"}, 422, "invalid"),  # no time zone
        ("gglw-head", {"reason": ""}, 422, "invalid"),
    ],
)
def test_a_swap_that_may_not_be_is_refused(service, by, changes, status, code):
    answer = swapped(service, by, **({"person": "gglw-fc3"} | changes))
    assert (answer.status, answer.code) == (status, code), answer.raw


def test_a_second_swap_for_the_same_shifts_is_refused(service, serving):
    assert swapped(service, person=other_than(serving), instead_of=serving).status == 201
    again = swapped(service, person=other_than(serving), instead_of=serving)
    assert (again.status, again.code) == (409, "overlap")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("from=2026-11-01&to=2026-12-01", 200),
        ("from=2026-11-01&to=2026-12-02", 422),
        ("from=2026-11-02&to=2026-11-01", 422),
        ("from=yesterday", 422),
        ("from=9999-12-31", 422),
        ("unit=NO-SUCH", 404),
    ],
)
def test_the_roster_is_shown_for_31_days_at_most(service, query, status):
    assert service.get(f"/desk/duty?{query}", service.staff("gglw-fc1")).status == status


def test_swaps_outlive_an_import(service, serving):
    other = other_than(serving)
    assert swapped(service, person=other, instead_of=serving).status == 201
    files = sample_files()
    files["calendar.csv"] += "2027-03-03,休息,停电\n".encode()
    directory.forget()
    import_town(files, by="admin", hand_over_to={}, now=service.now)
    assert directory.town().on_duty("ST-GGLW", Role.FIRST_CONTACT, service.now).code == other
