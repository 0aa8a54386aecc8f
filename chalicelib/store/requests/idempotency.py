"""Idempotency keys: an act sent twice happens once."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen, Instant
from chalicelib.ids import id_for
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, get, put, put_op

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
    return put_op(Table.WORK, _mark(act, ticket_id), if_absent=True)


def redone_op(act: Replay, made: str) -> Item:
    """The mark in the place of the one before, of an act that makes anew what it made: a secret is shown once, and not kept."""
    return put_op(Table.WORK, _mark(act, made))


def _mark(act: Replay, done_to: str) -> Item:
    expires = int((act.at + KEPT).timestamp())
    return keys.attributes(key(act)) | {"ticket_id": done_to, "content": act.content, "expires": expires}


def id_of(act: Replay) -> str:
    """The id of the one thing that an act makes, letters and digits: sent again, also after a fall, it makes the same thing."""
    return id_for(f"{act.who} {act.key}")


def make_once(act: Replay, make: Callable[[str], object]) -> str:
    """Make what an act makes, under the id of the act's own, unless it was made already. Answers that id.

    For what is no ticket and has no transaction to put the mark in: it comes last, so what a fall left undone is done by
    the next sending, which `make` must bear. Raises Invalid when the key was used for something else.
    """
    made = find_done(act)
    if made is None:
        made = id_of(act)
        make(made)
        note_done(act, made)
    return made


def note_done(act: Replay, made: str) -> None:
    """The mark by itself, last of all that the act does. Again, it changes nothing."""
    put(Table.WORK, _mark(act, made), if_absent=True)


def find_done(act: Replay) -> str | None:
    """The ticket the act was done to, or what it made; None when it was not done. Raises Invalid when the key was used for something else."""
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
