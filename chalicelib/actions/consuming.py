"""A batch of the tickets' stream: line by line; what cannot be processed is set aside and never holds up the rest."""

import json
import logging
from datetime import datetime

from chalicelib import logs
from chalicelib.actions.classes import announcing, proposing
from chalicelib.actions.classes.proposing import Known
from chalicelib.actions.feed import feeding
from chalicelib.actions.figures import counting, same_words
from chalicelib.actions.knowledge import asking
from chalicelib.actions.notices import arriving, notifying
from chalicelib.actions.notices.notifying import People
from chalicelib.actions.partners import exchanging
from chalicelib.actions.tickets import dividing, joining
from chalicelib.actions.turns import Step, Steps
from chalicelib.actions.views import suggesting
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.notices.words import MissingParams, UnknownTemplate
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.gateways import queue, reveal
from chalicelib.store.figures import facts
from chalicelib.store.notices import dead_letters, deliveries, inbox
from chalicelib.store.notices.dead_letters import DeadLetter
from chalicelib.store.table import Key
from chalicelib.store.tickets import marks, members, stream, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.tickets.stream import Line, Record
from chalicelib.store.tickets.tickets import Reading

_log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # then the line steps aside, and the sweep goes on trying
MOST_RESENT = 50  # in one sweep
_POISON = (stream.Unreadable, MissingParams)


class _Batch:
    """What the lines of a batch ask once, and what they leave to be done for all of them at once."""

    def __init__(self, lines: list[Record]) -> None:
        self.read = _reading(lines)
        self._reports = [stream.ticket_of(line) for line in lines if stream.is_report(line)]
        self._reporters: dict[str, list[Member]] | None = None
        self.known = Known()
        self.told = notifying.Owed()
        self.wakes: list[Key] = []  # deliveries
        self.phones_left = False
        self.counted = facts.Owed()

    @property
    def owes(self) -> bool:
        told, counted = self.told, self.counted
        return bool(told.inbox or told.outward or counted.first or counted.changed)

    def write(self) -> None:
        """What its lines owe: deliveries and facts that have just come, then inboxes and the days to be counted again."""
        stood = deliveries.create_all(self.told.outward, beside=facts.first_items(self.counted))
        facts.settle(self.counted, stood)
        inbox.write(self.told.inbox, beside=facts.mark_items(self.counted.changed))

    def people_of(self, line: Line) -> People:
        """Who is told of a line. Of a report's own whose it is, asked for at once for all that came: who joined since is told by the join.

        Not of what was divided from another, which begins with that one's people.
        """
        is_new = line.event.kind is EventKind.RECEIVED and not line.parts
        return self._reported if is_new else members.list_members

    def _reported(self, ticket_id: str) -> list[Member]:
        if self._reporters is None:
            self._reporters = members.list_reporters(filter(None, map(self._found, self._reports)))
        return self._reporters.get(ticket_id, [])

    def _found(self, ticket_id: str) -> Ticket | None:
        """None for a case that was removed meanwhile."""
        try:
            return self.read(ticket_id)
        except NotFound:
            return None


def _reading(lines: list[Record]) -> Reading:
    """The tickets of several lines are asked for at once. Where that fails, each is asked for at its line, which then comes again."""
    ids = {id_ for line in lines if (id_ := stream.ticket_of(line))}
    if len(ids) > 1:
        try:
            return tickets.read_ahead(ids)
        except Exception as fault:
            _log.warning("tickets were not read ahead: %s", type(fault).__name__)
    return tickets.read_once()


def consume(records: list[Record], *, now: datetime) -> str | None:
    """Draw the consequences of every new line of history, in order; answers where the stream is to start again.

    None when all is done. A record that is poison, or has failed `MOST_ATTEMPTS` times, becomes a dead letter; at a
    passing fault the answer is that record's sequence number, and it and what follows come again.
    """
    lines = list(filter(stream.is_line, records))
    batch = _Batch(lines)
    try:
        failed = next((line for line in lines if not _consumed(line, batch, now)), None)
        if batch.owes and not _written(batch, lines, now):
            failed = lines[0]
    finally:
        _mark(records, batch.told.marked, now)
        queue.wake(batch.wakes)
        if batch.phones_left:
            _make_ways()
    return None if failed is None else str(failed["dynamodb"]["SequenceNumber"])


def resend(letter_id: str, *, now: datetime) -> None:
    """Run a dead letter again, by the same code. Raises NotFound; TryAgain when it fails again, and it stays listed."""
    letter = dead_letters.get(letter_id)
    if not _sent_again(letter, now):
        raise TryAgain("仍未处理成功，记录还在列表里，请稍后再试或联系技术人员")


def resend_steps(*, now: datetime) -> Steps:
    """Run again what was set aside for a passing fault: the sweep's part, letter by letter."""
    letters, _ = dead_letters.list_open(limit=MOST_RESENT)
    for letter in letters:
        if letter.passes:
            yield Step(_sent_again(letter, now))


def _mark(records: list[Record], marked: set[str], now: datetime) -> None:
    """Live boards see that their queues changed. Not worth a stream that stands still: a board also reads afresh by itself."""
    try:
        touched = stream.touched(records)
        marks.touch(touched.queues | marked, after=touched.after, now=now)
    except Exception as fault:
        _log.error("marks not written: %s", type(fault).__name__)


def _make_ways() -> None:
    """A phone leads to its ticket from now on. Not worth a stream that stands still: whoever searches by phone makes the rest."""
    try:
        reveal.ask_later(Asked.MAKE_WAYS)
    except Exception as fault:
        _log.warning("reveal was not woken: %s", type(fault).__name__)


def _written(batch: _Batch, lines: list[Record], now: datetime) -> bool:
    """What its lines owe. False where it could not be written: then the whole batch comes again.

    After `MOST_ATTEMPTS` its lines step aside like any other, and the sweep goes on trying with each.
    """
    try:
        batch.write()
    except Exception as fault:
        _log.warning("a batch comes again, what it owes not written: %s", type(fault).__name__)
        if _attempts(lines[0], now) < MOST_ATTEMPTS:
            return False
        return all(_set_aside(line, fault, passes=True, now=now) for line in lines)
    return True


def _consumed(record: Record, batch: _Batch, now: datetime) -> bool:
    with logs.following(stream.correlation_of(record)):
        return _consumed_or_set_aside(record, batch, now)


def _consumed_or_set_aside(record: Record, batch: _Batch, now: datetime) -> bool:
    try:
        line = stream.read_line(record)
        batch.wakes += _followed(line, batch, now)
        batch.phones_left |= line.phone_left
    except _POISON as poison:
        return _set_aside(record, poison, passes=False, now=now)
    except UnknownTemplate as newer:  # a newer version's, which runs beside this one (docs/decisions/0139)
        return _set_aside(record, newer, passes=True, now=now)
    except Exception as fault:  # a stream that stops at an unforeseen fault would stop the whole town
        _log.warning("a line of history comes again: %s", type(fault).__name__)
        return _attempts(record, now) >= MOST_ATTEMPTS and _set_aside(record, fault, passes=True, now=now)
    return True


def _attempts(record: Record, now: datetime) -> int:
    """0 where even that cannot be written: the line comes again, and those before it are done."""
    try:
        return dead_letters.count_attempt(record, now)
    except Exception as fault:
        _log.warning("an attempt was not counted: %s", type(fault).__name__)
        return 0


def _followed(line: Line, batch: _Batch, now: datetime) -> list[Key]:
    """People first, figures and repeats after; a line whose message cannot be written is counted all the same."""
    read, known = batch.read, batch.known
    if line.event.kind is EventKind.RECEIVED:
        _log.info("received", extra=logs.measured({"Reports": 1}, ticket=line.ticket_id))
    try:
        return notifying.follow(line, now=now, read=read, owed=batch.told, people=batch.people_of(line))
    finally:
        arriving.calls_follow(line, now=now)
        if line.event.kind in joining.BRINGS_ALONG:
            joining.bring_along(line.ticket_id, now=now)
        for part, whole in line.parts:
            dividing.note(part, whole, now=now)
        if line.external:
            exchanging.note(line, read=read)
        announcing.note(line.ticket_id, line.event, now=now, known=known)
        if not line.is_beside:  # a comment or a join changes no figure
            fact = counting.note(line.ticket_id, read=read, owed=batch.counted)
            same_words.note(fact, line.event.at)
            suggesting.note(fact, line.event.kind)
            proposing.note(line.ticket_id, line.event.kind, now=now, read=read, known=known)
            feeding.note(line, now=now, read=read)
            asking.note(line.ticket_id, line.event, now=now, read=read)


def _set_aside(record: Record, fault: Exception, *, passes: bool, now: datetime) -> bool:
    """False where it could not be written: then the line comes again."""
    reason = f"{type(fault).__name__}: {fault}"[:300]
    try:
        letter = dead_letters.add(record, reason=reason, passes=passes, now=now)
    except Exception as other:
        _log.warning("a line of history was not set aside: %s", type(other).__name__)
        return False
    _log.error("dead letter", extra=logs.about(id=letter.id, fault=type(fault).__name__))
    return True


def _sent_again(letter: DeadLetter, now: datetime) -> bool:
    record = json.loads(letter.record)
    try:
        with logs.following(stream.correlation_of(record)):
            batch = _Batch([record])
            wakes = _followed(stream.read_line(record), batch, now)
            batch.write()
            marks.touch(batch.told.marked, after=letter.id, now=now)
    except Exception as fault:  # it stays listed, whatever the reason
        _log.warning("dead letter %s fails again: %s", letter.id, type(fault).__name__)
        return False
    dead_letters.done(letter, now)
    queue.wake(wakes)
    return True
