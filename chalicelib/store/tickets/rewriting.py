"""The lines of a history written anew, when somebody's words and name are to go out of it. Nothing else may change a line."""

from collections.abc import Callable
from os import urandom

from chalicelib.domain.identity.chain import digest_of
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, put, query_all, to_wire
from chalicelib.store.tickets import line_document
from chalicelib.store.tickets.tickets import load_event


def rewritten(ticket_id: str, clean: Callable[[Event], Event]) -> list[Item]:
    """The lines that differ once they are clean, with a salt of their own: that of the old words goes with them."""
    found = []
    for item in query_all(Table.TICKETS, keys.ticket_pk(ticket_id), begins=keys.EVENTS, consistent=True):
        before = load_event(item)
        after = clean(before)
        if after != before:
            document = line_document.dumped(after)
            found.append(item | {"document": document, "salt": urandom(8).hex()})
    return found


def digests(lines: list[Item]) -> dict[str, str]:
    """What the ledger is told of them before they are written."""
    return {item["SK"]: digest_of(to_wire(item)) for item in lines}


def write(lines: list[Item]) -> None:
    for item in lines:
        put(Table.TICKETS, item)
