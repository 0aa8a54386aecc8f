"""Which requests and updates a client asks for: dates, at most 90 days apart, and pages."""

from datetime import datetime, time, timedelta

from chalicelib.domain.errors import BadRequest
from chalicelib.domain.model import SHANGHAI

LONGEST = timedelta(days=90)
RECENT = timedelta(hours=2)  # of updates, when no dates are given (mySociety)
MOST = 1000  # on a page
DEEPEST = 10_000  # entries looked at for one answer

Window = tuple[datetime, datetime]


def instant(text: str, name: str) -> datetime:
    """W3C date and time with its zone. Raises BadRequest."""
    try:
        at = datetime.fromisoformat(text.strip().replace(" ", "+"))  # an unescaped + arrives as a blank
        if at.tzinfo and 1990 <= at.year <= 9000:
            return at.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        pass
    raise BadRequest(f"{name} 应为带时区的时间，如 2026-11-23T00:00:00Z")


def requests_window(start: str, end: str, now: datetime) -> Window:
    """From start to end, both count; the last 90 days by default, 90 days from or to the one given.

    Raises BadRequest for more than 90 days, and for an end before its start.
    """
    since, until = (
        (instant(start, "start_date") if start else None),
        (instant(end, "end_date") if end else None),
    )
    if since is None:
        until = until or now
        return until - LONGEST, until
    until = until or min(since + LONGEST, max(now, since))
    if until < since:
        raise BadRequest("end_date 早于 start_date")
    if until - since > LONGEST:
        raise BadRequest("start_date 和 end_date 相隔不能超过 90 天，请分段查询")
    return since, until


def updates_window(start: str, end: str, now: datetime) -> Window:
    """Both dates or none, then the last two hours. Raises BadRequest."""
    if not start and not end:
        return now - RECENT, now
    if not start or not end:
        raise BadRequest("start_date 和 end_date 要么都给，要么都不给")
    return requests_window(start, end, now)


def whole_days(window: Window) -> Window:
    """Widened to days: who may know only the day does not find out the minute by asking often."""
    since, until = (each.astimezone(SHANGHAI) for each in window)
    begin, end = (datetime.combine(each.date(), time(0), SHANGHAI) for each in (since, until))
    return begin, end + timedelta(days=1) - timedelta(milliseconds=1)


def page(number: str, size: str) -> tuple[int, int]:
    """(first, last) of the matches that a page holds. Raises BadRequest for no number, or one too deep."""
    first, many = _number(number or "1", "page"), _number(size or str(MOST), "page_size")
    many = min(many, MOST)
    if first * many > DEEPEST:
        raise BadRequest("翻得太深了，请用 start_date 和 end_date 缩小范围")
    return (first - 1) * many, first * many


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise BadRequest(f"{name} 应为正整数")
    return int(text)
