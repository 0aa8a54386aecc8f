"""Splitting and merging issue classes: nothing is lost, and no member of a merged class moves."""

from collections.abc import Callable

from chalicelib.domain.classes import classes as rules
from chalicelib.domain.classes.issue_class import IssueClass, Member
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.store.classes.classes import get_class
from chalicelib.store.classes.items import Decision, class_op, enter_ops, line_ops, saved, tried
from chalicelib.store.classes.members import (
    all_members,
    gone,
    leave_op,
    list_standing,
    members_at,
    tickets_of,
)
from chalicelib.store.table import Item
from chalicelib.store.tickets import lists

MOST_SPLIT = 24  # tickets that one act splits off: four operations each, within the hundred of a transaction
MOST_LOOKED_UP = 20  # reporters, a query each and part; a page of a class holds some three thousand members
Merge = Callable[[IssueClass, IssueClass], tuple[IssueClass, IssueClass]]


def split(
    class_id: str, ticket_ids: list[str], begin: Callable[[list[Member]], IssueClass], line: Decision
) -> IssueClass:
    """Part of a class becomes a class of its own, all or nothing. `begin` makes it of its members, `line` writes it down.

    Raises Invalid for tickets that are not in the class, or for all of them.
    """

    def once() -> IssueClass:
        before = line(get_class(class_id))
        where = list_standing(ticket_ids)
        ours = {id_ for id_, at in where.items() if at.part in before.partitions}
        strangers = sorted(set(ticket_ids) - ours)
        if strangers or len(ticket_ids) >= before.members:
            raise Invalid(
                "只能拆出这类事中的一部分工单，请刷新后重选", fields=["ticket_ids"], ticket_ids=strangers
            )
        moved = members_at(where.values())
        new = begin(moved)
        after = rules.lost(before, moved, gone_voices=gone(before, moved))
        operations = [class_op(new), *_line_ops(new, ticket_ids)]
        for member in moved:
            operations += [leave_op(where[member.ticket_id]), *enter_ops(new.id, member, moved=True)]
        saved([(after, before)], *operations)
        return new.model_copy(update={"version": 1})

    return tried(once)


def merge(class_id: str, into_id: str, decide: Merge) -> IssueClass:
    """Two classes become one, in one transaction whatever their size; distinct reporters are counted over both."""

    def once() -> IssueClass:
        one, other = get_class(class_id), get_class(into_id)
        absorbed, whole = decide(one, other)
        whole = whole.model_copy(update={"reporters": one.reporters + other.reporters - _in_both(one, other)})
        return saved([(absorbed, one), (whole, other)])[1]

    return tried(once)


def _in_both(one: IssueClass, other: IssueClass) -> int:
    """How many reporters have tickets in both. A few are looked up one by one; of many, reading all is quicker."""
    few, many = sorted((one, other), key=lambda cls: cls.members)
    theirs = rules.voices(all_members(few))
    if len(theirs) > MOST_LOOKED_UP:
        return len(theirs & rules.voices(all_members(many)))
    return sum(1 for voice in theirs if tickets_of(many, voice))


def _line_ops(new: IssueClass, ticket_ids: list[str]) -> list[Item]:
    begun = new.lines[-1]
    return line_ops(EventKind.PUT_IN_CLASS, new, lists.get_many(ticket_ids), by=begun.by, at=begun.at)
