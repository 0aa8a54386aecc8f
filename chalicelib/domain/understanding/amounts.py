"""Amounts as people write them, each as the number it is: 500元, 五百块, 5百多 and 伍佰圆 are one."""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.domain.patterns import regex

_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GROUPS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
_UNIT = "元块圆次人户台辆岁瓶箱回遍"
_MONEY = "元块圆"
_DIGITS = r"\d{1,15}(?:,\d{3})*(?:\.\d{1,6})?"
_STEPS = "".join((*_TENS, *_GROUPS))
# 一 is written of many things that are counted by nobody (跑了一次, 一万个为什么): alone it is no amount.
_AMOUNT = regex(
    rf"(?!1[次人户台辆遍回])(?P<number>{_DIGITS}(?:[{_STEPS}]+\d{{0,4}})*|[十拾](?:\d|(?=\s?[{_UNIT}]))|[百佰千仟万](?=[{_MONEY}]))"
    rf"\s?[多余来几]?(?P<unit>[{_UNIT}])?"
)
_PARTS = regex(r"(\d+(?:\.\d+)?)|(\D)")
# From here on a number says who it was, whatever is counted; below it what is counted says it too
_TELLING = 10


class Amount(NamedTuple):
    """An amount at a place of a text. Two are the same where `key` is."""

    start: int
    end: int
    key: tuple[float, str]


def amounts(digits: str) -> Iterator[Amount]:
    """The amounts of a plain text whose numerals are digits (`plain.as_digits`). A bare digit counts nothing."""
    for found in _AMOUNT.finditer(digits):
        value = _value(found["number"].replace(",", ""))
        unit = found["unit"] or ""
        if value >= _TELLING or unit:
            kind = "" if value >= _TELLING else "元" if unit in _MONEY else unit
            yield Amount(found.start(), found.end(), (value, kind))


def _value(written: str) -> float:
    """1千2 is 1,200 and 2十1 is 21: a last digit alone after a hundred or more is of the next lower step."""
    whole = group = 0.0
    last, step = None, 1.0
    for number, sign in _PARTS.findall(written):
        if number:
            last = float(number)
            is_short = step > 10 and len(number) == 1
            last *= step / 10 if is_short and written.endswith(number) else 1
            continue
        if sign in _GROUPS:
            step = _GROUPS[sign]
            whole += (group + (last or 0) or 1) * step
            group, last = 0.0, None
        else:
            step = _TENS[sign]
            group += (1 if last is None else last) * step
            last = None
    return whole + group + (last or 0)
