"""What neighbours may read around a place, by the shelf of the place below the area, as it was published or done.

An entry stands beside its ticket and is written in the ticket's own transaction, where it differs.
"""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.nearby import Nearby, nearby_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, delete_op, put_op, query

MOST = 1000  # entries of a shelf that one answer looks at


def entry_ops(before: Ticket | None, after: Ticket) -> list[Item]:
    """The entry of a ticket, where what it shows has changed. For `tickets.save`."""
    old = nearby_of(before) if before else None
    new = nearby_of(after)
    if new == old:
        return []
    key = keys.nearby(after.id)
    if new is None:
        return [delete_op(Table.TICKETS, *key)]
    listed = keys.nearby_on(new.shelf, new.at, after.id)
    return [put_op(Table.TICKETS, keys.attributes(key, listed) | {"entry": _written(new)})]


def list_news(shelf: str, since: datetime, until: datetime) -> list[Nearby]:
    """What was published or done on a shelf from `since` to `until`, the newest first; the newest thousand."""
    pk = keys.nearby_pk(shelf)
    page = query(
        Table.TICKETS,
        pk,
        index="GSI1",
        after_sk=stamp(since),
        begins=stamp(until),
        newest_first=True,
        limit=MOST,
    )
    return [documents.read(Nearby, item["entry"]) for item in page]


def _written(entry: Nearby) -> str:
    return entry.model_dump_json(exclude_defaults=True)
