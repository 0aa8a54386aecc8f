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

MARKS = "MARKS"
_RECEIVED, _ENDED, _GONE = "IN#", "END#", "GONE"
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
    item = get(Table.WORK, _pk(day, area), f"{_RECEIVED}{ticket_id}", consistent=True)
    return _load(item) if item else None


def list_of_day(day: date, area: str) -> OfADay:
    """Everything under a day and area, as it stands now."""
    items = list(query_all(Table.WORK, _pk(day, area), consistent=True))
    received = [_load(item) for item in items if item["SK"].startswith(_RECEIVED)]
    ended = [_load(item) for item in items if item["SK"].startswith(_ENDED)]
    return OfADay(received, ended, added(unpack(item) for item in items if item["SK"] == _GONE))


def mark(*days: date, area: str) -> None:
    batch_write(Table.WORK, puts=[_mark_item(day, area) for day in days])


def list_marks(*, limit: int) -> list[Mark]:
    """What waits to be counted again, one page."""
    page = query(Table.WORK, MARKS, limit=limit, consistent=True)
    return [_load_mark(item) for item in page]


def cleared_op(mark: Mark) -> Item:
    """For the transaction that writes the counts: the mark goes, if it is still the one that was seen."""
    sk = f"{mark.day}#{mark.area}"
    return delete_op(Table.WORK, MARKS, sk, condition="#token = :seen", seen=mark.token)


def let_go(fact: Fact) -> None:
    """A removed case leaves its part of the counts of its days, and no fact. Nothing where there is none any more.

    Once: with the fact goes the right to add. No day is marked, for no figure changes. Raises TryAgain when someone else
    writes there too.
    """
    operations = [_delete(_RECEIVED, fact.day, fact)]
    operations += [_gone_op(fact.day, fact.area, count_day([fact], []))]
    if fact.closing_day:
        operations.append(_delete(_ENDED, fact.closing_day, fact))
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
    if was is None and new.closing_day is None:
        _write(new)
        return mark(new.day, area=new.area)
    operations = [_put_op(_RECEIVED, new.day, new)]
    if was is not None and was != new.closing_day:
        operations.append(delete_op(Table.WORK, _pk(was, new.area), f"{_ENDED}{new.ticket_id}"))
    if new.closing_day is not None:
        operations.append(_put_op(_ENDED, new.closing_day, new))
    days = dict.fromkeys([*_days(new), *([was] if was else [])])
    transact(operations + [put_op(Table.WORK, _mark_item(day, new.area)) for day in days])


def _write(fact: Fact) -> None:
    update(
        Table.WORK,
        _pk(fact.day, fact.area),
        f"{_RECEIVED}{fact.ticket_id}",
        "SET #document = :document, #version = :version",
        condition=_NEWER,
        document=_document(fact),
        version=fact.version,
    )


def _put_op(shelf: str, day: date, fact: Fact) -> Item:
    keys = {"PK": _pk(day, fact.area), "SK": f"{shelf}{fact.ticket_id}"}
    item = keys | {"document": _document(fact), "version": fact.version}
    if shelf == _ENDED:  # a copy, which goes with its fact in one transaction
        return put_op(Table.WORK, item)
    return put_op(Table.WORK, item, condition=_NEWER, version=fact.version)


def _delete(shelf: str, day: date, fact: Fact) -> Item:
    sk = f"{shelf}{fact.ticket_id}"
    return delete_op(
        Table.WORK, _pk(day, fact.area), sk, condition="#version = :version", version=fact.version
    )


def _gone_op(day: date, area: str, counts: Counts) -> Item:
    """What is left of the removed cases of a day and area, one more added."""
    old = get(Table.WORK, _pk(day, area), _GONE, consistent=True)
    cases = old["cases"] if old else 0
    whole = added([unpack(old), counts] if old else [counts])
    item = {"PK": _pk(day, area), "SK": _GONE, "document": pack(whole), "cases": cases + 1}
    if old is None:
        return put_op(Table.WORK, item, if_absent=True)
    return put_op(Table.WORK, item, condition="#cases = :seen", seen=cases)


def _days(fact: Fact) -> list[date]:
    return list(dict.fromkeys(day for day in (fact.day, fact.closing_day) if day))


def _pk(day: date, area: str) -> str:
    return f"DAY#{day}#{area}"


def _mark_item(day: date, area: str) -> Item:
    return {"PK": MARKS, "SK": f"{day}#{area}", "token": uuid4().hex}


def _load_mark(item: Item) -> Mark:
    day, _, area = item["SK"].partition("#")
    return Mark(date.fromisoformat(day), area, item["token"])


def _document(fact: Fact) -> str:
    return fact.model_dump_json(exclude_defaults=True)


def _load(item: Item) -> Fact:
    return Fact.model_validate_json(item["document"])
