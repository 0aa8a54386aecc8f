"""The lists of tickets: a queue, a reporter's own, what is open at a place; and the ways of finding one."""

from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store import keys
from chalicelib.store.table import Item, Operation, Page, Table, batch_get, get, put_op, query
from chalicelib.store.tickets import own_list
from chalicelib.store.tickets.own_list import Mine
from chalicelib.store.tickets.tickets import load

PAGE = 50
NOBODY = "nobody"  # read where a number leads to no ticket, so that the time taken does not tell which numbers there are


def list_queue(who: str, *, after: str | None = None, limit: int = PAGE) -> Page:
    """What waits for `who` (desk:STATION, unit:CODE, staff:CODE, escalated:CODE, calls:STATION), soonest due first.

    Each entry says what a list shows of its ticket, and in whose queue it stands.
    """
    page = query(Table.TICKETS, keys.queue_pk(who), index="GSI1", limit=limit, after=after)
    page[:] = [{name: item[name] for name in item.keys() - keys.ATTRIBUTES} | {"who": who} for item in page]
    return page


def list_mine(
    reporter_id: str, *, after: str | None = None, limit: int = 20
) -> tuple[list[Mine], str | None]:
    """What a resident reported or joined, newest first, as the list shows it. The tickets joined cost one read more."""
    page = _of_reporter(reporter_id, after, limit)
    shown = {item["PK"]: own_list.load(item) for item in page if own_list.is_one(item)}
    joined = [keys.ticket(_id_of(item)) for item in page if item["PK"] not in shown]
    shown |= {item["PK"]: own_list.of(load(item)) for item in batch_get(Table.TICKETS, joined)}
    return [shown[item["PK"]] for item in page if item["PK"] in shown], page.next


def list_of_reporter(
    reporter_id: str, *, after: str | None = None, limit: int = 20
) -> tuple[list[Ticket], str | None]:
    """The same, the whole tickets: for an export, and for being forgotten."""
    page = _of_reporter(reporter_id, after, limit)
    return get_many([_id_of(item) for item in page]), page.next


def list_open_at(place: str, *, limit: int = 20) -> list[Item]:
    """Open matters at a place as neighbours may see them, newest first."""
    return list(query(Table.TICKETS, keys.open_at_pk(place), index="GSI1", newest_first=True, limit=limit))


def list_ids_at(place: str, since: str, until: str, *, limit: int = PAGE) -> list[str]:
    """The tickets of a place received from `since` to `until` (stamps), open or past, newest first; for staff search."""
    found: list[Item] = []
    for pk in (keys.open_at_pk(place), keys.past_at_pk(place)):
        page = query(Table.TICKETS, pk, index="GSI1", newest_first=True, until=until + "~", limit=limit)
        found += [item for item in page if item["received_at"] >= since]
    newest = sorted(found, key=lambda item: item["received_at"], reverse=True)
    return [str(item["ticket_id"]) for item in newest[:limit]]


def find_id_by_number(number: str) -> str | None:
    """The ticket with this number. The number alone never opens it; who may see it is decided by the caller."""
    item = get(Table.TICKETS, *keys.number(number))
    return str(item["ticket_id"]) if item else None


def find_id_by_external(partner: str, number: str) -> str | None:
    item = get(Table.TICKETS, *keys.external(partner, number))
    return str(item["ticket_id"]) if item else None


def external_ops(ticket: Ticket) -> list[Operation]:
    """The ways from partners' numbers to a new ticket, for the report's transaction; it fails where one is taken."""
    ids = {"ticket_id": ticket.id}
    pairs = ((each.partner, each.number) for each in ticket.external_ids)
    items = (keys.attributes(keys.external(*pair)) | ids for pair in pairs)
    return [put_op(Table.TICKETS, item, if_absent=True) for item in items]


def get_many(ticket_ids: list[str]) -> list[Ticket]:
    """The tickets that exist among `ticket_ids`, in the given order."""
    found = {item["PK"]: load(item) for item in batch_get(Table.TICKETS, map(keys.ticket, ticket_ids))}
    places = map(keys.ticket_pk, ticket_ids)
    return [found[pk] for pk in places if pk in found]


def _of_reporter(reporter_id: str, after: str | None, limit: int) -> Page:
    pk = keys.reporter_pk(reporter_id)
    return query(Table.TICKETS, pk, index="GSI1", newest_first=True, limit=limit, after=after)


def _id_of(item: Item) -> str:
    return keys.ticket_id_of(item["PK"])
