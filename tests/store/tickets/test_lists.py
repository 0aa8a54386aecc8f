"""My tickets: what I reported is one query, what I joined one read more; whoever leaves is shown nothing."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering
from chalicelib.domain.identity import retention
from chalicelib.domain.tickets.ticket import Event, Stage
from chalicelib.store import keys, table
from chalicelib.store.tickets import lists, members, own_list, tickets
from chalicelib.store.tickets.members import Member
from tests.asked import operations_asked
from tests.domain.life import NOW, TOWN, person, received_with


@pytest.fixture
def asked(town_table, monkeypatch):
    """The requests that the store makes from now on."""
    return operations_asked(monkeypatch)


def reported(number, by="r1"):
    ticket, event = received_with("小区门口乱糟糟", id=f"01JD00000000000000000000{number:02}", reporter_id=by)
    later = ticket.model_copy(update={"received_at": NOW + timedelta(minutes=number)})
    return tickets.save(later, event, before=None)


def ids(page):
    return [listed.id for listed in page[0]]


def test_my_reports_are_one_query_newest_first_across_pages(asked):
    made = [reported(number).id for number in range(5)]
    asked.clear()
    first = lists.list_mine("r1", limit=3)
    rest = lists.list_mine("r1", limit=3, after=first[1])
    assert ids(first) + ids(rest) == made[::-1]
    assert asked == ["Query", "Query"]


def test_the_list_shows_a_ticket_as_it_stands(asked):
    ticket = reported(1)
    assert lists.list_mine("r1")[0] == [own_list.of(ticket)]
    answered = tickets.change(
        ticket.id, lambda t: answering.answer(t, by=person("desk-a"), text="八点", town=TOWN, now=NOW)
    )
    assert lists.list_mine("r1")[0] == [own_list.of(answered)]
    assert answered.stage is Stage.CLOSED


def test_what_i_joined_stands_among_my_reports_and_is_read_as_it_stands(asked):
    own, joined = reported(1), reported(2, by="r2")
    members.join(
        joined, Member(reporter_id="r1"), Event(kind="joined", at=NOW + timedelta(minutes=9), by="reporter")
    )
    asked.clear()
    assert lists.list_mine("r1")[0] == [own_list.of(joined), own_list.of(own)]
    assert asked == ["Query", "BatchGetItem"]
    assert ids(lists.list_mine("r2")) == [joined.id]
    assert [ticket.id for ticket in lists.list_of_reporter("r1")[0]] == [joined.id, own.id]


def test_an_act_that_the_list_does_not_show_writes_no_entry(asked):
    ticket = reported(1)
    operations = tickets.operations(
        ticket.model_copy(update={"public_text": "正在维修"}),
        Event(kind="published", at=NOW, by="desk-a"),
        ticket,
    )[1]
    assert keys.own_line(ticket.id).sk not in {
        next(iter(op.values()))["Item"]["SK"]["S"] for op in operations
    }


def test_a_ticket_that_is_nobodys_any_more_is_in_nobodys_list(asked):
    ticket = reported(1)
    tickets.change(ticket.id, lambda t: retention.forgotten(t, now=NOW))
    assert lists.list_mine("r1") == ([], None)
    assert table.get(table.Table.TICKETS, *keys.own_line(ticket.id)) is None
