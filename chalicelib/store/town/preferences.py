"""A person's own settings of the screens: saved filters, the tour seen, large type. Nothing of a ticket belongs here."""

import json
from typing import Any

from chalicelib.domain.errors import Invalid
from chalicelib.store import keys
from chalicelib.store.table import Table, delete, get, put

MOST_BYTES = 8 * 1024


def find(staff: str) -> dict[str, Any]:
    """What this person has chosen; empty before the first time."""
    item = get(Table.WORK, *keys.preferences(staff))
    return json.loads(item["document"]) if item else {}


def save(staff: str, preferences: dict[str, Any]) -> None:
    """Keep these instead of what there was. Raises Invalid above 8 kB; just that much still fits."""
    document = json.dumps(preferences, ensure_ascii=False, separators=(",", ":"))
    if len(document.encode()) > MOST_BYTES:
        raise Invalid("个人设置太多，请删掉一些保存的筛选条件再试", fields=["preferences"])
    put(Table.WORK, keys.attributes(keys.preferences(staff)) | {"document": document})


def forget(staff: str) -> None:
    """Someone has left."""
    delete(Table.WORK, *keys.preferences(staff))
