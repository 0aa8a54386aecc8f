"""The due index: what each ticket waits for next, by shard, and who is looking after a shard just now.

An open ticket stands at its next alarm, an ended one at the day its identities are removed, then at the day the case is.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity import retention
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.settings import settings
from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Item, Table, query, query_all, update

LEASE = timedelta(seconds=50)  # a sweep that dies keeps its shard no longer than until the next run


def pending_item(ticket: Ticket) -> Item | None:
    """The entry that belongs to a ticket as it stands; None when nothing is to come."""
    alarm, shard = clocks.next_alarm(ticket), keys.shard_of(ticket.id)
    if alarm is not None:
        entry = _entry(ticket.id, keys.alarm_due(shard, alarm.at, ticket.id), alarm.at)
        return entry | {"provisional": any(clock.provisional and clock.is_open for clock in ticket.clocks)}
    at = retention.forget_at(ticket, keep_identity()) or retention.remove_at(ticket, keep_case())
    return _entry(ticket.id, keys.kept_until(shard, at, ticket.id), at) if at else None


def keep_identity() -> timedelta:
    return timedelta(days=settings().keep_identity_days)


def keep_case() -> timedelta:
    return timedelta(days=settings().keep_case_days)


def _entry(ticket_id: str, listed: keys.Key, at: datetime) -> Item:
    return keys.attributes(keys.alarm(ticket_id), listed) | {"at": stamp(at), "ticket_id": ticket_id}


def shards() -> range:
    return range(keys.SHARDS)


class Late(NamedTuple):
    """A ticket whose next alarm was to ring at `at`."""

    ticket_id: str
    at: datetime


def list_late(
    shard: int, before: datetime, *, limit: int, after: str | None = None
) -> tuple[list[Late], str | None]:
    """Tickets of a shard whose next alarm is at or before this instant, the longest overdue first."""
    until = f"{stamp(before)}~"
    page = query(Table.TICKETS, keys.due_pk(shard), until=until, index="GSI1", limit=limit, after=after)
    return [Late(item["ticket_id"], from_stamp(item["at"])) for item in page], page.next


class Watched(NamedTuple):
    """A ticket that has an alarm pending. `cursor` is where a list goes on after it."""

    ticket_id: str
    is_provisional: bool  # one of its due times is a guess; also where an older version did not say
    cursor: str


def list_watched(cursor: str = "") -> Iterator[Watched]:
    """Every ticket that has an alarm pending, all that are not at their end: by shard and instant, after a cursor."""
    first, _, place = cursor.partition("/")
    for shard in shards()[int(first or 0) :]:
        after = place if str(shard) == first else ""
        entries = query_all(Table.TICKETS, keys.due_pk(shard), index="GSI1", after_sk=after)
        for item in entries:
            provisional = bool(item.get("provisional", True))
            yield Watched(str(item["ticket_id"]), provisional, f"{shard}/{item['GSI1SK']}")


def list_kept_long_enough(now: datetime) -> Iterator[str]:
    """Ended tickets whose identities are due to be removed, or which are themselves."""
    for shard in shards():
        entries = query_all(Table.TICKETS, keys.keep_pk(shard), until=f"{stamp(now)}~", index="GSI1")
        yield from (str(item["ticket_id"]) for item in entries)


def take_shard(shard: int, now: datetime) -> bool:
    """Whether this run may look after the shard: no other run holds it. Given back by `leave_shard`, or by itself."""
    try:
        update(
            Table.WORK,
            *keys.lease(shard),
            "SET #until_at = :until",
            condition="attribute_not_exists(#until_at) OR #until_at <= :now",
            until=stamp(now + LEASE),
            now=stamp(now),
        )
    except ConditionFailed:
        return False
    return True


def leave_shard(shard: int, now: datetime) -> None:
    update(Table.WORK, *keys.lease(shard), "SET #until_at = :now", now=stamp(now))
