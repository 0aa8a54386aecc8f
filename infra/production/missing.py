"""`make restore FROM=folder STAGE=prod MISSING=1`: tickets that are not there any more come back, and nothing else changes.

With a ticket comes what bears its id in every table, and its photos; not sessions, consents or whatever else somebody may
have ended on purpose since. Every write is conditional, so the deployment goes on meanwhile, and the command may run again.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from chalicelib.store import keys
from infra.production import filling, restore
from infra.production.aws import Deployment, Refused
from infra.production.lines import Item

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


@dataclass(frozen=True)
class Lost:
    """Tickets of a backup that the deployment has not, and their photos."""

    ids: frozenset[str]
    photos: frozenset[str]

    def holds(self, item: Item) -> bool:
        pk, sk = item["PK"]["S"], item["SK"]["S"]
        named = {*ULID.findall(f"{pk} {sk}"), item.get("ticket_id", {}).get("S", "")}
        return not self.ids.isdisjoint(named) or keys.photo_id_of(pk) in self.photos

    def holds_photo(self, key: str) -> bool:
        return not self.photos.isdisjoint(re.split(r"[/.]", key))


def restore_missing(deployment: Deployment, folder: Path) -> int:
    """How many tickets came back. Raises Refused, and then nothing was changed."""
    restore.verify(folder)
    ours = json.loads((folder / "secrets.json").read_text())["identity_key"]
    if filling.find_key(deployment) not in (None, ours):
        raise Refused("备份的 identity_key 和这个环境的不一样，补回来的人和电话会对不上；只能用 REPLACE=1")
    lost = lost_of(deployment, folder)
    work = (restore.closed(item, go_on_sending=False) for item in restore.items(folder, "work"))
    filling.put_missing(deployment, "work", filter(lost.holds, work))
    filling.put_missing(deployment, "identities", filter(lost.holds, restore.items(folder, "identities")))
    for photo in restore.photos(folder):
        if lost.holds_photo(photo["key"]):
            filling.put_photo(deployment, photo["key"], (folder / photo["key"]).read_bytes(), photo["type"])
    # While the ticket itself is missing, a second run finds it lost.
    for turn in (_is_beside, restore.rings, restore.is_ticket):
        mine = filter(turn, filter(lost.holds, restore.items(folder, "tickets")))
        filling.put_missing(deployment, "tickets", map(restore.marked, mine))
    return len(lost.ids)


def lost_of(deployment: Deployment, folder: Path) -> Lost:
    """Those without a ticket item, which comes back last."""
    documents = {
        keys.ticket_id_of(item["PK"]["S"]): json.loads(item["document"]["S"])
        for item in restore.items(folder, "tickets")
        if restore.is_ticket(item)
    }
    there = _there(deployment, list(documents))
    ids = frozenset(documents) - there
    photos = {photo for ticket_id in ids for photo in _photos(documents[ticket_id])}
    return Lost(ids, frozenset(photos))


def _is_beside(item: Item) -> bool:
    return not (restore.rings(item) or restore.is_ticket(item))


def _photos(value: Any) -> Iterator[str]:
    """Every photo's id that a ticket names, wherever in it: they are ULIDs, as its own id is."""
    return iter(set(ULID.findall(json.dumps(value))))


def _there(deployment: Deployment, ids: list[str]) -> set[str]:
    tables, name, found = deployment.client("dynamodb"), deployment.table("tickets"), set()
    waiting = iter(ids)
    while batch := list(islice(waiting, filling.READ_BATCH)):
        asked = [keys.wired(keys.ticket(each)) for each in batch]
        wanted: Any = {name: {"Keys": asked, "ConsistentRead": True}}
        while wanted:
            answer = tables.batch_get_item(RequestItems=wanted)
            found |= {keys.ticket_id_of(item["PK"]["S"]) for item in answer["Responses"].get(name, [])}
            wanted = answer.get("UnprocessedKeys")
    return found
