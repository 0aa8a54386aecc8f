"""反馈表: printed, downloaded, handed in. A form that came back changes the ticket once, wholly, or not at all."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.errors import Stale
from chalicelib.domain.forms import handing_in as rules
from chalicelib.domain.forms.form import Form, form_of
from chalicelib.domain.forms.reading import Returned, made_from, read_form
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.identity import audit
from chalicelib.store.table import Operation
from chalicelib.store.tickets import members, tickets
from chalicelib.store.town import directory
from chalicelib.web import form_file, form_page, form_sheet


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


def hand_in(ticket_id: str, content: bytes, *, by: Staff, now: datetime) -> Handed:
    """交回: what units wrote becomes their progress, the lead's conclusion a proposal; the same form twice changes nothing.

    Raises Invalid with every bad cell, Stale with what was done since the form was made, NotYours, WrongStage.
    """
    town = directory.town()
    ticket = tickets.get(ticket_id)
    access.need_desk(ticket, by, town)
    returned = form_file.read(content)
    version = made_from(returned, number=ticket.number, latest=ticket.version)
    lines: list[Event] = []

    def decide(ticket: Ticket) -> Changed:
        form = form_of(ticket, _events(ticket.id), town=town)
        filled = read_form(returned, form, version=version, today=now.date())
        after, event, lines[:] = rules.hand_in(ticket, filled, by=by, town=town, now=now)
        return after, event

    def beside(saved: Ticket) -> tuple[Operation, ...]:
        return tuple(members.line_op(saved, line, f"{n:02d}") for n, line in enumerate(lines))

    if _was_handed_in(ticket_id, returned):
        return Handed(ticket, "same", 0, False)
    try:
        after = tickets.change(
            ticket_id,
            decide,
            seen=version,
            may=lambda ticket: access.need_desk(ticket, by, town),
            town=town,
            beside=beside,
        )
    except Stale:
        if _was_handed_in(ticket_id, returned):  # at this very moment, by the same file
            return Handed(tickets.get(ticket_id), "same", 0, False)
        raise
    proposed = sum(line.kind == rules.PROPOSED for line in lines)
    return Handed(after, "taken", len(lines) - proposed, bool(proposed))


def _open(ticket_id: str, by: Staff, now: datetime) -> Form:
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    form = form_of(ticket, _events(ticket_id), town=town)
    audit.looked(ticket_id, by, now, "printed")
    return form


def _was_handed_in(ticket_id: str, returned: Returned) -> bool:
    return rules.was_handed_in(_events(ticket_id), returned.digest)


def _events(ticket_id: str) -> list[Event]:
    return [event for _, event in tickets.list_events(ticket_id)]
