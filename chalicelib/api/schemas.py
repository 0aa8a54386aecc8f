"""Schemas of jobs, of 反馈表 and of inboxes, whose routes lie beside the wings."""

from typing_extensions import TypedDict

from chalicelib.domain.jobs import Trouble


class JobRow(TypedDict):
    """How far a job of many rows is: `counts` by what became of a row."""

    id: str
    kind: str
    about: dict[str, str]
    by: str
    at: str
    total: int
    chunks: int
    chunks_done: int
    counts: dict[str, int]
    finished_at: str | None


class JobShown(JobRow):
    """The same with a page of the rows that were not taken in, and why."""

    troubles: list[Trouble]
    next: str | None


class FormTaken(TypedDict):
    """交回反馈表: `how` it was taken, how many opinions it held, and whether a result was proposed."""

    id: str
    version: int
    how: str
    opinions: int
    proposed: bool


class InboxLine(TypedDict):
    """A message of the in-app inbox, in words."""

    id: str
    at: str
    ticket_id: str
    template: str
    title: str
    text: str
    urgent: bool
    unread: bool


class Inbox(TypedDict):
    """A page of messages, newest first."""

    items: list[InboxLine]
    next: str | None
    unread: int


class ReadUntil(TypedDict):
    """How far an inbox is read."""

    until: str
