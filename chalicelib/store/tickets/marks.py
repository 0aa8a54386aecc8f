"""Marks: whether something has changed since a screen last looked, without reading what.

A mark is new with every writing, and written at least once for every change; one too many makes a screen look once more.
It is no counter and is never taken back, so no order of writings can make a change look like none.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store import keys
from chalicelib.store.table import Table, batch_get, batch_write


def touch(whose: Iterable[str], *, after: str, now: datetime) -> None:
    """Something changed for each of `whose` (a queue's `who`, or inbox:<staff code>). `after` names what it follows from."""
    mark = hashlib.sha256(f"{after}@{stamp(now)}".encode()).hexdigest()[:12]
    batch_write(Table.WORK, puts=[keys.attributes(keys.mark(who)) | {"mark": mark} for who in set(whose)])


def list_marks(whose: Iterable[str]) -> dict[str, str]:
    """The marks that exist. Eventually consistent: a change shows at this look or at the next."""
    found = batch_get(Table.WORK, map(keys.mark, whose))
    return {keys.marked_who(item["PK"]): item["mark"] for item in found}
