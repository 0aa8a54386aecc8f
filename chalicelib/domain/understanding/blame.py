"""Who did it: the names and acts that the town's words found in a text, and whose each act is by its grammar (rule 21)."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.town.concern_signs import ConcernRow, ConcernSign
from chalicelib.domain.understanding.phrases import Pattern, Phrases, Span, parse

NOT_BEFORE = ("没", "不", "未", "别", "勿", "没有", "不要", "不会", "从不")
# What stands before whom an act was done to: 把保安骂了, 打了我们保安, 错怪居委会了.
_OBJECT = re.compile(
    r"(?<!被)(?:把|将|[骂打推偷抢撞咬踢砸]|误会|错怪|冤枉|污蔑|威胁|殴打|辱骂|侮辱|欺负|泼)"
    r"(?:了|过|走了|坏了|伤了)?(?:一个)?(?:我们|咱们|阿拉)?(?:这里|小区)?的?$"
)
# What follows who suffers it (保安被业主打伤), and what is only a place (在物业门口).
_SUFFERS = re.compile(r"[^,。!?\n]{0,6}被(?!我|看|抓|拍|查|举报|发现)")
_GOES_THERE = re.compile(r"[在到往去从][^,。]{0,2}$")
_PLACE = re.compile(r"(?:室|亭|办公室)?的?(?:门口|旁边|对面|隔壁|楼下|附近)")
_ASKS = re.compile(
    r"[吗伐么呢]$|什么时候|几点|几号|几时|多少|怎么走|有没有|在哪|哪里|能不能|可不可以|怎么补|怎么报"
)
_REPROACHES = (
    "凭什么",
    "凭啥",
    "为什么",
    "为啥",
    "谁给",
    "难道",
    "怎么能",
    "哪能可以",
    "有没有人管",
    "还有没有",
)
SOMEBODY = "某人"  # the row of 有人: after a name it is somebody of theirs, alone anybody


class Party(StrEnum):
    """Whom a name of the lexicon stands for, where it is no unit's code."""

    PROPERTY = "property"
    COMMITTEE = "committee"
    GRID = "grid"
    STATION = "station"
    OFFICE = "office"  # a town office that was not named
    THEY = "they"  # somebody of the place
    YOU = "you"  # somebody of the place, or of the station that reads this


UNNAMED = (Party.THEY, Party.YOU)


Row = tuple[Span, ConcernSign]
Found = dict[ConcernRow, list[Row]]


class Mention(NamedTuple):
    at: Span
    party: str  # a Party, or a unit's code; "" for an outsider
    is_anybody: bool = False  # 有人: an outsider, unless only one of the place can have done it


class Lexicon:
    """concerns.csv, compiled once."""

    def __init__(self, signs: Iterable[ConcernSign]) -> None:
        signs = tuple(signs)
        groups = {sign.name: tuple(sign.words.split("/")) for sign in signs if sign.kind is ConcernRow.GROUP}
        self._rows: list[ConcernSign] = []
        patterns: list[Pattern] = []
        self._unless: list[ConcernSign] = []
        unless: list[Pattern] = []
        for sign in signs:
            if sign.kind is ConcernRow.GROUP:
                continue
            for pattern in parse(sign.words, groups):
                patterns.append(pattern)
                self._rows.append(sign)
            for pattern in parse(sign.unless, groups, may_be_short=True):
                unless.append(pattern)
                self._unless.append(sign)
        self._words, self._excluded = Phrases(patterns), Phrases(unless)

    def found(self, text: str) -> Found:
        """Where which rows were found, in the order of the text, without what an `unless` of the same row covers."""
        taken = [(self._unless[hit.key].code, Span(hit.start, hit.end)) for hit in self._excluded.find(text)]
        found: Found = {kind: [] for kind in ConcernRow}
        for hit in self._words.find(text):
            sign, at = self._rows[hit.key], Span(hit.start, hit.end)
            if not any(code == sign.code and _meet(at, other) for code, other in taken):
                found[sign.kind].append((at, sign))
        for rows in found.values():
            rows.sort(key=lambda row: row[0])
        return found


def blamed(text: str, found: Found, mentions: list[Mention]) -> list[tuple[Row, str]]:
    """The acts that count, each with whose it is."""
    is_anybody = any(m.party for m in mentions)
    acts = [row for row in found[ConcernRow.MISCONDUCT] if not _is_negated(text, row[0])]
    may_be = doers(text, mentions)
    if is_anybody and not any(m.party for m in may_be):
        return []
    known = [m for m in may_be if not m.is_anybody]
    given = [
        ((at, sign), _whose(at, known if sign.is_nameless else may_be))
        for at, sign in acts
        if is_anybody or sign.is_nameless
    ]
    return [(row, whose) for row, whose in given if whose is not None]


def mentions(found: Found) -> list[Mention]:
    """Who is spoken of, in the order of the text; of names that overlap the longest. One word may name two parties."""
    insiders = [Mention(at, sign.party) for at, sign in found[ConcernRow.ALIAS]]
    outsiders = found[ConcernRow.OUTSIDER]
    after_name = {m.at.end + gap for m in insiders for gap in range(3) if m.party not in UNNAMED}
    names = [
        Mention(at, "", sign.name == SOMEBODY)
        for at, sign in outsiders
        if sign.name != SOMEBODY or at.start not in after_name
    ]
    after_outsider = {at.end + gap for at, _ in outsiders for gap in range(2)}
    named = {m.at.start - gap for m in insiders for gap in range(2) if m.party not in UNNAMED}
    names += [m for m in insiders if not _is_determiner(m, named, after_outsider)]
    names.sort(key=lambda m: (m.at.start - m.at.end, m.at.start))
    kept: list[Mention] = []
    for name in names:
        if all(name.at == other.at or not _meet(name.at, other.at) for other in kept):
            kept.append(name)
    return sorted(kept)


def _is_determiner(name: Mention, named: set[int], after_outsider: set[int]) -> bool:
    """Whether a pronoun only goes with the one named beside it: 你们物业, 广场舞那帮人."""
    if name.party == Party.YOU:
        return name.at.end in named
    return name.party == Party.THEY and name.at.start in after_outsider


def _whose(act: Span, mentions: list[Mention]) -> str | None:
    """Whose act it is: whoever is named last before it, else the first insider after it. None for an outsider's, "" for nobody's."""
    before = [m for m in mentions if m.at.start <= act.start]
    if before:
        return before[-1].party or None
    return next((m.party for m in mentions if m.party), None if mentions else "")


def doers(text: str, mentions: list[Mention]) -> list[Mention]:
    """Who may have done something: every outsider, and every insider whom the sentence does not make its victim or its place."""
    return [m for m in mentions if not m.party or _may_act(text, m.at)]


def _may_act(text: str, name: Span) -> bool:
    """Whether somebody of this name may have done it: neither suffers it, nor is only where it was done."""
    before, after = text[: name.start], text[name.end :]
    is_place = _PLACE.match(after) and (_GOES_THERE.search(before) or after[2:3] == "的")
    is_object = _OBJECT.search(before) and "电话" not in after[:5]  # 打你们电话
    return not (is_object or _SUFFERS.match(after) or is_place)


def only_asks(text: str) -> bool:
    """Whether every sentence is a plain question about work, none of them a reproach."""
    sentences = [part for part in re.split(r"[。!;\n]", text.replace("?", "。")) if part]
    return all(_ASKS.search(part) for part in sentences) and not any(word in text for word in _REPROACHES)


def _is_negated(text: str, act: Span) -> bool:
    return text[max(0, act.start - 2) : act.start].endswith(NOT_BEFORE)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
