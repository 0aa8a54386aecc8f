"""Letters of a petition, filled from the ticket (rule 99)."""

from datetime import datetime

from chalicelib.domain.counter.letters import Letter, LetterKind, letter
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.identity import audit
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory

_REPLIES = frozenset({EventKind.ANSWERED, EventKind.EXPLAINED, EventKind.DECLINED})


def drafted(ticket_id: str, kind: LetterKind, *, by: Staff, now: datetime) -> Letter:
    """For the desk of the ticket's station and its leaders. Raises as `letter`."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_desk(ticket, by, town)
    drawn = letter(ticket, kind, said=_said(ticket), town=town, now=now)
    audit.opened(ticket_id, by, now)  # whoever asks for it alone has read of the matter too
    return drawn


def _said(ticket: Ticket) -> str:
    """What was done, or answered; the last of it."""
    lines = [event.note for _, event in tickets.list_events(ticket.id) if event.kind in _REPLIES]
    return ticket.resolution.note if ticket.resolution else lines[-1] if lines else ""
