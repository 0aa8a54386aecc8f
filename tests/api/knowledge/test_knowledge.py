"""Policy knowledge over the routes: three at the desk, one for a resident, and who was answered by it (rule 82)."""

import pytest

from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory

DESK = "gglw-fc1"
SURE = "居住证丢了怎么补"
NO_DANGER_BUT_UNKNOWN = "图书馆几点关门"


def asked(service, text, by="resident"):
    answer = service.post("/api/knowledge", {"text": text}, service.resident(by))
    assert answer.status == 200, answer.raw
    return answer.body["items"]


def said_yes(service, code, by="resident"):
    return service.post("/api/knowledge/answered", {"code": code}, service.resident(by))


def counted(service) -> int:
    answer = service.get("/desk/knowledge/answered", service.staff(DESK))
    return sum(item["count"] for item in answer.body["items"])


def test_the_desk_is_shown_three_entries_with_their_source(service):
    answer = service.post("/desk/knowledge", {"text": SURE}, service.staff(DESK))
    assert answer.status == 200, answer.raw
    first, *others = answer.body["items"]
    assert "居住证" in first["title"]
    assert first["source_title"]
    assert len(others) == 2


def test_a_resident_is_offered_one_entry_with_its_source_and_version(service):
    (entry,) = asked(service, SURE)
    assert entry["source_title"]
    assert entry["version"]
    assert "verified" not in entry


@pytest.mark.parametrize("text", [NO_DANGER_BUT_UNKNOWN, "我关在电梯里了快来人，居住证丢了怎么补"])
def test_what_no_entry_answers_or_what_shows_danger_is_answered_by_nothing(service, text):
    assert asked(service, text) == []


def test_a_resident_is_never_offered_what_nobody_has_verified(service):
    unverified = {entry.code for entry in directory.town().knowledge if not entry.verified}
    assert unverified
    assert {each["code"] for each in asked(service, "居住证积分120分怎么打分")} & unverified == set()


def test_whom_it_answered_is_counted_once_and_without_a_ticket(service):
    (entry,) = asked(service, SURE)
    before = counted(service)
    assert said_yes(service, entry["code"]).status == 200
    assert said_yes(service, entry["code"]).status == 200
    assert counted(service) == before + 1


def test_it_is_taken_back_when_the_same_person_reports_the_same(service):
    (entry,) = asked(service, SURE)
    said_yes(service, entry["code"], by="comes-back")
    said_yes(service, entry["code"], by="stays-away")
    before = counted(service)
    answer = service.report(SURE, token=service.resident("comes-back"))
    assert answer.status == 201, answer.raw
    service.settle()
    assert counted(service) == before - 1


def test_after_seven_days_it_stands(service):
    (entry,) = asked(service, SURE)
    said_yes(service, entry["code"], by="later")
    before = counted(service)
    service.later(days=7, seconds=2)
    service.report(SURE, token=service.resident("later"))
    service.settle()
    assert counted(service) == before


@pytest.mark.parametrize("code", ["nonsense", "K003"])  # K003 is not verified
def test_yes_to_what_is_not_offered_is_refused(service, code):
    assert said_yes(service, code).status == 404


def test_an_answer_keeps_which_version_it_cited(service):
    ticket_id = service.report("我想问居住证的事", token=service.resident("asks")).body["id"]
    service.settle()
    entry = next(each for each in directory.town().knowledge if each.code == "K002")
    answer = service.post(
        f"/desk/tickets/{ticket_id}/answer", {"text": entry.answer, "knowledge": "K002"}, service.staff(DESK)
    )
    assert answer.status == 200, answer.raw
    (event,) = [each for _, each in tickets.list_events(ticket_id) if each.kind == "answered"]
    assert event.details["knowledge_version"] == entry.version


def test_an_answer_cannot_cite_what_does_not_exist(service):
    ticket_id = service.report("我想问户口的事", token=service.resident("asks-too")).body["id"]
    service.settle()
    answer = service.post(
        f"/desk/tickets/{ticket_id}/answer", {"text": "请看这里", "knowledge": "K999"}, service.staff(DESK)
    )
    assert answer.status == 404
