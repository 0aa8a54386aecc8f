"""Schemas of the feed, for subscribers and for the desk's page of them, and of what sensors saw."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from chalicelib.domain.feed.feed import FeedEvent


class FetchedEvent(FeedEvent):
    """An event of the feed; who reported it goes out only where it is sent."""

    identity: Annotated[dict[str, str] | None, Field(exclude=True)]


class FeedPage(TypedDict):
    """A page of the feed, oldest first; `next` is the cursor of what comes after it, also at its end."""

    items: list[FetchedEvent]
    next: str


class Acknowledged(TypedDict):
    event: str
    at: str


class FailingFeed(TypedDict):
    """The ticket that has failed most often."""

    detail: str
    since: str | None
    attempts: int
    retry_at: str | None


class FeedShown(TypedDict):
    """数据订阅: a subscriber, how far it is, and what was given up."""

    name: str
    title: str
    sends: bool
    identity: list[str]
    acknowledged: Acknowledged | None
    fetched_at: str | None
    waiting: int
    waiting_more: bool
    waiting_since: str | None
    lag_seconds: int
    failing: FailingFeed | None
    dead: int
    dead_more: bool


class GivenUp(TypedDict):
    """What was given up of a ticket, and why."""

    ticket_id: str
    number: str
    version: int
    latest: int
    attempts: int
    detail: str
    since: str | None
    tried_at: str | None


class FeedResent(TypedDict):
    """How many tickets go again; `more`: there are others."""

    resent: int
    more: bool


class ObservationsTaken(TypedDict):
    """How many observations were taken in, the tickets of them, and how many no rule asked for."""

    received: int
    tickets: list[str]
    unknown: int
