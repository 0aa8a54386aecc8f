"""Schemas of the keys by which programs report through Open311."""

from typing_extensions import TypedDict


class KeyIssued(TypedDict):
    """A key, shown this once."""

    name: str
    api_key: str


class KeysWithdrawn(TypedDict):
    """How many keys of a program hold no more."""

    name: str
    withdrawn: int
