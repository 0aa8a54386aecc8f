"""The due index: what each ticket waits for next, by shard, and who is looking after a shard just now.

An open ticket stands at its next alarm, an ended one at the day its identities are removed, then at the day the case is.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity import retention
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.settings import settings
from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Item, Table, query, query_all, update

LEASE = timedelta(seconds=50)  # a sweep that dies keeps its shard no longer than until the next run


def pending_item(ticket: Ticket) -> Item | None:
    """The entry that belongs to a ticket as it stands; None when nothing is to come."""
    alarm, shard = clocks.next_alarm(ticket), keys.shard_of(ticket.id)
    if alarm is not None:
        return _entry(ticket.id, keys.alarm_due(shard, alarm.at, ticket.id), alarm.at)
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


def list_late(shard: int, before: datetime, *, limit: int) -> list[str]:
    """Tickets of a shard whose next alarm is at or before this instant, the longest overdue first; one page."""
    page = query(Table.TICKETS, keys.due_pk(shard), until=f"{stamp(before)}~", index="GSI1", limit=limit)
    return [item["ticket_id"] for item in page]


def list_watched() -> Iterator[str]:
    """Every ticket that has an alarm pending: all that are not at their end."""
    for shard in shards():
        entries = query_all(Table.TICKETS, keys.due_pk(shard), index="GSI1")
        yield from (str(item["ticket_id"]) for item in entries)


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
