"""Working time 工作时间: the State Council's holiday list with 调休, the town's overrides, and adding amounts to instants."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from pydantic import Field

from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.town.holidays import is_statutory


class Basis(StrEnum):
    """Which time an amount runs in."""

    WALL = "wall"  # always
    DAY = "day"  # every day, but not at night
    WORK = "work"  # working days, working hours


class AmountUnit(StrEnum):
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


_UNIT_WORDS = {
    AmountUnit.SECONDS: "秒",
    AmountUnit.MINUTES: "分钟",
    AmountUnit.HOURS: "小时",
    AmountUnit.DAYS: "天",
    AmountUnit.WORKING_HOURS: "个工作小时",
    AmountUnit.WORKING_DAYS: "个工作日",
}
_LENGTHS = {
    AmountUnit.SECONDS: timedelta(seconds=1),
    AmountUnit.MINUTES: timedelta(minutes=1),
    AmountUnit.HOURS: timedelta(hours=1),
    AmountUnit.DAYS: timedelta(days=1),
    AmountUnit.WORKING_HOURS: timedelta(hours=1),
}
_LONGEST_SEARCH = 3660  # days; ten years without a working day is a broken calendar


class Amount(Frozen):
    """A length as the town writes it: 5 minutes, 2 working_days."""

    count: float
    unit: AmountUnit

    @property
    def is_working(self) -> bool:
        return self.unit in (AmountUnit.WORKING_HOURS, AmountUnit.WORKING_DAYS)

    @property
    def code(self) -> str:
        """`2 working_days`; `of` reads it."""
        return f"{self.count:g} {self.unit.value}"

    @classmethod
    def of(cls, code: str) -> "Amount":
        count, unit = code.split(" ")
        return cls(count=float(count), unit=AmountUnit(unit))

    @property
    def words(self) -> str:
        """2个工作日"""
        return f"{self.count:g}{_UNIT_WORDS[self.unit]}"

    @property
    def longest(self) -> timedelta:
        """For an order of amounts: as it would be at most, a working day as a day."""
        return self.count * _LENGTHS.get(self.unit, timedelta(days=1))


class Calendar(Frozen):
    """The town's days. `overrides` (calendar.csv) win over the State Council's list; times of day are Shanghai's.

    In a year that the list does not know only what the law fixes is certain; the rest falls back to Monday–Friday and makes
    due times provisional.
    """

    overrides: dict[date, bool] = Field(default_factory=dict)
    opens: time = time(9)
    closes: time = time(18)
    day_from: time = time(7)  # outside: night, for categories whose response does not run at night
    day_until: time = time(22)

    def is_known(self, day: date) -> bool:
        """Whether the day's status is published, or fixed by law, rather than assumed."""
        return day in self.overrides or _listed(day) is not None or is_statutory(day)

    def is_working_day(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        listed = _listed(day)
        return day.weekday() < 5 and not is_statutory(day) if listed is None else listed

    def add(self, start: datetime, amount: Amount, basis: Basis | None = None) -> tuple[datetime, bool]:
        """The instant an amount after `start`, and whether it is provisional.

        `working_days` end at closing time of the n-th working day after the day of the start, which does not count
        (民法典 201). Working hours run from opening to closing. `basis` DAY lets seconds, minutes and hours run by day only.
        """
        if amount.unit is AmountUnit.WORKING_DAYS:
            return self._end_of_working_day(start, amount.count)
        length = amount.count * _LENGTHS[amount.unit]
        if amount.unit is AmountUnit.WORKING_HOURS:
            basis = Basis.WORK
        if amount.unit is AmountUnit.DAYS:
            basis = Basis.WALL
        return self.run(start, length, basis or Basis.WALL)

    def run(self, start: datetime, length: timedelta, basis: Basis) -> tuple[datetime, bool]:
        """The instant at which `length` of that time has passed since `start`, and whether it is provisional."""
        if basis is Basis.WALL:
            return start + length, False
        at, provisional = start.astimezone(SHANGHAI), False
        for _ in range(_LONGEST_SEARCH):
            opens, closes = self._hours(at.date(), basis)
            provisional = provisional or (basis is Basis.WORK and not self.is_known(at.date()))
            if opens is not None and closes is not None and at < closes:
                at = max(at, opens)
                if at + length <= closes:
                    return at + length, provisional
                length -= closes - at
            at = _midnight(at.date() + timedelta(days=1))
        raise ValueError("the calendar has no working day within ten years")

    def between(self, start: datetime, end: datetime, basis: Basis) -> timedelta:
        """How much of that time lies between two instants; zero when `end` is not after `start`."""
        if end <= start:
            return timedelta(0)
        if basis is Basis.WALL:
            return end - start
        start, end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
        total, day = timedelta(0), start.date()
        while day <= end.date():
            opens, closes = self._hours(day, basis)
            if opens is not None and closes is not None:
                total += max(timedelta(0), min(end, closes) - max(start, opens))
            day += timedelta(days=1)
        return total

    def shift(self, instant: datetime, paused_at: datetime, resumed_at: datetime, basis: Basis) -> datetime:
        """Where an instant moves when time stood still from `paused_at` to `resumed_at`; one already past stays.

        Never earlier than it was: an instant outside the hours of its basis is not pulled back into them.
        """
        if instant <= paused_at:
            return instant
        return max(instant, self.run(resumed_at, self.between(paused_at, instant, basis), basis)[0])

    def _hours(self, day: date, basis: Basis) -> tuple[datetime | None, datetime | None]:
        if basis is Basis.WORK and not self.is_working_day(day):
            return None, None
        first, last = (self.opens, self.closes) if basis is Basis.WORK else (self.day_from, self.day_until)
        return datetime.combine(day, first, SHANGHAI), datetime.combine(day, last, SHANGHAI)

    def _end_of_working_day(self, start: datetime, count: float) -> tuple[datetime, bool]:
        day, left, provisional = start.astimezone(SHANGHAI).date(), count, False
        for _ in range(_LONGEST_SEARCH):
            day += timedelta(days=1)
            provisional = provisional or not self.is_known(day)
            if self.is_working_day(day):
                left -= 1
                if left <= 0:
                    return datetime.combine(day, self.closes, SHANGHAI), provisional
        raise ValueError("the calendar has no working day within ten years")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)


@lru_cache(maxsize=1000)  # the package searches its whole list for every answer
def _listed(day: date) -> bool | None:
    import chinese_calendar  # 20 ms, and only where working time is computed

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
