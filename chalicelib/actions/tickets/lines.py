"""A ticket as one line of a list, without free text."""

from typing import Any

from chalicelib.domain.tickets.ticket import STAGE_NAMES, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.ticket_view import category_name, shown
from chalicelib.store.tickets import own_list
from chalicelib.store.tickets.own_list import Mine

View = dict[str, Any]


def short_view(ticket: Ticket, town: Town) -> View:
    return my_view(own_list.of(ticket), town)


def my_view(listed: Mine, town: Town) -> View:
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
        "received_at": shown(listed.received_at),
        "closed_at": shown(listed.closed_at) if listed.closed_at else None,
    }
