"""All that lies under one ticket, in one query: the ticket itself, its history and its people."""

from typing import NamedTuple

from chalicelib.domain.errors import NotFound
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.store import keys
from chalicelib.store.table import Table, query_all
from chalicelib.store.tickets import tickets


class Whole(NamedTuple):
    """`events`: oldest first, each with its version. `members`: how many are told what happens."""

    ticket: Ticket
    events: list[tuple[int, Event]]
    members: int


def get(ticket_id: str) -> Whole:
    """As it stands now. Raises NotFound."""
    items = list(query_all(Table.TICKETS, keys.ticket_pk(ticket_id), consistent=True))
    ticket = next(
        (tickets.load(item) for item in items if keys.ticket(ticket_id) == (item["PK"], item["SK"])), None
    )
    if ticket is None:
        raise NotFound("没有这张工单，请核对编号")
    lines = [item for item in items if keys.is_event(item["SK"])]
    events = [(keys.version_of(item["SK"]), tickets.load_event(item)) for item in lines]
    return Whole(ticket, events, sum(item["SK"].startswith(keys.MEMBERS) for item in items))
