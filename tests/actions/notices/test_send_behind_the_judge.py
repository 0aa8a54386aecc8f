"""What `send` does to a ticket, behind its own policy: time stands still when a question has arrived, and nothing goes away."""

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

from chalicelib.actions.notices import arriving
from chalicelib.domain.notices.deliveries import Delivery, State
from chalicelib.domain.town.vocabulary import Channel
from infra.local.policies import Where, rules
from infra.local.runtime import judging

OURS = rules(Where("test", "123456789012", "cn-north-1", "aws-cn", "amazonaws.com.cn"))


@contextmanager
def judged():
    """Everything that this process asks of the tables is asked by `send`; the queues have other names here."""

    def hear(calls, operation):
        if calls[0].action.startswith("dynamodb"):
            judging.weigh(OURS, "send", calls, operation)

    take_out = judging.install(hear)
    try:
        yield
    finally:
        take_out()


@pytest.fixture
def asked(service):
    """A ticket whose handler waits for the resident."""
    ticket_id = service.report("楼道灯坏了").body["id"]
    service.settle()
    handler = service.ticket(ticket_id).handler_id
    assert service.staff_act(ticket_id, "take", handler).status == 200
    assert service.staff_act(ticket_id, "wait", handler, question="是几号楼？").status == 200
    service.settle()
    return ticket_id


def question(service, ticket_id):
    return Delivery(
        recipient="reporter:r1",
        way=Channel.WECHAT,
        at=service.now,
        event_key=f"{ticket_id}-000003",
        ticket_id=ticket_id,
        template="waiting_for_you",
        not_before=service.now,
    )


def keys_of(service, ticket_id):
    from chalicelib.store.table import Table

    return {i["SK"] for i in service.items(Table.TICKETS) if i["PK"] == f"TICKET#{ticket_id}"}


def test_a_question_that_arrived_stops_the_clocks_and_takes_no_entry_away(service, asked):
    before = keys_of(service, asked)
    with judged():
        arriving.settled(question(service, asked), State.DELIVERED, now=service.now)
    assert service.ticket(asked).stands_still
    assert keys_of(service, asked) > before


def test_a_question_that_did_not_arrive_is_a_call_that_the_desk_owes(service, asked):
    with judged():
        arriving.settled(question(service, asked), State.PERMANENT_FAILURE, now=service.now)


@pytest.mark.parametrize("table", ["tickets", "identities"])
def test_send_which_speaks_with_the_outside_removes_nothing_of_a_ticket(service, asked, table):
    from chalicelib.store.table import Table, delete

    with judged(), pytest.raises(ClientError, match="AccessDenied"):
        delete(Table(table), f"TICKET#{asked}", "TICKET")
