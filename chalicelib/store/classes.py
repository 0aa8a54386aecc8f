"""Issue classes: a document each, ranked by distinct reporters, and an item for every member.

What a class counts changes in the transaction that changes its members, under the class's version: so the counts are never
reckoned again by reading ten thousand members, and are exact all the same.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

from chalicelib.domain import classes as rules
from chalicelib.domain.class_acts import MOST_PARTS
from chalicelib.domain.classes import NOBODY, OPEN, IssueClass, Member
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TryAgain
from chalicelib.domain.model import stamp
from chalicelib.domain.similarity import KEPT
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Page,
    Table,
    batch_get,
    delete_op,
    get,
    put,
    put_op,
    query,
    query_all,
    transact,
)

PAGE = 50
MOST_AT_ONCE = 30  # members that one act moves: three operations each, within the hundred of a transaction
MOST_GATHERED = 45  # looked at to propose a class, and its first members
_TRIES = 12
Answered = TypeVar("Answered")
Decision = Callable[[IssueClass], IssueClass]
Merge = Callable[[IssueClass, IssueClass], tuple[IssueClass, IssueClass]]


class Standing(NamedTuple):
    """Where a ticket's member item stands: in the partition of which class, and under which key."""

    part: str
    sk: str


def find(class_id: str) -> IssueClass | None:
    item = get(Table.WORK, _pk(class_id), "CLASS", consistent=True)
    return _load(item) if item else None


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
        f"CLASSES#{area}",
        begins="past#" if past else "open#",
        index="GSI1",
        newest_first=True,
        limit=PAGE,
        after=after,
    )
    return [_load(item) for item in page], page.next


def list_members(cls: IssueClass, *, after: str = "", limit: int = PAGE) -> tuple[list[Member], str]:
    """A page of its members, those of merged classes after its own; and where to go on, "" at the end."""
    part, _, cursor = after.partition("|")
    parts = list(cls.partitions)
    if part and part not in parts:
        raise Invalid("翻页标记无效，请从第一页重新打开", fields=["after"])
    left = parts[parts.index(part) :] if part else parts
    found: list[Member] = []
    for n, partition in enumerate(left):
        page: Page = query(
            Table.WORK, _pk(partition), begins="MEMBER#", limit=limit - len(found), after=cursor or None
        )
        found, cursor = found + list(map(_member, page)), ""
        if page.next:
            return found, f"{partition}|{page.next}"
        if len(found) == limit:
            return found, f"{left[n + 1]}|" if n + 1 < len(left) else ""
    return found, ""


def all_members(cls: IssueClass) -> Iterator[Member]:
    for partition in cls.partitions:
        yield from map(_member, query_all(Table.WORK, _pk(partition), begins="MEMBER#", consistent=True))


def list_standing(ticket_ids: Iterable[str]) -> dict[str, Standing]:
    """In which class's partition each ticket stands, for those that are in one. A batch read."""
    found = batch_get(Table.WORK, [(f"CLASSOF#{id_}", "CLASS") for id_ in ticket_ids], consistent=True)
    return {item["PK"].removeprefix("CLASSOF#"): Standing(item["class_id"], item["sk"]) for item in found}


def create(cls: IssueClass, members: list[Member]) -> bool:
    """A new class with its first members. False, and nothing written, when it stands already, or one of them is in another."""
    operations = [_class_op(cls), *(op for member in members for op in _enter_ops(cls.id, member))]
    try:
        transact(operations)
    except ConditionFailed:
        return False
    return True


def change(class_id: str, decide: Decision) -> IssueClass:
    """Load, decide, save; again when somebody else came between. Raises NotFound, TryAgain, and what `decide` raises."""

    def once() -> IssueClass:
        before = get_class(class_id)
        after = decide(before)
        return before if after == before else _saved([(after, before)])[0]

    return _tried(once)


def add(class_id: str, members: list[Member], line: Decision = lambda cls: cls) -> IssueClass:
    """More members, `MOST_AT_ONCE` at most; who is in it already is left alone. Raises AlreadyDone for one of another class."""

    def once() -> IssueClass:
        before, where = get_class(class_id), list_standing(member.ticket_id for member in members)
        elsewhere = sorted(id_ for id_, at in where.items() if at.part not in before.partitions)
        if elsewhere:
            raise AlreadyDone("有工单已在另一类事里，请先从那一类拆出", ticket_ids=elsewhere)
        new = [member for member in members if member.ticket_id not in where]
        if not new:
            return before
        added = [voice for voice in rules.voices(new) if not _tickets_of(before, voice)]
        after = line(rules.gained(before, new, new_voices=len(added)))
        return _saved([(after, before)], *(op for member in new for op in _enter_ops(class_id, member)))[0]

    return _tried(once)


def remove(ticket_id: str) -> None:
    """A ticket is in no class any more: it became confidential. Nothing where it was in none."""

    def once() -> None:
        where = list_standing([ticket_id])
        before = follow(where[ticket_id].part) if where else None
        if before is None:
            return
        gone = _members_at(where.values())
        after = rules.lost(before, gone, gone_voices=_gone(before, gone))
        pointer = delete_op(Table.WORK, f"CLASSOF#{ticket_id}", "CLASS")
        _saved([(after, before)], _delete(where[ticket_id]), pointer)

    _tried(once)


def split(
    class_id: str,
    ticket_ids: list[str],
    begin: Callable[[list[Member]], IssueClass],
    line: Decision,
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
        moved = _members_at(where.values())
        new = begin(moved)
        after = rules.lost(before, moved, gone_voices=_gone(before, moved))
        operations = [_class_op(new)]
        for member in moved:
            operations += [_delete(where[member.ticket_id]), *_enter_ops(new.id, member, moved=True)]
        _saved([(after, before)], *operations)
        return new.model_copy(update={"version": 1})

    return _tried(once)


def merge(class_id: str, into_id: str, decide: Merge) -> IssueClass:
    """Two classes become one. Distinct reporters are counted over both by reading the smaller one's members."""

    def once() -> IssueClass:
        one, other = get_class(class_id), get_class(into_id)
        gone, whole = decide(one, other)
        few, many = sorted((one, other), key=lambda cls: cls.members)
        both = sum(1 for voice in rules.voices(all_members(few)) if _tickets_of(many, voice))
        whole = whole.model_copy(update={"reporters": one.reporters + other.reporters - both})
        return _saved([(gone, one), (whole, other)])[1]

    return _tried(once)


def gather(gathering: str, member: Member) -> None:
    """A report lies with those it is like. Kept as long as signatures are."""
    item = {"PK": f"GATHERING#{gathering}", "SK": f"{stamp(member.at)}#{member.ticket_id}"}
    expires = int((member.at + KEPT).timestamp())
    put(Table.WORK, item | {"document": member.model_dump_json(), "expires": expires})


def list_gathered(gathering: str, since: datetime) -> list[Member]:
    """The latest of a gathering, newest first, 45 at most."""
    items = query(
        Table.WORK, f"GATHERING#{gathering}", newest_first=True, limit=MOST_GATHERED, consistent=True
    )
    found = [Member.model_validate_json(item["document"]) for item in items]
    return [member for member in found if member.at >= since]


def _tried(once: Callable[[], Answered]) -> Answered:
    for attempt in range(_TRIES):
        try:
            return once()
        except (ConditionFailed, TryAgain):
            time.sleep(0.01 * (attempt + 1))
    raise TryAgain("这类事正被多人同时修改，请稍后再试")


def _saved(changes: list[tuple[IssueClass, IssueClass]], *operations: Item) -> list[IssueClass]:
    """Raises ConditionFailed when one of the classes, or what the operations ask for, has moved on."""
    numbered = [after.model_copy(update={"version": before.version + 1}) for after, before in changes]
    transact([*(_class_op(cls) for cls in numbered), *operations])
    return numbered


def _class_op(cls: IssueClass) -> Item:
    """A version of 0 is a new class."""
    version = cls.version or 1
    shelf = "open" if cls.state in OPEN else "past"
    item = {
        "PK": _pk(cls.id),
        "SK": "CLASS",
        "version": version,
        "document": cls.model_dump_json(exclude={"version"}, exclude_defaults=True),
        "GSI1PK": f"CLASSES#{cls.area}",
        "GSI1SK": f"{shelf}#{cls.reporters:07d}#{cls.id}",
    }
    if not cls.version:
        return put_op(Table.WORK, item, if_absent=True)
    return put_op(Table.WORK, item, condition="#version = :seen", seen=version - 1)


def _enter_ops(class_id: str, member: Member, *, moved: bool = False) -> list[Item]:
    sk = f"MEMBER#{member.voice}#{member.ticket_id}"
    pointer = {"PK": f"CLASSOF#{member.ticket_id}", "SK": "CLASS", "class_id": class_id, "sk": sk}
    item = {"PK": _pk(class_id), "SK": sk, "document": member.model_dump_json()}
    return [put_op(Table.WORK, item, if_absent=True), put_op(Table.WORK, pointer, if_absent=not moved)]


def _delete(at: Standing) -> Item:
    return delete_op(Table.WORK, _pk(at.part), at.sk, condition="attribute_exists(PK)")


def _members_at(places: Iterable[Standing]) -> list[Member]:
    keys = [(_pk(at.part), at.sk) for at in places]
    return [_member(item) for item in batch_get(Table.WORK, keys, consistent=True)]


def _gone(cls: IssueClass, leaving: list[Member]) -> int:
    """How many reporters have nothing left in the class when these leave."""
    ids = {member.ticket_id for member in leaving}
    return sum(1 for voice in rules.voices(leaving) if _tickets_of(cls, voice) <= ids)


def _tickets_of(cls: IssueClass, voice: str) -> set[str]:
    if voice == NOBODY:
        return set()
    mine = f"MEMBER#{voice}#"
    parts = (query_all(Table.WORK, _pk(part), begins=mine, consistent=True) for part in cls.partitions)
    return {_member(item).ticket_id for of_part in parts for item in of_part}


def _pk(class_id: str) -> str:
    return f"CLASS#{class_id}"


def _member(item: Item) -> Member:
    return Member.model_validate_json(item["document"])


def _load(item: Item) -> IssueClass:
    return IssueClass.model_validate_json(item["document"]).model_copy(update={"version": item["version"]})
