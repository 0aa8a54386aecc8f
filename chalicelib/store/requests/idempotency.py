"""Idempotency keys: an act sent twice happens once."""

import hashlib
from datetime import datetime, timedelta

from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen, Instant
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, get, put_op

KEPT = timedelta(days=7)


class Replay(Frozen):
    """One act as its sender named it. `who` scopes the key, so that nobody can collide with, or probe for, another's."""

    who: str
    key: str
    content: str  # digest of what was sent
    at: Instant

    def part(self, name: str) -> "Replay":
        """One part of an act, as of one ticket of many: each is done once, also where the rest was refused or cut off."""
        return self.model_copy(update={"key": f"{self.key}#{name}"})


def key(act: Replay) -> keys.Key:
    return keys.idempotency(act.who, act.key)


def replay(who: str, key: str, content: bytes, now: datetime) -> Replay:
    return Replay(who=who, key=key, content=hashlib.sha256(content).hexdigest()[:32], at=now)


def done_op(act: Replay, ticket_id: str) -> Item:
    """The mark, to be written in the act's own transaction; its condition fails when the act was done already."""
    expires = int((act.at + KEPT).timestamp())
    done = {"ticket_id": ticket_id, "content": act.content, "expires": expires}
    return put_op(Table.WORK, keys.attributes(key(act)) | done, if_absent=True)


def find_done(act: Replay) -> str | None:
    """The ticket the act was done to, or None. Raises Invalid when the key was used for something else."""
    return done_to(get(Table.WORK, *key(act), consistent=True), act)


def done_to(item: Item | None, act: Replay) -> str | None:
    """The same for an item that was read already."""
    if item is None:
        return None
    if item["content"] != act.content:
        raise Invalid("这个请求编号已用于另一项内容，请刷新页面后重新提交", fields=["Idempotency-Key"])
    return str(item["ticket_id"])


def was_done(act: Replay) -> bool:
    return find_done(act) is not None
