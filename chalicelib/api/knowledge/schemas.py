"""Schemas of the routes of knowledge."""

from typing_extensions import TypedDict

from chalicelib.actions.knowledge.schemas import EntryShown


class EntryOffered(TypedDict):
    """The entry to be asked about, or none; `danger`: the words say so, which is asked first."""

    items: list[EntryShown]
    danger: bool


class SelfHelp(TypedDict):
    """自助解答: how many an entry answered on a day."""

    day: str
    code: str
    count: int


class EntryCode(TypedDict):
    """The entry that answered."""

    code: str
