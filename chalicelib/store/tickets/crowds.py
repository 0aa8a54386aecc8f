"""A crowd beyond one transaction: that it is on its way is noted before anybody moves, so that a fall in between is found.

What is still to be done follows from the tickets as they stand, so that it may be done again and again: a crowd whose act came
about arrives, one whose act did not goes back where it was.
"""

from datetime import datetime, timedelta

from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.store import documents, keys
from chalicelib.store.table import MOST_IN_A_TRANSACTION, Item, Table, delete, put, query, transact

LEFT_AFTER = timedelta(minutes=5)  # until then whoever began may still be at it
MOST_AT_ONCE = 20  # that one sweep looks at


class Crowd(Frozen):
    """`other_id`: what was merged into the ticket; of one that turns 避开 (`apart`) the ticket that who joined it get.

    `teller`: the resident by whose words it turned, who stays.
    """

    ticket_id: str
    other_id: str
    at: Instant
    apart: bool = False
    teller: str = ""


def note(crowd: Crowd) -> None:
    """On its way: before anybody has moved. Idempotent."""
    listed = keys.crowd_left(crowd.at, crowd.ticket_id, crowd.other_id)
    item = keys.attributes(keys.crowd(crowd.ticket_id, crowd.other_id), listed)
    put(Table.TICKETS, item | crowd.model_dump(mode="json") | {"at": stamp(crowd.at)})


def arrived(crowd: Crowd) -> None:
    """All are where they belong."""
    delete(Table.TICKETS, *keys.crowd(crowd.ticket_id, crowd.other_id))


def list_left(now: datetime) -> list[Crowd]:
    """Those whose act ended before all had moved, the longest waiting first."""
    until = f"{stamp(now - LEFT_AFTER)}~"
    page = query(Table.TICKETS, keys.CROWDS_PK, index="GSI1", until=until, limit=MOST_AT_ONCE)
    return [
        documents.built(Crowd, {name: item[name] for name in Crowd.model_fields if name in item})
        for item in page
    ]


def move(operations: list[Item]) -> None:
    """One transaction after the other; each may be written again."""
    for begun in range(0, len(operations), MOST_IN_A_TRANSACTION):
        transact(operations[begun : begun + MOST_IN_A_TRANSACTION])
