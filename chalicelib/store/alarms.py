"""The due index: alarms that nobody has rung in time, by shard, and who is looking after a shard just now."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.model import stamp
from chalicelib.store.table import SHARDS, ConditionFailed, Table, query, query_all, update

LEASE = timedelta(seconds=50)  # a sweep that dies keeps its shard no longer than until the next run


def shards() -> range:
    return range(SHARDS)


def list_late(shard: int, before: datetime, *, limit: int) -> list[str]:
    """Tickets of a shard whose next alarm is at or before this instant, the longest overdue first; one page."""
    page = query(Table.TICKETS, f"DUE#{shard}", until=f"{stamp(before)}~", index="GSI1", limit=limit)
    return [item["ticket_id"] for item in page]


def list_watched() -> Iterator[str]:
    """Every ticket that has an alarm pending: all that are not at their end."""
    for shard in shards():
        yield from (str(item["ticket_id"]) for item in query_all(Table.TICKETS, f"DUE#{shard}", index="GSI1"))


def take_shard(shard: int, now: datetime) -> bool:
    """Whether this run may look after the shard: no other run holds it. Given back by `leave_shard`, or by itself."""
    try:
        update(
            Table.WORK,
            f"SWEEP#{shard}",
            "LEASE",
            "SET #until_at = :until",
            condition="attribute_not_exists(#until_at) OR #until_at <= :now",
            until=stamp(now + LEASE),
            now=stamp(now),
        )
    except ConditionFailed:
        return False
    return True


def leave_shard(shard: int, now: datetime) -> None:
    update(Table.WORK, f"SWEEP#{shard}", "LEASE", "SET #until_at = :now", now=stamp(now))
