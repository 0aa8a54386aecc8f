"""Counts by area and day, as figures read them: small items, one for each day and area, whatever the number of tickets."""

import json
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.figures.counts import Counts, StillOpen, plain
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, batch_get, delete_op, put_op, query, query_all, transact


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
    counted = keys.attributes(keys.counts(area, day)) | {"document": pack(counts), "at": stamp(now)}
    operations = [put_op(Table.WORK, counted)]
    left = keys.still_open(area, day)
    if still_open.tickets:
        document = {"document": still_open.model_dump_json()}
        operations.append(put_op(Table.WORK, keys.attributes(left) | document))
    else:
        operations.append(delete_op(Table.WORK, *left))
    if not is_listed:
        operations.append(put_op(Table.WORK, keys.attributes(keys.counted_area(area)) | {"area": area}))
    transact([*extra, *operations])


def list_areas() -> list[str]:
    """Every area that was ever counted, also those no town has any more."""
    return [item["area"] for item in query_all(Table.WORK, keys.COUNTED_AREAS_PK)]


def list_counts(area: str, first: date, last: date) -> list[Counted]:
    """The days from the first to the last, both included, on which anything was counted, oldest first."""
    since, until = keys.counts(area, first - timedelta(days=1)), keys.counts(area, last)
    items = query_all(Table.WORK, until.pk, begins=until.sk, after_sk=since.sk)
    return [_load(item) for item in items]


def find_first_day(area: str) -> date | None:
    """The first day on which anything of the area was ever counted."""
    page = query(Table.WORK, keys.counts_pk(area), begins=keys.DAYS_COUNTED, limit=1)
    return keys.counted_day_of(page[0]["SK"]) if page else None


def get_counts(days: Iterable[tuple[date, str]]) -> list[Counted]:
    """The counts of these days and areas, those that exist, in no order."""
    wanted = [keys.counts(area, day) for day, area in days]
    return [_load(item) for item in batch_get(Table.WORK, wanted)]


def list_open(area: str) -> list[StillOpen]:
    """What is still open, one for each day on which anything of it was received."""
    items = query_all(Table.WORK, keys.counts_pk(area), begins=keys.DAYS_OPEN)
    return [documents.read(StillOpen, item["document"]) for item in items]


def pack(counts: Counts) -> bytes:
    """Counts in a quarter of their room: items are billed by the kilobyte."""
    return zlib.compress(json.dumps(counts, separators=(",", ":")).encode(), 9)


def unpack(item: Item) -> Counts:
    return plain(json.loads(zlib.decompress(item["document"])))


def _load(item: Item) -> Counted:
    day, area = keys.counted_day_of(item["SK"]), keys.counted_area_of(item["PK"])
    return Counted(day, area, unpack(item), from_stamp(item["at"]))
