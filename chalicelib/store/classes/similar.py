"""Where reports that may be the same are found: signatures under a few keys each, and what people said of pairs.

Each key has eight slots, and a report takes the one that its id and the key say: so a key never grows, a report written twice changes
nothing, and everything there is to compare with is one batch read, whatever the number of tickets.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, partial
from hashlib import sha256
from typing import NamedTuple

from chalicelib.domain.classes.similarity import KEPT, MOST_SHELVES, Look
from chalicelib.domain.model import Frozen, Instant, from_stamp, stamp
from chalicelib.domain.town.vocabulary import Position
from chalicelib.store import documents, keys
from chalicelib.store.requests.idempotency import Replay, done_op, was_done
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Key,
    Table,
    batch_get,
    batch_write,
    put_op,
    query,
    transact,
)

SLOTS = 8
MOST_READ = SLOTS * MOST_SHELVES  # keys of the one batch read: within the hundred that DynamoDB takes
FULL_FOR = timedelta(days=10)  # of the forty that a report is kept
_MOST_JUDGED = 100


class Judged(Frozen):
    """What a person said of a pair of tickets: one matter or not."""

    other: str
    same: bool
    by: str
    at: Instant


class _Kept(NamedTuple):
    look: Look
    noted_at: str
    expires: int


class Shelves:
    """What stands under the keys, each asked for once, and kept as it is written from here: for reports that are looked at together."""

    def __init__(self) -> None:
        self._slots: dict[Key, _Kept | None] = {}  # None: nothing stands there
        self._keys = cache(_slots)
        self._looks = cache(
            partial(documents.read, Look)
        )  # a report stands under several keys in the same words

    def find(self, shelves: Iterable[str], now: datetime) -> list[Look]:
        """The reports under these keys, each once, as last written. One batch read of those not asked for yet.

        What has expired may not be removed yet; it is left out.
        """
        shelves = list(shelves)
        if missing := self.missing(shelves):
            self.take(batch_get(Table.WORK, missing))
        wanted = [key for shelf in shelves for key in self._keys(shelf)]
        standing = sorted(filter(None, map(self._slots.get, wanted)), key=lambda kept: kept.noted_at)
        found = {kept.look.ticket_id: kept for kept in standing}
        return [kept.look for kept in found.values() if kept.expires > now.timestamp()]

    def missing(self, shelves: Iterable[str]) -> list[Key]:
        """What is still to be read of them: the caller reads it and says what stands there (`take`)."""
        unread = [key for shelf in shelves for key in self._keys(shelf) if key not in self._slots]
        self._slots |= dict.fromkeys(unread)
        return unread

    def write(
        self, look: Look, shelves: Iterable[str], now: datetime, *, beside: Iterable[Item] = ()
    ) -> None:
        """Put a report under its keys: one write unit each; and `beside` them, in the same request, what else. Idempotent.

        Not under a key that holds nothing but reports of its own cluster from the last days: in their place it would say nothing new.
        The first is always written: who looks for the report itself looks there.
        """
        first, *others = shelves
        under = [first, *(shelf for shelf in others if not self._is_full_of(look, shelf))]
        same = _same_under_all(look, now)
        items = [keys.attributes(keys.alike(shelf, _slot(shelf, look.ticket_id))) | same for shelf in under]
        batch_write(Table.WORK, puts=[*items, *beside])
        self.take(items)

    def _is_full_of(self, look: Look, shelf: str) -> bool:
        since = look.at - FULL_FOR
        kept = map(self._slots.get, self._keys(shelf))
        return all(each and each.look.cluster == look.cluster and each.look.at >= since for each in kept)

    def take(self, items: Iterable[Item]) -> None:
        self._slots |= {
            keys.Key(item["PK"], item["SK"]): _Kept(self._look(item), item["noted_at"], item["expires"])
            for item in items
        }

    def _look(self, item: Item) -> Look:
        """One text is what the next version writes (decision 0152), and is read already: two versions run while one replaces the other."""
        return self._looks(item["look"]) if "look" in item else _in_parts(item)


def write(look: Look, shelves: Iterable[str], now: datetime) -> None:
    """As `Shelves.write`, of one report by itself."""
    if under := list(shelves):
        Shelves().write(look, under, now)


def find(shelves: Iterable[str], now: datetime) -> list[Look]:
    """As `Shelves.find`, of one report by itself."""
    return Shelves().find(shelves, now)


def judge(ticket_id: str, judged: Judged, replay: Replay | None = None) -> None:
    """Keep what a person said of a pair, for both; said again, the last word stands. What `replay` names is said once."""
    if replay is not None and was_done(replay):
        return
    other = judged.model_copy(update={"other": ticket_id})
    pairs = ((ticket_id, judged), (judged.other, other))
    said = [
        put_op(Table.WORK, keys.attributes(keys.judged(one, of.other)) | {"document": of.model_dump_json()})
        for one, of in pairs
    ]
    try:
        transact([*said, done_op(replay, ticket_id)] if replay else said)
    except ConditionFailed:  # by the same request, which was served meanwhile
        return


def list_judged(ticket_id: str) -> dict[str, Judged]:
    """What was said of a ticket and others, by the other's id; the hundred it needs at most."""
    items = query(Table.WORK, keys.judged_pk(ticket_id), limit=_MOST_JUDGED, consistent=True)
    return {item["SK"]: load_judged(item) for item in items}


def load_judged(item: Item) -> Judged:
    return documents.read(Judged, item["document"])


def _slots(shelf: str) -> list[Key]:
    return [keys.alike(shelf, slot) for slot in range(SLOTS)]


def _slot(shelf: str, ticket_id: str) -> int:
    """Another under every key: a newer report that takes an older one's place under one leaves it its place under the others.

    Not a checksum: of two ids it differs alike whatever the key (it is linear), so they would share all slots or none.
    """
    return sha256(f"{shelf} {ticket_id}".encode()).digest()[0] % SLOTS


def _same_under_all(look: Look, now: datetime) -> Item:
    return {
        "ticket_id": look.ticket_id,
        "sketch": b64encode(look.sketch).decode(),
        "head": b64encode(look.head).decode(),
        "path": list(look.path),
        "scope": look.scope,
        "category": look.category,
        "topics": list(look.topics),
        "at": stamp(look.at),
        "noted_at": stamp(now),
        "position": [str(degrees) for degrees in look.position or ()],
        "cluster": look.cluster,
        "expires": int((look.at + KEPT).timestamp()),
    }


def _in_parts(item: Item) -> Look:
    return Look(
        ticket_id=item["ticket_id"],
        sketch=b64decode(item["sketch"]),
        head=b64decode(item["head"]),
        path=tuple(item["path"]),
        scope=item["scope"],
        category=item["category"],
        topics=tuple(item["topics"]),
        at=from_stamp(item["at"]),
        position=_position(item.get("position")),
        cluster=item["cluster"],
    )


def _position(kept: list[str] | None) -> Position | None:
    """None for what was written before positions were kept, too."""
    return (float(kept[0]), float(kept[1])) if kept else None
