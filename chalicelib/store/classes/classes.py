"""Issue classes: a document each, ranked by distinct reporters.

What a class counts changes in the transaction that changes its members (class_members.py, class_splits.py), under the class's
version: so the counts are never recalculated again by reading ten thousand members, and are exact all the same.
"""

from chalicelib.domain.classes.acts import MOST_PARTS
from chalicelib.domain.classes.issue_class import IssueClass, Member
from chalicelib.domain.errors import NotFound
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.store import keys
from chalicelib.store.classes.items import Decision, class_op, enter_ops, line_ops, load, saved, tried
from chalicelib.store.table import ConditionFailed, Table, get, query, transact
from chalicelib.store.tickets import lists

PAGE = 50


def find(class_id: str) -> IssueClass | None:
    item = get(Table.WORK, *keys.issue_class(class_id), consistent=True)
    return load(item) if item else None


def get_class(class_id: str) -> IssueClass:
    """Raises NotFound."""
    found = find(class_id)
    if found is None:
        raise NotFound("没有这类事，请刷新列表")
    return found


def follow(class_id: str) -> IssueClass | None:
    """The class, or the one it was merged into."""
    found = find(class_id)
    for _ in range(MOST_PARTS):
        if found is None or not found.merged_into:
            return found
        found = find(found.merged_into)
    return None


def list_classes(area: str, *, past: bool, after: str | None = None) -> tuple[list[IssueClass], str | None]:
    """The classes of an area ("" for those of several), most distinct reporters first."""
    page = query(
        Table.WORK,
        keys.classes_pk(area),
        begins=keys.CLASSES_PAST if past else keys.CLASSES_OPEN,
        index="GSI1",
        newest_first=True,
        limit=PAGE,
        after=after,
    )
    return [load(item) for item in page], page.next


def list_open(area: str) -> list[IssueClass]:
    """Every open class of an area, whatever number of pages."""
    found, after = list_classes(area, past=False)
    while after is not None:
        more, after = list_classes(area, past=False, after=after)
        found += more
    return found


def create(cls: IssueClass, members: list[Member]) -> bool:
    """A new class with its first members, 32 at most, whose histories say so.

    False, and nothing written, when it stands already, or one of them is in another.
    """
    begun = cls.lines[-1]
    tickets = lists.get_many([m.ticket_id for m in members])
    told = line_ops(EventKind.PUT_IN_CLASS, cls, tickets, by=begun.by, at=begun.at)
    try:
        transact([class_op(cls), *(op for member in members for op in enter_ops(cls.id, member)), *told])
    except ConditionFailed:
        return False
    return True


def change(class_id: str, decide: Decision) -> IssueClass:
    """Load, decide, save; again when somebody else came between. Raises NotFound, TryAgain, and what `decide` raises."""

    def once() -> IssueClass:
        before = get_class(class_id)
        after = decide(before)
        return before if after == before else saved([(after, before)])[0]

    return tried(once)
