"""推送: every minute, to each subscriber what it has not acknowledged, in order per ticket; none of them waits for another."""

import logging
import threading
import time
from datetime import datetime
from typing import Any

from chalicelib import logs
from chalicelib.domain.feed.feed import FeedEvent, is_hidden
from chalicelib.domain.feed.webhooks import Standing, is_given_up, sendable
from chalicelib.domain.identity.traces import Look, Trace
from chalicelib.domain.partners.exchanges import retry_in
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.domain.views import access
from chalicelib.gateways import http, partners
from chalicelib.store.feed import feed, subscribers
from chalicelib.store.identity import audit, identities
from chalicelib.store.town import directory

SECONDS = 40.0  # of a run; the function has 55
PAGE = 100  # tickets, and events of one ticket, at a time
ALL = 1000  # more events than any ticket has
MOST_FAILURES = 3  # of different tickets in one run; then the subscriber is left alone until the next
_log = logging.getLogger(__name__)


def send_due(*, now: datetime, seconds: float = SECONDS) -> int:
    """Send every subscriber what is due, each in threads of its own, one a shelf. Answers how many events were acknowledged.

    A subscriber whose run fails holds up no other; its fault is raised when all have run.
    """
    chosen = [each for each in directory.town().subscribers if each.address]
    if not chosen:
        return 0
    until = time.monotonic() + seconds
    runs = [_Run(each, shelf, now, until) for each in chosen for shelf in subscribers.shelves()]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    if faults := [run.fault for run in runs if run.fault is not None]:
        raise faults[0]
    return sum(run.arrived for run in runs)


class _Run(threading.Thread):
    """One subscriber's run over one shelf of what waits for it. `fault` is what ended it before its time."""

    def __init__(self, subscriber: Subscriber, shelf: int, now: datetime, until: float) -> None:
        super().__init__(daemon=True)
        self.arrived = 0
        self.fault: BaseException | None = None
        self._given = subscriber, shelf, now, until

    def run(self) -> None:
        try:
            self.arrived = _send_to(*self._given)
        except BaseException as fault:
            _log.error("a subscriber's run failed: %s", type(fault).__name__)
            self.fault = fault


def _send_to(subscriber: Subscriber, shelf: int, now: datetime, until: float) -> int:
    """All that is due. Raises the first fault of ours when the other tickets have had their turn."""
    turn = _Turn()
    try:
        _send_in_turn(subscriber, shelf, now, until, turn)
    finally:
        if turn.arrived:
            subscribers.acknowledged(subscriber.name, turn.arrived[-1], now)
    if turn.faults:
        raise turn.faults[0]
    return len(turn.arrived)


class _Turn:
    """What a run over a shelf has come to: events that were acknowledged, faults of ours, whether more came meanwhile."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.faults: list[Exception] = []
        self.more_came = False


def _send_in_turn(subscriber: Subscriber, shelf: int, now: datetime, until: float, turn: _Turn) -> None:
    """Ticket by ticket, the longest waiting first, until nothing is due, time is up, it fails for the third time, or no
    answer comes.
    """
    failures = 0
    while due := subscribers.list_due(subscriber.name, now, limit=PAGE, shelf=shelf):
        before, turn.more_came = len(turn.arrived), len(due) == PAGE
        for standing in due:
            if time.monotonic() >= until or failures >= MOST_FAILURES or http.rests(subscriber.address):
                return
            try:
                failures += not _send_ticket(subscriber, standing, turn, now)
            except Exception as fault:  # of this ticket; the others must not stand behind it for ever
                turn.faults.append(fault)
                failures += 1
                subscribers.claim(standing, now + retry_in(standing.attempts + 1), now)
        if len(turn.arrived) == before or not turn.more_came:
            return


def _send_ticket(subscriber: Subscriber, standing: Standing, turn: _Turn, now: datetime) -> bool:
    """The next events of a ticket, up to the first that is not acknowledged. False when there was one."""
    ticket, events = feed.find_owed(standing.ticket_id, standing.sent, standing.latest, limit=PAGE)
    if ticket is None:  # its case was removed
        subscribers.forget_ticket([subscriber.name], standing.ticket_id)
        return True
    hidden = is_hidden(ticket)
    if hidden and len(events) == PAGE:  # that it is hidden may be said behind them
        events = feed.list_after(ticket.id, standing.sent, limit=ALL)
    if hidden and not any(event.ticket is None for event in events):
        return True  # the feed will say so in a moment; until then nothing more of it goes out
    if not subscribers.claim(standing, now + retry_in(standing.attempts + 1), now):
        return True  # another run has it
    sent = standing.sent
    for event in sendable(events, standing, hidden=hidden):
        try:
            partners.send(
                subscriber.name,
                subscriber.address,
                _body(event, subscriber, ticket, sent, now),
                version=subscriber.signature,
                now=now,
            )
        except partners.NotAcknowledged as fault:
            _failed(standing, sent, str(fault), now)
            return False
        sent = event.version
        turn.arrived.append(event.id)
    through = max(sent, *(event.version for event in events)) if events else standing.latest
    turn.more_came |= subscribers.done(standing, through, now)
    return True


def _failed(standing: Standing, sent: int, detail: str, now: datetime) -> None:
    """The first failure of an event begins its three days; one before it that arrived has nothing to do with them."""
    attempts = standing.attempts + 1 if sent == standing.sent else 1
    since = standing.failing_since if sent == standing.sent else None
    stuck = standing.model_copy(
        update={"sent": sent, "attempts": attempts, "detail": detail, "failing_since": since}
    )
    dead = is_given_up(stuck, now)
    subscribers.failed(stuck, now + retry_in(attempts), now, dead=dead)
    if dead:
        about = logs.about(subscriber=standing.subscriber, ticket=standing.ticket_id, after=sent)
        _log.error("dead feed letter", extra=about)
    else:
        _log.warning("an event for %s was not acknowledged", standing.subscriber)


def _body(
    event: FeedEvent, subscriber: Subscriber, ticket: Ticket, sent: int, now: datetime
) -> dict[str, Any]:
    """The event as it goes out. Who reported goes along with the first of a ticket, where it was granted by name."""
    said: dict[str, Any] = event.model_dump(mode="json", exclude={"identity"})
    is_asked = bool(subscriber.identity) and not sent and event.ticket is not None
    if not is_asked or ticket.reporter_id is None or not access.is_read_outside(ticket):
        return said
    trace = Trace(
        at=now,
        viewer=f"subscriber:{subscriber.name}",
        role=subscriber.title,
        unit="",
        what=Look.REVEALED,
        fields=subscriber.identity,
    )
    audit.write(ticket.id, trace)  # before anything is read; without it nothing goes out
    contact = (
        identities.find_contact(ticket.part_of.id if ticket.part_of else ticket.id, ticket.reporter_id)
        or identities.Contact()
    )
    return said | {"identity": {field: getattr(contact, field) for field in subscriber.identity}}
