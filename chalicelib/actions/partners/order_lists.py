"""外部派单: the orders of a partner as the desk follows them, with both deadlines and how each stands with its partner."""

from typing import TYPE_CHECKING

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import Instant
from chalicelib.domain.partners.exchanges import Exchange, State, standing_of
from chalicelib.domain.partners.order_files import OrderFile
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import category_name, iso
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.partners.schemas import OrderRow, OrdersRead

MOST_TOLD = 1000


def list_orders(
    partner_name: str, *, by: Staff, after: str | None = None
) -> "tuple[list[OrderRow], str | None]":
    """A page of the newest orders, of the tickets that this person may see. Raises NotFound for an unknown partner."""
    partner, town = partners.get(partner_name), directory.town()
    found, following = exchanges.list_orders(partner.name, after=after)
    known = {
        ticket.id: ticket
        for ticket in lists.get_many(list(dict.fromkeys(each.ticket_id for each in found)))
        if access.may_see(ticket, by, town)
    }
    rows = [_row(each, known[each.ticket_id], town) for each in found if each.ticket_id in known]
    return rows, following


def _row(began: Exchange, ticket: Ticket, town: Town) -> "OrderRow":
    of_order = exchanges.list_of_order(began.partner, began.number)
    return {
        "number": began.number,
        "at": iso(began.at),
        "ticket_id": ticket.id,
        "ticket_number": ticket.number,
        "stage": ticket.stage.value,
        "stage_name": STAGE_NAMES[ticket.stage],
        "category_name": category_name(ticket.category, town),
        "place": ticket.where.name,
        "their_due_at": _iso_or_none(_theirs(ticket, began)),
        "due_at": _iso_or_none(_ours(ticket)),
        "to_check": next((each.to_check for each in reversed(of_order) if each.state is State.RECEIVED), ""),
        "standing": standing_of(of_order).value,
        "detail": next((each.detail for each in of_order if each.is_stuck), ""),
    }


def read_back(file: OrderFile) -> "OrdersRead":
    """读到的: what a file holds, said back: how many rows, the first and the last, what to check, what is refused and why."""
    numbers = [order.number for _, order in file.orders]
    return {
        "rows": file.rows,
        "taken": len(numbers),
        "first": numbers[0],
        "last": numbers[-1],
        "to_check": file.to_check[:MOST_TOLD],
        "troubles": list(file.troubles[:MOST_TOLD]),
        "passed_over": [{"line": each.line, "why": each.why} for each in file.passed[:MOST_TOLD]],
        "other_sheets": list(file.beside),
    }


def _theirs(ticket: Ticket, began: Exchange) -> Instant | None:
    """The deadline of the version known last."""
    named = (began.partner, began.number)
    return next((one.due_at for one in ticket.external_ids if one.known_as == named), None)


def _ours(ticket: Ticket) -> Instant | None:
    running = clocks.find_open(ticket, ClockKind.RESOLUTION)
    return running.due_at if running else None


def _iso_or_none(instant: Instant | None) -> str | None:
    return iso(instant) if instant else None
