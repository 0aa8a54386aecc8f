"""The members of an issue class: an item each, and for each ticket a pointer to the one class it is in."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.classes import classes as rules
from chalicelib.domain.classes.issue_class import ANSWERED_FOR, IssueClass, Member
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.tickets.voices import NOBODY
from chalicelib.store import keys
from chalicelib.store.classes.classes import PAGE, follow, get_class
from chalicelib.store.classes.items import enter_ops, line_ops, load_member, saved, tried
from chalicelib.store.table import Item, Page, Table, batch_get, delete_op, query, query_all
from chalicelib.store.tickets import lists

MOST_AT_ONCE = 30  # that one act adds: three operations each, within the hundred of a transaction


class Standing(NamedTuple):
    """Where a ticket's member item stands: in the partition of which class, and under which key."""

    part: str
    sk: str


def list_members(cls: IssueClass, *, after: str = "", limit: int = PAGE) -> tuple[list[Member], str]:
    """A page of its members, those of merged classes after its own; and where to go on, "" at the end."""
    part, _, cursor = after.partition("|")
    parts = list(cls.partitions)
    if part and part not in parts:
        raise Invalid("翻页标记无效，请从第一页重新打开", fields=["after"])
    left = parts[parts.index(part) :] if part else parts
    found: list[Member] = []
    for n, partition in enumerate(left):
        pk, left_over = keys.class_pk(partition), limit - len(found)
        page: Page = query(Table.WORK, pk, begins=keys.CLASS_MEMBERS, limit=left_over, after=cursor or None)
        found, cursor = found + list(map(load_member, page)), ""
        if page.next:
            return found, f"{partition}|{page.next}"
        if len(found) == limit:
            return found, f"{left[n + 1]}|" if n + 1 < len(left) else ""
    return found, ""


def all_members(cls: IssueClass) -> Iterator[Member]:
    for partition in cls.partitions:
        pk = keys.class_pk(partition)
        yield from map(load_member, query_all(Table.WORK, pk, begins=keys.CLASS_MEMBERS, consistent=True))


def list_standing(ticket_ids: Iterable[str]) -> dict[str, Standing]:
    """In which class's partition each ticket stands, for those that are in one. A batch read."""
    found = batch_get(Table.WORK, map(keys.class_of, ticket_ids), consistent=True)
    return {keys.classed_ticket_of(item["PK"]): Standing(item["class_id"], item["sk"]) for item in found}


def add(
    class_id: str,
    members: list[Member],
    *,
    by: str,
    now: datetime,
    seen: IssueClass | None = None,
    fresh: Ticket | None = None,
) -> IssueClass:
    """More members, `MOST_AT_ONCE` at most; who is in it already is left alone. Raises AlreadyDone for one of another class.

    `seen`: the class as it was just read; `fresh`: the ticket of the one member, which has only come, so that it is taken to stand
    in no class. Where the transaction finds either otherwise, both are read.
    """
    just_read = [seen] if seen else []
    has_come = [fresh] if fresh else []

    def once() -> IssueClass:
        before = just_read.pop() if just_read else get_class(class_id)
        come = {ticket.id: ticket for ticket in has_come}
        has_come.clear()
        where = list_standing(m.ticket_id for m in members if m.ticket_id not in come)
        elsewhere = sorted(id_ for id_, at in where.items() if at.part not in before.partitions)
        if elsewhere:
            raise AlreadyDone("有工单已在另一类事里，请先从那一类拆出", ticket_ids=elsewhere)
        new = [member for member in members if member.ticket_id not in where]
        if not new:
            return before
        added = [voice for voice in rules.voices(new) if not tickets_of(before, voice)]
        after = rules.gained(before, new, new_voices=len(added))
        ids = [member.ticket_id for member in new]
        tickets = list(come.values()) if come.keys() == set(ids) else lists.get_many(ids)
        told = line_ops(EventKind.PUT_IN_CLASS, before, tickets, by=by, at=now)
        return saved([(after, before)], *(op for member in new for op in enter_ops(class_id, member)), *told)[
            0
        ]

    return tried(once)


def remove(ticket_id: str, *, by: str, now: datetime, unless_confirmed: bool = False) -> None:
    """A ticket is in no class any more. Nothing where it was in none, or `unless_confirmed` where a person answers for the class."""

    def once() -> None:
        where = list_standing([ticket_id])
        before = follow(where[ticket_id].part) if where else None
        if before is None or (unless_confirmed and before.state in ANSWERED_FOR):
            return
        leaving = members_at(where.values())
        after = rules.lost(before, leaving, gone_voices=gone(before, leaving))
        pointer = delete_op(Table.WORK, *keys.class_of(ticket_id))
        told = line_ops(EventKind.TAKEN_OUT_OF_CLASS, before, lists.get_many([ticket_id]), by=by, at=now)
        saved([(after, before)], leave_op(where[ticket_id]), pointer, *told)

    tried(once)


def leave_op(at: Standing) -> Item:
    return delete_op(Table.WORK, keys.class_pk(at.part), at.sk, condition="attribute_exists(PK)")


def members_at(places: Iterable[Standing]) -> list[Member]:
    wanted = [(keys.class_pk(at.part), at.sk) for at in places]
    return [load_member(item) for item in batch_get(Table.WORK, wanted, consistent=True)]


def gone(cls: IssueClass, leaving: list[Member]) -> int:
    """How many reporters have nothing left in the class when these leave."""
    ids = {member.ticket_id for member in leaving}
    return sum(1 for voice in rules.voices(leaving) if tickets_of(cls, voice) <= ids)


def tickets_of(cls: IssueClass, voice: str) -> set[str]:
    if voice == NOBODY:
        return set()
    theirs = keys.class_members_of(voice)
    pks = map(keys.class_pk, cls.partitions)
    parts = (query_all(Table.WORK, pk, begins=theirs, consistent=True) for pk in pks)
    return {load_member(item).ticket_id for of_part in parts for item in of_part}
