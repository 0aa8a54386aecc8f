"""Which weekly bulletins there are; the page and the sheet themselves lie in S3."""

from datetime import date, datetime
from typing import NamedTuple

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import Table, get, put, query


class Made(NamedTuple):
    """The bulletin of an area for the week that began on this Monday."""

    area: str
    monday: date
    at: datetime


def add(area: str, monday: date, *, now: datetime) -> None:
    put(Table.WORK, keys.attributes(keys.bulletin(area, monday)) | {"at": stamp(now)})


def exists(area: str, monday: date) -> bool:
    return get(Table.WORK, *keys.bulletin(area, monday), consistent=True) is not None


def list_made(area: str, *, limit: int = 53) -> list[Made]:
    """The newest first; a year of them."""
    page = query(Table.WORK, keys.bulletins_pk(area), newest_first=True, limit=limit)
    return [Made(area, date.fromisoformat(item["SK"]), from_stamp(item["at"])) for item in page]
