"""How far a night's work is: which parts are done, and where the others go on. One item a night."""

from datetime import date, datetime, timedelta

from pydantic import Field

from chalicelib.domain.model import Frozen
from chalicelib.store import documents, keys
from chalicelib.store.table import Table, get, put

KEPT = timedelta(days=30)


class Night(Frozen):
    """`cursors` of parts that were begun. A part that is in neither has not begun."""

    done: tuple[str, ...] = ()
    cursors: dict[str, str] = Field(default_factory=dict)


def find(day: date) -> Night:
    item = get(Table.WORK, *keys.night(day), consistent=True)
    return documents.read(Night, item["document"]) if item else Night()


def save(day: date, night: Night, now: datetime) -> None:
    document = {"document": night.model_dump_json(), "expires": int((now + KEPT).timestamp())}
    put(Table.WORK, keys.attributes(keys.night(day)) | document)
