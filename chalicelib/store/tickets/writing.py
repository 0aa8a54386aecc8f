"""Who is writing on a ticket: one item a ticket, a minute long, so that two do not write the same answer."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, get, put

LASTS = timedelta(seconds=60)
AGAIN = timedelta(seconds=30)  # nobody is written down twice within it


class Writer(NamedTuple):
    by: str
    at: datetime


def note(ticket_id: str, by: str, now: datetime) -> Writer | None:
    """`by` writes on it now; answers who else did within a minute. The last one alone is known."""
    last = _load(get(Table.WORK, *keys.writing(ticket_id)))
    if last is None or last.by != by or now - last.at >= AGAIN:
        expires = int((now + LASTS).timestamp())
        put(
            Table.WORK,
            keys.attributes(keys.writing(ticket_id)) | {"by": by, "at": stamp(now), "expires": expires},
        )
    is_there = last is not None and last.by != by and now - last.at < LASTS
    return last if is_there else None


def _load(item: Item | None) -> Writer | None:
    return Writer(item["by"], from_stamp(item["at"])) if item else None
