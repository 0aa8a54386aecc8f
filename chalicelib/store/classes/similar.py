"""Where reports that may be the same are found: signatures under a few keys each, and what people said of pairs.

Each key has eight slots, and a report takes the one that its id and the key say: so a key never grows, a report written twice changes
nothing, and everything there is to compare with is one batch read, whatever the number of tickets.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from chalicelib.domain.classes.similarity import KEPT, MOST_SHELVES, Look
from chalicelib.domain.model import Frozen, Instant, from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, batch_get, batch_write, query

SLOTS = 8
MOST_READ = SLOTS * MOST_SHELVES  # keys of the one batch read: within the hundred that DynamoDB takes
_MOST_JUDGED = 100


class Judged(Frozen):
    """What a person said of a pair of tickets: one matter or not."""

    other: str
    same: bool
    by: str
    at: Instant


def write(look: Look, shelves: Iterable[str], now: datetime, *, beside: Iterable[Item] = ()) -> None:
    """Put a report under its keys: one write unit each; and `beside` them, in the same request, what else. Idempotent."""
    batch_write(Table.WORK, puts=[*(_item(look, shelf, now) for shelf in shelves), *beside])


def find(shelves: Iterable[str], now: datetime) -> list[Look]:
    """The reports under these keys, each once, as last written. One batch read.

    What has expired may not be removed yet; it is left out.
    """
    wanted = [keys.alike(shelf, slot) for shelf in shelves for slot in range(SLOTS)]
    items = sorted(batch_get(Table.WORK, wanted), key=lambda item: item["noted_at"])
    found = {item["ticket_id"]: item for item in items}
    return [_load(item) for item in found.values() if item["expires"] > now.timestamp()]


def judge(ticket_id: str, judged: Judged) -> None:
    """Keep what a person said of a pair, for both; said again, the last word stands."""
    other = judged.model_copy(update={"other": ticket_id})
    pairs = ((ticket_id, judged), (judged.other, other))
    batch_write(
        Table.WORK,
        puts=[
            keys.attributes(keys.judged(one, said.other)) | {"document": said.model_dump_json()}
            for one, said in pairs
        ],
    )


def list_judged(ticket_id: str) -> dict[str, Judged]:
    """What was said of a ticket and others, by the other's id; the hundred it needs at most."""
    items = query(Table.WORK, keys.judged_pk(ticket_id), limit=_MOST_JUDGED, consistent=True)
    return {item["SK"]: Judged.model_validate_json(item["document"]) for item in items}


def _slot(shelf: str, ticket_id: str) -> int:
    """Another under every key: a newer report that takes an older one's place under one leaves it its place under the others.

    Not a checksum: of two ids it differs alike whatever the key (it is linear), so they would share all slots or none.
    """
    return sha256(f"{shelf} {ticket_id}".encode()).digest()[0] % SLOTS


def _item(look: Look, shelf: str, now: datetime) -> Item:
    return keys.attributes(keys.alike(shelf, _slot(shelf, look.ticket_id))) | {
        "ticket_id": look.ticket_id,
        "sketch": b64encode(look.sketch).decode(),
        "head": b64encode(look.head).decode(),
        "path": list(look.path),
        "scope": look.scope,
        "category": look.category,
        "topics": list(look.topics),
        "at": stamp(look.at),
        "noted_at": stamp(now),
        "cluster": look.cluster,
        "expires": int((look.at + KEPT).timestamp()),
    }


def _load(item: Item) -> Look:
    return Look(
        ticket_id=item["ticket_id"],
        sketch=b64decode(item["sketch"]),
        head=b64decode(item["head"]),
        path=tuple(item["path"]),
        scope=item["scope"],
        category=item["category"],
        topics=tuple(item["topics"]),
        at=from_stamp(item["at"]),
        cluster=item["cluster"],
    )
