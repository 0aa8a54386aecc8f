"""Measures 措施 of a class, and the check whether things of that kind came less often afterwards (rule 67). Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from math import ceil, comb
from typing import NamedTuple

from chalicelib.domain.figures.surprise import common_dispersion
from chalicelib.domain.model import Frozen, Instant

WEEK = timedelta(days=7)
WEEKS_BEFORE = 8
WEEKS_AFTER = 8
FEWEST_WEEKS = 2  # whole ones after a measure, before anything is said of it
SURE = 0.05


class Recurs(Frozen):
    """When a measure is held again and again: on these weekdays (1 is Monday), every so many weeks from its first."""

    weekdays: tuple[int, ...]
    every: int = 1
    hours: str = ""  # 8:00–10:00
    until: date | None = None  # its last day still counts
    on_holidays: bool = False


class Off(Frozen):
    """A day on which it is not held 停一次."""

    day: date
    reason: str
    by: str


class Measure(Frozen):
    """What was done for all of them: 每周四在盛华景苑设便民菜场. `told_by`: the job by which everyone is told, once it runs."""

    id: str
    what: str
    place: str
    schedule: str
    unit_id: str
    from_on: date
    announced_at: Instant
    by: str
    told_by: str = ""
    recurs: Recurs | None = None
    off: tuple[Off, ...] = ()


class Verdict(StrEnum):
    TOO_EARLY = "too_early"
    DROPPED = "dropped"
    UNCLEAR = "unclear"  # fewer, but chance alone might do that
    NOT_DROPPED = "not_dropped"


class Week(NamedTuple):
    """`monday`: its first day. `reports` of the class received in it."""

    monday: date
    reports: int


class Check(NamedTuple):
    """The whole weeks before and after, oldest first; the week in which the measure began is in neither."""

    before: tuple[Week, ...]
    after: tuple[Week, ...]
    verdict: Verdict


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def check(weeks: Mapping[str, int], began: date, first: date, today: date) -> Check:
    """Did it come less often? `weeks`: reports by the Monday of their week; `first`: the class's first report.

    At most eight whole weeks on either side. Fewer than `FEWEST_WEEKS` after, or none before: too early. Dropped when so few
    would come by chance in less than one case of twenty (the conditional test of two Poisson rates: Przyborowski and
    Wilenski, "Homogeneity of results in testing samples from Poisson series", Biometrika 1940), of counts divided by how
    much more the weeks vary than Poisson's (each side around its own mean, `figures.surprise`).
    """
    start, oldest = monday_of(began), max(monday_of(first), monday_of(began) - WEEKS_BEFORE * WEEK)
    before = _weeks(weeks, oldest, start)
    after = _weeks(weeks, start + WEEK, min(monday_of(today), start + (WEEKS_AFTER + 1) * WEEK))
    return Check(before, after, _verdict(before, after))


def _weeks(weeks: Mapping[str, int], first: date, until: date) -> tuple[Week, ...]:
    days = [first + n * WEEK for n in range(max(0, (until - first).days // 7))]
    return tuple(Week(day, weeks.get(day.isoformat(), 0)) for day in days)


def _verdict(before: tuple[Week, ...], after: tuple[Week, ...]) -> Verdict:
    if not before or len(after) < FEWEST_WEEKS:
        return Verdict.TOO_EARLY
    had, have = sum(week.reports for week in before), sum(week.reports for week in after)
    if had * len(after) <= have * len(before):
        return Verdict.NOT_DROPPED
    share = len(after) / (len(before) + len(after))
    spread = common_dispersion([[week.reports for week in side] for side in (before, after)]) or 1.0
    few = ceil(have / spread)
    many = max(few, int((had + have) / spread))
    return Verdict.DROPPED if at_most(few, many, share) < SURE else Verdict.UNCLEAR


def at_most(few: int, many: int, share: float) -> float:
    """The probability of `few` or fewer of `many`, each with probability `share`."""
    return sum(comb(many, n) * share**n * (1 - share) ** (many - n) for n in range(few + 1))
