"""Signs of life of the desks' consoles: whether anybody could see a ring on a screen (rule 81)."""

from datetime import datetime, timedelta

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import Table, get, put

NOTED_EVERY = timedelta(seconds=30)  # a look of a screen is written no oftener
_FORGOTTEN_AFTER = timedelta(days=1)  # TTL is lazy, and an hour ago says as little as never


def find_heard_at(station: str) -> datetime | None:
    """When a console of this station was last heard from, to NOTED_EVERY; None for never, or long ago."""
    item = get(Table.WORK, *keys.console(station))
    return from_stamp(item["heard_at"]) if item else None


def note(station: str, now: datetime) -> None:
    """A console of this station has looked. Written at most once in NOTED_EVERY, however many of them look."""
    heard_at = find_heard_at(station)
    if heard_at is not None and now - heard_at < NOTED_EVERY:
        return
    item = keys.attributes(keys.console(station)) | {
        "heard_at": stamp(now),
        "expires": int((now + _FORGOTTEN_AFTER).timestamp()),
    }
    put(Table.WORK, item)
