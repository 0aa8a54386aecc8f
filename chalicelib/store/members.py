"""The people of a ticket: the reporter and everyone who joined 附议, and what is said without changing the ticket's state.

Joins and comments are lines of history beside a version, so they never make another writer's version stale.
"""

from datetime import datetime

from ulid import ULID

from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.model import Frozen, stamp
from chalicelib.domain.ticket import Event, Ticket
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    delete,
    event_sk,
    get,
    put,
    put_op,
    query_all,
    ticket_pk,
    transact,
)


class Member(Frozen):
    """`reachable`: in_app, call or none. `is_reporter`: whose report it was; the others joined it."""

    reporter_id: str
    reachable: str = "in_app"
    is_reporter: bool = False


def list_members(ticket_id: str) -> list[Member]:
    """Everyone who is told what happens, the reporter first."""
    items = query_all(Table.TICKETS, ticket_pk(ticket_id), begins="MEMBER#", consistent=True)
    return sorted(map(_load, items), key=lambda member: not member.is_reporter)


def find_member(ticket_id: str, reporter_id: str) -> Member | None:
    item = get(Table.TICKETS, ticket_pk(ticket_id), f"MEMBER#{reporter_id}", consistent=True)
    return _load(item) if item else None


def forget_members(ticket_id: str) -> None:
    """Nobody is in it any more: no "my tickets" shows it, and nobody is told of it."""
    for member in list_members(ticket_id):
        delete(Table.TICKETS, ticket_pk(ticket_id), f"MEMBER#{member.reporter_id}")


def member_op(ticket_id: str, member: Member, now: datetime) -> Item:
    return put_op(Table.TICKETS, _item(ticket_id, member, now))


def join(ticket: Ticket, member: Member, event: Event) -> None:
    """Add someone who has the same trouble. Raises AlreadyDone for one who is in it already."""
    line = put_op(Table.TICKETS, _line(ticket, event), if_absent=True)
    try:
        transact([put_op(Table.TICKETS, _item(ticket.id, member, event.at), if_absent=True), line])
    except ConditionFailed as already:
        raise AlreadyDone("您已经附议过这件事了，有进展会通知您") from already


def add_line(ticket: Ticket, event: Event, *, key: str = "") -> bool:
    """A comment, or anything else that is said without changing the state. False when `key` was used before."""
    return put(Table.TICKETS, _line(ticket, event, key), if_absent=True)


def _line(ticket: Ticket, event: Event, key: str = "") -> Item:
    sk = f"{event_sk(ticket.version)}.{key or ULID()}"
    document = event.model_dump_json(exclude_defaults=True)
    return {"PK": ticket_pk(ticket.id), "SK": sk, "kind": event.kind, "document": document}


def _item(ticket_id: str, member: Member, now: datetime) -> Item:
    keys = {
        "PK": ticket_pk(ticket_id),
        "SK": f"MEMBER#{member.reporter_id}",
        "GSI1PK": f"REPORTER#{member.reporter_id}",
    }
    return keys | {"GSI1SK": f"{stamp(now)}#{ticket_id}"} | member.model_dump()


def _load(item: Item) -> Member:
    return Member.model_validate({name: item[name] for name in Member.model_fields})
