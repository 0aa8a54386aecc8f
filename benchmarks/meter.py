"""What DynamoDB is asked and what it charges: requests by name, read and write units, and writes by partition key."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Item = dict[str, Any]
_READS = {"GetItem", "BatchGetItem", "Query"}
_KB = 1024


class Meter:
    """Counts while `on`. Write units by partition key are recalculated from the items; the totals are the engine's own."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.requests: Counter[str] = Counter()
        self.read_units = 0.0
        self.write_units = 0.0
        self.keys: Counter[str] = Counter()
        self.on = False

    @contextmanager
    def counting(self) -> Iterator["Meter"]:
        """Count from zero, for the length of the block."""
        handlers = {
            "provide-client-params.dynamodb": self._ask,
            "before-call.dynamodb": self._count,
            "after-call.dynamodb": self._charge,
        }
        for event, handler in handlers.items():
            self.client.meta.events.register(event, handler)
        self.requests.clear()
        self.keys.clear()
        self.read_units = self.write_units = 0.0
        self.on = True
        try:
            yield self
        finally:
            self.on = False
            for event, handler in handlers.items():
                self.client.meta.events.unregister(event, handler)

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

    def _ask(self, params: Item, **_: Any) -> None:
        if not self.on:
            return
        params["ReturnConsumedCapacity"] = "INDEXES"
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
        units = -(-len(json.dumps(item, ensure_ascii=False).encode()) // _KB)
        table = body["TableName"].rsplit("-", 1)[-1]
        self.keys[f"{table} {item['PK']['S']}"] += units * factor
        if "GSI1PK" in item:
            self.keys[f"{table}.GSI1 {item['GSI1PK']['S']}"] += units

    def _count(self, model: Any, **_: Any) -> None:
        if self.on:
            self.requests[model.name] += 1

    def _charge(self, parsed: Item, model: Any, **_: Any) -> None:
        charged = parsed.get("ConsumedCapacity", [])
        units = sum(c["CapacityUnits"] for c in (charged if isinstance(charged, list) else [charged]))
        if self.on and model.name in _READS:
            self.read_units += units
        elif self.on:
            self.write_units += units
