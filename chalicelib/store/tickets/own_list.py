"""What a reporter's own list shows of a ticket, kept beside it: a page of the list is one query, and reads no ticket.

It stands in the index beside the entries of those who joined, for which the tickets themselves are read.
"""

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.views.ticket_view import stage_of_whole
from chalicelib.store import documents, keys
from chalicelib.store.table import Item


class Mine(Frozen):
    """A line of "my tickets"."""

    id: str
    number: str
    practice: bool
    stage: Stage
    place: str
    category: str | None
    round: int
    received_at: Instant
    closed_at: Instant | None
    part_of: str = ""  # shown with the whole, not by itself


def of(ticket: Ticket) -> Mine:
    return Mine(
        id=ticket.id,
        number=ticket.number,
        practice=ticket.practice,
        stage=ticket.stage,
        place=ticket.where.name,
        category=ticket.category,
        round=ticket.round,
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        part_of=ticket.part_of.id if ticket.part_of else "",
    )


def item(ticket: Ticket) -> Item | None:
    """The entry that belongs to a ticket as it stands; None for one that is nobody's."""
    if ticket.reporter_id is None:
        return None
    listed = keys.of_reporter(ticket.reporter_id, ticket.received_at, ticket.id)
    mine = of(ticket).model_copy(update={"stage": stage_of_whole(ticket)})
    item = keys.attributes(keys.own_line(ticket.id), listed)
    return item | {"mine": mine.model_dump_json(exclude_defaults=True)}


def is_one(item: Item) -> bool:
    """Whether this is the reporter's own entry, not that of somebody who joined."""
    return "mine" in item


def load(item: Item) -> Mine:
    return documents.read(Mine, item["mine"])
