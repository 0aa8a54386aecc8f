"""Haste 太快: what came about too fast to be believed unseen. It is shown and drawn for a check more often; it proves nothing. Pure."""

from datetime import datetime, timedelta

from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Ticket

QUICK_ARRIVAL = timedelta(minutes=2)  # after the take
QUICK_RESOLVE = timedelta(minutes=5)  # after the arrival


def is_quick_arrival(ticket: Ticket) -> bool:
    """At the place less than `QUICK_ARRIVAL` after the take; exactly so long is not quick."""
    return _is_within(_arrived_at(ticket), _met_at(ticket, ClockKind.TAKE), QUICK_ARRIVAL)


def is_quick_resolve(ticket: Ticket, at: datetime) -> bool:
    """Resolved at this instant less than `QUICK_RESOLVE` after the arrival."""
    return _is_within(at, _arrived_at(ticket), QUICK_RESOLVE)


def _arrived_at(ticket: Ticket) -> datetime | None:
    """When somebody said to be at the place, of what owes that within a time; a call is no arrival."""
    return _met_at(ticket, ClockKind.RESPONSE) if ticket.arrived else None


def _met_at(ticket: Ticket, kind: ClockKind) -> datetime | None:
    """When the last round of a clock was met."""
    return next((clock.met_at for clock in reversed(ticket.clocks) if clock.kind is kind), None)


def _is_within(at: datetime | None, since: datetime | None, limit: timedelta) -> bool:
    return at is not None and since is not None and timedelta() <= at - since < limit
