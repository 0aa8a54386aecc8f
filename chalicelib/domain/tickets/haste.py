"""Haste 太快: what came about too fast to be believed unseen. It is shown and drawn for a check more often; it proves nothing. Pure."""

from datetime import datetime, timedelta

from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Ticket

QUICK_ARRIVAL = timedelta(minutes=2)  # after the take
QUICK_RESOLVE = timedelta(minutes=5)  # after the arrival


def is_quick_arrival(ticket: Ticket) -> bool:
    """At the place less than `QUICK_ARRIVAL` after the take; exactly so long is not quick. A call is no arrival."""
    return _is_within(ticket.arrived_at, _taken_at(ticket), QUICK_ARRIVAL)


def is_quick_resolve(ticket: Ticket, at: datetime) -> bool:
    """Resolved at this instant less than `QUICK_RESOLVE` after the arrival."""
    return _is_within(at, ticket.arrived_at, QUICK_RESOLVE)


def _taken_at(ticket: Ticket) -> datetime | None:
    """When it was taken last."""
    return next((clock.met_at for clock in reversed(ticket.clocks) if clock.kind is ClockKind.TAKE), None)


def _is_within(at: datetime | None, since: datetime | None, limit: timedelta) -> bool:
    return at is not None and since is not None and timedelta() <= at - since < limit
