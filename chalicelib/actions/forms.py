"""反馈表: printed, downloaded, handed in. A form that came back changes the ticket once, wholly, or not at all."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.actions import opening
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.forms import handing_in
from chalicelib.domain.forms.form import Form, form_of, printed_lines
from chalicelib.domain.forms.merging import need_no_collision
from chalicelib.domain.forms.reading import made_from, read_form
from chalicelib.domain.identity.traces import Look
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.identity import audit
from chalicelib.store.table import Operation
from chalicelib.store.tickets import members, tickets
from chalicelib.store.town import directory
from chalicelib.web import form_document, form_page, form_sheet


class Handed(NamedTuple):
    ticket: Ticket
    how: str  # "taken", or "same" for what was handed in before
    opinions: int
    proposed: bool


def page(ticket_id: str, *, by: Staff, now: datetime) -> str:
    """The form to print. Raises NotFound, WrongStage for a simple ticket; audited as every look at a ticket."""
    return form_page.page(
        _open(ticket_id, by, now), viewer=f"{by.name} {by.code}", printed_at=f"{now:%Y-%m-%d %H:%M}"
    )


def sheet(ticket_id: str, *, by: Staff, now: datetime) -> tuple[str, bytes]:
    """The form to fill in, with the name it is saved as. Raises as `page`."""
    form = _open(ticket_id, by, now)
    return form_sheet.name_of(form, now.date()), form_sheet.sheet(form)


def document(ticket_id: str, *, by: Staff, now: datetime) -> tuple[str, bytes]:
    """The form to fill in as a Word document, with the name it is saved as. Raises as `page`."""
    form = _open(ticket_id, by, now)
    return form_document.name_of(form, now.date()), form_document.document(form)


def hand_in(ticket_id: str, content: bytes, *, by: Staff, now: datetime) -> Handed:
    """交回: what units wrote becomes their progress, the lead's conclusion a proposal; the same form twice changes nothing.

    A form of an older version is taken where nobody else wrote in its lines since. Raises Invalid with every bad cell,
    Stale with what was done since the form was made, NotYours, WrongStage.
    """
    town = directory.town()
    ticket = tickets.get(ticket_id)
    access.need_desk(ticket, by, town)
    returned = opening.form(content)
    version = made_from(returned, number=ticket.number, latest=ticket.version)
    lines: list[Event] = []

    def decide(ticket: Ticket) -> Changed:
        history = tickets.list_events(ticket.id)
        form = form_of(ticket, [event for _, event in history], town=town)
        if handing_in.was_handed_in([event for _, event in history], returned.digest):
            raise AlreadyDone("这份反馈表已经交回过")
        printed = printed_lines(ticket, history, version=version, town=town)
        filled = read_form(returned, form, version=version, today=now.date(), printed=printed)
        since = [event for at, event in history if at > version]
        need_no_collision(filled, printed, since, town=town)
        after, event, lines[:] = handing_in.hand_in(ticket, filled, by=by, town=town, now=now)
        return after, event

    def beside(saved: Ticket) -> tuple[Operation, ...]:
        return tuple(members.line_op(saved, line, f"{n:02d}") for n, line in enumerate(lines))

    try:
        after = tickets.change(
            ticket_id,
            decide,
            tickets.Attempt(patient=True, may=lambda ticket: access.need_desk(ticket, by, town), town=town),
            beside=beside,
        )
    except AlreadyDone:
        return Handed(tickets.get(ticket_id), "same", 0, False)
    proposed = sum(line.kind is EventKind.RESULT_PROPOSED for line in lines)
    return Handed(after, "taken", len(lines) - proposed, bool(proposed))


def _open(ticket_id: str, by: Staff, now: datetime) -> Form:
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    lines = access.lines_as_read_by(ticket, tickets.list_events(ticket_id), by)
    form = form_of(access.as_read_by(ticket, by), [event for _, event in lines], town=town)
    audit.looked(ticket_id, by, now, Look.PRINTED)
    return form


def _events(ticket_id: str) -> list[Event]:
    return [event for _, event in tickets.list_events(ticket_id)]
