"""Days, instants and clock times as people and programs write them. What could be two things is refused, never guessed."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.patterns import regex

DAY_ENDS = time(23, 59, 59)
UNDERSTOOD = "应如 2026-11-22 18:00"  # for the refusal
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (day 0 of Excel's serials, which have no zone)
_SERIALS = (20_000, 80_000)  # 1954 to 2119; other numbers are no days
_HALF = "(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|AM|PM)?"
_CLOCK = (
    rf"{_HALF}(?P<hour>\d{{1,2}})(?:[:时点](?:(?P<minute>\d{{1,2}})(?:[:分](?P<second>\d{{1,2}})?秒?(?P<rest>[.,]\d+)?)?|(?P<half_past>半)|整)?)"
    r"(?P<after>[AP]M)?"
)
_DAYS = (
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
)
# West of Greenwich only after seconds: 17:00-18:00 is from five to six.
_ZONE = r"(?P<zone>Z|UTC|GMT|\+\d{2}:?\d{2}|\+\d{2}|(?<=:\d\d:\d\d)-\d{2}:?\d{2})?"
_FURTHEST = timedelta(hours=14)  # of a zone from Greenwich
_UNTIL = regex(r"(?<=[日号\d点时分半整秒])(?:之前|以前|前|止)$")  # a deadline as people say it
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_BETWEEN = "(?:T|(?<=[日号)一二三四五六天])|(?=[凌清早上中下傍晚夜AP]))"  # never nothing: 2026-12-118:00 is two things
_INSTANTS = tuple(regex(rf"{day}{_WEEKDAY}{_BETWEEN}{_CLOCK}{_ZONE}") for day in _DAYS)
_PACKED = regex(r"(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})?")
_DAY = tuple(regex(rf"{day}{_WEEKDAY}") for day in _DAYS)
_AMERICAN = regex(rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}})(?:T{_CLOCK})?")
_ALONE = regex(_CLOCK)
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")


@lru_cache(maxsize=4096)  # the rows of a file share their days
def read_instant(text: str, alone: time = time(0)) -> datetime:
    """An instant. A day alone is its `alone`; without a zone it is Shanghai's. Raises ValueError for anything else.

    上午 and 下午, full width, fractions of a second, 24:00, 20261203080500, Excel's serials, 11/28/2025 01:23:45 AM;
    3/4/2026 is two days and refused.
    """
    plain = _UNTIL.sub("", _plain(text))
    try:
        found = _serial(plain, alone) or _packed(plain) or _with_clock(plain) or _american(plain, alone)
        if found is None and (only := _day_alone(plain)):
            found = datetime.combine(only, alone)
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise ValueError(f"“{text[:30]}”看不懂，{UNDERSTOOD}")
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def read_day(text: str) -> date:
    """A day. Raises ValueError for what is none, and for one with a clock time that is not its beginning."""
    try:
        at = read_instant(text)
    except ValueError:
        at = None
    if at is None or at.time() != time(0):
        raise ValueError(f"日期“{text[:30]}”应写成 2026-10-01，并且是真实的日子")
    return at.date()


def read_clock_time(text: str) -> str:
    """HH:MM, from 00:00 to 24:00. Raises ValueError for what is none and for seconds. Excel's own form of 24:00 counts."""
    plain = _plain(text)
    if plain in ("1900-01-01T00:00:00", "1899-12-31T00:00:00", "1900-01-01", "1899-12-31"):
        return "24:00"
    if clock_alone := re.fullmatch(r"(?:1899-12-30|1900-01-00)T(\d\d:\d\d:\d\d)", plain):
        plain = clock_alone[1]
    try:
        minutes = _fraction(plain) if re.fullmatch(r"0?\.\d+|0|1(\.0+)?", plain) else _minutes(plain)
    except ValueError:
        raise ValueError(f"时间“{text[:30]}”应写成 HH:MM，例如 08:30；一天的末尾写 24:00") from None
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _plain(text: str) -> str:
    """Half width, Chinese digits as digits, without blanks but for one between two numbers, which is the T of ISO 8601."""
    folded = re.sub(r"(?<=\d)\s+(?=\d)", "T", unicodedata.normalize("NFKC", text).strip())
    folded = re.sub(r"\s+", "", folded).upper()
    if re.match(r"[〇○零一二三四五六七八九]{4}年", folded):
        folded = re.sub(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)", _tens, folded).translate(
            _CHINESE
        )
    return folded


def _tens(found: re.Match[str]) -> str:
    return (found[1] or "一") + (found[2] or "〇")


def _serial(plain: str, alone: time) -> datetime | None:
    if not re.fullmatch(r"\d{5}(\.\d+)?", plain) or not _SERIALS[0] <= float(plain) < _SERIALS[1]:
        return None
    at = _EPOCH + timedelta(seconds=round(float(plain) * 86400))
    return at if "." in plain else datetime.combine(at.date(), alone)


def _packed(plain: str) -> datetime | None:
    found = _PACKED.fullmatch(plain)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001


def _with_clock(plain: str) -> datetime | None:
    for pattern in _INSTANTS:
        if found := pattern.fullmatch(plain):
            return _zoned(_at(found), found["zone"])
    return None


def _day_alone(plain: str) -> date | None:
    found = next((match for pattern in _DAY if (match := pattern.fullmatch(plain))), None)
    return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None


def _american(plain: str, alone: time) -> datetime | None:
    """Month first, where it can only be so: the second number is no month, or the clock is American too."""
    found = _AMERICAN.fullmatch(plain)
    if not found or not (int(found["day"]) > 12 or found["after"] or found["day"] == found["month"]):
        return None
    if found["hour"] is not None:
        return _at(found)
    return datetime.combine(date(int(found["year"]), int(found["month"]), int(found["day"])), alone)


def _at(found: re.Match[str]) -> datetime:
    day = datetime(int(found["year"]), int(found["month"]), int(found["day"]))  # noqa: DTZ001
    return day + timedelta(seconds=_seconds(found))


def _zoned(at: datetime, zone: str | None) -> datetime:
    if not zone:
        return at
    plain = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    zoned = datetime.fromisoformat(f"{at:%Y-%m-%dT%H:%M:%S}{plain}")
    if abs(zoned.utcoffset() or timedelta()) > _FURTHEST:
        raise ValueError(zone)
    return zoned.astimezone(SHANGHAI)


def _minutes(plain: str) -> int:
    found = _ALONE.fullmatch(plain)
    seconds = _seconds(found) if found else 1
    if seconds % 60:
        raise ValueError(plain)
    return seconds // 60


def _fraction(plain: str) -> int:
    """A clock time as Excel keeps it: a part of a day. A whole day is its end."""
    minutes = float(plain) * 1440
    if plain in ("0", "1") or abs(minutes - round(minutes)) > 0.01:
        raise ValueError(plain)
    return round(minutes)


def _seconds(found: re.Match[str]) -> int:
    """Of the day; 24:00 is its end. A fraction of a second is dropped. Raises ValueError for a time that is none."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    minute = 30 if found["half_past"] else minute
    hour = _of_day(hour, found["half"] or found["after"] or "")
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        raise ValueError(found[0])
    return hour * 3600 + minute * 60 + second


def _of_day(hour: int, half: str) -> int:
    if half in ("下午", "傍晚", "PM") or (half == "中午" and hour < 10):
        return hour if hour >= 12 else hour + 12
    if half in ("晚上", "夜里") and 5 <= hour <= 12:
        return hour + 12
    if half in ("AM", "凌晨", "清晨", "早上", "早晨", "上午") and hour == 12:
        return 0
    return hour
