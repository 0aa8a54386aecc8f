"""What a key is, and the register of all shapes: docs/architecture.md lists what stands in it (infra/docs/keys.py).

A builder is marked by the table in which its item stands, or by the items that it puts into the index GSI1. Its docstring says
what the item is for. What ends in `_pk` is a partition, for queries; what is written in capitals is a beginning of sort keys.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar
from zlib import crc32


class Key(NamedTuple):
    """Where an item stands: in the table (PK, SK) or in the index (GSI1PK, GSI1SK)."""

    pk: str
    sk: str


class Shape(NamedTuple):
    """`table`: tickets, work or identities; "" for an entry of the index. `of`: the builders of the items it is an entry of."""

    build: Callable[..., Key]
    table: str
    of: tuple[str, ...] = ()


SHAPES: dict[str, Shape] = {}
Builder = TypeVar("Builder", bound=Callable[..., Key])


def stands_in(table: str) -> Callable[[Builder], Builder]:
    """The builder of an item's key in a table."""

    def register(build: Builder) -> Builder:
        _add(Shape(build, table))
        return build

    return register


def lists(*items: Callable[..., Key]) -> Callable[[Builder], Builder]:
    """The builder of the entry by which the index lists these items."""

    def register(build: Builder) -> Builder:
        _add(Shape(build, "", tuple(item.__name__ for item in items)))
        return build

    return register


def shelved(pk: str, shelf: int) -> str:
    """One of the shelves of a partition that a city would make too hot; the first bears the partition's own name."""
    return f"{pk}#{shelf}" if shelf else pk


def shelf_of(name: str, shelves: int) -> int:
    return crc32(name.encode()) % shelves


def _add(shape: Shape) -> None:
    name = shape.build.__name__
    assert name not in SHAPES, f"two key shapes bear the name {name}"
    SHAPES[name] = shape


ATTRIBUTES = frozenset({"PK", "SK", "GSI1PK", "GSI1SK"})


def attributes(key: Key, listed: Key | None = None) -> dict[str, Any]:
    """A key as the attributes of its item, with those by which the index lists it."""
    item: dict[str, Any] = {"PK": key.pk, "SK": key.sk}
    return item if listed is None else item | listing(listed)


def wired(key: Key) -> dict[str, Any]:
    """The same in DynamoDB's own notation."""
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


def kind_of(pk: str) -> str:
    """What kind of item a partition holds: the word before the first #."""
    return pk.partition("#")[0]


def listing(listed: Key) -> dict[str, Any]:
    """The attributes by which the index lists an item."""
    return {"GSI1PK": listed.pk, "GSI1SK": listed.sk}
