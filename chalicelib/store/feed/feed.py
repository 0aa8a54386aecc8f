"""The feed: every event of a ticket under the ticket, and all of them in the order in which they were written, a month a shelf."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.feed.feed import HIDDEN, FeedEvent, HistoryLine, Written
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.settings import settings
from chalicelib.store import documents, keys
from chalicelib.store.table import (
    Item,
    Key,
    Table,
    batch_get,
    batch_get_of,
    batch_write,
    put,
    query,
    query_all,
)
from chalicelib.store.tickets.tickets import load, load_event

KEPT = timedelta(days=400)
_MOST_AT_ONCE = 50  # events by their keys, with the ticket
_MONTH = len("2026-11")


def list_lines(ticket_id: str, after: int) -> list[HistoryLine]:
    """The lines of history that changed a ticket's state after a version, oldest first."""
    pk, low = keys.ticket_pk(ticket_id), keys.event_sk(after)
    items = query_all(Table.TICKETS, pk, begins=keys.EVENTS, after_sk=low, consistent=True)
    return [
        HistoryLine(_version(item), load_event(item), bool(item.get("hidden")))
        for item in items
        if not keys.is_beside(item["SK"])
    ]


def find_last(ticket_id: str) -> Written | None:
    """The last event of a ticket in the feed."""
    page = query(Table.WORK, keys.feed_pk(ticket_id), newest_first=True, limit=1, consistent=True)
    return Written(_version(page[0]), page[0]["kind"] == HIDDEN) if page else None


def add(events: Iterable[FeedEvent], now: datetime) -> None:
    """Write events of a ticket in order, each once: the first that was written of a version stands."""
    for event in events:
        put(Table.WORK, _item(event, now), if_absent=True)


def list_after(ticket_id: str, version: int, *, limit: int) -> list[FeedEvent]:
    """The events of a ticket after a version, oldest first."""
    pk, low = keys.feed_event(ticket_id, version)
    page = query(Table.WORK, pk, after_sk=low, begins=keys.EVENTS, limit=limit, consistent=True)
    return [documents.read(FeedEvent, item["document"]) for item in page]


class Owed(NamedTuple):
    """`ticket` as it stands now, None where its case was removed; `events` of it, oldest first."""

    ticket: Ticket | None
    events: list[FeedEvent]


def find_owed(ticket_id: str, version: int, latest: int, *, limit: int) -> Owed:
    """A ticket and its events after a version, up to `latest` where that is not far: in one request, else in two."""
    if not 0 < latest - version <= min(limit, _MOST_AT_ONCE):
        ticket = next(iter(batch_get(Table.TICKETS, [keys.ticket(ticket_id)], consistent=True)), None)
        return Owed(load(ticket) if ticket else None, list_after(ticket_id, version, limit=limit))
    wanted: dict[Table, list[Key]] = {
        Table.TICKETS: [keys.ticket(ticket_id)],
        Table.WORK: [keys.feed_event(ticket_id, n) for n in range(version + 1, latest + 1)],
    }
    found = batch_get_of(wanted, consistent=list(wanted))
    events = sorted(found[Table.WORK], key=lambda item: str(item["SK"]))
    return Owed(
        next(map(load, found[Table.TICKETS]), None),
        [documents.read(FeedEvent, item["document"]) for item in events],
    )


def list_from(cursor: str, until: datetime, *, limit: int) -> tuple[list[FeedEvent], str]:
    """The events written after a cursor and up to an instant, in the order of writing; and the next cursor.

    A cursor is a stamp, with what follows it in the key of the last event read.
    """
    found: list[FeedEvent] = []
    month, end = cursor[:_MONTH], stamp(until)
    if cursor >= end:
        return [], cursor
    while month <= end[:_MONTH]:
        page, has_more = _page(month, cursor, end, limit - len(found))
        found += [documents.read(FeedEvent, item["document"]) for item in page]
        if page and (has_more or len(found) >= limit):
            return found, str(page[-1]["GSI1SK"])
        month = _next(month)
    return found, f"{end}~"


def _page(month: str, after: str, end: str, limit: int) -> tuple[list[Item], bool]:
    """The first of a month after a place, all shelves together in the order of writing; whether there are more."""
    pages = [
        query(
            Table.WORK,
            keys.feed_month_pk(month, shelf),
            index="GSI1",
            after_sk=after,
            begins=end,
            limit=limit,
        )
        for shelf in range(settings().shelves)
    ]
    # What a shelf cut off lies behind its last, so nothing behind the first such end is sure to be next.
    sure = min((str(page[-1]["GSI1SK"]) for page in pages if page.next and page), default="~")
    items = sorted((item for page in pages for item in page), key=lambda item: str(item["GSI1SK"]))
    next_ones = [item for item in items if str(item["GSI1SK"]) <= sure][:limit]
    return next_ones, len(next_ones) < len(items) or any(page.next for page in pages)


def blank(ticket_id: str) -> None:
    """Of a ticket that was erased: that there were events stays, what they told goes."""
    for item in list(query_all(Table.WORK, keys.feed_pk(ticket_id), consistent=True)):
        event = documents.read(FeedEvent, item["document"])
        if event.kind != HIDDEN and (event.note or event.ticket is not None):
            told = event.model_copy(update={"note": "", "ticket": None})
            put(Table.WORK, item | {"document": told.model_dump_json(exclude={"identity"})})


def remove(ticket_id: str) -> None:
    """Nothing is left of a ticket whose case is removed."""
    items = query_all(Table.WORK, keys.feed_pk(ticket_id))
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in items])


def _item(event: FeedEvent, now: datetime) -> Item:
    shelf = keys.shelf_of(event.ticket_id, settings().shelves)
    listed = keys.feed_written(stamp(now)[:_MONTH], now, event.id, shelf)
    return keys.attributes(keys.feed_event(event.ticket_id, event.version), listed) | {
        "kind": event.kind,
        "document": event.model_dump_json(exclude={"identity"}),
        "expires": int((now + KEPT).timestamp()),
    }


def _version(item: Item) -> int:
    return keys.version_of(item["SK"])


def _next(month: str) -> str:
    day = from_stamp(f"{month}-28T12:00:00.000Z") + timedelta(days=7)
    return stamp(day)[:_MONTH]
