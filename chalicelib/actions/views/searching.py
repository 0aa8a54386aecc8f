"""Finding tickets: only what the searcher may see; of what does not exist as little is told as of what may not be seen."""

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.actions.tickets.lines import short_view
from chalicelib.domain.errors import Invalid
from chalicelib.domain.town.codes import parse_ticket_number
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import TicketLine


def search(
    *,
    by: Staff,
    number: str | None,
    external: str | None,
    place: str | None,
    since: date | None,
    until: date | None,
) -> "list[TicketLine]":
    """What staff find by number, a partner's number (partner:number), or place and date; only what they may see."""
    town = directory.town()
    # Of an unknown number as little as of one not to be seen.
    ids = _ids_by(
        number, external, place, since.isoformat() if since else "", until.isoformat() if until else "9"
    )
    found = [ticket for ticket in lists.get_many(ids) if access.may_see(ticket, by, town)]
    return [short_view(ticket, town) for ticket in found[: lists.PAGE]]


def _ids_by(number: str | None, external: str | None, place: str | None, since: str, until: str) -> list[str]:
    if number:
        parsed = parse_ticket_number(number)
        if parsed is None:
            raise Invalid("工单号不对，请核对后再查", fields=["number"])
        return [lists.find_id_by_number(parsed) or lists.NOBODY]
    if external:
        partner, _, theirs = external.partition(":")
        return [lists.find_id_by_external(partner, theirs) or lists.NOBODY]
    if place:
        # Twice a page: what may not be seen leaves no gap that could be counted.
        return lists.list_ids_at(place, since, until, limit=2 * lists.PAGE)
    raise Invalid("请填写工单号、外部编号或地点", fields=["number"])
