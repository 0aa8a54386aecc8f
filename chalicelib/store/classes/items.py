"""How an issue class and its members are written: the items, and the one transaction in which both change."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.classes.issue_class import OPEN, IssueClass, Member
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.ids import new_id
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Item, Table, put_op, transact
from chalicelib.store.tickets import members

_TRIES = 12
Answered = TypeVar("Answered")
Decision = Callable[[IssueClass], IssueClass]


def load(item: Item) -> IssueClass:
    return documents.read(IssueClass, item["document"]).model_copy(update={"version": item["version"]})


def load_member(item: Item) -> Member:
    return documents.read(Member, item["document"])


def tried(once: Callable[[], Answered]) -> Answered:
    """Again when somebody else came between. Raises TryAgain when somebody always does."""
    for attempt in range(_TRIES):
        try:
            return once()
        except (ConditionFailed, TryAgain):
            time.sleep(0.01 * (attempt + 1))
    raise TryAgain("这类事正被多人同时修改，请稍后再试")


def saved(changes: list[tuple[IssueClass, IssueClass]], *operations: Item) -> list[IssueClass]:
    """Raises ConditionFailed when one of the classes, or what the operations ask for, has moved on."""
    numbered = [after.model_copy(update={"version": before.version + 1}) for after, before in changes]
    transact([*(class_op(cls) for cls in numbered), *operations])
    return numbered


def class_op(cls: IssueClass) -> Item:
    """A version of 0 is a new class."""
    version = cls.version or 1
    beginning = keys.CLASSES_OPEN if cls.state in OPEN else keys.CLASSES_PAST
    listed = keys.class_ranked(cls.area, beginning, cls.reporters, cls.id)
    document = cls.model_dump_json(exclude={"version"}, exclude_defaults=True)
    item = keys.attributes(keys.issue_class(cls.id), listed) | {"version": version, "document": document}
    if not cls.version:
        return put_op(Table.WORK, item, if_absent=True)
    return put_op(Table.WORK, item, condition="#version = :seen", seen=version - 1)


def enter_ops(class_id: str, member: Member, *, moved: bool = False) -> list[Item]:
    key = keys.class_member(class_id, member.voice, member.ticket_id)
    pointer = keys.attributes(keys.class_of(member.ticket_id)) | {"class_id": class_id, "sk": key.sk}
    item = keys.attributes(key) | {"document": member.model_dump_json()}
    return [put_op(Table.WORK, item, if_absent=True), put_op(Table.WORK, pointer, if_absent=not moved)]


def line_ops(
    kind: EventKind, cls: IssueClass, tickets: Iterable[Ticket], *, by: str, at: datetime
) -> list[Item]:
    """A line in the history of each of these tickets, beside its version; by it the stream learns of the member."""
    event = Event(kind=kind, at=at, by=by, note=cls.name, details={"class": cls.id})
    return [members.line_op(ticket, event, new_id()) for ticket in tickets]
