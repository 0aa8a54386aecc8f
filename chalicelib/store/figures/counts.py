"""Counts by area and day, as figures read them: small items, one for each day and area, whatever the number of tickets."""

import json
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.figures.counts import Counts, StillOpen, plain
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store.table import Item, Key, Table, batch_get, delete_op, put_op, query, query_all, transact

AREAS = "COUNTS"  # lists every area that was ever counted, also those no town has any more
_DAY, _OPEN = "DAY#", "OPEN#"


class Counted(NamedTuple):
    """The counts of a day and area."""

    day: date
    area: str
    counts: Counts
    at: datetime


def save(
    day: date,
    area: str,
    counts: Counts,
    still_open: StillOpen,
    *,
    is_listed: bool,
    now: datetime,
    extra: tuple[Item, ...] = (),
) -> None:
    """Write what was counted, together with `extra`, or nothing. Raises ConditionFailed, TryAgain.

    `is_listed`: whether the area is among `list_areas` already.
    """
    pk = _pk(area)
    operations = [
        put_op(Table.WORK, {"PK": pk, "SK": f"{_DAY}{day}", "document": pack(counts), "at": stamp(now)})
    ]
    if still_open.tickets:
        document = still_open.model_dump_json()
        operations.append(put_op(Table.WORK, {"PK": pk, "SK": f"{_OPEN}{day}", "document": document}))
    else:
        operations.append(delete_op(Table.WORK, pk, f"{_OPEN}{day}"))
    if not is_listed:
        operations.append(put_op(Table.WORK, {"PK": AREAS, "SK": f"AREA#{area}", "area": area}))
    transact([*extra, *operations])


def list_areas() -> list[str]:
    return [item["area"] for item in query_all(Table.WORK, AREAS)]


def list_counts(area: str, first: date, last: date) -> list[Counted]:
    """The days from the first to the last, both included, on which anything was counted, oldest first."""
    before = first - timedelta(days=1)
    items = query_all(Table.WORK, _pk(area), begins=f"{_DAY}{last}", after_sk=f"{_DAY}{before}")
    return [_load(item) for item in items]


def find_first_day(area: str) -> date | None:
    """The first day on which anything of the area was ever counted."""
    page = query(Table.WORK, _pk(area), begins=_DAY, limit=1)
    return date.fromisoformat(page[0]["SK"].removeprefix(_DAY)) if page else None


def get_counts(days: Iterable[tuple[date, str]]) -> list[Counted]:
    """The counts of these days and areas, those that exist, in no order."""
    keys: list[Key] = [(_pk(area), f"{_DAY}{day}") for day, area in days]
    return [_load(item) for item in batch_get(Table.WORK, keys)]


def list_open(area: str) -> list[StillOpen]:
    """What is still open, one for each day on which anything of it was received."""
    items = query_all(Table.WORK, _pk(area), begins=_OPEN)
    return [StillOpen.model_validate_json(item["document"]) for item in items]


def pack(counts: Counts) -> bytes:
    """Counts in a quarter of their room: items are billed by the kilobyte."""
    return zlib.compress(json.dumps(counts, separators=(",", ":")).encode(), 9)


def unpack(item: Item) -> Counts:
    return plain(json.loads(zlib.decompress(item["document"])))


def _load(item: Item) -> Counted:
    day = date.fromisoformat(item["SK"].removeprefix(_DAY))
    return Counted(day, item["PK"].partition("#")[2], unpack(item), from_stamp(item["at"]))


def _pk(area: str) -> str:
    return f"{AREAS}#{area}"
