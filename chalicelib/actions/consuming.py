"""A batch of the tickets' stream: line by line; what cannot be processed is set aside and never holds up the rest."""

import json
import logging
from datetime import datetime

from chalicelib.actions.classes import announcing, proposing
from chalicelib.actions.feed import feeding
from chalicelib.actions.figures import counting
from chalicelib.actions.knowledge import asking
from chalicelib.actions.notices import notifying
from chalicelib.actions.partners import exchanging
from chalicelib.actions.tickets import dividing
from chalicelib.actions.views import suggesting
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.notices.words import MissingParams, UnknownTemplate
from chalicelib.gateways import queue
from chalicelib.store.notices import dead_letters
from chalicelib.store.notices.dead_letters import DeadLetter
from chalicelib.store.table import Key
from chalicelib.store.tickets import marks, stream
from chalicelib.store.tickets.stream import Record

_log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5  # then the line steps aside, and the sweep goes on trying
MOST_RESENT = 50  # in one sweep
_POISON = (stream.Unreadable, UnknownTemplate, MissingParams)


def consume(records: list[Record], *, now: datetime) -> str | None:
    """Draw the consequences of every new line of history, in order; answers where the stream is to start again.

    None when all is done. A record that is poison, or has failed `MOST_ATTEMPTS` times, becomes a dead letter; at a
    passing fault the answer is that record's sequence number, and it and what follows come again.
    """
    _mark(records, now)
    wakes: list[Key] = []
    try:
        for record in records:
            if stream.is_line(record) and not _consumed(record, wakes, now):
                return str(record["dynamodb"]["SequenceNumber"])
    finally:
        queue.wake(wakes)
    return None


def resend(letter_id: str, *, now: datetime) -> None:
    """Run a dead letter again, by the same code. Raises NotFound; TryAgain when it fails again, and it stays listed."""
    letter = dead_letters.get(letter_id)
    if not _sent_again(letter, now):
        raise TryAgain("仍未处理成功，记录还在列表里，请稍后再试或联系技术人员")


def resend_passing(*, now: datetime) -> int:
    """The sweep's part: run again what was set aside for a passing fault. Answers how many are done."""
    letters, _ = dead_letters.list_open(limit=MOST_RESENT)
    return sum(_sent_again(letter, now) for letter in letters if letter.passes)


def _mark(records: list[Record], now: datetime) -> None:
    """Live boards see that their queues changed. Not worth a stream that stands still: a board also reads afresh by itself."""
    try:
        touched = stream.touched(records)
        marks.touch(touched.queues, after=touched.after, now=now)
    except Exception as fault:
        _log.error("marks not written: %s", type(fault).__name__)


def _consumed(record: Record, wakes: list[Key], now: datetime) -> bool:
    try:
        wakes += _followed(record, now)
    except _POISON as poison:
        return _set_aside(record, poison, passes=False, now=now)
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


def _followed(record: Record, now: datetime) -> list[Key]:
    """People first, figures and repeats after; a line whose message cannot be written is counted all the same."""
    line = stream.read_line(record)
    try:
        return notifying.follow(line, now=now)
    finally:
        if line.whole:
            dividing.note(line.ticket_id, line.whole, now=now)
        if line.external:
            exchanging.note(line)
        announcing.note(line.ticket_id, line.event.kind, now=now)
        if not line.is_beside:  # a comment or a join changes no figure
            suggesting.note(counting.note(line.ticket_id), line.event.kind)
            proposing.note(line.ticket_id, line.event.kind, now=now)
            feeding.note(line, now=now)
            asking.note(line.ticket_id, line.event.kind, now=now)


def _set_aside(record: Record, fault: Exception, *, passes: bool, now: datetime) -> bool:
    """False where it could not be written: then the line comes again."""
    reason = f"{type(fault).__name__}: {fault}"[:300]
    try:
        letter = dead_letters.add(record, reason=reason, passes=passes, now=now)
    except Exception as other:
        _log.warning("a line of history was not set aside: %s", type(other).__name__)
        return False
    _log.error(json.dumps({"message": "dead letter", "id": letter.id, "fault": type(fault).__name__}))
    return True


def _sent_again(letter: DeadLetter, now: datetime) -> bool:
    record = json.loads(letter.record)
    try:
        wakes = _followed(record, now)
    except Exception as fault:  # it stays listed, whatever the reason
        _log.warning("dead letter %s fails again: %s", letter.id, type(fault).__name__)
        return False
    dead_letters.done(letter, now)
    queue.wake(wakes)
    return True
