"""Rulings on whose duty something was, by category, five years."""

from datetime import timedelta

from chalicelib.domain.counter.rulings import Precedent
from chalicelib.store import keys
from chalicelib.store.table import Operation, Table, put_op, query

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
    return [Precedent.model_validate_json(item["document"]) for item in page]
