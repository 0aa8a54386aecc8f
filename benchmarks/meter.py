"""What DynamoDB is asked and what it charges: requests by name, read and write units, and writes by partition key."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.store import direct

Item = dict[str, Any]
_READS = {"GetItem", "BatchGetItem", "Query"}
_KB = 1024


class Meter(direct.GoBetween):
    """Counts while `on`. Write units by partition key are recalculated from the items; the totals are the engine's own."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.read_units = 0.0
        self.write_units = 0.0
        self.keys: Counter[str] = Counter()
        self.worker = ""  # whose requests these are
        self.by_worker: Counter[str] = Counter()
        self.on = False

    @contextmanager
    def counting(self) -> Iterator["Meter"]:
        """Count from zero, for the length of the block."""
        direct.GO_BETWEENS.append(self)
        self.requests.clear()
        self.keys.clear()
        self.by_worker.clear()
        self.read_units = self.write_units = 0.0
        self.on = True
        try:
            yield self
        finally:
            self.on = False
            direct.GO_BETWEENS.remove(self)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """For what the cloud itself does without charging the tables, such as reading a stream."""
        was, self.on = self.on, False
        try:
            yield
        finally:
            self.on = was

    @property
    def singles(self) -> int:
        """Requests beside transactions."""
        return sum(self.requests.values()) - self.requests["TransactWriteItems"]

    def ask(self, call: direct.Call, operation: str, request: direct.Request) -> direct.Answer:
        if not self.on:
            return call(operation, request)
        self.requests[operation] += 1
        self.by_worker[self.worker] += 1
        self._note_keys(request)
        answer = call(operation, request | {"ReturnConsumedCapacity": "INDEXES"})
        self._charge(operation, answer)
        return answer

    def _note_keys(self, params: direct.Request) -> None:
        for operation in params.get("TransactItems", ()):
            for body in operation.values():
                self._key_of(body, 2)  # a transaction prepares and commits
        for table, writes in params.get("RequestItems", {}).items():
            for write in writes if isinstance(writes, list) else ():
                for body in write.values():
                    self._key_of(body | {"TableName": table}, 1)
        if "Item" in params or "UpdateExpression" in params:
            self._key_of(params, 1)

    def _key_of(self, body: Item, factor: int) -> None:
        item = body.get("Item") or body.get("Key") or {}
        units = -(-_size(item) // _KB)
        table = body["TableName"].rsplit("-", 1)[-1]
        self.keys[f"{table} {item['PK']['S']}"] += units * factor
        if "GSI1PK" in item:
            self.keys[f"{table}.GSI1 {item['GSI1PK']['S']}"] += units

    def _charge(self, operation: str, answer: direct.Answer) -> None:
        charged = answer.get("ConsumedCapacity", [])
        units = sum(c["CapacityUnits"] for c in (charged if isinstance(charged, list) else [charged]))
        if operation in _READS:
            self.read_units += units
        else:
            self.write_units += units


def _size(item: Item) -> int:
    """Of an item in DynamoDB's own notation; what is bytes counts as they are."""
    held = sum(len(value["B"]) for value in item.values() if "B" in value)
    written = {name: value for name, value in item.items() if "B" not in value}
    return held + len(json.dumps(written, ensure_ascii=False).encode())
