"""A ticket with everything that lies beside it in the tickets table, removed for good after its term."""

from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store.table import Key, Table, batch_write, delete_op, query_all, ticket_pk, transact

_LAST = ("TICKET", "ALARM")  # by the one it is found, from the other the rest is known


def remove(ticket: Ticket) -> None:
    """Remove a case. One that dies on the way is found again by its ALARM and goes on."""
    pk = ticket_pk(ticket.id)
    keys: list[Key] = [(f"NUMBER#{ticket.number}", "NUMBER")]
    keys += [(f"EXTERNAL#{each.partner}#{each.number}", "EXTERNAL") for each in ticket.external_ids]
    items = query_all(Table.TICKETS, pk, consistent=True)
    keys += [(pk, item["SK"]) for item in items if item["SK"] not in _LAST]
    batch_write(Table.TICKETS, deletes=keys)
    transact([delete_op(Table.TICKETS, pk, sk) for sk in _LAST])
