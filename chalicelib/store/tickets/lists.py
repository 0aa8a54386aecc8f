"""The lists of tickets: a queue, a reporter's own, what is open at a place; and the ways of finding one."""

from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store.table import Item, Page, Table, batch_get, get, query, ticket_pk
from chalicelib.store.tickets import own_list
from chalicelib.store.tickets.own_list import Mine
from chalicelib.store.tickets.tickets import load

PAGE = 50


def list_queue(who: str, *, after: str | None = None, limit: int = PAGE) -> Page:
    """What waits for `who` (desk:STATION, unit:CODE, staff:CODE, escalated:CODE, calls:STATION), soonest due first."""
    return query(Table.TICKETS, f"QUEUE#{who}", index="GSI1", limit=limit, after=after)


def list_mine(
    reporter_id: str, *, after: str | None = None, limit: int = 20
) -> tuple[list[Mine], str | None]:
    """What a resident reported or joined, newest first, as the list shows it. The tickets joined cost one read more."""
    page = _of_reporter(reporter_id, after, limit)
    shown = {item["PK"]: own_list.load(item) for item in page if item["SK"] == own_list.SK}
    joined = [(item["PK"], "TICKET") for item in page if item["PK"] not in shown]
    shown |= {item["PK"]: own_list.of(load(item)) for item in batch_get(Table.TICKETS, joined)}
    return [shown[item["PK"]] for item in page if item["PK"] in shown], page.next


def list_of_reporter(
    reporter_id: str, *, after: str | None = None, limit: int = 20
) -> tuple[list[Ticket], str | None]:
    """The same, the whole tickets: for an export, and for being forgotten."""
    page = _of_reporter(reporter_id, after, limit)
    keys = [(item["PK"], "TICKET") for item in page]
    by_key = {item["PK"]: load(item) for item in batch_get(Table.TICKETS, keys)}
    return [by_key[pk] for pk, _ in keys if pk in by_key], page.next


def list_open_at(place: str, *, limit: int = 20) -> list[Item]:
    """Open matters at a place as neighbours may see them, newest first."""
    return list(query(Table.TICKETS, f"PLACE#{place}", index="GSI1", newest_first=True, limit=limit))


def list_ids_at(place: str, since: str, until: str, *, limit: int = PAGE) -> list[str]:
    """The tickets of a place received from `since` to `until` (stamps), open or past, newest first; for staff search."""
    found: list[Item] = []
    for shelf in ("PLACE", "PAST"):
        page = query(
            Table.TICKETS, f"{shelf}#{place}", index="GSI1", newest_first=True, until=until + "~", limit=limit
        )
        found += [item for item in page if item["received_at"] >= since]
    newest = sorted(found, key=lambda item: item["received_at"], reverse=True)
    return [str(item["ticket_id"]) for item in newest[:limit]]


def find_id_by_number(number: str) -> str | None:
    """The ticket with this number. The number alone never opens it; who may see it is decided by the caller."""
    item = get(Table.TICKETS, f"NUMBER#{number}", "NUMBER")
    return str(item["ticket_id"]) if item else None


def find_id_by_external(partner: str, number: str) -> str | None:
    item = get(Table.TICKETS, f"EXTERNAL#{partner}#{number}", "EXTERNAL")
    return str(item["ticket_id"]) if item else None


def get_many(ticket_ids: list[str]) -> list[Ticket]:
    """The tickets that exist among `ticket_ids`, in the given order."""
    found = {
        item["PK"]: load(item)
        for item in batch_get(Table.TICKETS, [(ticket_pk(id_), "TICKET") for id_ in ticket_ids])
    }
    return [found[ticket_pk(id_)] for id_ in ticket_ids if ticket_pk(id_) in found]


def _of_reporter(reporter_id: str, after: str | None, limit: int) -> Page:
    pk = f"REPORTER#{reporter_id}"
    return query(Table.TICKETS, pk, index="GSI1", newest_first=True, limit=limit, after=after)
