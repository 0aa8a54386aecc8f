"""What is done by night: due times that could only be guessed are reckoned again, and identities kept long enough go."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.domain import retention
from chalicelib.domain.reckoning import reckon_again
from chalicelib.domain.ticket import Ticket
from chalicelib.gateways import secrets
from chalicelib.store import alarms, directory, identities, members, tickets

_log = logging.getLogger(__name__)


def run(*, now: datetime) -> None:
    reckon_provisional(now=now)
    forget_identities(now=now)


def reckon_provisional(*, now: datetime) -> int:
    """Due times of every watched ticket, where the calendar knows more than when they were set. Answers how many moved."""
    return _each(alarms.list_watched(), lambda ticket: _reckoned(ticket, now))


def forget_identities(*, now: datetime) -> int:
    """Remove who reported what has ended long enough ago. Answers of how many tickets."""
    return _each(list(alarms.list_kept_long_enough(now)), lambda ticket: _forgotten(ticket, now))


def _reckoned(before: Ticket, now: datetime) -> bool:
    if not any(clock.provisional and clock.is_open for clock in before.clocks):
        return False
    town = directory.town()
    after = tickets.change(before.id, lambda t: reckon_again(t, town=town, now=now), patient=True)
    return after.version > before.version


def _forgotten(ticket: Ticket, now: datetime) -> bool:
    """The identities first, then the mark: one that dies between them comes again the next night."""
    into = tickets.get(ticket.merged_into) if ticket.merged_into else None
    if not retention.may_forget(ticket, into, alarms.keep_identity(), now):
        return False
    identities.forget_ticket(ticket.id, secrets.identity_key())
    members.forget_members(ticket.id)
    tickets.change(ticket.id, lambda t: retention.forgotten(t, now=now), patient=True)
    return True


def _each(ticket_ids: Iterable[str], act: Callable[[Ticket], bool]) -> int:
    """One ticket that fails is for the log and the next night; the others must not wait for it."""
    done = 0
    for ticket_id in ticket_ids:
        try:
            done += act(tickets.get(ticket_id))
        except Exception:
            _log.exception("the night's work failed for ticket %s", ticket_id)
    return done
