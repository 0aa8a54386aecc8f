"""What makes a backup whole although the town goes on working while it is taken.

A scan is not one instant. Of a ticket, everything is written in one transaction with its line of history, so a ticket
that changed while it was being read shows: the newest line is younger than the backup, or is not the ticket's version.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.store import keys
from infra.production.aws import Deployment, Refused
from infra.production.lines import Item

SKEW = timedelta(minutes=5)  # by which the clocks of two machines may differ, and more
ATTEMPTS = 20
EVENT_KEY = re.compile(
    rf"(?:{keys.INBOX}|{keys.OUTWARD})(?P<at>[^#]+)#(?P<id>[0-9A-Z]{{26}})-(?P<version>\d{{6}})"
)
# Of one machine or of a few minutes; a restored deployment makes its own.
_MADE_HERE = (
    keys.platform_token(""),
    keys.lease(0),
    keys.pace("", 0),
    keys.limit("", "", 0, 0),
    keys.restore_mark(),
)
NOT_KEPT = frozenset(keys.kind_of(key.pk) for key in _MADE_HERE)


@dataclass
class Seen:
    version: int = 0  # as the ticket says
    newest: int = 0  # the newest line of history
    at: str = ""  # of that line


class Tickets:
    """What a scan of the tickets has shown."""

    def __init__(self, started: datetime) -> None:
        self.since = started - SKEW
        self.seen: dict[str, Seen] = {}

    def note(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            self._note(item)
            yield item

    def torn(self) -> set[str]:
        """The partitions that may have changed while they were read."""
        return {
            keys.ticket_pk(ticket_id)
            for ticket_id, seen in self.seen.items()
            if seen.version != seen.newest or self._is_new(seen.at)
        }

    def is_orphan(self, item: Item) -> bool:
        """Whether an item of another table belongs to what the backup of the tickets does not hold yet."""
        if found := EVENT_KEY.match(item["SK"]["S"]):
            known = self.seen.get(found["id"])
            late = known is None or int(found["version"]) > known.newest
            return late and self._is_new(found["at"])
        named = [
            keys.ticket_id_of(key["S"]) for key in (item["PK"], item["SK"]) if keys.is_ticket_pk(key["S"])
        ]
        at = item.get("at", {}).get("S", "")
        return any(name not in self.seen for name in named) and bool(at) and self._is_new(at)

    def _is_new(self, at: str) -> bool:
        try:
            return datetime.fromisoformat(at) >= self.since
        except ValueError:
            return True

    def _note(self, item: Item) -> None:
        pk, sk = item["PK"]["S"], item["SK"]["S"]
        if not keys.is_ticket_pk(pk):
            return
        ticket_id = keys.ticket_id_of(pk)
        seen = self.seen.setdefault(ticket_id, Seen())
        if (pk, sk) == keys.ticket(ticket_id):
            seen.version = int(item["version"]["N"])
        elif keys.is_event(sk) and not keys.is_beside(sk) and keys.version_of(sk) > seen.newest:
            seen.newest, seen.at = keys.version_of(sk), _at(item)


def _at(event: Item) -> str:
    """When a line was written; "" for one that cannot be read, which then counts as new."""
    try:
        return str(json.loads(event["document"]["S"])["at"])
    except (KeyError, ValueError, TypeError):
        return ""


def is_kept(item: Item) -> bool:
    return keys.kind_of(item["PK"]["S"]) not in NOT_KEPT


def scan(deployment: Deployment, name: str, **how: Any) -> Iterator[Item]:
    """Every item of a table, in no order. Only a backup may: the service itself has no scan."""
    pages = deployment.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=deployment.table(name), ConsistentRead=True, **how):
        yield from page["Items"]


def partition(deployment: Deployment, pk: str) -> list[Item]:
    """One ticket at one instant: read again until its version stood still meanwhile. Raises Refused."""
    for _ in range(ATTEMPTS):
        before = _version(deployment, pk)
        pages = deployment.client("dynamodb").get_paginator("query")
        asked = {"KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}
        found = pages.paginate(TableName=deployment.table("tickets"), ConsistentRead=True, **asked)
        items = [item for page in found for item in page["Items"]]
        if _version(deployment, pk) == before:
            return items
    raise Refused(f"{pk} 一直在变，没能读到完整的一份，请在不忙的时候再备份")


def _version(deployment: Deployment, pk: str) -> str | None:
    key = keys.wired(keys.ticket(keys.ticket_id_of(pk)))
    answer = deployment.client("dynamodb").get_item(
        TableName=deployment.table("tickets"), Key=key, ConsistentRead=True
    )
    return str(answer["Item"]["version"]["N"]) if "Item" in answer else None
