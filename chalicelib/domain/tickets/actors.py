"""Who acts, and who is told something, where that is nobody by a staff code."""

from enum import StrEnum
from typing import Annotated

from chalicelib.domain.model import Worded


class Actor(Worded):
    """Whoever acts without a staff code, with what others read of it."""

    REPORTER = "reporter", "居民"  # whoever reported it, or whose report was merged into it
    MEMBER = "member", "附议居民"
    MACHINE = "machine", "系统"


RESIDENTS = frozenset({Actor.REPORTER, Actor.MEMBER})


class Addressee(StrEnum):
    """Those among residents to whom a notice goes, as many as there are."""

    REPORTER = "reporter"  # whoever reported it, and whose report was merged into it
    MEMBERS = "members"  # 附议居民


# A staff code (of a volunteer his mark), or who acts without one. It is kept as text.
By = Annotated[str, Actor]
# Whom a notice is for: one of these, "staff:<code>" or "partner:<name>".
To = Annotated[str, Addressee]
