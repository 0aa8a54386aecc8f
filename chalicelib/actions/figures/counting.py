"""Counting 计数: facts from the stream, counts from the facts, and both again from the tickets themselves.

Nothing is added up event by event, so nothing drifts: what is marked is counted anew from all its facts, and a fact is
made anew from its ticket.
"""

import logging
from datetime import date, datetime, timedelta

from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.figures.counts import Counts, added, count_day, still_open
from chalicelib.domain.figures.facts import Fact, fact_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store.figures import counts, facts
from chalicelib.store.figures.facts import Mark, OfADay
from chalicelib.store.table import ConditionFailed
from chalicelib.store.tickets import by_day, lists, tickets

MOST_MARKS = 200  # in one run; the rest is for the next
_log = logging.getLogger(__name__)


def note(ticket_id: str) -> Fact | None:
    """Keep the fact of a ticket as it stands now, and answer it. May come twice, late, and in any order. Raises TryAgain."""
    try:
        fact = fact_of(tickets.get(ticket_id))
    except NotFound:  # its case was removed, and with it what there was to count (rule 57)
        return None
    if fact is not None:
        facts.keep(fact)
    return fact


def count_marked(*, now: datetime) -> int:
    """Count again each day and area that has changed. Answers how many were."""
    return len(count_changed(now=now))


def count_changed(*, now: datetime) -> list[Mark]:
    """The same; answers which were. What changed meanwhile stays marked."""
    marks, listed = facts.list_marks(limit=MOST_MARKS), set(counts.list_areas())
    return [mark for mark in marks if _counted(mark, is_listed=mark.area in listed, now=now)]


def count_from_tickets(day: date) -> dict[str, Counts]:
    """The counts of a day by area, from the tickets alone and what is left of removed cases: what the kept ones must equal."""
    received = _facts(by_day.list_received(day))
    ended = [fact for fact in _facts(by_day.list_ended(day)) if fact.closing_day == day]
    areas = {fact.area for fact in (*received, *ended)} | set(counts.list_areas())
    return {area: whole for area in areas if (whole := _whole(day, area, received, ended))}


def count_kept(day: date) -> dict[str, Counts]:
    """The counts of a day by area, as figures read them."""
    kept = counts.get_counts((day, area) for area in counts.list_areas())
    return {each.area: each.counts for each in kept if each.counts}


def recount(day: date, *, now: datetime) -> bool:
    """Make the facts of a day anew from its tickets and count it again. Answers whether its counts had been right."""
    was = count_kept(day)
    for ticket_id in dict.fromkeys((*by_day.list_received(day), *by_day.list_ended(day))):
        note(ticket_id)
    for area in {*was, *count_from_tickets(day)}:
        facts.mark(day, area=area)
    count_marked(now=now)
    return was == count_kept(day)


def check_yesterday(*, now: datetime) -> int:
    """By night: yesterday counted in full. Answers 1, and says so in the log, where the counts had been wrong."""
    day = now.date() - timedelta(days=1)
    if recount(day, now=now):
        return 0
    _log.error("the counts of %s were wrong and have been made anew", day)
    return 1


def let_go(ticket: Ticket) -> None:
    """A case that is removed leaves its part of the counts, and nothing that is its own (rule 57). Raises TryAgain."""
    made = fact_of(ticket)
    kept = made and facts.find(made.day, made.area, made.ticket_id)
    if kept:
        facts.let_go(kept)
        facts.mark(
            kept.day, area=kept.area
        )  # no count changes; the export of that day does (actions/exporting.py)


def _counted(mark: Mark, *, is_listed: bool, now: datetime) -> bool:
    there = facts.list_of_day(mark.day, mark.area)
    whole = added([count_day(there.received, there.ended), there.gone])
    try:
        counts.save(
            mark.day,
            mark.area,
            whole,
            still_open(there.received),
            is_listed=is_listed,
            now=now,
            extra=(facts.cleared_op(mark),),
        )
    except (ConditionFailed, TryAgain):
        return False  # it changed while it was counted: it is still marked, and the next run sees it whole
    return True


def _whole(day: date, area: str, received: list[Fact], ended: list[Fact]) -> Counts:
    there: OfADay = facts.list_of_day(day, area)
    made = count_day(
        (fact for fact in received if fact.area == area), (fact for fact in ended if fact.area == area)
    )
    return added([made, there.gone])


def _facts(ticket_ids: list[str]) -> list[Fact]:
    found = lists.get_many(list(dict.fromkeys(ticket_ids)))
    return [fact for ticket in found if (fact := fact_of(ticket)) is not None]
