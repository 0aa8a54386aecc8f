"""转告事由 through the routes: in the app and by phone, and what whom the ticket is kept from can see (rule 101)."""

import json
from itertools import count

import pytest

from chalicelib.domain.parties.parties import answerers
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.town import directory
from tests.service import one_service

service = one_service
LEADER, CLERK, MANAGER, OTHERS = "gglw-leader", "gglw-fc1", "pm-shjy-head", "pm-lwy-head"
TEXT = "物业经理甲收了停车的钱不给收据，还威胁我"
_PEOPLE = count()
MATTER = "请说明近期收费是否都开了票据，有没有说过不妥当的话"


def reported(service, **more):
    token = service.resident(f"who reports {next(_PEOPLE)}")
    answer = service.report(TEXT, token=token, contact={"name": "王阿姨", "phone": "13800001111"}, **more)
    assert answer.status == 201, answer.raw
    service.settle()
    return answer.body["id"], token


def leader_of(service, ticket_id):
    path = service.ticket(ticket_id).where.path
    return directory.town().leader(Role.AREA_LEADER, path)[0].code


def asked(service, ticket_id, matter=MATTER):
    by = leader_of(service, ticket_id)
    to = service.ticket(ticket_id).concerns[0]
    answer = service.desk_act(ticket_id, "confront", by, to=to, matter=matter)
    service.settle()
    return answer


def listed(service, by):
    """What waits for a statement of somebody, by its id."""
    items = service.get("/staff/statements", service.staff(by)).body["items"]
    return {each["id"]: each for each in items}


def put(service):
    ticket_id, token = reported(service)
    assert asked(service, ticket_id).status == 200
    waits = service.get(f"/api/tickets/{ticket_id}", token).body["confront"]
    said = service.post(f"/api/tickets/{ticket_id}/confront", {"id": waits["id"], "agreed": True}, token)
    assert said.status == 200, said.raw
    service.settle()
    return ticket_id, token, waits["id"]


def answerer(service, ticket_id):
    """Who answers for whom it is kept from."""
    return answerers(service.ticket(ticket_id).concerns[0], directory.town())[0].code


def test_the_resident_reads_the_very_words_and_says_yes_in_the_app(service):
    ticket_id, token = reported(service)
    assert service.get(f"/api/tickets/{ticket_id}", token).body["confront"] is None
    assert asked(service, ticket_id).status == 200
    waits = service.get(f"/api/tickets/{ticket_id}", token).body["confront"]
    assert waits["text"] == MATTER
    assert waits["to"]
    told = service.get("/api/inbox", token).body["items"]
    assert not any(MATTER[:6] in line["text"] for line in told)  # somebody else may hold the phone
    by = answerer(service, ticket_id)
    assert waits["id"] not in listed(service, by)
    said = service.post(f"/api/tickets/{ticket_id}/confront", {"id": waits["id"], "agreed": True}, token)
    assert said.status == 200, said.raw
    assert listed(service, by)[waits["id"]]["text"] == MATTER


def test_whom_it_is_put_to_sees_these_words_and_nothing_of_the_ticket(service):
    ticket_id, _, _ = put(service)
    ticket, by = service.ticket(ticket_id), answerer(service, ticket_id)
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff(by)).status == 404
    shown = service.get("/staff/statements", service.staff(by)).raw
    inbox = service.get("/staff/inbox", service.staff(by))
    lines = [line for line in inbox.body["items"] if line["template"] == "statement_asked"]
    assert lines
    assert {line["ticket_id"] for line in lines} == {""}
    for each in (
        ticket.id,
        ticket.number,
        ticket.where.name,
        ticket.reporter_id,
        "王阿姨",
        "13800001111",
        TEXT[:6],
    ):
        assert each not in json.dumps([json.loads(shown), lines], ensure_ascii=False), each


def test_the_statement_comes_back_on_the_ticket_and_the_resident_learns_that_it_did(service):
    ticket_id, token, one = put(service)
    by = answerer(service, ticket_id)
    words = {"text": "票据都开了，有存根可查"}
    key = "statement-once-12345678"
    answer = service.post(f"/staff/statements/{one}", words, service.staff(by), key=key)
    assert answer.status == 200, answer.raw
    assert service.post(f"/staff/statements/{one}", words, service.staff(by), key=key).status == 200
    assert service.post(f"/staff/statements/{one}", words, service.staff(by)).status == 404
    assert one not in listed(service, by)
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(leader_of(service, ticket_id))).body
    (shown,) = page["confrontations"]
    assert (shown["statement"], shown["stated_by"]) == (words["text"], by)
    assert shown["to_name"]
    mine = service.get(f"/api/tickets/{ticket_id}", token).body
    lines = [line for line in mine["timeline"] if "说明" in line["what"]]
    assert [line["note"] for line in lines] == [""]
    service.settle()
    told = service.get("/staff/inbox", service.staff(leader_of(service, ticket_id))).body["items"]
    assert "stated" in {line["template"] for line in told}


def test_by_phone_the_clerk_notes_the_answer(service):
    ticket_id, token = reported(service)
    asked(service, ticket_id)
    said = service.desk_act(ticket_id, "record-consent", CLERK, agreed=True, asked_how="phone")
    assert said.status == 200, said.raw
    (one,) = service.ticket(ticket_id).confrontations
    assert (one.agreed_by, one.agreed_how) == (CLERK, "phone")
    assert service.get(f"/api/tickets/{ticket_id}", token).body["confront"] is None


def test_a_no_lets_nothing_out(service):
    ticket_id, token = reported(service)
    asked(service, ticket_id)
    waits = service.get(f"/api/tickets/{ticket_id}", token).body["confront"]
    by = answerer(service, ticket_id)
    before = len(service.get("/staff/inbox", service.staff(by)).body["items"])
    no = {"id": waits["id"], "agreed": False}
    assert service.post(f"/api/tickets/{ticket_id}/confront", no, token).status == 200
    service.settle()
    assert waits["id"] not in listed(service, by)
    assert len(service.get("/staff/inbox", service.staff(by)).body["items"]) == before


@pytest.mark.parametrize(
    ("who", "status"),
    [(CLERK, 403), (MANAGER, 403), ("pm-shjy-a", 403), ("of-pa-b", 403), ("town-leader", 200)],
)
def test_a_leader_alone_puts_it(service, who, status):
    ticket_id, _ = reported(service)
    to = service.ticket(ticket_id).concerns[0]
    assert service.desk_act(ticket_id, "confront", who, to=to, matter=MATTER).status == status


def test_somebody_else_neither_agrees_nor_states(service):
    ticket_id, token = reported(service)
    asked(service, ticket_id)
    waits = service.get(f"/api/tickets/{ticket_id}", token).body["confront"]
    yes = {"id": waits["id"], "agreed": True}
    assert service.post(f"/api/tickets/{ticket_id}/confront", yes, service.resident("stranger")).status == 404
    assert (
        service.post(f"/api/tickets/{ticket_id}/confront", {"id": "old", "agreed": True}, token).status == 409
    )
    assert service.post(f"/api/tickets/{ticket_id}/confront", yes, token).status == 200
    for who in (OTHERS, CLERK, LEADER):
        answer = service.post(f"/staff/statements/{waits['id']}", {"text": "没有这回事"}, service.staff(who))
        assert answer.status == 404, who


def test_words_that_give_the_reporter_away_are_refused_also_by_later_words(service):
    ticket_id, token = reported(service)
    service.post(f"/api/tickets/{ticket_id}/comments", {"text": "他当着门口卖菜大爷的面说的"}, token)
    for matter in ("4号楼的人说收费不开票据", "据说是当着门口卖菜大爷的面讲的"):
        answer = asked(service, ticket_id, matter)
        assert answer.status == 422, answer.raw
        assert "请换个说法" in answer.raw if isinstance(answer.raw, str) else True
    assert service.ticket(ticket_id).confrontations == ()


def test_what_waits_for_a_statement_goes_with_the_ticket(service):
    ticket_id, token, one = put(service)
    by = answerer(service, ticket_id)
    assert service.post(f"/api/tickets/{ticket_id}/withdraw", {}, token).status == 200
    assert service.ticket(ticket_id).stage is Stage.WITHDRAWN
    assert one not in listed(service, by)
    assert service.post(f"/staff/statements/{one}", {"text": "都开了票据"}, service.staff(by)).status == 404


def test_the_clock_of_the_statement_is_the_leaders_to_see(service):
    ticket_id, _, _ = put(service)
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(leader_of(service, ticket_id))).body
    assert ClockKind.STATEMENT in {clock["kind"] for clock in page["running"]}


def test_who_joined_learns_of_none_of_it(service):
    token = service.resident(f"who reports {next(_PEOPLE)}")
    ticket_id = service.report("楼道灯一直不亮没人修", token=token).body["id"]
    neighbour = service.resident("neighbour")
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, neighbour).status == 200
    assert service.post(f"/api/tickets/{ticket_id}/avoid", {"avoid": ["property"]}, token).status == 200
    assert asked(service, ticket_id, "请说明公共照明的维修安排").status == 200
    # whoever joined left with a ticket of their own when this one was kept from somebody (rule 21)
    assert service.get(f"/api/tickets/{ticket_id}", neighbour).status == 404
    [theirs] = service.get("/api/tickets", neighbour).body["items"]
    page = service.get(f"/api/tickets/{theirs['id']}", neighbour).body
    assert page["confront"] is None
    assert not any("转告" in line["what"] for line in page["timeline"])
    own = service.get(f"/api/tickets/{ticket_id}", token).body
    assert any("转告" in line["what"] for line in own["timeline"])
