"""A ticket as one line of a list, without free text."""

from typing import TYPE_CHECKING

from chalicelib.domain.tickets.ticket import STAGE_NAMES, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.ticket_view import category_name, iso
from chalicelib.store.tickets import own_list
from chalicelib.store.tickets.own_list import Mine

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import TicketLine


def short_view(ticket: Ticket, town: Town) -> "TicketLine":
    return my_view(own_list.of(ticket), town)


def my_view(listed: Mine, town: Town) -> "TicketLine":
    """A line of "my tickets"."""
    return {
        "id": listed.id,
        "number": listed.number,
        "practice": listed.practice,
        "stage": listed.stage.value,
        "stage_name": STAGE_NAMES[listed.stage],
        "place": listed.place,
        "category": listed.category,
        "category_name": category_name(listed.category, town),
        "round": listed.round,
        "received_at": iso(listed.received_at),
        "closed_at": iso(listed.closed_at) if listed.closed_at else None,
    }
