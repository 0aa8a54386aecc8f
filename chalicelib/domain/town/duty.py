"""Who is on duty 值班: reading one row of the roster at one instant."""

from datetime import date, datetime, timedelta

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.vocabulary import Duty

MINUTES_OF_A_DAY = 24 * 60


def minute_of_day(text: str) -> int:
    """`HH:MM` as minutes after midnight; 24:00 is 1440. Raises ValueError for anything else."""
    hours, separator, minutes = text.partition(":")
    if not (separator and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise ValueError(f"{text!r} is not HH:MM")
    total = int(hours) * 60 + int(minutes)
    if len(hours) > 2 or len(minutes) != 2 or int(minutes) > 59 or total > MINUTES_OF_A_DAY:
        raise ValueError(f"{text!r} is not HH:MM")
    return total


def is_active(row: Duty, at: datetime, calendar: Calendar) -> bool:
    """Whether the row's shift runs at this instant: its first minute counts, `until` does not.

    A shift that crosses midnight belongs to the day on which it began; equal times are a shift of 24 hours.
    """
    at = at.astimezone(SHANGHAI)
    today, minute = at.date(), at.hour * 60 + at.minute
    start, until = minute_of_day(row.start), minute_of_day(row.until)
    if start < until:
        return start <= minute < until and serves_on(row, today, calendar)
    if minute >= start and serves_on(row, today, calendar):
        return True
    return minute < until and serves_on(row, today - timedelta(days=1), calendar)


def serves_on(row: Duty, day: date, calendar: Calendar) -> bool:
    """Whether a shift of this row begins on that day: dates, weekdays, working days with 调休."""
    if not is_in_force(row, day):
        return False
    if row.working_days and not calendar.is_working_day(day):
        return False
    return not row.weekdays or day.isoweekday() in row.weekdays


def is_in_force(row: Duty, day: date) -> bool:
    """Whether the row's dates hold that day; both ends count."""
    return (row.from_date or day) <= day <= (row.to_date or day)
