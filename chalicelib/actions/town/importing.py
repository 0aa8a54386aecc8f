"""Importing a town: read and check all files, refuse who may not leave, write, and switch last."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.actions.town import handing_over
from chalicelib.domain.errors import HoldsOpenTickets, Invalid
from chalicelib.domain.model import Frozen
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.leaving import Leaving, check_leaving
from chalicelib.domain.town.vocabulary import Place
from chalicelib.domain.town_import.files import TownFiles, read_town
from chalicelib.domain.town_import.plan import Back, Plan, coming_back, plan
from chalicelib.domain.town_import.sheet import Rows
from chalicelib.domain.town_import.sources import stem_of
from chalicelib.domain.visits import shops as rules
from chalicelib.gateways import public_hosts
from chalicelib.store.identity import sessions
from chalicelib.store.town import directory, points, preferences
from chalicelib.store.town.directory import Pointer
from chalicelib.store.visits import shops

MOST_ERRORS = 1000  # shown; an answer has a size, and nobody reads on

HeldBy = Callable[[str], list[str]]


class ImportReport(Frozen):
    """What an import did. `unchanged`: what these files say is in force already, nothing was written."""

    version: str
    places: int
    points: int
    staff: int
    new_codes: int = 0
    removed_points: int = 0
    left: tuple[str, ...] = ()
    handed_over: int = 0
    unchanged: bool = False


class Checked(NamedTuple):
    """A town that may be put in force. `changed`: the points to be written; `removed`: codes of those that go."""

    report: ImportReport
    town: Town
    points: tuple[Place, ...]
    changed: tuple[Place, ...]
    removed: frozenset[str]
    leaving: Leaving
    digest: str
    before: Pointer | None
    plan: Plan | None  # None where nothing changes
    text: Mapping[str, Rows] = {}  # the tables as they were written


def import_town(
    files: Mapping[str, bytes],
    *,
    by: str,
    hand_over_to: Mapping[str, str],
    now: datetime,
    held_by: HeldBy = handing_over.held_by,
    held_by_unit: HeldBy = handing_over.held_by_unit,
) -> ImportReport:
    """Put a whole town in force, or nothing of it. `hand_over_to` names the successor of each who leaves.

    Raises Invalid with `fields` (file, line, column, reason), HoldsOpenTickets with `holders`, Stale when another import
    runs or was faster. Killed on the way, the old town stays in force, and the same import may simply be run again.
    """
    checked = check(files, hand_over_to=hand_over_to, now=now, held_by=held_by, held_by_unit=held_by_unit)
    return checked.report if checked.report.unchanged else put_in_force(checked, by=by, now=now)


def check(
    files: Mapping[str, bytes],
    *,
    hand_over_to: Mapping[str, str],
    now: datetime,
    held_by: HeldBy = handing_over.held_by,
    held_by_unit: HeldBy = handing_over.held_by_unit,
) -> Checked:
    """Everything that may refuse an import, and nothing written. Raises Invalid, HoldsOpenTickets as `import_town`."""
    digest = _digest(files)
    read = read_town(files, version=f"{now:%Y%m%d%H%M%S}-{digest[:12]}", today=now.date())
    town = _valid(read)
    report = ImportReport(
        version=town.version, places=len(town.places), points=len(read.points), staff=len(town.staff)
    )
    before = directory.find_pointer()
    if before is not None and before.digest == digest:
        same = report.model_copy(update={"version": before.version, "unchanged": True})
        return Checked(same, town, read.points, (), frozenset(), Leaving(successors={}), digest, before, None)
    directory.forget()
    in_force = directory.town() if before else None
    _need_public(town)
    leaving = _leaving(in_force, town, hand_over_to, held_by, held_by_unit)
    old = {point.code: point for point in directory.list_points()} if before else {}
    changed = tuple(point for point in read.points if old.get(point.code) != point)
    removed = frozenset(old.keys() - {point.code for point in read.points})
    back = (
        points.removed_codes(point.code for point in read.points if point.code not in old) if before else {}
    )
    known = shops.list_known() if in_force is not None and (in_force.shops or town.shops) else {}
    then = _as_walks_say(in_force, known) if in_force else None
    there = _as_walks_say(town, known)
    if (
        in_force is not None
        and then is not None
        and _says_the_same(then, there)
        and not changed
        and not removed
    ):
        same = report.model_copy(update={"version": in_force.version, "unchanged": True})
        return Checked(same, town, read.points, (), frozenset(), leaving, digest, before, None)
    planned = plan(
        then,
        there,
        tuple(old.values()),
        read.points,
        digest=digest,
        back=Back(
            points=len(back),
            tickets=_coming_back(leaving, now),
            shops=tuple(s.name for s in rules.come_back(then.shops, there.shops, known)) if then else (),
        ),
        now=now,
    )
    planned = planned.model_copy(update={"warnings": (*read.notes, *planned.warnings)})
    return Checked(report, town, read.points, changed, removed, leaving, digest, before, planned, read.text)


def _coming_back(leaving: Leaving, now: datetime) -> tuple[str, ...]:
    """Read only where somebody leaves: it asks for every ticket that ended in the time in which it may begin again."""
    if not leaving.people:
        return ()
    return coming_back(leaving.people, handing_over.ended_lately(now), now)


def _as_walks_say(town: Town, known: Mapping[str, rules.Known]) -> Town:
    """The town with its shops as they were last found: what an import changes is told against that."""
    return town.model_copy(update={"shops": rules.in_force(town.shops, known)})


def _says_the_same(old: Town, new: Town) -> bool:
    """Whether they differ in nothing that files say: the same tables, perhaps saved by another program."""
    return old.model_copy(update={"version": new.version, "swaps": new.swaps}) == new


def put_in_force(checked: Checked, *, by: str, now: datetime, asked: str = "") -> ImportReport:
    """Write what was checked, and switch. Raises Stale when another import runs or was faster.

    `asked`: the confirmation without whose yes it is in force, in an emergency.
    """
    directory.claim(checked.digest, now)
    try:
        written = _write(checked, by=by, now=now, asked=asked)
    finally:
        directory.release()
    return checked.report.model_copy(update=written)


def _write(checked: Checked, *, by: str, now: datetime, asked: str) -> dict[str, object]:
    """Points, codes and chunks, which nobody reads yet; then the switch; then what the old town leaves behind."""
    town, new_points, leaving, before = checked.town, checked.points, checked.leaving, checked.before
    moved = _hand_over(leaving, town, by=by, now=now)
    directory.write_points(checked.changed)
    new_codes = points.ensure(new_points, now)
    directory.write_version(town, new_points, checked.text)
    pointer = Pointer(
        version=town.version,
        previous=before.version if before else "",
        digest=checked.digest,
        imported_at=now,
        imported_by=by,
        asked=asked,
    )
    directory.switch(pointer, before=before)
    moved += _hand_over(leaving, town, by=by, now=now)  # what was dispatched to them in the meantime
    _clean_up(town, leaving, checked.removed, before, by=by, now=now)
    return {
        "new_codes": new_codes,
        "removed_points": len(checked.removed),
        "left": tuple(person.code for person in leaving.people),
        "handed_over": moved,
    }


def _clean_up(
    town: Town, leaving: Leaving, removed: frozenset[str], before: Pointer | None, *, by: str, now: datetime
) -> None:
    for person in leaving.people:
        sessions.end_all(person.code)
        preferences.forget(person.code)
    for code in points.active_codes(removed).values():
        points.retire(code, by, now, with_place=True)
    directory.write_points((), removed)
    shops.forget(rules.overruled(town.shops, shops.list_known()))
    if before is not None and before.previous:
        directory.drop_version(before.previous)


def _hand_over(leaving: Leaving, town: Town, *, by: str, now: datetime) -> int:
    pairs = [
        (person, leaving.successors[person.code])
        for person in leaving.people
        if person.code in leaving.successors
    ]
    return sum(handing_over.move(person, successor, town=town, by=by, now=now) for person, successor in pairs)


def _leaving(
    old: Town | None, new: Town, hand_over_to: Mapping[str, str], held_by: HeldBy, held_by_unit: HeldBy
) -> Leaving:
    leaving = check_leaving(old, new, hand_over_to)
    stuck = [
        {"code": person.code, "name": person.name, "open_tickets": len(held)}
        for person in leaving.people
        if person.code not in leaving.successors and (held := held_by(person.code))
    ]
    stuck += [
        {"code": unit.code, "name": unit.name, "open_tickets": len(held)}
        for unit in leaving.units
        if (held := held_by_unit(unit.code))
    ]
    if stuck:
        names = "、".join(f"{holder['name']}（{holder['open_tickets']} 张）" for holder in stuck)
        raise HoldsOpenTickets(
            f"{names}手里还有未结工单，人员请指定接手人，单位请先转办，再导入", holders=stuck
        )
    return leaving


def _valid(read: TownFiles) -> Town:
    if read.town is None:
        fields = [error.model_dump() for error in read.errors[:MOST_ERRORS]]
        count = len(read.errors)
        raise Invalid(
            f"镇的资料有 {count} 处错误，没有导入任何内容；请按列表修改后再导入", fields=fields, errors=count
        )
    return read.town


def _need_public(town: Town) -> None:
    """Raises Invalid where an address means a host that is not public as names resolve today (rule 89)."""
    faults = [(each.name, public_hosts.fault_now(each.address)) for each in town.subscribers if each.address]
    fields = [
        {"file": "subscribers.csv", "line": 0, "column": "address", "reason": f"{name}：{fault}"}
        for name, fault in faults
        if fault
    ]
    if fields:
        raise Invalid("推送地址不能用，没有导入任何内容；请改后再导入", fields=fields, errors=len(fields))


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted((stem_of(name), content) for name, content in files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
