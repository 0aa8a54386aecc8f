"""docs/access.md §1 and §2 over every route: no answer holds an identity, and whom a ticket is about finds no trace of it."""

import json
from collections import defaultdict

import pytest

from app import app
from chalicelib.store.identity import audit
from chalicelib.store.table import Table
from tests.service import one_service

NAME, PHONE, PLATE, MAIL = "王小明的妈妈", "13812345678", "沪A12345", "wang@example.com"
TEXT = f"四号楼楼道灯不亮，电话{PHONE}，车{PLATE}，{MAIL}"
PLACE = "SHJY-4-1"
SEERS = (
    "gglw-fc1",
    "gglw-head",
    "gglw-leader",
    "town-leader",
    "pm-shjy-a",
    "pm-shjy-b",
    "pm-shjy-head",
    "of-cy-a",
)
NEVER_REVEALED = ("pm-shjy-a", "pm-shjy-b", "pm-shjy-head", "of-cy-a")


service = one_service


@pytest.fixture(scope="module")
def known(service):
    """A lamp reported with everything that identifies a person, taken by the property manager and talked about."""
    answer = service.report(TEXT, contact={"name": NAME, "phone": PHONE})
    assert answer.status == 201, answer.raw
    ticket_id = answer.body["id"]
    service.settle()
    service.staff_act(ticket_id, "take", "pm-shjy-a")
    service.post(f"/api/tickets/{ticket_id}/comments", {"text": f"我的电话是{PHONE}"}, service.resident())
    service.staff_act(ticket_id, "comment", "pm-shjy-a", text=f"打{PHONE}没人接", public=False)
    service.staff_act(ticket_id, "unit-feedback", "pm-shjy-a", text=f"已联系{PHONE}，下午修")
    service.settle()
    return service.ticket(ticket_id)


def shown(answer):
    """An answer as a person reads it: JSON writes Chinese as escapes."""
    raw = answer.raw.decode()
    return json.dumps(json.loads(raw), ensure_ascii=False) if raw.startswith(("{", "[")) else raw


def identities(ticket):
    return (NAME, PHONE, PLATE, MAIL, ticket.reporter_id)


def reads(ticket):
    """Every GET of the app, with whatever leads to this ticket."""
    ids = defaultdict(
        lambda: "01JD0000000000000000000000", ticket_id=ticket.id, document="page.css", code="ABCDEFG"
    )
    for path, methods in app.routes.items():
        if "GET" not in methods or path.startswith("/callbacks"):
            continue
        if "{queue}" in path:
            yield from (
                path.format(queue=queue) for queue in ("mine", "unit", "escalated", "verify", "desk", "calls")
            )
        elif path == "/staff/search":
            yield f"{path}?number={ticket.number}"
            yield f"{path}?place={PLACE}"
        elif path not in ("/api/me", "/desk/labels"):
            yield path.format_map(ids)


def acts(ticket):
    """Acts whose refusal or answer might tell something."""
    yield f"/staff/tickets/{ticket.id}/take", {}
    yield f"/staff/tickets/{ticket.id}/comment", {"text": "看过了", "public": False}
    yield f"/desk/tickets/{ticket.id}/classify", {"category": "B01"}
    yield "/desk/bulk", {"ticket_ids": [ticket.id]}
    yield "/desk/bulk/comment", {"ticket_ids": [ticket.id], "given": {"text": "看过了"}}
    yield "/staff/search/phone", {"phone": PHONE, "reason": "居民来电查询进度"}


def everything_told(service, ticket, token):
    answers = [service.get(path, token) for path in reads(ticket)]
    return answers + [service.post(path, body, token) for path, body in acts(ticket)]


@pytest.mark.parametrize("code", SEERS)
def test_no_answer_to_someone_who_may_see_the_ticket_holds_who_reported_it(service, known, code):
    answers = everything_told(service, known, service.staff(code))
    seen = [answer for answer in answers if known.number in shown(answer)]
    assert seen, "this person was to see the ticket"
    for answer in answers:
        assert answer.status != 500
        for private in identities(known):
            assert private not in shown(answer)


def test_a_neighbour_and_a_passer_by_learn_category_stage_and_day_and_nobodys_words(service, known):
    neighbour = service.resident("neighbour")
    assert service.post(f"/api/tickets/{known.id}/join", {}, neighbour).status == 200
    page = service.get(f"/api/points/{service.point(PLACE)}")
    assert known.id in shown(page)
    mine = service.get(f"/api/tickets/{known.id}", neighbour)
    assert mine.body["text"] == ""
    assert mine.body["viewers"] == []
    for answer in (page, mine, service.get("/api/inbox", neighbour), service.get("/api/tickets", neighbour)):
        for private in (*identities(known), "没人接", "四号楼楼道灯"):
            assert private not in shown(answer)


def test_someone_else_does_not_find_the_ticket_at_all(service, known):
    stranger = service.resident("stranger")
    for path in (f"/api/tickets/{known.id}", "/api/tickets", "/api/inbox"):
        assert known.number not in shown(service.get(path, stranger))
    for act, body in (
        ("comments", {"text": "我看看"}),
        ("withdraw", {}),
        ("rating", {"solved": True}),
        ("reopen", {"reason": "没好"}),
    ):
        assert service.post(f"/api/tickets/{known.id}/{act}", body, stranger).status == 404


def test_the_reporter_finds_all_of_it_again_and_only_in_the_own_export(service, known):
    token = service.resident()
    assert PHONE not in shown(service.get(f"/api/tickets/{known.id}", token))
    export = shown(service.get("/api/me", token))
    assert TEXT in export
    assert PHONE in export


@pytest.mark.parametrize("code", NEVER_REVEALED)
def test_property_managers_volunteers_and_onlookers_never_reveal(service, known, code):
    before = service.items(Table.WORK)
    answer = service.staff_act(known.id, "reveal", code, fields=["phone"], reason="要联系居民上门")
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert "留言" in answer.body["message"]
    assert service.items(Table.WORK) == before


def test_the_resident_is_shown_who_opened_it_by_role_and_unit_once_in_ten_minutes(service, known):
    service.later(minutes=10)
    for _ in range(3):
        assert service.get(f"/staff/tickets/{known.id}", service.staff("gglw-fc2")).status == 200
    viewers = service.get(f"/api/tickets/{known.id}", service.resident()).body["viewers"]
    mine = [viewer for viewer in viewers if viewer["code"] == "gglw-fc2"]
    assert len(mine) == 1
    assert (mine[0]["role"], mine[0]["what"]) == ("首问接待", "opened")
    assert (mine[0]["unit"], mine[0]["through"]) == ("关港蓝湾片区民情快办工作站", "")
    assert "首问接待乙" not in str(viewers)  # a title is chosen by whoever writes the staff list
    assert sum(trace.viewer == "gglw-fc2" for trace in audit.list_traces(known.id)) == 1


def test_what_a_phone_keeps_is_not_shown_as_opened(service, known):
    service.later(minutes=10)
    by = service.staff("gglw-fc2")
    for path in (f"/staff/tickets/{known.id}?keep=1", f"/staff/tickets/{known.id}"):
        assert service.get(path, by).status == 200
    viewers = service.get(f"/api/tickets/{known.id}", service.resident()).body["viewers"]
    said = [viewer["what_name"] for viewer in viewers if viewer["code"] == "gglw-fc2"]
    assert said.count("存到了手机上，没有信号时也能办理") == 1
    assert said.count("打开了工单") >= 1


def test_lists_carry_no_free_text(service, known):
    for code in SEERS:
        for queue in ("mine", "unit", "escalated", "desk"):
            assert "楼道灯不亮" not in shown(service.get(f"/staff/queues/{queue}", service.staff(code)))
        found = service.get(f"/staff/search?number={known.number}", service.staff(code))
        assert known.number in shown(found)
        assert "楼道灯不亮" not in shown(found)


COMPLAINTS = {
    "物业的人骂人，不修灯": ("pm-shjy-a", "pm-shjy-b", "pm-shjy-head"),
    "网格员骂我老不死的": ("gglw-gw2",),
    "工作站的人骂我神经病": ("gglw-fc1", "gglw-fc2", "gglw-head", "gglw-gw1"),
}


@pytest.mark.parametrize(("text", "concerned"), COMPLAINTS.items())
def test_whom_a_complaint_is_about_finds_no_trace_of_it(service, text, concerned):
    answer = service.report(text, token=service.resident(f"complainant {text}"), contact={"phone": PHONE})
    ticket = service.ticket(answer.body["id"])
    assert ticket.confidential
    service.settle()
    for code in concerned:
        token = service.staff(code)
        for path in reads(ticket):
            told = service.get(path, token)
            assert ticket.number not in shown(told)
            assert ticket.id not in shown(told)
            if ticket.id in path:
                assert told.status in (403, 404)
        for path, body in acts(ticket):
            told = service.post(path, body, token)
            assert ticket.number not in shown(told)
            if ticket.id in path:
                assert told.status in (403, 404)
        for _, act in (("staff", "reveal"),):
            given = {"fields": ["phone"], "reason": "要联系居民上门"}
            assert service.staff_act(ticket.id, act, code, **given).status in (403, 404)
    assert service.ticket(ticket.id).version == ticket.version


def test_an_inbox_shows_what_its_owner_may_open_today(service):
    """The lines were written while the unit had the ticket; once it is another's only the recall is left."""
    lamp = service.report("楼道灯不亮了", token=service.resident("lamp given on")).body["id"]
    holder = service.ticket(lamp).handler_id
    service.settle()
    assert "assigned" in _inbox_of(service, holder, lamp)
    assert service.staff_act(lamp, "transfer", "gglw-fc1", unit_id="OF-CJ", note="归城建").status == 200
    service.settle()
    assert _inbox_of(service, holder, lamp) == {"recalled"}


def _inbox_of(service, code, ticket_id):
    """What a member of staff reads of a ticket; of a recall the number alone, which leads nowhere."""
    items = service.get("/staff/inbox", service.staff(code)).body["items"]
    number = service.ticket(ticket_id).number
    assert all(ticket_id not in json.dumps(item) for item in items if item["template"] == "recalled")
    return {item["template"] for item in items if item["ticket_id"] == ticket_id or number in item["text"]}


def test_a_complaint_about_the_station_reaches_the_area_leader(service):
    answer = service.report("工作站的人骂我神经病", token=service.resident("another"))
    service.settle()
    queue = service.get("/staff/queues/escalated", service.staff("gglw-leader"))
    assert answer.body["number"] in shown(queue)
    assert answer.body["number"] in shown(service.get("/staff/inbox", service.staff("gglw-leader")))
    assert service.get(f"/staff/tickets/{answer.body['id']}", service.staff("gglw-leader")).status == 200


def test_a_confidential_ticket_is_not_on_the_points_page_and_cannot_be_joined(service):
    answer = service.report("物业的人收黑钱", token=service.resident("third"))
    assert answer.body["id"] not in shown(service.get(f"/api/points/{service.point(PLACE)}"))
    assert (
        service.post(f"/api/tickets/{answer.body['id']}/join", {}, service.resident("fourth")).status == 404
    )


def test_a_complaint_about_one_of_the_desk_stands_in_the_queue_of_the_others_only(service):
    answer = service.report("窗口的人态度不好", token=service.resident("fifth"))
    given = {"category": "H03", "confidential": True, "concerns": ["gglw-fc2"]}
    assert service.desk_act(answer.body["id"], "classify", "gglw-head", **given).status == 200
    number = answer.body["number"]
    assert number in shown(service.get("/staff/queues/desk", service.staff("gglw-fc1")))
    assert number not in shown(service.get("/staff/queues/desk", service.staff("gglw-fc2")))
    assert service.get(f"/staff/tickets/{answer.body['id']}", service.staff("gglw-fc2")).status == 404
