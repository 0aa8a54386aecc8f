"""By night: was yesterday's newest word of every ticket told? What the stream gave up leaves no other trace.

Whoever consumes a line keeps the ticket's fact as it then stands (counting.note), so a fact older than its ticket, or none
at all, is a line that nobody has told. Looked at before yesterday is counted anew from the tickets, which would hide it.
"""

import logging
from datetime import datetime, timedelta

from chalicelib import logs
from chalicelib.domain.errors import NotFound
from chalicelib.domain.figures.facts import fact_of
from chalicelib.store.figures import facts
from chalicelib.store.tickets import by_day, tickets

SETTLED = timedelta(minutes=30)  # a younger line may still be on its way
_log = logging.getLogger(__name__)


def watch(*, now: datetime) -> int:
    """Answers of how many tickets of yesterday and today the newest line was not told; the log says since when."""
    days = [now.date() - timedelta(days=1), now.date()]
    ids = dict.fromkeys(
        ticket_id for day in days for ticket_id in (*by_day.list_received(day), *by_day.list_ended(day))
    )
    since = [at for ticket_id in ids if (at := _untold_since(ticket_id, now)) is not None]
    if since:
        _log.error("untold line", extra=logs.about(tickets=len(since), since=min(since).isoformat()))
    return len(since)


def _untold_since(ticket_id: str, now: datetime) -> datetime | None:
    """When the first line after what was told was written; None where all was, or may still be."""
    try:
        made = fact_of(tickets.get(ticket_id))
    except NotFound:
        return None
    if made is None:  # a practice ticket is counted nowhere
        return None
    kept = facts.find(made.day, made.area, ticket_id)
    if kept is not None and kept.version >= made.version:
        return None
    told = kept.version if kept else 0
    at = min(event.at for version, event in tickets.list_events(ticket_id) if version > told)
    return at if now - at > SETTLED else None
