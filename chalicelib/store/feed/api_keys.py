"""Keys of programs that use Open311: shown once, kept as a hash; several may bear one name while one is exchanged."""

import hashlib
import secrets
from datetime import datetime

from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.model import Frozen, Instant
from chalicelib.store import documents, keys
from chalicelib.store.requests.idempotency import Replay, done_op, find_done, redone_op
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    batch_write,
    delete_op,
    get,
    put,
    put_op,
    query_all,
    transact,
)


class ApiKey(Frozen):
    """`name`: of the client, part of its reports' external ids. `reports_per_hour`: how many it may post, reports and updates."""

    name: str
    reports_per_hour: int
    issued_at: Instant
    by: str


def issue(name: str, *, reports_per_hour: int, by: str, now: datetime) -> str:
    """A new key of a client, shown this once."""
    secret, item = _made(name, reports_per_hour, by, now)
    put(Table.WORK, item)
    return secret


def issue_once(name: str, *, reports_per_hour: int, by: str, once: Replay, now: datetime) -> str:
    """The same; sent again it is another in the place of the one that nobody was shown.

    Raises NotFound where that was withdrawn since, TryAgain where both are sent at once.
    """
    before = find_done(once)
    secret, item = _made(name, reports_per_hour, by, now)
    mark = done_op(once, item["PK"]) if before is None else redone_op(once, item["PK"])
    gone = (
        []
        if before is None
        else [delete_op(Table.WORK, before, item["SK"], condition="attribute_exists(PK)")]
    )
    try:
        transact([put_op(Table.WORK, item), mark, *gone])
    except ConditionFailed as failed:
        if before is None:
            raise TryAgain("这个密钥正在生成，请再试一次") from failed
        raise NotFound("这个密钥已经收回，请重新生成") from failed
    return secret


def _made(name: str, reports_per_hour: int, by: str, now: datetime) -> tuple[str, Item]:
    secret = secrets.token_urlsafe(32)
    kept = ApiKey(name=name, reports_per_hour=reports_per_hour, issued_at=now, by=by)
    item = keys.attributes(_key(secret), keys.api_key_named(name, now))
    return secret, item | {"api_key": kept.model_dump_json()}


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
