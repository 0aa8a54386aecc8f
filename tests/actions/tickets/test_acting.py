"""Acts over the app: scrubbed, once, in bulk, merged, joined, reopened (rules 18, 24, 38, 39, 41, 47, 48)."""

import pytest

from chalicelib.domain.tickets.ticket import Stage
from chalicelib.store.tickets import members, tickets
from chalicelib.store.tickets.members import Member
from tests.service import one_service

FC, PM, LEADER = "gglw-fc1", "pm-shjy-a", "gglw-leader"
PHONE = "13812345678"


service = one_service


@pytest.fixture
def lamp(service, request):
    return service.report("四号楼楼道灯不亮", token=service.resident(request.node.name)).body["id"]


@pytest.fixture
def mess(service, request):
    """Something that waits at the desk."""
    return service.report("小区门口乱糟糟", token=service.resident(request.node.name)).body["id"]


def lines(ticket_id, kind):
    return [event for _, event in tickets.list_events(ticket_id) if event.kind == kind]


@pytest.mark.parametrize(
    ("door", "act", "by", "field"),
    [
        ("staff", "comment", PM, "text"), ("staff", "contact", PM, "note"), ("staff", "unit-feedback", PM, "text"), ("staff", "arrived", PM, "note"),
        ("desk", "publish", FC, "text"), ("desk", "supervise", LEADER, "text"), ("staff", "suspend", "gglw-head", "reason"),
    ],
)  # fmt: skip
def test_what_anyone_writes_on_a_ticket_is_scrubbed(service, lamp, door, act, by, field):
    given = {field: f"打了{PHONE}没人接"} | (
        {"review_at": "2026-12-24T10:00:00+08:00"} if act == "suspend" else {}
    )
    assert service.post(f"/{door}/tickets/{lamp}/{act}", given, service.staff(by)).status in (200, 201)
    kept = service.ticket(lamp).model_dump_json() + "".join(
        e.model_dump_json() for _, e in tickets.list_events(lamp)
    )
    assert PHONE not in kept
    assert "没人接" in kept


def test_an_act_sent_twice_with_its_key_happens_once(service, lamp):
    path, token = f"/staff/tickets/{lamp}/unit-feedback", service.staff(PM)
    answers = [service.post(path, {"text": "下午来修"}, token, key="feedback-key-1") for _ in range(3)]
    assert [answer.body for answer in answers] == [answers[0].body] * 3
    assert len(lines(lamp, "unit_feedback")) == 1
    assert service.post(path, {"text": "明天来修"}, token, key="feedback-key-1").status == 422


def test_a_comment_sent_twice_with_its_key_is_said_once(service, lamp, request):
    for path, token in (
        (f"/staff/tickets/{lamp}/comment", service.staff(PM)),
        (f"/api/tickets/{lamp}/comments", service.resident(request.node.name)),
    ):
        for _ in range(3):
            assert service.post(path, {"text": "几点来"}, token, key="comment-key-1").status == 201
        assert service.post(path, {"text": "别的话"}, token, key="comment-key-1").status == 422
    assert len(lines(lamp, "commented")) == 2


def test_a_stale_version_is_told_what_changed_and_by_whom(service, lamp):
    seen = service.ticket(lamp).version
    service.desk_act(lamp, "publish", FC, text="正在维修")
    answer = service.staff_act(lamp, "take", PM, version=seen)
    assert (answer.status, answer.code) == (409, "stale")
    assert [(change["kind"], change["by"]) for change in answer.body["changes"]] == [("published", FC)]
    assert service.staff_act(lamp, "take", PM, version=seen + 1).status == 200


def test_a_comment_disturbs_no_version(service, lamp, request):
    seen = service.ticket(lamp).version
    service.post(f"/api/tickets/{lamp}/comments", {"text": "在家等着"}, service.resident(request.node.name))
    assert service.staff_act(lamp, "take", PM, version=seen).status == 200


def test_a_comment_of_the_resident_ends_the_wait_for_it(service, lamp, request):
    service.staff_act(lamp, "take", PM)
    assert service.staff_act(lamp, "wait", PM, question="几号楼？").status == 200
    assert service.ticket(lamp).pause is not None
    service.post(f"/api/tickets/{lamp}/comments", {"text": "四号楼"}, service.resident(request.node.name))
    assert service.ticket(lamp).pause is None


def test_merging_takes_the_people_along_and_once(service, mess, request):
    other = service.report("小区门口还是乱", token=service.resident("the other")).body["id"]
    given, token = {"into": other}, service.staff(FC)
    answers = [service.post(f"/desk/tickets/{mess}/merge", given, token, key="merge-key-1") for _ in range(2)]
    assert [answer.body["stage"] for answer in answers] == ["merged", "merged"]
    people = members.list_members(other)
    assert [member.is_reporter for member in people] == [True, False]
    service.settle()
    service.desk_act(other, "answer", FC, text="已经清理")
    service.settle()
    told = service.get("/api/inbox", service.resident(request.node.name)).body["items"]
    assert "answered" in [line["template"] for line in told]
    assert service.desk_act(mess, "merge", FC, into=other).code == "wrong_stage"


def test_of_a_merge_of_very_many_people_nobody_is_lost(service, mess):
    crowd = [Member(reporter_id=f"crowd-{n}") for n in range(130)]
    members.add_many(mess, crowd, service.now)
    other = service.report("小区门口还是乱", token=service.resident("yet another")).body["id"]
    assert service.desk_act(mess, "merge", FC, into=other).status == 200
    assert {m.reporter_id for m in crowd} < {m.reporter_id for m in members.list_members(other)}


@pytest.mark.parametrize("into", ["01JD0000000000000000000000", "self"])
def test_a_merge_with_nothing_or_with_itself_changes_nothing(service, mess, into):
    answer = service.desk_act(mess, "merge", FC, into=mess if into == "self" else into)
    assert answer.code in ("not_found", "invalid")
    assert service.ticket(mess).stage is Stage.RECEIVED


def test_joining_makes_a_member_once_and_then_it_cannot_be_withdrawn(service, lamp, request):
    neighbour = service.resident(f"neighbour of {request.node.name}")
    assert service.post(f"/api/tickets/{lamp}/join", {}, neighbour).status == 200
    assert service.post(f"/api/tickets/{lamp}/join", {}, neighbour).code == "already_done"
    assert service.post(f"/api/tickets/{lamp}/withdraw", {}, neighbour).code == "not_yours"
    assert (
        service.post(f"/api/tickets/{lamp}/withdraw", {}, service.resident(request.node.name)).code
        == "still_open"
    )
    assert service.ticket(lamp).stage is Stage.DISPATCHED


def test_what_has_ended_is_not_joined_and_a_member_may_reopen_it_for_thirty_days(service, mess, request):
    neighbour = service.resident(f"neighbour of {request.node.name}")
    service.post(f"/api/tickets/{mess}/join", {}, neighbour)
    service.desk_act(mess, "answer", FC, text="已经清理")
    late = service.resident(f"late for {request.node.name}")
    assert service.post(f"/api/tickets/{mess}/join", {}, late).code == "wrong_stage"
    closed_at, before = service.ticket(mess).closed_at, service.now
    service.later(days=30, seconds=1)
    assert service.get(f"/api/tickets/{mess}", neighbour).body["may"]["reopen"] is False
    assert service.post(f"/api/tickets/{mess}/reopen", {"reason": "又乱了"}, neighbour).code == "too_late"
    service.now = closed_at
    service.later(days=30)
    assert service.get(f"/api/tickets/{mess}", neighbour).body["may"]["reopen"] is True
    assert (
        service.post(f"/api/tickets/{mess}/reopen", {"reason": "又乱了"}, neighbour).body["stage"]
        == "received"
    )
    service.now = before


def test_the_desk_hands_out_no_code_to_someone_who_may_do_more(service):
    for by, code, status in (
        (FC, "pm-shjy-a", 201), (FC, "gglw-gw1", 201), (FC, "gglw-head", 403), ("gglw-head", "gglw-head", 201), (FC, "gglw-leader", 403),
        ("gglw-head", "town-leader", 403), ("gglw-head", "town-admin", 403), ("town-admin", "town-leader", 409), (FC, "nobody", 404),
        (FC, "of-dzb-head", 403), (FC, "hjb-fc1", 403), ("gglw-head", "of-dzb-head", 403), ("gglw-head", "gglw-fc1", 201),
    ):  # fmt: skip
        assert service.post(f"/desk/staff/{code}/binding-code", {}, service.staff(by)).status == status, (
            by,
            code,
        )


def test_a_code_that_was_handed_out_signs_in_once(service):
    code = service.post("/desk/staff/pm-shjy-a/binding-code", {}, service.staff(FC)).body["code"]
    signed_in = service.post("/staff/sessions", {"code": code})
    assert (signed_in.status, signed_in.body["staff"]["code"]) == (201, "pm-shjy-a")
    assert service.get("/staff/me", signed_in.body["token"]).body["code"] == "pm-shjy-a"
    assert service.post("/staff/sessions", {"code": code}).code == "not_signed_in"
    assert service.post("/staff/sessions/end", {}, signed_in.body["token"]).status == 200
    assert service.get("/staff/me", signed_in.body["token"]).status == 401
