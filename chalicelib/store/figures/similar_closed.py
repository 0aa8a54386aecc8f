"""Closed tickets by area and category, for a year: what the next one like them is compared with. One query, whatever the number."""

from collections.abc import Iterable

from chalicelib.domain.figures.similar_closed import KEPT, Closed
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, delete, put, query

MOST_READ = 100  # the newest; some 150 bytes each, two read units


def keep(closed: Closed, area: str, category: str) -> None:
    """Write one; twice is as once."""
    key = keys.handled(area, category, closed.ticket_id)
    item = keys.attributes(key) | {"document": _document(closed)}
    put(Table.WORK, item | {"expires": int((closed.closed_at + KEPT).timestamp())})


def forget(ticket_id: str, area: str, category: str) -> None:
    """One that was opened again."""
    delete(Table.WORK, *keys.handled(area, category, ticket_id))


def list_handled(area: str, category: str) -> Iterable[Closed]:
    """The newest by their receipt; of those that have expired some may still be there."""
    items = query(Table.WORK, keys.handled_pk(area, category), newest_first=True, limit=MOST_READ)
    return map(_load, items)


def _document(closed: Closed) -> str:
    return closed.model_dump_json(exclude_defaults=True)


def _load(item: Item) -> Closed:
    return documents.read(Closed, item["document"])
