"""Exporting 导出: by night the facts of every day that was counted anew, as lines for analysis in SQL."""

from datetime import date, datetime, timedelta

from chalicelib.domain.figures.exporting import line_of
from chalicelib.gateways import analysis
from chalicelib.store.figures import counts, facts

SINCE = timedelta(hours=50)  # two nights, so that one that failed is made up for by the next
_BEGINNING = date(2020, 1, 1)


def export_changed(*, now: datetime) -> int:
    """Every day that was counted since the night before the last. May run twice. Answers how many days."""
    days = changed_days(now - SINCE, now.date())
    for day in days:
        export(day)
    return len(days)


def changed_days(since: datetime, last: date) -> list[date]:
    """Also long ago: a case that is removed leaves the lines of its day."""
    counted = [each for area in counts.list_areas() for each in counts.list_counts(area, _BEGINNING, last)]
    return sorted({each.day for each in counted if each.at >= since})


def export(day: date) -> int:
    """All lines of a day, every area, instead of those there were. Answers how many."""
    found = [fact for area in counts.list_areas() for fact in facts.list_of_day(day, area).received]
    found.sort(key=lambda fact: fact.ticket_id)
    analysis.write_day(day, [line_of(fact) for fact in found])
    return len(found)
