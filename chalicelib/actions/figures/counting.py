"""Counting 计数: facts from the stream, counts from the facts, and both again from the tickets themselves.

Nothing is added up event by event, so nothing drifts: what is marked is counted anew from all its facts, and a fact is
made anew from its ticket.
"""

import logging
from collections.abc import Set
from datetime import date, datetime, timedelta

from chalicelib import logs
from chalicelib.actions.turns import Step, Steps, whole
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.figures.counts import Counts, added, as_read, count_day, still_open
from chalicelib.domain.figures.facts import Fact, as_said, fact_of
from chalicelib.domain.figures.promises import promises_of
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import PlaceKind
from chalicelib.store.figures import counts, facts, same_words
from chalicelib.store.figures.facts import Mark, OfADay, Owed
from chalicelib.store.table import ConditionFailed
from chalicelib.store.tickets import by_day, lists, tickets
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory

MOST_MARKS = 200  # in one run; the rest is for the next
_log = logging.getLogger(__name__)


def note(ticket_id: str, *, read: Reading | None = None, owed: Owed | None = None) -> Fact | None:
    """Keep the fact of a ticket as it stands now, and answer it. May come twice, late, and in any order. Raises TryAgain.

    `owed` gathers what is to be written and counted again, for who does it for a whole batch; without one it is done here.
    """
    try:
        ticket = (read or tickets.get)(ticket_id)
    except NotFound:  # its case was removed, and with it what there was to count (rule 57)
        return None
    fact = fact_of(ticket)
    if fact is not None:
        moved_from = _areas() if ticket.where.said else ()  # its place was put right
        facts.keep(fact, not_in=moved_from, owed=owed)
    return fact


def _areas() -> set[str]:
    """Every area of the town, and those that were ever counted."""
    town = {place.code for place in directory.town().places if place.kind is PlaceKind.AREA}
    return town | set(counts.list_areas()) | {""}


def count_marked(*, now: datetime) -> int:
    """Count again each day and area that has changed. Answers how many were."""
    return len(count_changed(now=now))


def count_changed(*, now: datetime) -> list[Mark]:
    """The same; answers which were. What changed meanwhile stays marked."""
    marks, listed = facts.list_marks(limit=MOST_MARKS), set(counts.list_areas())
    many = same_words.list_often() if marks else frozenset()
    counted = [mark for mark in marks if _counted(mark, many, is_listed=mark.area in listed, now=now)]
    if any(mark.day == now.date() for mark in counted):
        _measure(now.date())
    return counted


def count_from_tickets(day: date) -> dict[str, Counts]:
    """The counts of a day by area, from the tickets alone and what is left of removed cases: what the kept ones must equal."""
    many = same_words.list_often()
    received = [as_said(fact, many) for fact in _facts(by_day.list_received(day))]
    ended = [fact for fact in _facts(by_day.list_ended(day)) if fact.closing_day == day]
    areas = {fact.area for fact in (*received, *ended)} | set(counts.list_areas())
    return {area: whole for area in areas if (whole := _whole(day, area, received, ended))}


def count_kept(day: date) -> dict[str, Counts]:
    """The counts of a day by area, as figures read them."""
    kept = counts.get_counts((day, area) for area in counts.list_areas())
    return {each.area: each.counts for each in kept if each.counts}


def recount(day: date, *, now: datetime) -> bool:
    """Make the facts of a day anew from its tickets and count it again. Answers whether its counts had been right."""
    return whole(recount_steps(day, now=now)) == 0


def check_yesterday(cursor: str = "", *, now: datetime) -> Steps:
    """By night: yesterday counted in full, ticket by ticket."""
    return recount_steps(now.date() - timedelta(days=1), cursor, now=now)


def recount_steps(day: date, cursor: str = "", *, now: datetime) -> Steps:
    """A cursor is the last ticket whose fact was made anew. The last step says 1 where the counts had been wrong."""
    was = count_kept(day)
    for ticket_id in sorted({*by_day.list_received(day), *by_day.list_ended(day)}):
        if ticket_id > cursor:
            note(ticket_id)
            yield Step(cursor=ticket_id)
    for area in {*was, *count_from_tickets(day)}:
        facts.mark(day, area=area)
    count_marked(now=now)
    is_wrong = was != count_kept(day)
    if is_wrong:
        _log.error("the counts of %s were wrong and have been made anew", day)
    yield Step(done=is_wrong)


def let_go(ticket: Ticket) -> None:
    """A case that is removed leaves its part of the counts, and nothing that is its own (rule 57). Raises TryAgain."""
    made = fact_of(ticket)
    kept = made and facts.find(made.day, made.area, made.ticket_id)
    if kept:
        facts.let_go(kept, same_words.list_often())
        facts.mark(
            kept.day, area=kept.area
        )  # no count changes; the export of that day does (actions/exporting.py)


def _counted(mark: Mark, many: Set[str], *, is_listed: bool, now: datetime) -> bool:
    there = facts.list_of_day(mark.day, mark.area)
    received = [as_said(fact, many) for fact in there.received]
    whole = added([count_day(received, there.ended), there.gone])
    try:
        counts.save(
            mark.day,
            mark.area,
            whole,
            still_open(there.received),
            is_listed=is_listed,
            now=now,
            extra=tuple(facts.cleared_ops(mark)),
        )
    except (ConditionFailed, TryAgain):
        return False  # it changed while it was counted: it is still marked, and the next run sees it whole
    return True


def _measure(day: date) -> None:
    """How the promises of a day stand, for the dashboard of the deployment: the one of five minutes, and all of them."""
    whole = added(each.counts for each in counts.get_counts((day, area) for area in counts.list_areas()))
    promises = promises_of(as_read(whole, lambda _: True).get("all", {}).get("", {}))
    first = [each for each in promises if each.clock is ClockKind.FEEDBACK]
    for promise, those in (("feedback", first), ("all", promises)):
        sums = {"PromisesKept": sum(p.kept for p in those), "PromisesDecided": sum(p.decided for p in those)}
        _log.info(
            "promises", extra=logs.measured(sums, by=("promise",), promise=promise, day=day.isoformat())
        )


def _whole(day: date, area: str, received: list[Fact], ended: list[Fact]) -> Counts:
    there: OfADay = facts.list_of_day(day, area)
    made = count_day(
        (fact for fact in received if fact.area == area), (fact for fact in ended if fact.area == area)
    )
    return added([made, there.gone])


def _facts(ticket_ids: list[str]) -> list[Fact]:
    found = lists.get_many(list(dict.fromkeys(ticket_ids)))
    return [fact for ticket in found if (fact := fact_of(ticket)) is not None]
