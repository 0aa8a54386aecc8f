"""Figures 数据: read from the counts, whatever the number of tickets. What they mean is in docs/indicators.md."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.figures import figures, signs, silent
from chalicelib.domain.figures.counts import Counts, MayRead, added, as_read, still_open_as_read
from chalicelib.domain.figures.figures import Axis
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.identity.traces import Look, trace_of
from chalicelib.domain.model import View
from chalicelib.domain.town.vocabulary import DESK, LEADERS, Role, Staff
from chalicelib.store.figures import counts, facts
from chalicelib.store.identity import audit
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.domain.figures.schemas import (
        DangerSigns,
        FiguresOfDays,
        FiguresToday,
        PublicFigures,
        SilentPlace,
        SilentPlaces,
    )

MOST_DAYS = 92
A_WEEK = timedelta(days=6)  # and the last day itself
_SEE_A_PART = DESK | LEADERS


def today(*, by: Staff, now: datetime) -> "FiguresToday":
    """The first dashboard: a batch read, one small query an area, one of what is not counted yet."""
    town, areas, day = directory.town(), _areas(by), now.date()
    counted, may_read = counts.get_counts((day, area) for area in areas), _may_read(by)
    still_open = [still_open_as_read(each, may_read) for area in areas for each in counts.list_open(area)]
    by_area = {each.area: seen for each in counted if (seen := as_read(each.counts, may_read))}
    view: View = {
        "day": day.isoformat(),
        "counted_at": _shown_at([each.at for each in counted]),
        "waiting": bool(facts.list_marks(limit=1)),
        "areas": figures.named_areas(areas, town),
        **figures.today_view(by_area, still_open, town, day),
    }
    return cast("FiguresToday", view)  # counted into dictionaries, whose keys are data


def between(
    first: date | None, last: date | None, axis: Axis, area: str | None = None, *, by: Staff, now: datetime
) -> "FiguresOfDays":
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
    by_day = _by_day(areas if area is None else [area], first, last, _may_read(by))
    view = figures.days_view(_summed(by_day), axis, directory.town(), now.date())
    view |= {"from": first.isoformat(), "to": last.isoformat()}
    if own_unit_only:
        rows = [row for row in view["rows"] if row["key"] == by.unit]
        view |= {"areas": [], "total": None, "rows": rows, "days": [], "funnel": []}
        return cast("FiguresOfDays", view)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    view["days"] = [figures.day_line(day, added(_of_day(by_day, day))) for day in days]
    return cast("FiguresOfDays", view | {"areas": figures.named_areas(areas, directory.town())})


def hand_out(view: "FiguresOfDays", *, by: Staff, now: datetime) -> None:
    """A file of figures leaves the service: who took which days and split leaves a trace first, for whoever answers for them."""
    what = (f"{view['from']}/{view['to']}", str(view["by"]))
    audit.write("figures", trace_of(by, Look.FIGURES_EXPORTED, now, fields=what))


def silent_places(*, by: Staff, now: datetime) -> "SilentPlaces":
    """Where walks of the last quarter found things and nobody reported any, in the areas that the caller answers for."""
    town, until = directory.town(), now.date()
    since = until - timedelta(days=silent.DAYS - 1)
    items: list[SilentPlace] = []
    looked_at = 0
    for area in _areas(by):
        seen = silent.seen_by_place(added(each.counts for each in counts.list_counts(area, since, until)))
        looked_at += silent.looked_at(seen)
        items += [figures.silent_line(each, area, town) for each in silent.silent(seen)]
    by_chance = round(looked_at * silent.CHANCE, 1)
    return {
        "from": since.isoformat(),
        "to": until.isoformat(),
        "items": items,
        "looked_at": looked_at,
        "by_chance": by_chance,
    }


def danger_signs(month: str | None, *, by: Staff, now: datetime) -> "DangerSigns":
    """How often each sign of danger was right, of the reports of a month (the current one where none is named).

    Raises Invalid for what is no month, or has not begun.
    """
    first = _first_of(month) if month else now.date().replace(day=1)
    if first > now.date():
        raise Invalid("这个月还没有到", fields=["month"])
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    areas = counts.list_areas() if Role.ADMIN in by.roles else _areas(by)
    whole = added(each.counts for each in _by_day(areas, first, last, _may_read(by)))
    return {"month": f"{first:%Y-%m}", "items": signs.lines(whole, directory.town())}


def of_month(month: str | None, *, now: datetime) -> "PublicFigures":
    """For everyone: a whole month that is over. Raises Invalid for any other."""
    last = now.date().replace(day=1) - timedelta(days=1)
    first = _first_of(month) if month else last.replace(day=1)
    if first > last:
        raise Invalid("只公开已经结束的月份，请选择上个月或更早", fields=["month"])
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return _published(first, end, now.date(), now.hour)


@lru_cache(maxsize=24)
def _published(first: date, last: date, today: date, _hour: int) -> "PublicFigures":
    """Read once an hour and process: anyone may ask, and what is over hardly changes."""
    by_area = _summed(_by_day(counts.list_areas(), first, last, lambda _: False))
    view: View = {"month": f"{first:%Y-%m}"} | figures.public_view(by_area, directory.town(), today)
    return cast("PublicFigures", view)


forget = _published.cache_clear  # for tests


def _areas(by: Staff) -> list[str]:
    """Whoever sees the whole town also sees areas that it has no more."""
    seen = figures.areas_of(by, directory.town())
    if Role.TOWN_LEADER not in by.roles:
        return seen
    return list(dict.fromkeys((*seen, *counts.list_areas())))


def _check(first: date, last: date, axis: Axis, by: Staff) -> None:
    if first > last:
        raise Invalid("开始日期不能晚于结束日期", fields=["from", "to"])
    if (last - first).days >= MOST_DAYS:
        raise Invalid(f"一次最多查看{MOST_DAYS}天，请缩短日期范围", fields=["from", "to"])
    if _SEE_A_PART.isdisjoint(by.roles) and axis is not Axis.UNIT:
        raise Invalid("部门负责人只能查看本单位的数据，请选择按单位查看", fields=["by"])


def _may_read(by: Staff) -> MayRead:
    """Of what the caller answers for, all but what is about the caller; who looks after the system has no part in tickets."""
    is_admin = set(by.roles) == {Role.ADMIN}
    return lambda kept_out: not is_admin and not is_concerned(by, kept_out)


def _by_day(areas: Iterable[str], first: date, last: date, may_read: MayRead) -> list[counts.Counted]:
    found = [each for area in areas for each in counts.list_counts(area, first, last)]
    return [each._replace(counts=seen) for each in found if (seen := as_read(each.counts, may_read))]


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
