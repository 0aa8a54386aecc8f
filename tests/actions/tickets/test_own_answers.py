"""Whoever joined says once a round whether it is solved, and no crowd of answers makes a ticket unwritable (rule 94)."""

from chalicelib.domain.tickets.bounds import MOST_BYTES
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.store.tickets import members, tickets
from tests.service import one_service

service = one_service
SAID = {"solved": False, "words": "灯还是不亮。" * 333}


def rate(service, ticket_id, who):
    return service.post(f"/api/tickets/{ticket_id}/rating", SAID, service.resident(who))


def a_joined_ticket(service, people):
    ticket_id = service.report("四号楼楼道灯不亮", token=service.resident("reporter")).body["id"]
    for who in people:
        assert service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident(who)).status == 200
    ticket = tickets.get(ticket_id)
    tickets.save(ticket.model_copy(update={"stage": Stage.RESOLVED}), _resolved(service), before=ticket)
    return ticket_id


def _resolved(service):
    from chalicelib.domain.tickets.ticket import Event

    return Event(kind="resolved", at=service.now, by="pm-shjy-a")


def test_who_joined_answers_once_a_round(service):
    ticket_id = a_joined_ticket(service, ["one", "two"])
    assert [rate(service, ticket_id, who).status for who in ("one", "one", "two")] == [200, 409, 200]
    answers = [answer for answer in tickets.get(ticket_id).follow_ups if answer.by == "member"]
    assert len(answers) == 2
    ticket = tickets.get(ticket_id)
    tickets.save(ticket.model_copy(update={"round": 2}), _resolved(service), before=ticket)
    assert [rate(service, ticket_id, "one").status for _ in range(2)] == [200, 409]


def test_who_leaves_the_ticket_leaves_no_answer_behind(service):
    ticket_id = a_joined_ticket(service, ["gone"])
    assert rate(service, ticket_id, "gone").status == 200
    [member] = [each for each in members.list_members(ticket_id) if not each.is_reporter]
    members.forget_member(ticket_id, member.reporter_id)
    assert members.answered_round(ticket_id, member.reporter_id) == 0
    assert len(tickets.get(ticket_id).model_dump_json().encode()) < MOST_BYTES
