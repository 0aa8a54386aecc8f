"""What a resident said on a ticket that theirs was merged into goes along when the two part: it is theirs to read."""

from collections.abc import Iterable

from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.tickets.voices import voice_of
from chalicelib.store import keys
from chalicelib.store.table import Table, query_all
from chalicelib.store.tickets import line_document, members

MOST = 20  # of what is said on one ticket; the latest


def carry(from_id: str, parting: Iterable[Ticket]) -> None:
    """Each of the tickets has what its own people said on the other. Idempotent; nobody is told again.

    No words about whom a ticket is kept from go along: they stay with whoever said them there.
    """
    lines = said(from_id)
    if not lines:
        return
    came = {member.reporter_id for member in members.list_members(from_id) if member.came_by}
    for ticket in parting:
        people = [m for m in members.list_members(ticket.id) if m.owns or m.reporter_id in came]
        own = {voice_of(member.reporter_id) for member in people}
        there = {(line.at, line.voice) for line in said(ticket.id)}
        for line in [each for each in lines if each.voice in own and (each.at, each.voice) not in there][
            -MOST:
        ]:
            members.add_line(ticket, line.model_copy(update={"notices": ()}))


def said(ticket_id: str) -> list[Event]:
    """What residents said on a ticket, the oldest first; nothing about whom it is to be kept from."""
    items = query_all(Table.TICKETS, keys.ticket_pk(ticket_id), begins=keys.EVENTS, consistent=True)
    lines = [line_document.loaded(item["document"]) for item in items if item["kind"] == EventKind.COMMENTED]
    return [each for each in lines if each.voice and not _is_misconduct(each)]


def _is_misconduct(line: Event) -> bool:
    return line.reading is not None and line.reading.concerned.grievance is Grievance.MISCONDUCT
