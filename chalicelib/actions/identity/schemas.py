"""Schemas of what whoever answers for a unit reads: who looked at what, and what waits for a second person's yes."""

from typing_extensions import TypedDict

from chalicelib.domain.views.schemas import LookLine


class LookedHowOften(TypedDict):
    """How often a person of the page looked, and at who reported."""

    code: str
    name: str
    looks: int
    reveals: int


class Looks(TypedDict):
    """查看记录: who of a unit looked at what on a day, why, and how often."""

    items: list[LookLine]
    next: str | None
    unit: str
    unit_name: str
    day: str
    people: list[LookedHowOften]


class ScreenLock(TypedDict):
    """锁屏: after how long without a key a console's screen locks, and whether a PIN opens it; `ends_at`: a code again.

    `draft_key`: 32 bytes as base64, by which this console seals the person's own unsent words.
    """

    idle_seconds: int
    busy_seconds: int
    is_registered: bool
    has_pin: bool
    ends_at: str
    draft_key: str


class ConfirmationShown(TypedDict):
    """待确认: what makes power, asked for and decided by two."""

    id: str
    kind: str
    kind_name: str
    lines: list[str]
    by: str
    by_name: str
    at: str
    decision: str
    decided_by: str
    decided_by_name: str
    note: str
    waits_for: list[str]
    in_force_until: str | None
    may_decide: bool
