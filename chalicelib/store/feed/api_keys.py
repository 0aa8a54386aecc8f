"""Keys of programs that use Open311: shown once, kept as a hash; several may bear one name while one is exchanged."""

import hashlib
import secrets
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import Frozen, Instant
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, batch_write, get, put, query_all


class ApiKey(Frozen):
    """`name`: of the client, part of its reports' external ids. `reports_per_hour`: how many it may post, reports and updates."""

    name: str
    reports_per_hour: int
    issued_at: Instant
    by: str


def issue(name: str, *, reports_per_hour: int, by: str, now: datetime) -> str:
    """A new key of a client, shown this once."""
    secret = secrets.token_urlsafe(32)
    kept = ApiKey(name=name, reports_per_hour=reports_per_hour, issued_at=now, by=by)
    item = keys.attributes(_key(secret), keys.api_key_named(name, now))
    put(Table.WORK, item | {"api_key": kept.model_dump_json()})
    return secret


def find(secret: str) -> ApiKey | None:
    """Whose key this is; None for one that never was, or was withdrawn."""
    item = get(Table.WORK, *_key(secret), consistent=True)
    return _load(item) if item else None


def list_keys() -> list[ApiKey]:
    """All that are in force, by name."""
    return [_load(item) for item in query_all(Table.WORK, keys.API_KEYS_PK, index="GSI1")]


def withdraw(name: str) -> int:
    """End every key of a client; how many. Raises NotFound when it has none."""
    found = list(query_all(Table.WORK, keys.API_KEYS_PK, index="GSI1", begins=keys.api_keys_of(name)))
    if not found:
        raise NotFound("没有这个名称的密钥")
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in found])
    return len(found)


def _key(secret: str) -> keys.Key:
    return keys.api_key(hashlib.sha256(secret.encode()).hexdigest())


def _load(item: Item) -> ApiKey:
    return documents.read(ApiKey, item["api_key"])
