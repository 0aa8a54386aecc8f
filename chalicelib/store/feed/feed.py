"""The feed: every event of a ticket under the ticket, and all of them in the order in which they were written, a month a shelf."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.feed.feed import HIDDEN, FeedEvent, HistoryLine, Written
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store.table import (
    Item,
    Table,
    batch_write,
    event_sk,
    put,
    query,
    query_all,
    ticket_pk,
)
from chalicelib.store.tickets.tickets import load_event

KEPT = timedelta(days=400)
_MONTH = len("2026-11")


def list_lines(ticket_id: str, after: int) -> list[HistoryLine]:
    """The lines of history that changed a ticket's state after a version, oldest first."""
    items = query_all(
        Table.TICKETS, ticket_pk(ticket_id), begins="EVENT#", after_sk=event_sk(after), consistent=True
    )
    return [
        HistoryLine(_version(item), load_event(item), bool(item.get("hidden")))
        for item in items
        if "." not in item["SK"]  # a comment or a join
    ]


def find_last(ticket_id: str) -> Written | None:
    """The last event of a ticket in the feed."""
    page = query(Table.WORK, _pk(ticket_id), newest_first=True, limit=1, consistent=True)
    return Written(_version(page[0]), page[0]["kind"] == HIDDEN) if page else None


def add(events: Iterable[FeedEvent], now: datetime) -> None:
    """Write events of a ticket in order, each once: the first that was written of a version stands."""
    for event in events:
        put(Table.WORK, _item(event, now), if_absent=True)


def list_after(ticket_id: str, version: int, *, limit: int) -> list[FeedEvent]:
    """The events of a ticket after a version, oldest first."""
    page = query(
        Table.WORK, _pk(ticket_id), after_sk=event_sk(version), begins="EVENT#", limit=limit, consistent=True
    )
    return [FeedEvent.model_validate_json(item["document"]) for item in page]


def list_from(cursor: str, until: datetime, *, limit: int) -> tuple[list[FeedEvent], str]:
    """The events written after a cursor and up to an instant, in the order of writing; and the next cursor.

    A cursor is a stamp, with what follows it in the key of the last event read.
    """
    found: list[FeedEvent] = []
    month, end = cursor[:_MONTH], stamp(until)
    if cursor >= end:
        return [], cursor
    while month <= end[:_MONTH]:
        page = query(
            Table.WORK,
            _shelf(month),
            index="GSI1",
            after_sk=cursor,
            begins=end,
            limit=limit - len(found),
        )
        found += [FeedEvent.model_validate_json(item["document"]) for item in page]
        if page and (page.next or len(found) >= limit):
            return found, str(page[-1]["GSI1SK"])
        month = _next(month)
    return found, f"{end}~"


def remove(ticket_id: str) -> None:
    """Nothing is left of a ticket whose case is removed."""
    items = query_all(Table.WORK, _pk(ticket_id))
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in items])


def _item(event: FeedEvent, now: datetime) -> Item:
    at = stamp(now)
    return {
        "PK": _pk(event.ticket_id),
        "SK": event_sk(event.version),
        "GSI1PK": _shelf(at[:_MONTH]),
        "GSI1SK": f"{at}!{event.id}",  # as it stands it is a cursor, fit for an address
        "kind": event.kind,
        "document": event.model_dump_json(exclude={"identity"}),
        "expires": int((now + KEPT).timestamp()),
    }


def _pk(ticket_id: str) -> str:
    return f"FEED#{ticket_id}"


def _version(item: Item) -> int:
    return int(item["SK"].removeprefix("EVENT#"))


def _shelf(month: str) -> str:
    return f"FEED#{month}"


def _next(month: str) -> str:
    day = from_stamp(f"{month}-28T12:00:00.000Z") + timedelta(days=7)
    return stamp(day)[:_MONTH]
