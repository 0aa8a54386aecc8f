"""moto's DynamoDB without what made it most of the time of every test: copies, comparisons and look-ups that nobody needs.

What it answers stays the same: the contract of the stores (tests/store) runs on it and on a real engine.
"""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table


def hasten() -> None:
    cast: Any = DynamoType.__dict__["cast_value"].fget
    transact, structure = DynamoDBBackend.transact_write_items, ResponseSerializer._serialize_type_structure
    for owner, name, ours in (
        (DynamoDBBackend, "transact_write_items", _undoing_what_it_names(transact)),
        (Table, "__deepcopy__", lambda table, _: table),  # which transactions asked for
        (Table, "all_items", _all_items),
        (DynamoType, "cast_value", property(lambda self: self.value if self.type == "S" else cast(self))),
        (ResponseSerializer, "_serialize_type_structure", _writing_what_is_there(structure)),
    ):
        setattr(owner, name, ours)


def _undoing_what_it_names(transact: Callable[..., None]) -> Callable[..., None]:
    """For each operation of a transaction moto copies a whole table, to put it back: it was most of the time of every test.

    What a transaction names is all that it changes, so that alone is copied, and put back.
    """

    @wraps(transact)
    def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        kept: dict[tuple[str, DynamoType], dict[Any, Any]] = {}
        for operation in (
            each for one in transact_items for each in one.values() if each["TableName"] in self.tables
        ):
            named = operation.get("Key") or operation["Item"]
            name, pk, sk = operation["TableName"], DynamoType(named["PK"]), DynamoType(named["SK"])
            partition = kept.setdefault((name, pk), dict(self.tables[name].items.get(pk, {})))
            partition |= {sk: copy.deepcopy(partition[sk])} if sk in partition else {}
        try:
            transact(self, transact_items)
        except BaseException:
            for (name, pk), partition in kept.items():
                self.tables[name].items[pk] = partition
            raise

    return transact_write_items


def _writing_what_is_there(write: Callable[..., None]) -> Callable[..., None]:
    """moto looks for ten kinds of value by eleven names each in every attribute; an attribute has one, by its own name."""

    @wraps(write)
    def structure(self: ResponseSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name != "AttributeValue" or not isinstance(value, dict) or not key:
            return write(self, serialized, value, shape, key)
        wrapper: Any = self.MAP_TYPE()
        for kind in value:
            self._serialize_structure_member(wrapper, value, shape.members[kind], kind)
        return self._default_serialize(serialized, wrapper, shape, key)

    return structure


def _all_items(self: Table) -> list[Item]:
    """moto compares two keys in a dozen calls, of every item in every query. All of ours are text."""
    items = [item for partition in self.items.values() for item in partition.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))
