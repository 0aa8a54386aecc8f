"""事件流: what a line of history adds to the feed; what a subscriber fetches of it; and what the desk sees of subscribers."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.errors import BadRequest, NotFound
from chalicelib.domain.feed import feed as rules
from chalicelib.domain.feed.feed import HIDDEN, FeedEvent
from chalicelib.domain.feed.webhooks import WITHHELD, Standing
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.patterns import regex
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.store.feed import feed, subscribers
from chalicelib.store.feed.subscribers import Contacted
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory

NOW = "now"  # as a cursor: from here on
MOST_FETCHED = 100
MOST_REVIVED = 200
_CURSOR = regex(r"[0-9]{4}-[0-9T:.-]{18}Z(~|![0-9A-Z]{1,40}-[0-9]{6,9})?")


class Overview(NamedTuple):
    """One subscriber, as the desk sees it. `waiting` and `dead` hold a hundred at most; `…_more`: there are more."""

    subscriber: Subscriber
    contacted: Contacted
    waiting: list[Standing]
    waiting_more: bool
    dead: list[Standing]
    dead_more: bool


def note(line: Line, *, now: datetime, read: Reading | None = None) -> int:
    """What a line of history adds to the feed, whichever line it is: all that the feed lacks of its ticket, in order.

    So a line that comes twice adds nothing, and one that comes late, or never, was brought by another. Answers how many.
    """
    known = directory.town().subscribers
    if not known or line.is_beside:  # a comment or a join changes no state
        return 0
    try:
        ticket = (read or tickets.get)(line.ticket_id)
    except NotFound:  # its case was removed
        return 0
    last = feed.find_last(ticket.id)
    lines = feed.list_lines(ticket.id, last.version if last else 0)
    events = rules.following(lines, last, ticket, directory.town())
    feed.add(events, now)
    latest = events[-1].version if events else last.version if last else 0
    _wake(known, ticket.id, ticket.number, latest, now)
    return len(events)


def _wake(known: Iterable[Subscriber], ticket_id: str, number: str, latest: int, now: datetime) -> None:
    """Also where nothing was added: whoever wrote it may have died before this."""
    sent_to = [subscriber.name for subscriber in known if subscriber.address]
    if latest and sent_to:
        for name in subscribers.list_behind(sent_to, ticket_id, latest):
            subscribers.wake(name, ticket_id, number, latest, now)


def fetch(name: str, *, after: str | None, now: datetime) -> tuple[list[FeedEvent], str]:
    """A page of the feed, and the cursor of what comes next. Raises NotFound for no subscriber, BadRequest for no cursor."""
    _subscriber(directory.town(), name)
    until = now - WITHHELD
    found, following = feed.list_from(_position(after, until, now), until, limit=MOST_FETCHED)
    subscribers.fetched(name, now)
    return _not_hidden(found), following


def _position(after: str | None, until: datetime, now: datetime) -> str:
    oldest = stamp(now - feed.KEPT)
    if after is None:
        return oldest
    if after == NOW:
        return f"{stamp(until)}~"
    try:
        if not _CURSOR.fullmatch(after):
            raise ValueError(after)
        from_stamp(after[: len(oldest)])
    except ValueError as broken:
        raise BadRequest("翻页标记无效，请用上次得到的 next，或不带 after 从头取") from broken
    return max(after, oldest)


def _not_hidden(found: list[FeedEvent]) -> list[FeedEvent]:
    """What has become confidential since, or is removed, is not told any more."""
    there = lists.get_many(list(dict.fromkeys(event.ticket_id for event in found)))
    shown = {ticket.id for ticket in there if not rules.is_hidden(ticket)}
    return [event for event in found if event.kind == HIDDEN or event.ticket_id in shown]


def forget(ticket_id: str) -> None:
    """Nothing of a ticket stays in the feed when its case is removed (rule 57)."""
    names = [subscriber.name for subscriber in directory.town().subscribers]
    subscribers.forget_ticket(names, ticket_id)
    feed.remove(ticket_id)


def overview() -> list[Overview]:
    """Every subscriber: when it last acknowledged or fetched, what waits for it, and what was given up."""
    known = directory.town().subscribers
    contacted = subscribers.contacted([each.name for each in known])
    found = []
    for each in known:
        waiting, more = subscribers.list_waiting(each.name)
        dead, more_dead = subscribers.list_dead(each.name)
        found.append(Overview(each, contacted[each.name], waiting, more, dead, more_dead is not None))
    return found


def dead_letters(name: str, *, after: str | None) -> tuple[list[Standing], str | None]:
    """The tickets whose next event was given up, the longest ago first. Raises NotFound."""
    _subscriber(directory.town(), name)
    return subscribers.list_dead(name, after=after)


def resend(name: str, ticket_id: str | None, *, now: datetime) -> tuple[int, bool]:
    """再发: one ticket, or all that were given up, go out with the next run. How many, and whether there are more.

    Raises NotFound for a subscriber or ticket for which nothing waits.
    """
    _subscriber(directory.town(), name)
    if ticket_id is not None:
        if not subscribers.revive(subscribers.get(name, ticket_id), now):
            raise NotFound("这张工单没有等待推送的内容，请刷新列表")
        return 1, False
    dead, more = subscribers.list_dead(name, limit=MOST_REVIVED)
    return sum(subscribers.revive(standing, now) for standing in dead), more is not None


def _subscriber(town: Town, name: str) -> Subscriber:
    subscriber = town.find_subscriber(name)
    if subscriber is None:
        raise NotFound("没有这个订阅方，请核对名称，或请管理员在“城镇数据”的“订阅方”表里登记")
    return subscriber
