"""The room somebody lives in: kept beside the text, for those who must come to the door. On `as_digits(…)` text."""

import re
from collections.abc import Iterator

from chalicelib.domain.patterns import regex

Span = tuple[int, int]

_NOT_A_ROOM = r"(?![\dA-Za-z.:]|\s*(?:路|线|公交|元|块|万|年|人|户口|次|米|分|秒|天|度|吨|平|%|个|台|辆|会议|活动|教|办公|号|弄|点|月|多|余|条|起|套|户|千|伏|岁|层|期))"
_HOUSE = r"(?:号楼|号门|号|幢|栋|座|单元|楼|乙|甲)"
# 501室 says itself that it is one; a bare 602 is one after its house: 8号602, 3幢2单元501, 4号楼301您家.
_NAMED = regex(
    r"(?<![\d.:A-Za-z-])[A-Za-z]?-?(?:\d{2,4}[A-Za-z]?\s?室|\d{3,4}[A-Za-z]?\s?(?:房间|房(?![租东产价子屋地管款])|户(?![口数型外籍人])))"
)
_AFTER_HOUSE = regex(rf"(?<=\d)(?P<house>{_HOUSE})\s?[,-]?\s?(?P<room>\d{{3,4}}[A-Za-z]?){_NOT_A_ROOM}")
_DASHED = regex(
    r"(?<![\dA-Za-z.:-])\d{1,2}-(?:\d-)?(?P<room>\d{3,4})(?![\dA-Za-z-]|\s*(?:路|元|块|年|人|米|分|天|号|弄|平|户|吨|期间))"
)
_LIVES = regex(
    r"(?:我家|我住|家住|住在?|房间号|房号|门牌号?)(?:[\s:,]|在|是|就){0,3}(?:\d{1,4}(?:弄|号楼|号|幢|栋)[,\s]?)*(?P<room>\d{3,4})"
    + _NOT_A_ROOM
)
_LOOK_BACK = 4  # characters before a number that say whether it counts something
_COUNTS_HOUSEHOLDS = regex(r"(?:共|有|约|近|全|总计|一共)\s?$")


def rooms(digit_text: str) -> Iterator[Span]:
    """Where a room is named. 201会议室, 301路, 1388户, building and lane numbers are none."""
    for found in _NAMED.finditer(digit_text):
        if not found[0].endswith("户") or not _counts(digit_text, found.start()):
            yield found.span()
    for found in _AFTER_HOUSE.finditer(digit_text):
        yield found.span("room")
    yield from (found.span("room") for found in _DASHED.finditer(digit_text) if _is_a_door(found["room"]))
    yield from (found.span("room") for found in _LIVES.finditer(digit_text))


def _counts(text: str, at: int) -> bool:
    """1388户 counts households; 501户 after a house is a door."""
    before = text[max(0, at - _LOOK_BACK) : at]
    return bool(_COUNTS_HOUSEHOLDS.search(before)) or not re.search(r"[楼号幢栋元]\s?$", before)


def _is_a_door(room: str) -> bool:
    """Storey and door: 301, 1203. Not 2-100 or 10-5000."""
    return room[-2:] != "00" and int(room[-2:]) <= 20
