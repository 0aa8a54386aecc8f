"""What is done by night: due times that the calendar could only guess are reckoned again."""

import logging
from datetime import datetime

from chalicelib.domain.reckoning import reckon_again
from chalicelib.store import alarms, directory, tickets

_log = logging.getLogger(__name__)


def run(*, now: datetime) -> None:
    reckon_provisional(now=now)


def reckon_provisional(*, now: datetime) -> int:
    """Due times of every watched ticket, where the calendar knows more than when they were set. Answers how many moved."""
    return sum(_reckoned(ticket_id, now) for ticket_id in alarms.list_watched())


def _reckoned(ticket_id: str, now: datetime) -> bool:
    town = directory.town()
    try:
        before = tickets.get(ticket_id)
        if not any(clock.provisional and clock.is_open for clock in before.clocks):
            return False
        after = tickets.change(ticket_id, lambda t: reckon_again(t, town=town, now=now), patient=True)
    except Exception:  # the others must not wait for it
        _log.exception("the due times of ticket %s could not be reckoned", ticket_id)
        return False
    return after.version > before.version
