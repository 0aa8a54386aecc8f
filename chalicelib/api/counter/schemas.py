"""Schemas of what the counter's routes leave."""

from typing_extensions import TypedDict


class Versioned(TypedDict):
    """A ticket, and the version that it has now."""

    id: str
    version: int
