"""A ticket with everything that lies beside it in the tickets table, removed for good after its term."""

from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store import keys
from chalicelib.store.table import Key, Table, batch_write, delete_op, query_all, transact


def remove(ticket: Ticket) -> None:
    """Remove a case. One that dies on the way is found again by its ALARM and goes on."""
    last = (
        keys.ticket(ticket.id),
        keys.alarm(ticket.id),
    )  # by the one it is found, from the other the rest is known
    gone: list[Key] = [keys.number(ticket.number)]
    gone += [keys.external(each.partner, each.number) for each in ticket.external_ids]
    beside = query_all(Table.TICKETS, keys.ticket_pk(ticket.id), consistent=True)
    gone += [key for item in beside if (key := (item["PK"], item["SK"])) not in last]
    batch_write(Table.TICKETS, deletes=gone)
    transact([delete_op(Table.TICKETS, *key) for key in last])
