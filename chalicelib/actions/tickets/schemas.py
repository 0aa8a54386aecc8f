"""Schemas of tickets as lines of lists, and of what becomes of many at once."""

from typing import NotRequired

from typing_extensions import TypedDict


class TicketLine(TypedDict):
    """A ticket as one line of a list, without free text."""

    id: str
    number: str
    practice: bool
    stage: str
    stage_name: str
    place: str
    category: str | None
    category_name: str
    round: int
    received_at: str
    closed_at: str | None


class MemberLine(TicketLine):
    """A ticket of a class; `words`: the beginning of what was said, as the caller may read it."""

    words: str


class MayAct(TypedDict):
    """Which buttons the resident's page shows."""

    comment: bool
    withdraw: bool
    rate: bool
    avoid: bool
    split: bool
    reopen: bool


class ConfrontAsked(TypedDict):
    """转告事由 as its reporter is asked: to whom, and the very words that would go out."""

    id: str
    to: str
    text: str


class StatementAsked(TypedDict):
    """What a leader has put to somebody, who owes a statement 说明; nothing of any ticket."""

    id: str
    text: str
    by_name: str
    due_at: str
    practice: bool


class BulkResult(TypedDict):
    """What became of one ticket of many: `ok`, or why not."""

    id: str
    ok: bool
    stage: NotRequired[str]
    version: NotRequired[int]
    code: NotRequired[str]
    message: NotRequired[str]
