"""Policy knowledge over the routes: three at the desk, one for a resident, and who was answered by it (rule 82)."""

import base64
from datetime import timedelta

import pytest

from chalicelib.actions.knowledge import keeping
from chalicelib.domain.town.vocabulary import Role
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


UNKNOWN = "家门口的图书角周末几点开放"


def owed(service, by=DESK):
    answer = service.get("/staff/knowledge", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body


def answered_by_hand(service, text, by, reply="周末上午九点到下午四点开门"):
    ticket_id = service.report(text, token=service.resident(by)).body["id"]
    service.settle()
    assert service.desk_act(ticket_id, "answer", DESK, text=reply).status == 200
    service.settle()
    return ticket_id


def test_a_question_that_found_nothing_waits_for_a_keeper_and_is_counted(service):
    for person in ("u1", "u2"):
        answered_by_hand(service, UNKNOWN, person)
    (draft,) = [each for each in owed(service)["drafts"] if each["question"].startswith("家门口的图书角")]
    assert draft["times"] == 2
    assert draft["answer"] == ""


def test_a_complaint_answered_by_hand_is_no_missing_entry(service):
    answered_by_hand(service, "物业经理收了我红包还骂人", "u3")
    assert not [each for each in owed(service)["drafts"] if "红包" in each["question"]]


def test_a_question_whose_ticket_turns_confidential_waits_for_no_keeper(service):
    ticket_id = answered_by_hand(service, UNKNOWN + "啊", "u9")
    assert [each for each in owed(service)["drafts"] if "图书角" in each["question"]]
    later = {"text": "我要投诉物业经理甲，他收了图书角的钱还威胁我"}
    said = service.post(f"/api/tickets/{ticket_id}/comments", later, service.resident("u9"))
    assert said.status == 201, said.raw
    service.settle()
    assert tickets.get(ticket_id).confidential
    assert not [each for each in owed(service)["drafts"] if "图书角" in each["question"]]


def test_an_answer_by_hand_becomes_a_draft_in_one_tap_and_a_row_of_the_table(service):
    ticket_id = answered_by_hand(service, UNKNOWN + "呢", "u4")
    made = service.post(f"/desk/tickets/{ticket_id}/draft", {}, service.staff(DESK))
    assert made.status == 201, made.raw
    draft_id = made.body["id"]
    changed = {"question": UNKNOWN, "answer": "周末开门", "title": "图书角开放时间", "source_title": "镇公告"}
    assert service.put(f"/staff/knowledge/{draft_id}", changed, service.staff(DESK)).status == 200
    table = service.get("/admin/knowledge", service.staff("town-admin"))
    assert table.status == 200, table.raw
    rows = base64.b64decode(table.body["file"]).decode("utf-8-sig").splitlines()
    assert [row for row in rows if "图书角开放时间" in row]
    assert service.delete(f"/staff/knowledge/{draft_id}", service.staff(DESK)).status == 200
    assert draft_id not in {each["id"] for each in owed(service)["drafts"]}


def test_a_ticket_that_nobody_answered_yet_makes_no_draft(service):
    ticket_id = service.report("我想问别的事", token=service.resident("u5")).body["id"]
    assert service.post(f"/desk/tickets/{ticket_id}/draft", {}, service.staff(DESK)).status == 404


def test_another_unit_neither_sees_nor_changes_a_draft(service):
    made = service.post("/desk/knowledge/missing", {"text": "广场舞比赛怎么报名参加"}, service.staff(DESK))
    assert made.status == 201, made.raw
    other = next(
        p.code for p in directory.town().staff if Role.UNIT_HEAD in p.roles and p.unit.startswith("PM-")
    )
    assert made.body["id"] not in {each["id"] for each in owed(service, other)["drafts"]}
    answer = service.delete(f"/staff/knowledge/{made.body['id']}", service.staff(other))
    assert answer.status == 403, answer.raw


def test_on_monday_the_keepers_are_reminded_of_what_they_owe(service):
    service.post("/desk/knowledge/missing", {"text": "广场舞比赛怎么报名参加"}, service.staff(DESK))
    assert keeping.remind(now=service.now) > 0
    assert keeping.remind(now=service.now + timedelta(days=1)) == 0
