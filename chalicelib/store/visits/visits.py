"""Walks, what was found on them, and which places were seen: in the work table, for 400 days.

WALKING#<who> is the guard that nobody is on two walks at once; what is found on a walk is written only while it stands.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import stamp
from chalicelib.domain.town.visit_plans import monday_of
from chalicelib.domain.visits.walks import LONGEST, Finding, Walk
from chalicelib.store.requests.idempotency import Replay, done_op
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    check_op,
    delete_op,
    get,
    put_op,
    query,
    query_all,
    transact,
)

KEPT_FOR = timedelta(days=400)
PAGE = 20
IN_ORDER = "in_order"


def begin(walk: Walk) -> bool:
    """Write a new walk. False, and nothing written, when it stands already or its walker is on another."""
    until = stamp(walk.started_at + LONGEST)
    guard = _guard(walk.who) | {"walk_id": walk.id, "until": until, "expires": _epoch(walk.started_at)}
    free = "attribute_not_exists(PK) OR #until < :now"
    operations = [
        put_op(Table.WORK, _walk_item(walk), if_absent=True),
        put_op(Table.WORK, guard, condition=free, now=stamp(walk.started_at)),
    ]
    return _written(operations)


def find(walk_id: str) -> Walk | None:
    item = get(Table.WORK, f"WALK#{walk_id}", "WALK", consistent=True)
    return Walk.model_validate_json(item["document"]) if item else None


def get_walk(walk_id: str, who: str) -> Walk:
    """A walk of this person's. Raises NotFound, also for somebody else's."""
    walk = find(walk_id)
    if walk is None or walk.who != who:
        raise NotFound("没有这一趟走访，请刷新页面")
    return walk


def find_open(who: str) -> Walk | None:
    """The walk this person began last and did not end; it may have gone on for too long."""
    guard = get(Table.WORK, f"WALKING#{who}", "WALK", consistent=True)
    return find(guard["walk_id"]) if guard else None


def list_walks(who: str, *, after: str | None = None) -> tuple[list[Walk], str | None]:
    """A person's walks, newest first."""
    page = query(
        Table.WORK, f"WALKS#{who}", index="GSI1", newest_first=True, limit=PAGE, after=after
    )  # the index may lag by a moment
    return [Walk.model_validate_json(item["document"]) for item in page], page.next


def all_walks(who: str) -> Iterator[Walk]:
    """Every walk of somebody's that is still kept."""
    for item in query_all(Table.WORK, f"WALKS#{who}", index="GSI1"):
        yield Walk.model_validate_json(item["document"])


def end(walk: Walk) -> None:
    """Write a walk that was ended; its walker may begin another. Again is as once."""
    own = "attribute_not_exists(PK) OR #walk_id = :walk"
    guard = delete_op(Table.WORK, f"WALKING#{walk.who}", "WALK", condition=own, walk=walk.id)
    if not _written([put_op(Table.WORK, _walk_item(walk)), guard]):
        transact([put_op(Table.WORK, _walk_item(walk))])  # on the next one already


def finding_ops(walk: Walk, finding: Finding, seen: str | None) -> list[Item]:
    """What a finding writes: itself, that `seen` was seen for the walk's plan, and that the walk still stands."""
    operations = [
        put_op(Table.WORK, _finding_item(walk, finding), if_absent=True),
        check_op(Table.WORK, f"WALKING#{walk.who}", "WALK", "#walk_id = :walk", walk=walk.id),
    ]
    if walk.plan and seen:
        monday = monday_of(finding.at.date())
        place = {"place": seen, "at": stamp(finding.at), "expires": _epoch(finding.at)}
        keys = {"PK": f"VISITS#{walk.plan}#{monday}", "SK": f"{seen}#{walk.id}"}
        operations.append(put_op(Table.WORK, keys | place))
    return operations


def note(walk: Walk, finding: Finding, seen: str | None, replay: Replay) -> bool:
    """Write what is in order, once by its key. False when the place stands in order for this walk already, or it ended."""
    return _written([*finding_ops(walk, finding, seen), done_op(replay, IN_ORDER)])


def list_findings(walk_id: str) -> list[Finding]:
    """What was found on a walk, in the order of time."""
    items = query_all(Table.WORK, f"WALK#{walk_id}", begins="FINDING#", consistent=True)
    found = [Finding.model_validate_json(item["document"]) for item in items]
    return sorted(found, key=lambda finding: finding.at)


def list_seen(plan: str, mondays: Iterable[date]) -> dict[date, dict[str, int]]:
    """For each of these weeks, how many walks have seen each place of a plan."""
    return {monday: _seen_in(plan, monday) for monday in mondays}


def _seen_in(plan: str, monday: date) -> dict[str, int]:
    times: dict[str, int] = {}
    for item in query_all(Table.WORK, f"VISITS#{plan}#{monday}"):
        times[item["place"]] = times.get(item["place"], 0) + 1
    return times


def _walk_item(walk: Walk) -> Item:
    keys = {"PK": f"WALK#{walk.id}", "SK": "WALK", "GSI1PK": f"WALKS#{walk.who}"}
    index = {"GSI1SK": f"{stamp(walk.started_at)}#{walk.id}", "expires": _epoch(walk.started_at)}
    return keys | index | {"document": walk.model_dump_json(exclude_defaults=True)}


def _finding_item(walk: Walk, finding: Finding) -> Item:
    """A place is in order once a walk; a ticket stands for itself."""
    which = f"{IN_ORDER}#{finding.place}" if finding.in_order else f"ticket#{finding.ticket_id}"
    keys = {"PK": f"WALK#{walk.id}", "SK": f"FINDING#{which}", "expires": _epoch(finding.at)}
    return keys | {"document": finding.model_dump_json(exclude_defaults=True)}


def _guard(who: str) -> Item:
    return {"PK": f"WALKING#{who}", "SK": "WALK"}


def _written(operations: list[Item]) -> bool:
    try:
        transact(operations)
    except ConditionFailed:
        return False
    return True


def _epoch(at: datetime) -> int:
    return int((at + KEPT_FOR).timestamp())
