"""An index that is behind its table: what was written a moment ago is not in it yet, what was removed still is.

Every write is noted with how the item was before, in a file that all processes of a cloud share; a query of an index
then shows, of what changed within the lag, the older form.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

Item = dict[str, Any]
Call = Callable[[str, dict[str, Any]], Any]
MADE = """create table if not exists written (at real, "table" text, pk text, sk text, before text);
create index if not exists lately on written ("table", at);"""

FORGOTTEN_EVERY = 500  # writes


class Index:
    def __init__(self, journal: str, lag: float, now: Callable[[], float]) -> None:
        self.lag, self.now = lag, now
        self._notes = sqlite3.connect(journal, timeout=30, isolation_level=None, check_same_thread=False)
        self._notes.executescript(MADE)
        self._noted = 0

    def ask(self, call: Call, operation: str, said: dict[str, Any]) -> Any:
        before = [(table, key, _standing(call, table, key)) for table, key in _written(operation, said)]
        answer = call(operation, said)
        for table, key, item in before:
            self._note(table, key, item)
        return self._behind(said, answer) if operation == "Query" and "IndexName" in said else answer

    def _note(self, table: str, key: Item, before: Item | None) -> None:
        shown = before if before and any(name.endswith("PK") and name != "PK" for name in before) else None
        self._notes.execute(
            "insert into written values (?, ?, ?, ?, ?)",
            (self.now(), table, key["PK"]["S"], key["SK"]["S"], json.dumps(shown)),
        )
        self._noted += 1
        if self._noted % FORGOTTEN_EVERY == 0:
            self._notes.execute("delete from written where at < ?", (self.now() - 10 * self.lag,))

    def _behind(self, said: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        """The answer as it was `lag` seconds ago: of each item that changed since, its form before the first change."""
        old: dict[tuple[str, str], Item | None] = {}
        lately = self._notes.execute(
            'select pk, sk, before from written where "table" = ? and at > ? order by at, rowid',
            (said["TableName"], self.now() - self.lag),
        )
        for pk, sk, before in lately:
            old.setdefault((pk, sk), json.loads(before))
        if not old:
            return answer
        kept = [item for item in answer["Items"] if _key(item) not in old]
        is_last = "LastEvaluatedKey" not in answer
        shown = kept + [item for item in old.values() if item and _belongs(item, said, kept, is_last)]
        sk = f"{said['IndexName']}SK"
        shown.sort(key=lambda item: item[sk]["S"], reverse=not said.get("ScanIndexForward", True))
        return answer | {"Items": shown, "Count": len(shown)}


def _key(item: Item) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]


def _standing(call: Call, table: str, key: Item) -> Item | None:
    found = call("GetItem", {"TableName": table, "Key": key, "ConsistentRead": True}).get("Item")
    return dict(found) if found else None


def _written(operation: str, said: dict[str, Any]) -> Iterator[tuple[str, Item]]:
    """Table and key of every item that a request writes."""
    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        yield said["TableName"], _key_of(said)
    elif operation == "TransactWriteItems":
        for part in said["TransactItems"]:
            for name, one in part.items():
                if name != "ConditionCheck":
                    yield one["TableName"], _key_of(one)
    elif operation == "BatchWriteItem":
        for table, rows in said["RequestItems"].items():
            yield from ((table, _key_of(next(iter(row.values())))) for row in rows)


def _key_of(one: Item) -> Item:
    found = one.get("Key") or one["Item"]
    return {name: found[name] for name in ("PK", "SK")}


def _belongs(item: Item, said: dict[str, Any], kept: list[Item], is_last: bool) -> bool:
    """Whether the item, as it was, is of this partition and this page, and within the condition on the sort key."""
    index = said["IndexName"]
    pk, sk = (item.get(f"{index}{part}", {}).get("S") for part in ("PK", "SK"))
    values = {name: value.get("S") for name, value in said["ExpressionAttributeValues"].items()}
    if pk is None or sk is None or pk != values.get(":pk"):
        return False
    condition = said["KeyConditionExpression"]
    if "BETWEEN" in condition and not values[":low"] <= sk <= values[":high"]:
        return False
    if "begins_with" in condition and not sk.startswith(values[":sk"]):
        return False
    if "<=" in condition and sk > values[":sk"]:
        return False
    if is_last or not kept:
        return is_last
    end = kept[-1][f"{index}SK"]["S"]
    return bool(sk <= end if said.get("ScanIndexForward", True) else sk >= end)
