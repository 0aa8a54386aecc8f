"""A contact is put right through the vault, with trace; the ticket learns only that somebody can be called (rule 32)."""

import pytest

from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store.identity import audit
from chalicelib.store.table import Table
from chalicelib.store.tickets import tickets

DESK, WRONG, RIGHT = "gglw-fc1", "13812345678", "13900001111"
SAID = {"phone": RIGHT, "learned": "by_person"}


@pytest.fixture
def ticket_id(service):
    contact = {"name": "欧阳采薇", "phone": WRONG}
    made = service.report("楼道灯不亮", token=service.resident("wrong"), contact=contact).body["id"]
    service.settle()
    return made


def correct(service, ticket_id, by=DESK, **changes):
    return service.post(f"/desk/tickets/{ticket_id}/correct-contact", SAID | changes, service.staff(by))


def known(service, ticket_id):
    asked = {"fields": ["name", "phone"], "reason": "follow_up"}
    return service.post(f"/staff/tickets/{ticket_id}/reveal", asked, service.staff(DESK)).body


def found_by(service, phone):
    asked = {"phone": phone, "reason": "居民来电查询"}
    items = service.post("/staff/search/phone", asked, service.staff(DESK)).body["items"]
    return [item["id"] for item in items]


def test_the_right_number_is_called_and_the_wrong_one_finds_the_ticket_no_more(service, ticket_id):
    tickets.change(ticket_id, lambda t: (t.model_copy(update={"wrong_number": True, "phone_left": False}),
                                         _line(service)))  # fmt: skip
    assert correct(service, ticket_id).status == 200
    assert known(service, ticket_id) == {"name": "欧阳采薇", "phone": RIGHT}
    assert (found_by(service, RIGHT), found_by(service, WRONG)) == ([ticket_id], [])
    ticket = tickets.get(ticket_id)
    assert (ticket.phone_left, ticket.wrong_number) == (True, False)


def test_it_leaves_a_trace_and_whoever_it_is_hears_of_it_but_not_the_number(service, ticket_id):
    assert correct(service, ticket_id).status == 200
    service.settle()
    trace = audit.list_traces(ticket_id)[-1]
    assert (trace.what, trace.viewer, trace.fields) == ("contact_corrected", DESK, ("phone",))
    inbox = service.get("/api/inbox", service.resident("wrong")).body["items"]
    assert "contact_corrected" in [line["template"] for line in inbox]
    for which in (Table.TICKETS, Table.WORK, Table.TRACES):
        assert not any(RIGHT in repr(item) for item in service.items(which))


def test_a_name_goes_along_with_the_number(service, ticket_id):
    assert correct(service, ticket_id, name="欧阳采微").status == 200
    assert known(service, ticket_id) == {"name": "欧阳采微", "phone": RIGHT}


@pytest.mark.parametrize(
    ("by", "changes", "status"),
    [
        ("hjb-fc1", {}, 404),  # another station's desk
        ("pm-shjy-a", {}, 403),
        (DESK, {"phone": ""}, 422),
        (DESK, {"phone": "1381234567"}, 422),  # a digit too few
        (DESK, {"learned": "guessed"}, 422),
    ],
)
def test_who_may_not_and_what_cannot_be_called(service, ticket_id, by, changes, status):
    assert correct(service, ticket_id, by, **changes).status == status
    assert known(service, ticket_id)["phone"] == WRONG


def test_what_was_found_on_a_walk_has_nobody_to_be_corrected(service):
    body = {"source": "patrol", "place": "SHJY-4", "text": "楼道灯不亮"}
    found = service.post("/staff/tickets", body, service.staff("gglw-gw1")).body
    assert correct(service, found["id"]).status == 409


def test_what_was_divided_off_shares_the_number_of_the_whole(service, ticket_id):
    matters = [{"title": "楼道灯", "text": "楼道灯不亮"}, {"title": "门禁", "text": "门禁坏了"}]
    answer = service.desk_act(ticket_id, "divide", DESK, matters=matters)
    assert answer.status == 200, answer.raw
    part = tickets.get(ticket_id).parts[0]
    assert correct(service, part.id).status == 409
    tickets.change(part.id, lambda t: (t.model_copy(update={"phone_left": False}), _line(service)))
    assert correct(service, ticket_id).status == 200
    assert tickets.get(part.id).phone_left


def _line(service):
    return Event(kind=EventKind.CALL_WRONG_NUMBER, at=service.now, by=DESK)
