"""A measure that recurs (每周四便民小菜场): its days, which of them are off and why, and how it is said (rule 67). Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.domain.classes.issue_class import ClassAct, IssueClass, State, changed, with_line
from chalicelib.domain.classes.measures_taken import Measure, Off, Recurs, monday_of
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, WrongStage
from chalicelib.domain.model import Instant
from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.holidays import is_statutory

SHOWN = 8  # days that a screen shows
_LOOKED_AT = 400  # days ahead: what recurs every eight weeks has its next within them
_FRIDAY = 4
HOLIDAY = "节假日"
WEEKDAYS = "一二三四五六日"


class Day(NamedTuple):
    """A day of a measure. `off`: why it is not held then, "" where it is; `by` whom it was called off, "" for a holiday."""

    day: date
    off: str = ""
    by: str = ""


def coming(measure: Measure, today: date, calendar: Calendar, most: int = SHOWN) -> list[Day]:
    """The next days from today on, those that are off among them."""
    found: list[Day] = []
    for day in _days(measure, today):
        found.append(_day(measure, day, calendar))
        if len(found) == most:
            break
    return found


def on(measure: Measure, day: date, calendar: Calendar) -> Day | None:
    """What stands for a day; None where it is no day of the measure."""
    return _day(measure, day, calendar) if _is_due(measure, day) else None


def call_off(
    cls: IssueClass, measure_id: str, day: date, reason: str, *, by: str, now: Instant
) -> IssueClass:
    """停一次. Raises NotFound, WrongStage for a class that is over, Invalid for a day that is past or none of its days, AlreadyDone."""
    measure = _of(cls, measure_id)
    _need_coming(measure, day, now)
    if any(each.day == day for each in measure.off):
        raise AlreadyDone("这一天已经停了，不用再停")
    kept = tuple(each for each in measure.off if each.day >= now.date())
    off = tuple(sorted((*kept, Off(day=day, reason=reason, by=by)), key=lambda each: each.day))
    return with_line(_with_off(cls, measure, off), ClassAct.CALL_OFF, by, now, f"{when(day)}：{reason}")


def hold_after_all(cls: IssueClass, measure_id: str, day: date, *, by: str, now: Instant) -> IssueClass:
    """照常: a day that was called off is held. Raises as `call_off`, AlreadyDone where it was not."""
    measure = _of(cls, measure_id)
    _need_coming(measure, day, now)
    off = tuple(each for each in measure.off if each.day != day)
    if off == measure.off:
        raise AlreadyDone("这一天没有停，不用恢复")
    return with_line(_with_off(cls, measure, off), ClassAct.HOLD, by, now, when(day))


def words(measure: Measure) -> str:
    """每周四 8:00–10:00，节假日停: how it recurs."""
    return words_of(measure.recurs) if measure.recurs else ""


def words_of(recurs: Recurs) -> str:
    named = "、".join(f"周{WEEKDAYS[day - 1]}" for day in recurs.weekdays)
    often = f"每{named}" if recurs.every == 1 else f"每{recurs.every}周的{named}"
    until = f"到{recurs.until:%Y年%-m月%-d日}为止" if recurs.until else ""
    held = "" if recurs.on_holidays else "节假日停"
    return "，".join(part for part in (" ".join(filter(None, (often, recurs.hours))), until, held) if part)


def reminder(measure: Measure, day: Day) -> str:
    """What its unit reads of one of its days."""
    said = f"{when(day.day)}{measure.what}（{measure.place}）"
    if day.off:
        return f"{said}停一次：{day.off}"
    hours = measure.recurs.hours if measure.recurs else ""
    return f"{said}照常" + (f"，{hours}" if hours else "")


def days_off(measure: Measure, today: date, calendar: Calendar) -> str:
    """12月3日（周四）停一次：台风: which of its coming days are off and why, as residents read it. "" where none is."""
    off = [day for day in coming(measure, today, calendar) if day.off] if measure.recurs else []
    return "；".join(f"{when(day.day)}停一次：{day.off}" for day in off)


def when(day: date) -> str:
    """12月3日（周四）"""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def _days(measure: Measure, today: date) -> Iterator[date]:
    for ahead in range(_LOOKED_AT):
        day = max(today, measure.from_on) + timedelta(days=ahead)
        if _is_due(measure, day):
            yield day


def _is_due(measure: Measure, day: date) -> bool:
    recurs = measure.recurs
    if recurs is None or day < measure.from_on or (recurs.until and day > recurs.until):
        return False
    weeks = (monday_of(day) - monday_of(measure.from_on)).days // 7
    return day.isoweekday() in recurs.weekdays and weeks % recurs.every == 0


def _day(measure: Measure, day: date, calendar: Calendar) -> Day:
    for each in measure.off:
        if each.day == day:
            return Day(day, each.reason, each.by)
    on_holidays = measure.recurs is not None and measure.recurs.on_holidays
    return Day(day, HOLIDAY if not on_holidays and _is_holiday(day, calendar) else "")


def _is_holiday(day: date, calendar: Calendar) -> bool:
    """A weekday that is not worked; of a weekend only what the law fixes, for Saturdays are when people have time."""
    return not calendar.is_working_day(day) if day.weekday() <= _FRIDAY else is_statutory(day)


def _of(cls: IssueClass, measure_id: str) -> Measure:
    if cls.state is not State.MEASURED:
        raise WrongStage("这类事已经了结，不能再改措施的日子；请刷新后再看")
    for measure in cls.measures:
        if measure.id == measure_id and measure.recurs:
            return measure
    raise NotFound("没有这项定期的措施，请刷新后再看")


def _need_coming(measure: Measure, day: date, now: Instant) -> None:
    if day < now.date() or not _is_due(measure, day):
        raise Invalid("请选以后的、有这项措施的一天", fields=["day"])


def _with_off(cls: IssueClass, measure: Measure, off: tuple[Off, ...]) -> IssueClass:
    now_so = measure.model_copy(update={"off": off})
    return changed(cls, measures=tuple(now_so if each.id == measure.id else each for each in cls.measures))
