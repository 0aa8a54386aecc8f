"""From the page after sending to the desk's card, over HTTP (rule 81)."""

import pytest

from chalicelib.actions.tickets import escalating
from tests.service import one_service

service = one_service
ASK = "楼上冒浓烟，从门缝里钻出来"
SURE = "我困在电梯里出不来"
CLERK = "gglw-fc1"


def reported(service, who, text=ASK, **more):
    body = {"place": "SHJY-4-1", "text": text} | more
    return service.post("/api/tickets", body, service.resident(who))


def test_the_page_after_sending_asks_and_says_whom_to_call(service, request):
    sent = reported(service, request.node.name)
    asked = sent.body["danger"]
    assert asked["asks"]
    assert {"110", "119", "120"} <= {each["number"] for each in asked["numbers"]}
    assert [each["code"] for each in asked["answers"]] == ["yes", "no", "unsure"]
    assert sent.body["stage"] == "received"


def test_an_ordinary_report_is_asked_nothing(service, request):
    assert reported(service, request.node.name, "楼道灯不亮").body["danger"] is None


def test_yes_makes_it_urgent_and_the_desk_sees_the_words(service, request):
    me = service.resident(request.node.name)
    ticket = reported(service, request.node.name).body["id"]
    card = service.get(f"/staff/tickets/{ticket}", service.staff(CLERK)).body
    assert card["danger"]["is_open"]
    assert any("烟" in word for word in card["danger"]["words"])
    assert {"confirm-danger", "deny-danger"} <= set(card["acts"])
    assert "dispatch" not in card["acts"]
    assert card["emergency"]["rows"]
    said = service.post(f"/api/tickets/{ticket}/danger", {"answer": "yes"}, me)
    assert said.status == 200
    assert service.ticket(ticket).urgent


def test_the_tap_is_urgent_at_once(service, request):
    ticket = reported(service, request.node.name, "有人有危险：被困", danger="lift").body["id"]
    assert service.ticket(ticket).urgent


@pytest.mark.parametrize("body", [{"answer": "maybe"}, {}, {"answer": "yes", "kind": "boredom"}])
def test_an_answer_that_is_none_changes_nothing(service, request, body):
    ticket = reported(service, request.node.name + str(len(str(body)))).body["id"]
    before = service.ticket(ticket).version
    me = service.resident(request.node.name + str(len(str(body))))
    assert service.post(f"/api/tickets/{ticket}/danger", body, me).status == 422
    assert service.ticket(ticket).version == before


def test_nobody_answers_for_another(service, request):
    ticket = reported(service, request.node.name).body["id"]
    stranger = service.resident("stranger-" + request.node.name)
    assert service.post(f"/api/tickets/{ticket}/danger", {"answer": "no"}, stranger).status == 404


def test_a_comment_of_danger_on_an_ordinary_ticket_rings_and_is_asked(service, request):
    me = service.resident(request.node.name)
    ticket = reported(service, request.node.name, "楼道灯不亮").body["id"]
    assert service.post(f"/api/tickets/{ticket}/comments", {"text": SURE}, me).status == 201
    assert service.ticket(ticket).urgent


def calls(service):
    items = service.get("/desk/calls", service.staff(CLERK)).body["items"]
    return [call for call in items if call["urgent"]]


def test_an_urgent_one_not_taken_in_two_minutes_is_a_row_to_call_with_the_number_until_it_is_taken(
    service, request
):
    ticket = reported(service, request.node.name, SURE).body["id"]
    service.settle()
    service.later(minutes=1.9)
    escalating.ring_late(ticket, now=service.now)
    service.settle()
    assert calls(service) == []
    service.later(minutes=0.1)
    escalating.ring_late(ticket, now=service.now)
    service.settle()
    (call,) = calls(service)
    assert (call["ticket_id"], call["phone"]) == (ticket, "021-55550102")  # the property's own at night
    handler = service.ticket(ticket).handler_id
    assert call["to"] == f"staff:{handler}"
    assert service.staff_act(ticket, "take", handler).status == 200
    assert calls(service) == []


@pytest.mark.parametrize(("text", "heard"), [("楼道里冒浓烟，下不去了", True), ("楼道灯不亮了", False)])
def test_danger_is_asked_before_neighbours_matters_and_knowledge(service, request, text, heard):
    me = service.resident(request.node.name)
    alike = service.post("/api/tickets/similar", {"point": service.point(), "text": text}, me)
    known = service.post("/api/knowledge", {"text": text}, me)
    assert (alike.body["danger"], known.body["danger"]) == (heard, heard)
    if heard:
        assert alike.body["items"] == known.body["items"] == []


def test_the_desks_entry_says_that_somebody_is_in_danger_in_one_tap(service):
    body = {"source": "phone", "place": "SHJY-4-1", "text": "有人有危险：煤气", "danger": "gas"}
    entered = service.post("/staff/tickets", body, service.staff(CLERK))
    assert entered.status == 201, entered.raw
    ticket = service.ticket(entered.body["id"])
    assert (ticket.urgent, ticket.danger.level, ticket.category) == (True, "sure", "A02")


def test_the_desks_card_says_how_many_others_reported_the_same_place_and_kind(service, request):
    def rung(ticket):
        return service.get(f"/staff/tickets/{ticket}/beside", service.staff(CLERK)).body["rung"]

    place, other = "SHJY-5-1", "楼道灯不亮"
    first = reported(service, f"{request.node.name}-1", place=place).body["id"]
    assert rung(first) == ""
    reported(service, f"{request.node.name}-2", "五号楼楼道冒浓烟", place=place)
    reported(service, f"{request.node.name}-3", other, place=place)
    assert rung(first) == "前后10分钟另有1件报了这里"
