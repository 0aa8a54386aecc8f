"""Walks, what was found on them, and which places were seen: in the work table, for 400 days.

A guard holds that nobody is on two walks at once; what is found on a walk is written only while it stands.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import stamp
from chalicelib.domain.town.visit_plans import monday_of
from chalicelib.domain.visits.walks import LONGEST, Finding, Walk
from chalicelib.store import documents, keys
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
from chalicelib.store.visits import shops

KEPT_FOR = timedelta(days=400)
PAGE = 20
IN_ORDER = "in_order"


def begin(walk: Walk) -> bool:
    """Write a new walk. False, and nothing written, when it stands already or its walker is on another."""
    until = stamp(walk.started_at + LONGEST)
    guard = keys.attributes(keys.walking(walk.who)) | {
        "walk_id": walk.id,
        "until": until,
        "expires": _epoch(walk.started_at),
    }
    free = "attribute_not_exists(PK) OR #until < :now"
    operations = [
        put_op(Table.WORK, _walk_item(walk), if_absent=True),
        put_op(Table.WORK, guard, condition=free, now=stamp(walk.started_at)),
    ]
    return _written(operations)


def find(walk_id: str) -> Walk | None:
    item = get(Table.WORK, *keys.walk(walk_id), consistent=True)
    return documents.read(Walk, item["document"]) if item else None


def get_walk(walk_id: str, who: str) -> Walk:
    """A walk of this person's. Raises NotFound, also for somebody else's."""
    walk = find(walk_id)
    if walk is None or walk.who != who:
        raise NotFound("没有这一趟走访，请刷新页面")
    return walk


def find_open(who: str) -> Walk | None:
    """The walk this person began last and did not end; it may have gone on for too long."""
    guard = get(Table.WORK, *keys.walking(who), consistent=True)
    return find(guard["walk_id"]) if guard else None


def list_walks(who: str, *, after: str | None = None) -> tuple[list[Walk], str | None]:
    """A person's walks, newest first."""
    # the index may lag by a moment
    page = query(Table.WORK, keys.walks_pk(who), index="GSI1", newest_first=True, limit=PAGE, after=after)
    return [documents.read(Walk, item["document"]) for item in page], page.next


def all_walks(who: str) -> Iterator[Walk]:
    """Every walk of somebody's that is still kept."""
    for item in query_all(Table.WORK, keys.walks_pk(who), index="GSI1"):
        yield documents.read(Walk, item["document"])


def end(walk: Walk) -> None:
    """Write a walk that was ended; its walker may begin another. Again is as once."""
    own = "attribute_not_exists(PK) OR #walk_id = :walk"
    guard = delete_op(Table.WORK, *keys.walking(walk.who), condition=own, walk=walk.id)
    if not _written([put_op(Table.WORK, _walk_item(walk)), guard]):
        transact([put_op(Table.WORK, _walk_item(walk))])  # on the next one already


def finding_ops(walk: Walk, finding: Finding, seen: str | None, said: Sequence[Item] = ()) -> list[Item]:
    """What a finding writes: itself, that `seen` was seen for the walk's plan, that the walk still stands, what is `said` of a shop."""
    operations = [
        put_op(Table.WORK, _finding_item(walk, finding), if_absent=True),
        check_op(Table.WORK, *keys.walking(walk.who), "#walk_id = :walk", walk=walk.id),
    ]
    if finding.shop:
        operations += [*shops.finding_ops(walk, finding), *said]
    if walk.plan and seen:
        monday = monday_of(finding.at.date())
        place = {"place": seen, "at": stamp(finding.at), "expires": _epoch(finding.at)}
        key = keys.visit(walk.plan, monday, seen, walk.id)
        operations.append(put_op(Table.WORK, keys.attributes(key) | place))
    return operations


def note(walk: Walk, finding: Finding, seen: str | None, replay: Replay, said: Sequence[Item] = ()) -> bool:
    """Write what is in order, once by its key. False when the place stands in order for this walk already, or it ended."""
    return _written([*finding_ops(walk, finding, seen, said), done_op(replay, IN_ORDER)])


def list_findings(walk_id: str) -> list[Finding]:
    """What was found on a walk, in the order of time."""
    items = query_all(Table.WORK, keys.walk_pk(walk_id), begins=keys.FINDINGS, consistent=True)
    found = [documents.read(Finding, item["document"]) for item in items]
    return sorted(found, key=lambda finding: finding.at)


def list_seen(plan: str, mondays: Iterable[date]) -> dict[date, dict[str, int]]:
    """For each of these weeks, how many walks have seen each place of a plan."""
    return {monday: _seen_in(plan, monday) for monday in mondays}


def _seen_in(plan: str, monday: date) -> dict[str, int]:
    times: dict[str, int] = {}
    for item in query_all(Table.WORK, keys.visits_pk(plan, monday)):
        times[item["place"]] = times.get(item["place"], 0) + 1
    return times


def _walk_item(walk: Walk) -> Item:
    item = keys.attributes(keys.walk(walk.id), keys.walk_of(walk.who, walk.started_at, walk.id))
    document = walk.model_dump_json(exclude_defaults=True)
    return item | {"document": document, "expires": _epoch(walk.started_at)}


def _finding_item(walk: Walk, finding: Finding) -> Item:
    """A place, or a shop of it, is in order once a walk; a ticket stands for itself."""
    ticket_id = str(finding.ticket_id)
    in_order = keys.found_in_order(walk.id, finding.place)
    if finding.shop:
        in_order = keys.shop_in_order(walk.id, finding.shop)
    key = in_order if finding.in_order else keys.found_ticket(walk.id, ticket_id)
    document = finding.model_dump_json(exclude_defaults=True)
    return keys.attributes(key) | {"document": document, "expires": _epoch(finding.at)}


def _written(operations: list[Item]) -> bool:
    try:
        transact(operations)
    except ConditionFailed:
        return False
    return True


def _epoch(at: datetime) -> int:
    return int((at + KEPT_FOR).timestamp())
