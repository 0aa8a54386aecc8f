"""Alerts 提醒: what is turning from one thing into a class. Trends 趋势 and first signs 苗头, from daily counts alone.

A trend is many: more than chance lets one expect. A first sign is few: a kind that was never at this place, or one that
rises week after week. Thresholds are data; what they mean and what they cost in false alerts is in docs/indicators.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.figures.surprise import chance, common_dispersion, expected
from chalicelib.domain.model import Frozen, Instant

# Place (小区, 街区; "" the whole area) and category ("" all kinds at the place together).
Spot = tuple[str, str]
WEEK = 7


class Kind(StrEnum):
    TREND = "trend"  # 趋势
    FIRST_SIGN = "first_sign"  # 苗头


class Reason(StrEnum):
    DAY = "day"  # more than on this weekday before
    WEEK = "week"  # more in seven days than in any seven days before
    NEW = "new"  # this kind was not at this place before
    RISING = "rising"  # each week more than the one before


class Thresholds(Frozen):
    """What an alert takes. A smaller chance and a larger least mean fewer alerts."""

    weeks: int = Field(default=8, ge=4, le=13)  # of the past that is compared with
    trend_least: int = Field(default=5, ge=2)
    trend_chance: float = Field(default=0.001, gt=0, le=0.1)
    sign_least: int = Field(default=3, ge=2)
    sign_most: int = Field(
        default=15, ge=3
    )  # in a week; more that rises is no first sign, and a trend where it is one
    sign_chance: float = Field(default=0.002, gt=0, le=0.2)
    quiet_days: int = Field(default=14, ge=1)  # without a surprise; then the next one is a new alert
    most_tickets: int = Field(default=50, ge=1, le=200)  # named in an alert


class Found(Frozen):
    """A surprise: `count` of the last day or the last seven, and what the past let one expect."""

    kind: Kind
    reason: Reason
    count: int
    expected: float
    chance: float


class Spread(Frozen):
    """The spread of all places, drawn from which each one's own is judged (`surprise.dispersion`); None: its own alone."""

    weeks: float | None = None
    days: float | None = None


ALONE = Spread()


class Alert(Frozen):
    """One surprise at a place, told once. Its id is made of what it is about and its first day, so it stands once."""

    area: str
    place: str
    category: str
    day: date
    at: Instant
    found: Found
    ticket_ids: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.day}~{self.found.kind}~{self.area}~{self.place}~{self.category}"

    @property
    def spot(self) -> Spot:
        return self.place, self.category

    @property
    def since(self) -> date:
        """The first day that the count holds."""
        return self.day if self.found.reason is Reason.DAY else self.day - timedelta(days=WEEK - 1)


class Running(Frozen):
    """An alert that goes on: told on `first`, last surprising on `last`. A quiet while later it is over."""

    kind: Kind
    first: date
    last: date
    is_told: bool = False


def look(
    history: Sequence[int], thresholds: Thresholds, *, season: int = WEEK, spread: Spread = ALONE
) -> Found | None:
    """What is surprising about the last of these counts, oldest first; None where nothing is, or the past is too short.

    `season`: how many counts make a week (7 of days, 1 of weeks); `spread`: of all places beside this one. At least four weeks of past are needed.
    """
    alike = history[-1 - season :: -season][: thresholds.weeks]
    sums = _weekly(history, season, thresholds.weeks + 1)
    if len(sums) < 5:
        return None
    found = _trend(sums[0], sums[1:], Reason.WEEK, thresholds, spread.weeks)
    if season > 1:
        found = found or _trend(history[-1], alike, Reason.DAY, thresholds, spread.days)
    return found or _new(sums, thresholds, spread) or _rising(sums, thresholds, spread)


def spread_of(histories: Iterable[Sequence[int]], thresholds: Thresholds, *, season: int = WEEK) -> Spread:
    """How much counts vary at all places together, by weeks and by days of one weekday, before the last week of each."""
    known = list(histories)
    weeks = (_weekly(history, season, thresholds.weeks + 1)[1:] for history in known)
    days = (history[-1 - season :: -season][: thresholds.weeks] for history in known)
    return Spread(weeks=common_dispersion(weeks), days=common_dispersion(days))


def is_over(running: Running | None, day: date, thresholds: Thresholds) -> bool:
    """Whether a surprise on this day is a new alert, because there is none, or the one there was has been quiet since."""
    return running is None or (day - running.last).days > thresholds.quiet_days


def spots_of(place: str, category: str) -> tuple[Spot, ...]:
    """What a report counts in: its kind at its place, its place whole, its kind in the whole area.

    One that has no category yet counts in its place alone; one that has no place, in the area's kind alone.
    """
    kinds = ((place, category), ("", category)) if category else ()
    return tuple(dict.fromkeys((*kinds, (place, "")) if place else kinds))


def is_silenced(
    found: Found,
    spot: Spot,
    running: Mapping[Spot, Mapping[Kind, Running]],
    day: date,
    thresholds: Thresholds,
) -> bool:
    """A first sign says nothing new while the trend goes on, nor does a whole while a part of it was told of.

    Wholes are an area of one kind and a place of all kinds; they have trends alone: few of everything are no sign.
    """

    def goes_on(kind: Kind, at: Spot) -> bool:
        return not is_over(running.get(at, {}).get(kind), day, thresholds)

    if "" in spot:
        parts = [
            other for other in running if "" not in other and (other[0] == spot[0] or other[1] == spot[1])
        ]
        return found.kind is Kind.FIRST_SIGN or any(goes_on(Kind.TREND, other) for other in parts)
    return found.kind is Kind.FIRST_SIGN and goes_on(Kind.TREND, spot)


def series(by_day: Mapping[date, Mapping[str, int]], first: date, last: date) -> dict[Spot, list[int]]:
    """Daily counts of each spot (`spots_of`) from the first to the last day, sources added up.

    Wholes come after their parts: places, then areas. `by_day` has the counts of each day by spot key, as counted (domain/counts.py).
    """
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    made: dict[Spot, list[int]] = {}
    for at, day in enumerate(days):
        for key, n in by_day.get(day, {}).items():
            place, category, _ = key.split("|")
            for spot in spots_of(place, category):
                made.setdefault(spot, [0] * len(days))[at] += n
    return {spot: made[spot] for spot in sorted(made, key=lambda spot: (spot[0] == "", spot[1] == "", spot))}


def spread_of_kinds(
    made: Mapping[Spot, Sequence[int]], thresholds: Thresholds, *, season: int = WEEK
) -> Spread:
    """The spread of all series of one kind (`spread_of`); a place of all kinds is judged by it, and does not make it."""
    return spread_of((history for spot, history in made.items() if spot[1]), thresholds, season=season)


def _weekly(history: Sequence[int], season: int, most: int) -> list[int]:
    """Sums of whole weeks, the last first."""
    ends = range(len(history), season - 1, -season)
    return [sum(history[end - season : end]) for end in ends][:most]


def _trend(
    count: int, past: Sequence[int], reason: Reason, thresholds: Thresholds, common: float | None
) -> Found | None:
    if (
        count < thresholds.trend_least
        or (how_likely := chance(count, past, common)) > thresholds.trend_chance
    ):
        return None
    return Found(
        kind=Kind.TREND, reason=reason, count=count, expected=round(expected(past), 2), chance=how_likely
    )


def _new(sums: Sequence[int], thresholds: Thresholds, spread: Spread) -> Found | None:
    if sums[0] < thresholds.sign_least or any(sums[1:]) or len(sums) <= thresholds.weeks:
        return None
    return _sign(Reason.NEW, sums, spread)


def _rising(sums: Sequence[int], thresholds: Thresholds, spread: Spread) -> Found | None:
    """The two weeks that rose are no past to compare with."""
    rises = sums[0] > sums[1] > sums[2] and thresholds.sign_least <= sums[0] <= thresholds.sign_most
    found = _sign(Reason.RISING, [sums[0], *sums[2:]], spread)
    return found if rises and found.chance <= thresholds.sign_chance else None


def _sign(reason: Reason, sums: Sequence[int], spread: Spread) -> Found:
    return Found(
        kind=Kind.FIRST_SIGN,
        reason=reason,
        count=sums[0],
        expected=round(expected(sums[1:]), 2),
        chance=chance(sums[0], sums[1:], spread.weeks),
    )
