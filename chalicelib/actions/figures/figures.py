"""Figures 数据: read from the counts, whatever the number of tickets. What they mean is in docs/indicators.md."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.figures import figures
from chalicelib.domain.figures.counts import Counts, added
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.store.figures import counts, facts
from chalicelib.store.town import directory

MOST_DAYS = 92
A_WEEK = timedelta(days=6)  # and the last day itself
_SEE_A_PART = frozenset({Role.FIRST_CONTACT, Role.STATION_HEAD, Role.AREA_LEADER, Role.TOWN_LEADER})
View = dict[str, Any]


def today(*, by: Staff, now: datetime) -> View:
    """The first dashboard: a batch read, one small query an area, one of what is not counted yet."""
    town, areas, day = directory.town(), _areas(by), now.date()
    counted = counts.get_counts((day, area) for area in areas)
    still_open = [each for area in areas for each in counts.list_open(area)]
    by_area = {each.area: each.counts for each in counted}
    return {
        "day": day.isoformat(),
        "counted_at": _shown_at([each.at for each in counted]),
        "waiting": bool(facts.list_marks(limit=1)),
        "areas": figures.named_areas(areas, town),
    } | figures.today_view(by_area, still_open, town)


def between(
    first: date | None, last: date | None, axis: str, area: str | None = None, *, by: Staff, now: datetime
) -> View:
    """The figures of the days from the first to the last, both included; the last seven where nothing is said.

    `area`: of it alone. Raises Invalid for more than `MOST_DAYS`, for days the wrong way round, and for a unit head who asks
    for more than the own unit; NotFound for an area that the caller does not answer for.
    """
    last = last or now.date()
    first = first or last - A_WEEK
    _check(first, last, axis, by)
    own_unit_only = _SEE_A_PART.isdisjoint(by.roles)
    areas = counts.list_areas() if own_unit_only else _areas(by)
    if area is not None and (own_unit_only or area not in areas):
        raise NotFound("没有这个片区，或不由您负责")
    by_day = _by_day(areas if area is None else [area], first, last)
    view = figures.days_view(_summed(by_day), axis, directory.town())
    view |= {"from": first.isoformat(), "to": last.isoformat()}
    if own_unit_only:
        rows = [row for row in view["rows"] if row["key"] == by.unit]
        return view | {"areas": [], "total": None, "rows": rows, "days": [], "funnel": []}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    view["days"] = [figures.day_line(day, added(_of_day(by_day, day))) for day in days]
    return view | {"areas": figures.named_areas(areas, directory.town())}


def of_month(month: str | None, *, now: datetime) -> View:
    """For everyone: a whole month that is over. Raises Invalid for any other."""
    last = now.date().replace(day=1) - timedelta(days=1)
    first = _first_of(month) if month else last.replace(day=1)
    if first > last:
        raise Invalid("只公开已经结束的月份，请选择上个月或更早", fields=["month"])
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return _published(first, end, now.strftime("%Y%m%d%H"))


@lru_cache(maxsize=24)
def _published(first: date, last: date, _hour: str) -> View:
    """Read once an hour and process: anyone may ask, and what is over hardly changes."""
    by_area = _summed(_by_day(counts.list_areas(), first, last))
    return {"month": f"{first:%Y-%m}"} | figures.public_view(by_area, directory.town())


forget = _published.cache_clear  # for tests


def _areas(by: Staff) -> list[str]:
    """Whoever sees the whole town also sees areas that it has no more."""
    seen = figures.areas_of(by, directory.town())
    if Role.TOWN_LEADER not in by.roles:
        return seen
    return list(dict.fromkeys((*seen, *counts.list_areas())))


def _check(first: date, last: date, axis: str, by: Staff) -> None:
    if axis not in figures.BY:
        raise Invalid("请选择按片区、单位、类别、渠道、发现方式或办理方式查看", fields=["by"])
    if first > last:
        raise Invalid("开始日期不能晚于结束日期", fields=["from", "to"])
    if (last - first).days >= MOST_DAYS:
        raise Invalid(f"一次最多查看{MOST_DAYS}天，请缩短日期范围", fields=["from", "to"])
    if _SEE_A_PART.isdisjoint(by.roles) and axis != "unit":
        raise Invalid("部门负责人只能查看本单位的数据，请选择按单位查看", fields=["by"])


def _by_day(areas: Iterable[str], first: date, last: date) -> list[counts.Counted]:
    return [each for area in areas for each in counts.list_counts(area, first, last)]


def _summed(by_day: Iterable[counts.Counted]) -> dict[str, Counts]:
    parts: dict[str, list[Counts]] = {}
    for each in by_day:
        parts.setdefault(each.area, []).append(each.counts)
    return {area: added(of_area) for area, of_area in parts.items()}


def _of_day(by_day: Iterable[counts.Counted], day: date) -> list[Counts]:
    return [each.counts for each in by_day if each.day == day]


def _first_of(month: str) -> date:
    try:
        return datetime.strptime(month + "-01", "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        raise Invalid("月份格式应为 2026-10", fields=["month"]) from None


def _shown_at(instants: list[datetime]) -> str | None:
    return max(instants).isoformat(timespec="seconds") if instants else None
