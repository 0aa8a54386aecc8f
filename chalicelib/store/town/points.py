"""Points: codes, the place each stands for, and their scans.

A code stays for ever. One item names the one active code of a place and is the guard that there are never two; another the
code that went with its place, and comes back with it. The index lists every code a place ever had.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from random import SystemRandom
from typing import Any

from chalicelib.domain.errors import AlreadyDone, NotFound, TryAgain
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.town import point as rules
from chalicelib.domain.town.codes import new_point_code
from chalicelib.domain.town.point import Point, PointState
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from chalicelib.store import documents, keys, table
from chalicelib.store.table import Table

PLACES_AT_ONCE = table.MOST_IN_A_TRANSACTION // 2  # each needs its code and its place's pointer
_random = SystemRandom()
_log = logging.getLogger(__name__)


def ensure(places: Iterable[Place], now: datetime) -> int:
    """Give every place of kind point without an active code one, and note new names in the codes they have.

    A place that was removed and comes back has its old code again: printed codes never die by accident (rule 86). Safe to run again, and beside itself: a place never has two active codes. Answers how many were issued.
    """
    points = [place for place in places if place.kind is PlaceKind.POINT]
    codes = active_codes(place.code for place in points)
    _note_names([(codes[place.code], place) for place in points if place.code in codes])
    without = [place for place in points if place.code not in codes]
    revived = _revive(without, now)
    return _issue([place for place in without if place.code not in revived], now)


def active_codes(places: Iterable[str]) -> dict[str, str]:
    """The active code of each of these places that has one."""
    found = table.batch_get(Table.WORK, map(keys.active_code, places))
    return {keys.place_of(item["PK"]): item["code"] for item in found}


def removed_codes(places: Iterable[str]) -> dict[str, str]:
    """The code of each of these places that went with it and would come back with it."""
    found = table.batch_get(Table.WORK, map(keys.removed_code, places))
    return {keys.place_of(item["PK"]): item["code"] for item in found}


def get_active(places: Iterable[str]) -> list[Point]:
    """The active codes of these places, by place; for labels."""
    found = get_many(active_codes(places).values())
    return sorted(found, key=lambda point: (point.path, point.code))


def get(code: str) -> Point:
    """The code as it stands, whatever its state. Raises NotFound for one that was never issued."""
    point = find(code)
    if point is None:
        raise NotFound("没有这个码，请核对编码，或直接填写地点")
    return point


def key(code: str) -> keys.Key:
    return keys.point(code)


def load(item: table.Item) -> Point:
    return documents.read(Point, item["point"])


def find(code: str) -> Point | None:
    item = table.get(Table.WORK, *key(code))
    return load(item) if item else None


def get_many(codes: Iterable[str]) -> list[Point]:
    return [load(item) for item in table.batch_get(Table.WORK, map(key, codes))]


def list_for_place(place: str) -> list[Point]:
    """Every code the place ever had, oldest first."""
    items = table.query_all(Table.WORK, keys.points_pk(place), index="GSI1")
    return [load(item) for item in items]


def replace(code: str, by: str, now: datetime) -> Point:
    """The new code for a torn one. The old keeps its history, names the new one, and still opens its place.

    Raises NotFound, and AlreadyDone when the code is not the active one (any more).
    """
    torn = _active(code)
    new_code = new_point_code(_random)
    old, new = rules.follow(torn, new_code, by=by, now=now)
    try:
        table.transact(
            [
                _put_if_active(old),
                table.put_op(Table.WORK, _item(new), if_absent=True),
                table.put_op(Table.WORK, _pointer(new), condition="#code = :old", old=code),
            ]
        )
    except table.ConditionFailed as changed:
        raise AlreadyDone("这个码刚刚被更换或停用，请刷新后再看") from changed
    return new


def retire(code: str, by: str, now: datetime, *, with_place: bool = False) -> Point:
    """The code is taken down; its place has none until the next `ensure`. Raises NotFound, AlreadyDone.

    `with_place`: its place is no longer among the town's; when that comes back, so does the code.
    """
    point = rules.take_down(_active(code), by=by, now=now, with_place=with_place)
    kept = [table.put_op(Table.WORK, _removed(point))] if with_place else []
    gone = table.delete_op(Table.WORK, *keys.active_code(point.place))
    try:
        table.transact([_put_if_active(point), gone, *kept])
    except table.ConditionFailed as changed:
        raise AlreadyDone("这个码刚刚被更换或停用，请刷新后再看") from changed
    return point


def count_scan(code: str, day: date) -> None:
    """One more scan of a code on a day. A count is never worth an error page: a failure is logged, not raised."""
    try:
        table.update(Table.WORK, *keys.scans(code, day), "ADD #scans :one", one=1)
    except Exception as failed:
        _log.warning("scan not counted: %s", type(failed).__name__)


def list_scans(code: str) -> dict[str, int]:
    """Scans by day (YYYY-MM-DD), oldest first."""
    return {item["SK"]: item["scans"] for item in table.query_all(Table.WORK, keys.scans_pk(code))}


def _active(code: str) -> Point:
    point = get(code)
    if point.state is not PointState.ACTIVE:
        raise AlreadyDone("这个码已经更换或停用，不能再操作", replaced_by=point.replaced_by)
    return point


def _issue(places: list[Place], now: datetime) -> int:
    issued = 0
    for start in range(0, len(places), PLACES_AT_ONCE):
        issued += _issue_together(places[start : start + PLACES_AT_ONCE], now)
    return issued


def _issue_together(places: list[Place], now: datetime, attempts: int = 3) -> int:
    """One transaction; when another import was faster somewhere, what is still without a code is tried again."""
    if not places:
        return 0
    points = [rules.issue(new_point_code(_random), place, by=Actor.MACHINE, now=now) for place in places]
    operations = [
        table.put_op(Table.WORK, item, if_absent=True)
        for point in points
        for item in (_item(point), _pointer(point))
    ]
    try:
        table.transact(operations)
    except (table.ConditionFailed, TryAgain):
        if not attempts:
            raise TryAgain("正在发放点位码，请稍后再导入一次") from None
        have = active_codes(place.code for place in places)
        return _issue_together([place for place in places if place.code not in have], now, attempts - 1)
    return len(points)


def _revive(places: list[Place], now: datetime) -> set[str]:
    """The places whose old codes are in force again."""
    codes, named = removed_codes(place.code for place in places), {place.code: place for place in places}
    back = [point for point in get_many(codes.values()) if rules.can_revive(point)]
    return {
        point.place
        for point in back
        if _put_back(rules.revive(point, named[point.place], by=Actor.MACHINE, now=now))
    }


def _put_back(point: Point) -> bool:
    retired = PointState.RETIRED.value
    try:
        table.transact(
            [
                table.put_op(Table.WORK, _item(point), condition="#state = :retired", retired=retired),
                table.put_op(Table.WORK, _pointer(point), if_absent=True),
                table.delete_op(Table.WORK, *keys.removed_code(point.place)),
            ]
        )
    except table.ConditionFailed:
        _log.info("code %s was put back by another import", point.code)
        return False
    return True


def _note_names(named: list[tuple[str, Place]]) -> None:
    places = dict(named)
    for point in get_many(places):
        changed = rules.renamed(point, places[point.code])
        if changed != point and changed.state is PointState.ACTIVE:
            _rewrite(changed)


def _rewrite(point: Point) -> None:
    try:
        table.transact([_put_if_active(point)])
    except table.ConditionFailed:
        _log.info("code %s changed hands during the import", point.code)


def _put_if_active(point: Point) -> table.Item:
    return table.put_op(
        Table.WORK, _item(point), condition="#state = :active", active=PointState.ACTIVE.value
    )


def _item(point: Point) -> dict[str, Any]:
    listed = keys.point_at(point.place, point.issued_at, point.code)
    state = {"state": point.state.value, "point": point.model_dump_json()}
    return keys.attributes(key(point.code), listed) | state


def _pointer(point: Point) -> dict[str, Any]:
    return keys.attributes(keys.active_code(point.place)) | {"code": point.code}


def _removed(point: Point) -> dict[str, Any]:
    return keys.attributes(keys.removed_code(point.place)) | {"code": point.code}
