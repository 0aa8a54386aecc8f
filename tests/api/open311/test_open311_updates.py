"""mySociety's service request updates, both ways."""

from xml.etree import ElementTree

import pytest

from chalicelib.store.feed import api_keys
from tests.api.open311.open311_client import DESK, HANDLER, get, one, post, report, ticket_id
from tests.service import one_service

service = one_service


@pytest.fixture(scope="module")
def key(service):
    return api_keys.issue("fms", reports_per_hour=1000, by="test", now=service.now)


def updates(service, key, **asked):
    answer = get(service, "servicerequestupdates.json", api_key=key, **asked)
    assert answer.status == 200, answer.raw
    return answer.body


def update(service, key, number, **more):
    body = {
        "api_key": key,
        "service_request_id": number,
        "update_id": "u1",
        "status": "OPEN",
        "updated_datetime": "2026-11-23T10:00:00+08:00",
        "description": "还是不亮",
        **more,
    }
    return post(service, "servicerequestupdates.xml", body)


def resolved(service, key, text):
    number = report(service, key, description=text, service_code="E04")
    id_ = ticket_id(number)
    if service.ticket(id_).stage == "received":
        assert service.desk_act(id_, "dispatch", DESK, unit_id="PM-SHJY", handler_id=HANDLER).status == 200
    assert service.staff_act(id_, "take", HANDLER).status == 200
    done = service.staff_act(id_, "resolve", HANDLER, note="已清运", feedback="今天清运")
    assert done.status == 200, done.raw
    return number, id_


def test_what_happens_is_an_update_with_staff_s_words_for_the_program_alone(service, key):
    number, _ = resolved(service, key, "垃圾没有清运")
    other = api_keys.issue("onlooker", reports_per_hour=10, by="test", now=service.now)
    own = [each for each in updates(service, key) if each["service_request_id"] == number]
    seen = [each for each in updates(service, other) if each["service_request_id"] == number]
    assert [each["update_id"] for each in own] == [each["update_id"] for each in seen]
    assert own[-1]["description"] == "已清运"
    assert own[-1]["status"] == "in_progress"
    assert "已清运" not in {each["description"] for each in seen}
    assert one(service, number)["status"] == "open"  # not before it is closed


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"start_date": "2026-11-01T00:00:00Z"}, 400),
        ({"end_date": "2026-11-01T00:00:00Z"}, 400),
        ({"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-11-02T00:00:00Z"}, 200),
    ],
)
def test_updates_take_both_dates_or_none(service, key, asked, status):
    assert get(service, "servicerequestupdates.xml", api_key=key, **asked).status == status
    assert get(service, "servicerequestupdates.xml", **asked).status == 403


def test_an_update_counts_once_and_is_the_resident_s_comment(service, key):
    number = report(service, key, description="请尽快")
    for _ in range(2):
        answer = update(service, key, number, update_id="once")
        assert answer.status == 200
        assert ElementTree.fromstring(answer.raw)[0].findtext("update_id") == "once"
    from chalicelib.store.tickets import tickets

    lines = [event for _, event in tickets.list_events(ticket_id(number)) if event.kind == "commented"]
    assert [line.note for line in lines] == ["还是不亮"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_request_id": "MS261123-7K3QX9-4"}, 404),
        ({"update_id": ""}, 400),
        ({"status": "DONE"}, 400),
        ({"updated_datetime": "x"}, 400),
        ({"description": ""}, 400),
        ({"api_key": "wrong"}, 403),
    ],
)
def test_an_update_that_cannot_be_taken_is_refused(service, key, change, status):
    number = report(service, key, description="别的事")
    assert update(service, key, number, **change).status == status


def test_an_update_of_another_program_s_report_is_refused(service, key):
    other = api_keys.issue("stranger", reports_per_hour=10, by="test", now=service.now)
    assert update(service, other, report(service, key, description="不是你的")).status == 404


def test_solved_says_the_program_closes_and_not_solved_reopens(service, key):
    number, id_ = resolved(service, key, "垃圾又没有清运")
    assert update(service, key, number, status="FIXED", update_id="f1", description="已干净").status == 200
    assert service.ticket(id_).stage == "closed"
    assert (one(service, number)["status"], updates(service, key)[-1]["status"]) == ("closed", "fixed")
    assert update(service, key, number, status="REOPEN", update_id="f2", description="又脏了").status == 200
    assert (service.ticket(id_).stage, one(service, number)["status"]) == ("handling", "open")
    assert updates(service, key)[-1]["status"] == "reopen"


def test_not_solved_asks_the_desk_to_call(service, key):
    number, id_ = resolved(service, key, "垃圾还是没有清运")
    assert update(service, key, number, status="OPEN", update_id="n1").status == 200
    assert service.ticket(id_).on_call_list
    assert service.ticket(id_).stage == "resolved"


def test_what_staff_say_to_the_reporter_is_an_update_too_and_what_they_say_among_themselves_is_not(
    service, key
):
    number = report(service, key, description="有两句话")
    path, desk = f"/staff/tickets/{ticket_id(number)}/comment", service.staff(DESK)
    for text, public in (("请问是几单元？", True), ("他常来反映", False)):
        assert service.post(path, {"text": text, "public": public}, desk).status == 201
    said = [each for each in updates(service, key) if each["service_request_id"] == number]
    assert [each["description"] for each in said] == ["请问是几单元？"]
    assert len({each["update_id"] for each in updates(service, key)}) == len(updates(service, key))
