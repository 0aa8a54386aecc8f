"""On which tickets staff said the same words, and which words that made the machine's: marks alone, never a text."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.tickets.same_words import WITHIN
from chalicelib.settings import settings
from chalicelib.store import keys
from chalicelib.store.figures.facts import Changed, mark_items
from chalicelib.store.table import Table, get, put, put_op, query_all, transact

_KEPT = WITHIN + timedelta(days=30)  # longer than it matters: lines of history may come late


class Said(NamedTuple):
    """That the words were said on a ticket at an instant, and where it is counted."""

    ticket_id: str
    at: datetime
    day: date
    area: str


def is_often(mark: str) -> bool:
    return get(Table.WORK, *keys.said_often(mark)) is not None


def list_often() -> frozenset[str]:
    """The marks of all words that were said on many tickets; a town has dozens of them."""
    return frozenset(item["SK"] for item in query_all(Table.WORK, keys.SAID_OFTEN_PK, consistent=True))


def add(mark: str, said: Said) -> None:
    """Twice is as once; a ticket on which they are said again counts by the last time."""
    where = {"day": said.day.isoformat(), "area": said.area, "at": stamp(said.at)}
    until = {"expires": int((said.at + _KEPT).timestamp())}
    put(Table.WORK, keys.attributes(keys.said(mark, said.ticket_id)) | where | until)


def list_said(mark: str) -> list[Said]:
    """Where and when; of those that have expired some may still be there."""
    items = query_all(Table.WORK, keys.said_pk(mark), consistent=True)
    return [
        Said(item["SK"], from_stamp(item["at"]), date.fromisoformat(item["day"]), item["area"])
        for item in items
    ]


def make_often(mark: str, said: Iterable[Said]) -> None:
    """From now on these words are the machine's, and the days of all who bear them are counted again: both, or neither."""
    shelves = settings().shelves
    marked = mark_items(
        {Changed(each.day, each.area, keys.shelf_of(each.ticket_id, shelves)) for each in said}
    )
    often = keys.attributes(keys.said_often(mark))
    transact([put_op(Table.WORK, item) for item in (often, *marked)])
