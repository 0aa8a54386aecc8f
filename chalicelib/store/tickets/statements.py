"""What was put to somebody a ticket is kept from, beside the ticket: all that they may read of it (rule 101)."""

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, query_all


class Asked(Frozen):
    """A leader's words and by when they want a statement 说明; nothing of the ticket."""

    id: str
    text: str
    by: str
    due_at: Instant
    practice: bool = False


def ids(*as_it_stands: Ticket | None) -> tuple[str, ...]:
    """Of everything that was ever put to somebody, by the ticket before and after."""
    found = (each.id for ticket in as_it_stands if ticket for each in ticket.confrontations)
    return tuple(dict.fromkeys(found))


def item(ticket: Ticket, confrontation_id: str) -> Item | None:
    """The entry that belongs to it as it stands; None for what is not put yet, is answered, or whose ticket has ended."""
    one = next((each for each in ticket.confrontations if each.id == confrontation_id and each.is_owed), None)
    if one is None or one.due_at is None or ticket.stage in ENDED:
        return None
    asked = Asked(id=one.id, text=one.text, by=one.by, due_at=one.due_at, practice=ticket.practice)
    listed = keys.asked_of(one.to, one.due_at, one.id)
    item = keys.attributes(keys.statement_asked(ticket.id, one.id), listed)
    return item | {"asked": asked.model_dump_json(exclude_defaults=True)}


def list_asked(names: tuple[str, ...]) -> list[tuple[str, Asked]]:
    """What waits for a statement of any of these codes, what is due first before the others, each with its ticket's id."""
    found = [
        (keys.ticket_id_of(each["PK"]), documents.read(Asked, each["asked"]))
        for name in names
        for each in query_all(Table.TICKETS, keys.asked_of_pk(name), index="GSI1")
    ]
    return sorted(found, key=lambda each: each[1].due_at)
