"""Rulings on whose duty something was, by category, five years."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from chalicelib.domain.counter.rulings import Precedent
from chalicelib.store import documents, keys
from chalicelib.store.table import Operation, Table, get, put_op, query, update

KEPT = timedelta(days=5 * 365)
MOST_SHOWN = 3


def precedent_op(precedent: Precedent) -> Operation:
    """Written with the ruling."""
    key = keys.precedent(precedent.category, precedent.at, precedent.ticket_id)
    item = {"document": precedent.model_dump_json(), "expires": int((precedent.at + KEPT).timestamp())}
    return put_op(Table.WORK, keys.attributes(key) | item)


def list_latest(category: str) -> list[Precedent]:
    """The newest three of a category."""
    page = query(Table.WORK, keys.precedents_pk(category), newest_first=True, limit=MOST_SHOWN)
    return [documents.read(Precedent, item["document"]) for item in page]


def rewrite(ticket_id: str, at: datetime, categories: Iterable[str], change: Callable[[str], str]) -> None:
    """The ground of what was ruled of a ticket then, under whichever of the categories it stands, as `change` leaves it."""
    for category in categories:
        key = keys.precedent(category, at, ticket_id)
        if (item := get(Table.WORK, *key)) is not None:
            known = documents.read(Precedent, item["document"])
            cleaned = known.model_copy(update={"ground": change(known.ground)})
            update(Table.WORK, *key, "SET #document = :document", document=cleaned.model_dump_json())
