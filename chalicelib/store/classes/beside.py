"""What stands beside a ticket on a staff screen, its like and its class, in two requests: where they are, and what they say."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.classes.issue_class import IssueClass
from chalicelib.domain.classes.similarity import Look
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store import keys
from chalicelib.store.classes import classes, similar
from chalicelib.store.classes.items import load as load_class
from chalicelib.store.classes.similar import Judged
from chalicelib.store.table import Key, Table, batch_get, batch_get_of
from chalicelib.store.tickets import tickets


class Likes(NamedTuple):
    """`part`: of the class in whose partition the ticket stands; "" where it is in none."""

    looks: list[Look]
    part: str


class Read(NamedTuple):
    """Tickets by their ids; what a person said of some and this one; the class, or the one it was merged into."""

    tickets: dict[str, Ticket]
    judged: dict[str, Judged]
    cls: IssueClass | None


def find(ticket_id: str, shelves: Collection[str], now: datetime) -> Likes:
    """The reports under these keys, and the class of the ticket. One batch read."""
    pointer, kept = keys.class_of(ticket_id), similar.Shelves()
    items = batch_get(Table.WORK, [*kept.missing(shelves), pointer])
    part = next((str(item["class_id"]) for item in items if item["PK"] == pointer.pk), "")
    kept.take(item for item in items if item["PK"] != pointer.pk)
    return Likes(kept.find(shelves, now), part)


def read(ticket_id: str, maybe_alike: Iterable[str], part: str) -> Read:
    """The tickets that exist among these, what was said of them, and the class. One batch read, unless the class was merged."""
    others = list(dict.fromkeys(maybe_alike))
    judged = [keys.judged(ticket_id, other) for other in others]
    wanted: dict[Table, list[Key]] = {
        Table.TICKETS: [keys.ticket(each) for each in others],
        Table.WORK: [*judged, *([keys.issue_class(part)] if part else [])],
    }
    found = batch_get_of(wanted, consistent=[Table.WORK])
    known = {ticket.id: ticket for ticket in map(tickets.load, found[Table.TICKETS])}
    said = {
        item["SK"]: similar.load_judged(item)
        for item in found[Table.WORK]
        if keys.Key(item["PK"], item["SK"]) in judged
    }
    of_class = next((item for item in found[Table.WORK] if part and item["PK"] == keys.class_pk(part)), None)
    cls = load_class(of_class) if of_class else None
    return Read(known, said, classes.follow(cls.merged_into) if cls and cls.merged_into else cls)
