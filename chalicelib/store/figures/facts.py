"""Facts by day and area, the marks of what must be counted again, and what is left of removed cases.

A fact stands under the day its ticket was received, and a copy of it under the day it ended. Whoever changes either marks
the day and area; a mark bears a token of its own, so that who has counted clears only the mark that was there before.
"""

from collections.abc import Iterable, Set
from datetime import date, timedelta
from typing import NamedTuple
from uuid import uuid4

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.figures.counts import Counts, added, count_day
from chalicelib.domain.figures.facts import Fact, as_said
from chalicelib.settings import settings
from chalicelib.store import documents, keys
from chalicelib.store.figures.counts import pack, unpack
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Key,
    Table,
    batch_get,
    batch_write,
    delete_op,
    get,
    put,
    put_op,
    query,
    query_all,
    transact,
    update,
)

_NEWER = "attribute_not_exists(PK) OR #version < :version"
_TRIES = 5
_MOVED = "moved"  # in the place of a fact whose ticket is counted in another area now
_KEPT_OUT_FOR = timedelta(days=400)  # after it was received; no old reading of a ticket comes so late


class Mark(NamedTuple):
    """A day and area that must be counted again. `seen`: the token of its mark by shelf."""

    day: date
    area: str
    seen: tuple[tuple[int, str], ...] = ()


class Changed(NamedTuple):
    """A day and area in whose counts a change is owed, and the shelf of the ticket that changed."""

    day: date
    area: str
    shelf: int


class Owed:
    """What the facts of a batch leave to be written for all of them at once: those of new tickets, and the days to be counted again."""

    def __init__(self) -> None:
        self.first: list[Fact] = []
        self.changed: set[Changed] = set()


class OfADay(NamedTuple):
    """What there is to count of a day and area."""

    received: list[Fact]
    ended: list[Fact]
    gone: Counts  # of cases that were removed


def keep(fact: Fact, *, not_in: Iterable[str] = (), owed: Owed | None = None) -> None:
    """Write the fact unless one as new stands already, and mark what it changes. At least once, in any order.

    `not_in`: areas in which the ticket may have stood before its place was put right (改地点). `owed` gathers what the
    caller will write and mark for many facts at once: `first_items`, `settle`, `mark_items`. Raises TryAgain.
    """
    if fact.version == 1 and fact.closing_day is None and not not_in:
        if owed is not None:
            return owed.first.append(fact)
        if put(Table.WORK, _first_item(fact), if_absent=True):
            return _owe(fact, owed)
    return _keep(fact, not_in, owed)


def first_items(owed: Owed) -> list[Item]:
    """The facts of new tickets, to be written without being looked for."""
    return list(map(_first_item, owed.first))


def settle(owed: Owed, stood: Set[Key]) -> None:
    """They were written, but where something `stood` already: that is looked at. Raises TryAgain."""
    for fact in owed.first:
        if keys.fact_received(fact.day, fact.area, fact.ticket_id) in stood:
            _keep(fact, (), owed)
        else:
            _owe(fact, owed)


def _first_item(fact: Fact) -> Item:
    return _item(keys.fact_received(fact.day, fact.area, fact.ticket_id), fact)


def _keep(fact: Fact, not_in: Iterable[str], owed: Owed | None) -> None:
    for _ in range(_TRIES):
        standing = _find(fact.day, fact.area, fact.ticket_id)
        if standing is not None and standing["version"] > fact.version:
            return  # whoever wrote that has marked, or will when its line comes again
        old = None if standing is None or standing.get(_MOVED) else _load(standing)
        try:
            if old is not None and old.version == fact.version:
                _owe(fact, owed)
            else:
                _replace(old, fact, owed)
            return _take_out(fact, [area for area in sorted(not_in) if area != fact.area])
        except ConditionFailed:
            continue
    raise TryAgain("统计正在更新，请稍后再试")


def _owe(fact: Fact, owed: Owed | None) -> None:
    changed = {Changed(day, fact.area, _shelf(fact)) for day in _days(fact)}
    if owed is None:
        mark_all(changed)
    else:
        owed.changed |= changed


def _take_out(fact: Fact, areas: list[str]) -> None:
    """Where it stood before, a mark in its place keeps out what an older reading of the ticket would write there late."""
    places = {keys.fact_received(fact.day, area, fact.ticket_id): area for area in areas}
    found = batch_get(Table.WORK, places, consistent=True)
    standing = {(item["PK"], item["SK"]): item for item in found}
    until = int((fact.received_at + _KEPT_OUT_FOR).timestamp())
    operations: list[Item] = []
    for place, area in places.items():
        item = standing.get(place)
        if item is not None and (item.get(_MOVED) or item["version"] >= fact.version):
            continue
        gone = keys.attributes(place) | {"version": fact.version, _MOVED: True, "expires": until}
        operations.append(put_op(Table.WORK, gone, condition=_NEWER, version=fact.version))
        if item is not None:
            operations += _taken_out(_load(item), area)
    if operations:
        transact(operations)


def _taken_out(old: Fact, area: str) -> list[Item]:
    marks = [put_op(Table.WORK, _mark_item(day, area, _shelf(old))) for day in _days(old)]
    if old.closing_day is None:
        return marks
    return [delete_op(Table.WORK, *keys.fact_ended(old.closing_day, area, old.ticket_id)), *marks]


def _find(day: date, area: str, ticket_id: str) -> Item | None:
    return get(Table.WORK, *keys.fact_received(day, area, ticket_id), consistent=True)


def find(day: date, area: str, ticket_id: str) -> Fact | None:
    item = _find(day, area, ticket_id)
    return _load(item) if item and not item.get(_MOVED) else None


def list_of_day(day: date, area: str) -> OfADay:
    """Everything under a day and area, as it stands now."""
    gone = keys.facts_gone(day, area).sk
    items = list(query_all(Table.WORK, keys.facts_pk(day, area), consistent=True))
    stand = [item for item in items if not item.get(_MOVED)]
    received = [_load(item) for item in stand if item["SK"].startswith(keys.FACTS_RECEIVED)]
    ended = [_load(item) for item in stand if item["SK"].startswith(keys.FACTS_ENDED)]
    return OfADay(received, ended, added(unpack(item) for item in items if item["SK"] == gone))


def mark(*days: date, area: str, shelf: int = 0) -> None:
    batch_write(Table.WORK, puts=[_mark_item(day, area, shelf) for day in days])


def mark_all(changed: Iterable[Changed]) -> None:
    batch_write(Table.WORK, puts=mark_items(changed))


def mark_items(changed: Iterable[Changed]) -> list[Item]:
    """For who writes them beside something else."""
    return [_mark_item(*each) for each in sorted(changed)]


def list_marks(*, limit: int) -> list[Mark]:
    """What waits to be counted again, one page of each shelf."""
    found: dict[tuple[date, str], list[tuple[int, str]]] = {}
    for shelf in range(settings().shelves):
        for item in query(Table.WORK, keys.to_count_pk(shelf), limit=limit, consistent=True):
            day, _, area = item["SK"].partition("#")
            found.setdefault((date.fromisoformat(day), area), []).append((shelf, item["token"]))
    return [Mark(day, area, tuple(seen)) for (day, area), seen in found.items()]


def cleared_ops(mark: Mark) -> list[Item]:
    """For the transaction that writes the counts: the marks go, if they are still those that were seen."""
    return [
        delete_op(
            Table.WORK, *keys.to_count(mark.day, mark.area, shelf), condition="#token = :seen", seen=token
        )
        for shelf, token in mark.seen
    ]


def let_go(fact: Fact, many: Set[str] = frozenset()) -> None:
    """A removed case leaves its part of the counts of its days, and no fact. Nothing where there is none any more.

    `many`: the marks of words that were said on many tickets. Once: with the fact goes the right to add. No day is marked, for no figure changes. Raises TryAgain when someone else
    writes there too.
    """
    fact = as_said(fact, many)
    operations = [_delete(keys.fact_received(fact.day, fact.area, fact.ticket_id), fact)]
    operations += [_gone_op(fact.day, fact.area, count_day([fact], []))]
    if fact.closing_day:
        operations.append(_delete(keys.fact_ended(fact.closing_day, fact.area, fact.ticket_id), fact))
        if fact.closing_day == fact.day:
            operations[1] = _gone_op(fact.day, fact.area, count_day([fact], [fact]))
        else:
            operations.append(_gone_op(fact.closing_day, fact.area, count_day([], [fact])))
    try:
        transact(operations)
    except ConditionFailed as failed:
        raise TryAgain("统计正在更新，请稍后再试") from failed


def _replace(old: Fact | None, new: Fact, owed: Owed | None) -> None:
    """A fact that is open before and after is one write; else all of it is one transaction. The marks of its days are owed."""
    was = old.closing_day if old else None
    received = keys.fact_received(new.day, new.area, new.ticket_id)
    if was is None and new.closing_day is None:
        _write(received, new)
        return _owe(new, owed)
    operations = [put_op(Table.WORK, _item(received, new), condition=_NEWER, version=new.version)]
    if was is not None and was != new.closing_day:
        operations.append(delete_op(Table.WORK, *keys.fact_ended(was, new.area, new.ticket_id)))
    if new.closing_day is not None:
        copy = keys.fact_ended(
            new.closing_day, new.area, new.ticket_id
        )  # goes with its fact in one transaction
        operations.append(put_op(Table.WORK, _item(copy, new)))
    if was is not None and was not in _days(new):  # its line, come again, would not say so any more
        operations.append(put_op(Table.WORK, _mark_item(was, new.area, _shelf(new))))
    transact(operations)
    _owe(new, owed)


def _write(key: keys.Key, fact: Fact) -> None:
    update(
        Table.WORK,
        *key,
        f"SET #document = :document, #version = :version REMOVE #{_MOVED}, #expires",
        condition=_NEWER,
        document=_document(fact),
        version=fact.version,
    )


def _item(key: keys.Key, fact: Fact) -> Item:
    return keys.attributes(key) | {"document": _document(fact), "version": fact.version}


def _delete(key: keys.Key, fact: Fact) -> Item:
    return delete_op(Table.WORK, *key, condition="#version = :version", version=fact.version)


def _gone_op(day: date, area: str, counts: Counts) -> Item:
    """What is left of the removed cases of a day and area, one more added."""
    key = keys.facts_gone(day, area)
    old = get(Table.WORK, *key, consistent=True)
    cases = old["cases"] if old else 0
    whole = added([unpack(old), counts] if old else [counts])
    item = keys.attributes(key) | {"document": pack(whole), "cases": cases + 1}
    if old is None:
        return put_op(Table.WORK, item, if_absent=True)
    return put_op(Table.WORK, item, condition="#cases = :seen", seen=cases)


def _days(fact: Fact) -> list[date]:
    return list(dict.fromkeys(day for day in (fact.day, fact.closing_day) if day))


def _shelf(fact: Fact) -> int:
    return keys.shelf_of(fact.ticket_id, settings().shelves)


def _mark_item(day: date, area: str, shelf: int) -> Item:
    return keys.attributes(keys.to_count(day, area, shelf)) | {"token": uuid4().hex}


def _document(fact: Fact) -> str:
    return fact.model_dump_json(exclude_defaults=True)


def _load(item: Item) -> Fact:
    return documents.read(Fact, item["document"])
