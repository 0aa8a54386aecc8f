"""Who acts, and who is told something, where that is nobody by a staff code."""

from enum import StrEnum
from typing import Annotated, Self


class Actor(StrEnum):
    """Whoever acts without a staff code, with what others read of it."""

    words: str

    def __new__(cls, word: str, words: str = "") -> Self:
        member = str.__new__(cls, word)
        member._value_, member.words = word, words
        return member

    REPORTER = "reporter", "居民"  # whoever reported it, or whose report was merged into it
    MEMBER = "member", "附议居民"
    MACHINE = "machine", "系统"

    @classmethod
    def named(cls, by: str) -> "Actor | None":
        """Who this is; None for a staff code."""
        return next((actor for actor in cls if actor == by), None)


RESIDENTS = frozenset({Actor.REPORTER, Actor.MEMBER})


class Addressee(StrEnum):
    """Those among residents to whom a notice goes, as many as there are."""

    REPORTER = "reporter"  # whoever reported it, and whose report was merged into it
    MEMBERS = "members"  # 附议居民


# A staff code (of a volunteer his mark), or who acts without one. It is kept as text.
By = Annotated[str, Actor]
# Whom a notice is for: one of these, "staff:<code>" or "partner:<name>".
To = Annotated[str, Addressee]
