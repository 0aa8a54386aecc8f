"""A ticket that lies behind its own history goes on after it: a restore that was interrupted, or a hand at the table.

Such a ticket refuses every act for ever, for the line that it would write is there already, and the sweep rings it in vain.
What the lines say happened is not made again: that is a person's to look at.
"""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, delete_op, put_op, query_all, transact
from chalicelib.store.tickets import tickets


class Behind(NamedTuple):
    ticket: Ticket  # as it stands
    newest: int  # the version of its newest line
    lines: tuple[Event, ...]  # what it does not hold


def find(ticket_id: str) -> Behind | None:
    """None for a ticket that is as new as its history, and for one that is not there."""
    return _behind(_items(ticket_id))


def catch_up(ticket_id: str, *, now: datetime) -> Behind | None:
    """Let the ticket go on after its newest line; its queue entries, its alarm and its watch begin anew.

    Answers what was mended, None where there was nothing to mend. Raises ConditionFailed when somebody acted meanwhile.
    """
    items = _items(ticket_id)
    behind = _behind(items)
    if behind is None:
        return None
    seen, newest = behind.ticket.version, behind.newest
    generations = [int(each.details.get("generation", 0)) for each in behind.lines]
    # Nothing is armed, and the generation is higher than any that a lost line began: a fresh watch is owed.
    fields = {
        "version": newest,
        "armed_for": None,
        "generation": max([behind.ticket.generation, *generations]),
    }
    event = Event(
        kind=EventKind.REPAIRED,
        at=now,
        by=Actor.MACHINE,
        details={"lost": " ".join(e.kind for e in behind.lines)},
    )
    saved, [_, *operations] = tickets.operations(behind.ticket.model_copy(update=fields), event, None)
    document = saved.model_dump_json(exclude_defaults=True)
    item = keys.attributes(keys.ticket(ticket_id)) | {"version": saved.version, "document": document}
    written = {each["Put"]["Item"]["SK"]["S"] for each in operations if "Put" in each}
    gone = [sk for sk in (item["SK"] for item in items) if keys.is_entry(sk) and sk not in written]
    transact(
        [
            put_op(Table.TICKETS, item, condition="#version = :seen", seen=seen),
            *(each for each in operations if "Put" in each),
            *(delete_op(Table.TICKETS, keys.ticket_pk(ticket_id), sk) for sk in gone),
        ]
    )
    return behind


def _items(ticket_id: str) -> list[Item]:
    return list(query_all(Table.TICKETS, keys.ticket_pk(ticket_id), consistent=True))


def _behind(items: list[Item]) -> Behind | None:
    standing = next((item for item in items if keys.is_ticket(item["PK"], item["SK"])), None)
    if standing is None:
        return None
    ticket = tickets.load(standing)
    lines = sorted(
        (keys.version_of(item["SK"]), item)
        for item in items
        if keys.is_event(item["SK"]) and not keys.is_beside(item["SK"])
    )
    ahead = [(version, item) for version, item in lines if version > ticket.version]
    if not ahead:
        return None
    return Behind(ticket, ahead[-1][0], tuple(tickets.load_event(item) for _, item in ahead))
