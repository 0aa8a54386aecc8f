"""Number formats that show a number as something else than its value: 0012 for 12, FY000012, 10% for 0.1.

Whoever sees 0012 has typed a name; read as 12 it names another thing. Source: ECMA-376 part 1, 18.8.31.
"""

import math
import re
from functools import lru_cache

from chalicelib.domain.patterns import regex

BUILT_IN = {9: "0%", 10: "0.00%"}  # of those that every workbook knows, what shows another number
_NAME = regex(
    r"""(?P<before>(?:"[^"]*"|\\.|[-/() ])*)(?P<digits>[0#?]*0)(?:_.|\*.|\\ | )*(?:;.*)?""", re.DOTALL
)
_PERCENT = regex(r"0(?:\.(?P<places>0{1,9}))?%(?:_.|\*.|\\ | )*(?:;.*)?", re.DOTALL)
_LOCALE = regex(r"\[(?:\$[^\]]*|[A-Za-z]+\d*)\]")
_MOST = 10**15  # beyond it a number has lost digits, and no format gives them back


@lru_cache(maxsize=256)
def is_telling(code: str) -> bool:
    """Whether a number in this format may be seen as something else than its value."""
    return bool(_percent(code)) or _padded(code) is not None


def shown(value: float, code: str) -> str:
    """What stands in the cell; empty where that is the value itself."""
    if not math.isfinite(value) or abs(value) >= _MOST:
        return ""
    if found := _percent(code):
        return f"{value * 100:.{len(found['places'] or '')}f}%"
    padded = _padded(code)
    if padded is None or value < 0 or not float(value).is_integer():
        return ""
    before, least = padded
    return f"{before}{int(value):0{least}d}"


def _percent(code: str) -> re.Match[str] | None:
    return _PERCENT.fullmatch(_LOCALE.sub("", code))


def _padded(code: str) -> tuple[str, int] | None:
    """What is written before the digits, and how many there are at least. None for a plain number."""
    found = _NAME.fullmatch(_LOCALE.sub("", code))
    if not found:
        return None
    before = re.sub(r'"([^"]*)"|\\(.)', lambda part: part[1] or part[2] or "", found["before"])
    least = found["digits"].count("0")
    return (before, least) if least > 1 or any(map(str.isalnum, before)) else None
