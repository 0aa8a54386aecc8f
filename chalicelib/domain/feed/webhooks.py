"""推送: where a subscriber stands with each ticket, and what of the feed is sent to it next, in order per ticket."""

from datetime import datetime, timedelta

from chalicelib.domain.feed.feed import HIDDEN, FeedEvent
from chalicelib.domain.model import Frozen, Instant

GIVEN_UP_AFTER = timedelta(days=3)  # counted from the first try
WITHHELD = timedelta(
    seconds=90
)  # longer than anything that writes the feed may run (55 s), and clocks differ


class Standing(Frozen):
    """What one subscriber has acknowledged of one ticket (`sent`), and what the feed holds of it (`latest`)."""

    subscriber: str
    ticket_id: str
    number: str
    sent: int = 0
    latest: int
    since: Instant | None = None  # since when something waits
    attempts: int = 0  # of the event after `sent`
    detail: str = ""  # why the last try was none
    failing_since: Instant | None = None
    tried_at: Instant | None = None
    retry_at: Instant | None = None
    dead: bool = False


def sendable(events: list[FeedEvent], standing: Standing, *, hidden: bool) -> list[FeedEvent]:
    """What is sent of the events after `sent`. Of a ticket that is hidden by now only that it is, and only to a
    subscriber that may have been told of it.
    """
    if not hidden:
        return events
    knows = standing.sent > 0 or standing.attempts > 0
    return [event for event in events if event.kind == HIDDEN][-1:] if knows else []


def is_given_up(standing: Standing, now: datetime) -> bool:
    """Whether a try that failed now was the last; the end of the third day still counts as within."""
    return standing.failing_since is not None and now - standing.failing_since > GIVEN_UP_AFTER
