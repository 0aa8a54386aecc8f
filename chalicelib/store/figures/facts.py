"""Facts by day and area, the marks of what must be counted again, and what is left of removed cases.

A fact stands under the day its ticket was received, and a copy of it under the day it ended. Whoever changes either marks
the day and area; a mark bears a token of its own, so that who has counted clears only the mark that was there before.
"""

from datetime import date
from typing import NamedTuple
from uuid import uuid4

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.figures.counts import Counts, added, count_day
from chalicelib.domain.figures.facts import Fact
from chalicelib.store import keys
from chalicelib.store.figures.counts import pack, unpack
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    batch_write,
    delete_op,
    get,
    put_op,
    query,
    query_all,
    transact,
    update,
)

_NEWER = "attribute_not_exists(PK) OR #version < :version"
_TRIES = 5


class Mark(NamedTuple):
    """A day and area that must be counted again."""

    day: date
    area: str
    token: str


class OfADay(NamedTuple):
    """What there is to count of a day and area."""

    received: list[Fact]
    ended: list[Fact]
    gone: Counts  # of cases that were removed


def keep(fact: Fact) -> None:
    """Write the fact unless one as new stands already, and mark what it changes. At least once, in any order."""
    for _ in range(_TRIES):
        old = find(fact.day, fact.area, fact.ticket_id)
        if old is not None and old.version > fact.version:
            return  # whoever wrote that has marked, or will when its line comes again
        if old is not None and old.version == fact.version:
            return mark(*_days(fact), area=fact.area)
        try:
            return _replace(old, fact)
        except ConditionFailed:
            continue
    raise TryAgain("统计正在更新，请稍后再试")


def find(day: date, area: str, ticket_id: str) -> Fact | None:
    item = get(Table.WORK, *keys.fact_received(day, area, ticket_id), consistent=True)
    return _load(item) if item else None


def list_of_day(day: date, area: str) -> OfADay:
    """Everything under a day and area, as it stands now."""
    gone = keys.facts_gone(day, area).sk
    items = list(query_all(Table.WORK, keys.facts_pk(day, area), consistent=True))
    received = [_load(item) for item in items if item["SK"].startswith(keys.FACTS_RECEIVED)]
    ended = [_load(item) for item in items if item["SK"].startswith(keys.FACTS_ENDED)]
    return OfADay(received, ended, added(unpack(item) for item in items if item["SK"] == gone))


def mark(*days: date, area: str) -> None:
    batch_write(Table.WORK, puts=[_mark_item(day, area) for day in days])


def list_marks(*, limit: int) -> list[Mark]:
    """What waits to be counted again, one page."""
    page = query(Table.WORK, keys.TO_COUNT_PK, limit=limit, consistent=True)
    return [_load_mark(item) for item in page]


def cleared_op(mark: Mark) -> Item:
    """For the transaction that writes the counts: the mark goes, if it is still the one that was seen."""
    key = keys.to_count(mark.day, mark.area)
    return delete_op(Table.WORK, *key, condition="#token = :seen", seen=mark.token)


def let_go(fact: Fact) -> None:
    """A removed case leaves its part of the counts of its days, and no fact. Nothing where there is none any more.

    Once: with the fact goes the right to add. No day is marked, for no figure changes. Raises TryAgain when someone else
    writes there too.
    """
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


def _replace(old: Fact | None, new: Fact) -> None:
    """A fact that is open before and after is one write and a mark; else all of it is one transaction."""
    was = old.closing_day if old else None
    received = keys.fact_received(new.day, new.area, new.ticket_id)
    if was is None and new.closing_day is None:
        _write(received, new)
        return mark(new.day, area=new.area)
    operations = [put_op(Table.WORK, _item(received, new), condition=_NEWER, version=new.version)]
    if was is not None and was != new.closing_day:
        operations.append(delete_op(Table.WORK, *keys.fact_ended(was, new.area, new.ticket_id)))
    if new.closing_day is not None:
        copy = keys.fact_ended(
            new.closing_day, new.area, new.ticket_id
        )  # goes with its fact in one transaction
        operations.append(put_op(Table.WORK, _item(copy, new)))
    days = dict.fromkeys([*_days(new), *([was] if was else [])])
    transact(operations + [put_op(Table.WORK, _mark_item(day, new.area)) for day in days])


def _write(key: keys.Key, fact: Fact) -> None:
    update(
        Table.WORK,
        *key,
        "SET #document = :document, #version = :version",
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


def _mark_item(day: date, area: str) -> Item:
    return keys.attributes(keys.to_count(day, area)) | {"token": uuid4().hex}


def _load_mark(item: Item) -> Mark:
    day, _, area = item["SK"].partition("#")
    return Mark(date.fromisoformat(day), area, item["token"])


def _document(fact: Fact) -> str:
    return fact.model_dump_json(exclude_defaults=True)


def _load(item: Item) -> Fact:
    return Fact.model_validate_json(item["document"])
