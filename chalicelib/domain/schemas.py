"""What several wings respond with. Every wing declares its own in its `schemas`, once, beside who fills them.

A route's return type is such a schema: mypy holds what is returned to it, OpenAPI and the clients' types are made of it
(docs/decisions/0108). Nothing imports them while the service runs, so they cost no cold start; their names are unique
over all wings, for OpenAPI has one space of names.
"""

from typing import Any, Generic, NotRequired, TypeVar

# pydantic reads `typing`'s own only from Python 3.12 on
from typing_extensions import TypedDict

Item = TypeVar("Item")


class Named(TypedDict):
    """A code is never without its name; the name is "" where the town has no such code any more."""

    code: str
    name: str


class Page(TypedDict, Generic[Item]):
    """A part of a list; `next` is asked for as `after`, null at its end."""

    items: list[Item]
    next: str | None


class Items(TypedDict, Generic[Item]):
    """A list that is never long."""

    items: list[Item]


# keys that are no names of Python
Span = TypedDict("Span", {"from": str, "to": str})


class Id(TypedDict):
    """What the request was about."""

    id: str


class Message(TypedDict):
    """For the person who asked, in Chinese."""

    message: str


class NamedFile(TypedDict):
    """A file as JSON carries it: its content in base64."""

    name: str
    file: str


class PhoneNumber(TypedDict):
    """Whom to call."""

    name: str
    number: str


class EmergencyRow(TypedDict):
    """One row of 应急卡; `number` "" where none can be dialled."""

    name: str
    number: str
    text: str


class DoneSince(TypedDict):
    """What was done to a ticket after the state that somebody decided on, in words."""

    kind: str
    by: str
    by_name: str
    at: str
    what: str


class Refusal(TypedDict):
    """Why nothing was changed: `code` for programs, `message` for the person; which of the others come hangs on the code."""

    code: str
    message: str
    # names of fields, or the bad rows of a file with line, column and reason
    fields: NotRequired[list[Any]]
    errors: NotRequired[int]
    retry_after_seconds: NotRequired[float]
    phone: NotRequired[str]
    stage: NotRequired[str]
    changes: NotRequired[list[DoneSince]]
    tries_left: NotRequired[int]
    ticket_id: NotRequired[str]
    ticket_ids: NotRequired[list[str]]
    walk_id: NotRequired[str]
    photo_id: NotRequired[str]
    replaced_by: NotRequired[str | None]
    # our own time, epoch seconds, to a partner whose clock is off
    now: NotRequired[int]
    confirmation: NotRequired[dict[str, Any]]


class UploadForm(TypedDict):
    """Where a photo is posted to, with which fields."""

    photo_id: str
    url: str
    fields: dict[str, str]


class Link(TypedDict):
    """An address that works for a few minutes."""

    url: str


class PhotoLink(Link):
    """A link to a photo; `covered`: a part of it is, for all but its owner; `may_cover`: the caller is the ticket's desk."""

    covered: bool
    may_cover: bool


class CoveredPhoto(TypedDict):
    """A photo, and whether a part of it is covered now."""

    id: str
    covered: bool


class RecordingForm(TypedDict):
    """Where a recording is posted to, with which fields."""

    recording_id: str
    url: str
    fields: dict[str, str]
