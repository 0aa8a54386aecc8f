"""Dead letters: lines of history whose consequences could not be drawn, kept whole so that the same code can run again."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, delete, put, query, update
from chalicelib.store.table import get as get_item

ATTEMPTS_KEPT_FOR = timedelta(days=2)  # longer than a stream keeps a record
DONE_KEPT_FOR = timedelta(days=90)


class DeadLetter(Frozen):
    """`passes`: the fault was of a part we need, so the sweep tries again by itself; else a person has to look."""

    id: str
    at: Instant
    ticket_id: str
    reason: str
    passes: bool
    record: str  # the stream record as JSON


def id_of(record: Item, now: datetime) -> str:
    """Where a record's dead letter lies: by time, then ticket and version; the same for the same record."""
    change = record.get("dynamodb", {})
    seconds = change.get("ApproximateCreationDateTime")
    at = datetime.fromtimestamp(seconds, now.tzinfo) if isinstance(seconds, (int, float)) else now
    keys = change.get("Keys", {})
    name = "-".join(str(keys.get(part, {}).get("S", "")).partition("#")[2] for part in ("PK", "SK"))
    return f"{at:%Y%m%d%H%M%S}-{re.sub(r'[^0-9A-Za-z-]', '-', name)}"


def add(record: Item, *, reason: str, passes: bool, now: datetime) -> DeadLetter:
    letter = DeadLetter(
        id=id_of(record, now),
        at=now,
        ticket_id=str(record.get("dynamodb", {}).get("Keys", {}).get("PK", {}).get("S", "")).partition("#")[
            2
        ],
        reason=reason,
        passes=passes,
        record=json.dumps(record, ensure_ascii=False, default=str),
    )
    put(Table.WORK, keys.attributes(keys.dead_letter(letter.id)) | {"document": letter.model_dump_json()})
    return letter


def get(letter_id: str) -> DeadLetter:
    """Raises NotFound, also for one that is done."""
    item = get_item(Table.WORK, *keys.dead_letter(letter_id), consistent=True)
    if item is None:
        raise NotFound("没有这条待处理的记录，可能已经补发，请刷新列表")
    return _load(item)


def list_open(*, after: str | None = None, limit: int = 50) -> tuple[list[DeadLetter], str | None]:
    """What waits to be looked at, oldest first. One query."""
    page = query(Table.WORK, keys.DEAD_LETTERS_PK, after=after, limit=limit)
    return [_load(item) for item in page], page.next


def done(letter: DeadLetter, now: datetime) -> None:
    """Off the list; kept for a while to look back at. Idempotent."""
    kept = keys.attributes(keys.dead_letter_done(letter.id)) | {"document": letter.model_dump_json()}
    expires = int((now + DONE_KEPT_FOR).timestamp())
    put(Table.WORK, kept | {"done_at": stamp(now), "expires": expires})
    delete(Table.WORK, *keys.dead_letter(letter.id))


def count_attempt(record: Item, now: datetime) -> int:
    """How often this record has failed, this time included: a stream does not say how often it was received."""
    item = update(
        Table.WORK,
        *keys.attempts(id_of(record, now)),
        "ADD #failures :one SET #expires = :expires",
        one=1,
        expires=int((now + ATTEMPTS_KEPT_FOR).timestamp()),
    )
    return int(item["failures"])


def _load(item: dict[str, Any]) -> DeadLetter:
    return documents.read(DeadLetter, item["document"])
