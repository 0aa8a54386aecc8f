"""Numbers that are a person's: phones, ID cards, bank cards. Found by shape, and by what is said before them.

`text` is always `as_digits(plain(…))`. A run is digits with little between them; what is looked for lies in it from
the beginning of one group of digits to the end of another.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from chalicelib.domain.identity.plain import any_of
from chalicelib.domain.identity.said import Said, said_before
from chalicelib.domain.patterns import regex

Span = tuple[int, int]

_RUN = regex(r"\d(?:[\W_]{0,4}\d)*(?:[\W_]{0,3}[Xx](?![A-Za-z0-9]))?")
_GROUP = regex(r"\d+[Xx]?|[Xx]")
_DATE = r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_MOBILE = regex(r"(?:(?:00)?86|0)?1[3-9]\d{9}")
_ID_CARD_TODAY = regex(rf"[1-9]\d{{5}}{_DATE}\d{{3}}[\dXx]")
_ID_CARD = regex(rf"{_ID_CARD_TODAY.pattern}|[1-9]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}")
_LANDLINE = regex(
    r"(?:(?:00)?86)?0(?:(?:10|2\d)[2-9]\d{7}|[3-9]\d\d[2-9]\d{6,7})|(?:00)?86(?:10|2\d)[2-9]\d{7}"
)
_LOCAL = regex(r"[2-9]\d{7}")
_BANK_CARD = regex(r"(?:62|60|[3459]\d)\d{14,17}")
_FEWEST_DIGITS, _MOST_DIGITS = 7, 24  # of anything that is looked for, with what may stand before it
_HOTLINE = regex(r"[48]00\d{7}")
_INSIDE = regex(rf"1[3-9]\d{{9}}|[1-9]\d{{5}}{_DATE}\d{{3}}[\dXx]")
_CARD_AMONG_DIGITS = regex(rf"(?<!\d)\d*[1-9]\d{{5}}{_DATE}\d{{3}}[\dXx]\d*")
_GROUPED = ((3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5))  # how people write a mobile number
_PAUSE = frozenset("、，。；,;!?！？\n/")
_CLOCK_TIME = regex(r"(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?!\d)")
_NOT_A_PHONE = regex(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:19|20)\d\d(?:19|20)\d\d|\d{4}0000|\d\d00\d\d00"
)
_COUNTED = regex(r"\s*[元块万亿千百年月号户人米平㎡度吨个次分秒天家%岁盏辆件条斤瓦]")
_AMOUNT = regex(r"\.\d{1,2}(?!\d)|\s*[万千亿]?[元块]")
_EXTENSION = regex(r"[\s,]{0,2}(?:转|分机|(?i:ext)\.?|-|#)\s*\d{1,5}(?!\d)")

_THEN = "[中间后面最然接着再加尾号四位八是剩下余的跟]"
_SPLIT_BY_WORDS = regex(
    rf"(?<!\d)1[3-9]\d\D{{0,6}}?{_THEN}{{1,6}}[\W_]{{0,2}}(?:\d{{8}}|\d{{4}}\D{{0,2}}{_THEN}{{0,6}}[\W_]{{0,2}}\d{{4}})(?!\d)"
)
_SPOKEN_DIGIT = any_of(
    r"ling yao yi er san si wu liu qi ba jiu zero one two three four five six seven eight nine"
)
_SPOKEN = regex(rf"(?i)(?<![a-z])(?:{_SPOKEN_DIGIT})(?:[\s,.\-]{{1,2}}(?:{_SPOKEN_DIGIT})){{6,}}(?![a-z])")
_FOREIGN = regex(r"(?:\+|(?<!\d)00)(?!86)[1-9]\d{0,2}(?:[\s().\-]{0,2}\d){6,12}(?!\d)")
_LAST_DIGITS = regex(
    r"(?:手机|电话|身份证|证件|卡|号码)\w{0,4}?(?:尾号|后四位|末四位|后六位|后4位|末4位|后6位)\D{0,3}(\d{4,6}X?)(?!\d)"
)


class Group(NamedTuple):
    """Digits without anything between them."""

    start: int
    end: int
    digits: str


def personal_numbers(text: str) -> Iterator[Span]:
    """Where a phone, an ID card or a bank card stands in the text, from its first to its last digit.

    A number that is said to be a code (编号, 订单, 发票) stays unless it has exactly the form of a mobile number
    or of an ID card of eighteen.
    Amounts, dates, times of day, hotlines (400…, 12345) and lists of house numbers stay.
    """
    for run in _RUN.finditer(text):
        yield from _in_run(
            text,
            [Group(run.start() + g.start(), run.start() + g.end(), g[0]) for g in _GROUP.finditer(run[0])],
        )
    for card in _CARD_AMONG_DIGITS.finditer(text):
        if said_before(text, card.start()) is not Said.CODE:
            yield card.span()
    for pattern in (_SPLIT_BY_WORDS, _SPOKEN, _FOREIGN):
        yield from (found.span() for found in pattern.finditer(text))
    yield from (found.span(1) for found in _LAST_DIGITS.finditer(text))


def _in_run(text: str, groups: list[Group]) -> Iterator[Span]:
    first = 0
    while first < len(groups):
        last = _longest(text, groups, first)
        if last is None:
            first += 1
            continue
        yield _with_opening(text, groups[first].start), _with_extension(text, groups[last])
        first = last + 1


def _longest(text: str, groups: list[Group], first: int) -> int | None:
    """The group up to which a person's number reaches that begins with this one."""
    digits, found = "", None
    said = said_before(text, groups[first].start)
    for last in range(first, len(groups)):
        digits += groups[last].digits
        if len(digits) > _MOST_DIGITS:
            break
        if len(digits) >= _FEWEST_DIGITS and _is_personal(text, groups[first : last + 1], digits, said):
            found = last
    return found


def _is_personal(text: str, groups: list[Group], digits: str, said: Said) -> bool:
    """Whether these groups are one number of a person; `said` before them."""
    start, end = groups[0].start, groups[-1].end
    if _HOTLINE.fullmatch(digits):
        return False
    if len(groups) == 1:
        if said is not Said.CODE and _INSIDE.search(digits):
            return True
        if _MOBILE.fullmatch(digits) or _ID_CARD_TODAY.fullmatch(digits):
            return True
    if said is Said.CODE or _is_part_of_a_code(text, start):
        return False
    if _ID_CARD.fullmatch(digits) or (_BANK_CARD.fullmatch(digits) and _in_fours(groups)):
        return True
    if _MOBILE.fullmatch(digits):
        return _may_be_one_mobile(text, groups, end)
    if _AMOUNT.match(text, end):
        return False
    if said is Said.CARD and 8 <= len(digits) <= 21:
        return not _NOT_A_PHONE.fullmatch(digits) and not _has_pause(text, groups)
    return _is_landline(text, groups, digits, said)


def _is_landline(text: str, groups: list[Group], digits: str, said: Said) -> bool:
    end = groups[-1].end
    if _CLOCK_TIME.search(text, groups[0].start, end) or _COUNTED.match(text, end):
        return False
    if _LANDLINE.fullmatch(digits):
        return len(groups) <= 4
    if (
        text[groups[0].start - 1 : groups[0].start] == "."
        or _NOT_A_PHONE.fullmatch(digits)
        or _has_pause(text, groups)
    ):
        return False
    local = tuple(len(group.digits) for group in groups) in ((8,), (4, 4), (3, 4), (7,), (2, 2, 2, 2))
    if said is Said.PHONE:
        return local and len(digits) >= 7
    return (
        local
        and len(groups) <= 2
        and len(digits) == 8
        and _LOCAL.fullmatch(digits) is not None
        and _is_tight(text, groups)
    )


def _is_tight(text: str, groups: list[Group]) -> bool:
    return len(groups) == 1 or text[groups[0].end : groups[1].start] in ("-", " ")


def _may_be_one_mobile(text: str, groups: list[Group], end: int) -> bool:
    """Written apart as people write it; not a list of houses, times of day or amounts."""
    sizes = tuple(len(group.digits) for group in groups)
    if sizes in _GROUPED or sizes[1:] in _GROUPED or set(sizes) == {1}:
        return True
    if _CLOCK_TIME.search(text, groups[0].start, end) or _COUNTED.match(text, end):
        return False
    values = [int(group.digits) for group in groups]
    is_list = all(before < after for before, after in pairwise(values)) and max(sizes) <= 2
    return not is_list and not (_has_pause(text, groups) and max(sizes) > 2)


def _in_fours(groups: list[Group]) -> bool:
    return len(groups) == 1 or all(len(group.digits) == 4 for group in groups[:-1])


def _has_pause(text: str, groups: list[Group]) -> bool:
    return any(_PAUSE.intersection(text[before.end : after.start]) for before, after in pairwise(groups))


def _is_part_of_a_code(text: str, start: int) -> bool:
    """LD0138-0000-12, NH-138-0021: letters belong to it."""
    before = text[max(0, start - 2) : start]
    return bool(re.search(r"[A-Za-z]-?$", before)) and said_before(text, start) is not Said.PHONE


def _with_extension(text: str, last: Group) -> int:
    extension = _EXTENSION.match(text, last.end)
    return extension.end() if extension else last.end


def _with_opening(text: str, start: int) -> int:
    """+86 and (021) go with what opens them."""
    return start - 1 if text[start - 1 : start] in ("+", "(") else start
