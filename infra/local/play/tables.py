"""Everything that the tables hold, read at one go past every API, for the check and the figures."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.store import keys

Item = dict[str, Any]


@dataclass
class Kept:
    """One ticket as stored: itself, its lines of history by name ("000003", "000003.01J…"), the rest by sort key."""

    ticket: Ticket
    events: dict[str, Event] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)

    @property
    def changes(self) -> list[tuple[int, Event]]:
        """The lines that changed the state, in order; comments and joins stand beside a version."""
        return [(int(name), event) for name, event in sorted(self.events.items()) if "." not in name]

    def members(self) -> dict[str, str]:
        """Who is told what happens, with the stamp since when."""
        found = (item for sk, item in self.items.items() if sk.startswith(keys.MEMBERS))
        return {item["reporter_id"]: item["at"] for item in found}

    def owners(self) -> set[str]:
        """Whose own the ticket is besides its reporter: who claimed it by a slip, or reported it for the reporter."""
        found = (item for sk, item in self.items.items() if sk.startswith(keys.MEMBERS))
        return {item["reporter_id"] for item in found if item.get("claimed") or item.get("proxy")}


@dataclass
class Tables:
    """`told`: what stands under each recipient in the work table, by sort key. `raw`: the tickets table as text."""

    tickets: dict[str, Kept] = field(default_factory=dict)
    told: dict[str, dict[str, Item]] = field(default_factory=dict)
    dead_letters: list[Item] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)


def read() -> Tables:
    from chalicelib.store.table import Table

    tables = Tables()
    by_ticket: dict[str, list[Item]] = {}
    for item in _scan(Table.TICKETS):
        tables.raw.append(repr(item))
        if keys.is_number_pk(item["PK"]):
            tables.numbers.append(item["ticket_id"])
        elif keys.is_ticket_pk(item["PK"]):
            by_ticket.setdefault(keys.ticket_id_of(item["PK"]), []).append(item)
    tables.tickets = {ticket_id: _kept(items) for ticket_id, items in by_ticket.items()}
    for item in _scan(Table.WORK):
        if keys.is_recipient_pk(item["PK"]):
            tables.told.setdefault(keys.recipient_of(item["PK"]), {})[item["SK"]] = item
        elif item["PK"] == keys.DEAD_LETTERS_PK:
            tables.dead_letters.append(item)
    return tables


def _kept(items: list[Item]) -> Kept:
    from chalicelib.store.tickets import tickets

    by_sk = {item["SK"]: item for item in items}
    own = next(sk for sk, item in by_sk.items() if keys.is_ticket(item["PK"], sk))
    kept = Kept(tickets.load(by_sk.pop(own)))
    for sk, item in by_sk.items():
        if keys.is_event(sk):
            kept.events[keys.event_name(sk)] = tickets.load_event(item)
        else:
            kept.items[sk] = item
    return kept


def _scan(which: Any) -> Iterator[Item]:
    """The service itself never scans; a check that trusts no index has to."""
    from chalicelib.store import table

    pages = (
        table.client().whole.get_paginator("scan").paginate(TableName=which.full_name, ConsistentRead=True)
    )
    return (table.from_wire(item) for page in pages for item in page["Items"])
