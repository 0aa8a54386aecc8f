"""Who did it: the names and acts that the town's words found in a text, and whose each act is by its grammar (rule 21)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.patterns import regex
from chalicelib.domain.town.concern_signs import ConcernRow, ConcernSign
from chalicelib.domain.understanding.phrases import Pattern, Phrases, Span, parse

NOT_BEFORE = ("没", "不", "未", "别", "勿", "没有", "不要", "不会", "从不")
# What stands before whom an act was done to: 把保安骂了, 打了我们保安, 不让物业进门, 错怪居委会了.
_OBJECT = regex(
    r"(?<!被)(?:把|将|[骂打推偷抢撞咬踢砸]|误会|错怪|冤枉|污蔑|威胁|恐吓|殴打|辱骂|侮辱|欺负|为难|刁难|拦着?|阻挠|泼|[往朝对](?!.*我)|(?<!让|叫|给|说|我)不(?:让|准|许|给))"
    r"(?:了|过|走了|坏了|伤了)?(?:一个|值班的)?(?:我们|咱们|阿拉)?(?:这里|小区)?的?$"
)
# What follows who suffers it (保安被业主打伤, 跟保安打起来了), and what is only a place (在物业门口).
_SUFFERS = regex(
    r"[^把将,。!?\n]{0,6}被(?!我|看|抓|拍|查|举报|发现)"
    r"|(?:的?(?:车|头|脸|身|门|窗|桌))?(?:上|里)?(?:写匿名信|造谣|扔鸡蛋)|[^,。!?\n]{0,6}(?:哭|受伤|挂彩)了?(?:$|[,。!?])|[^,。!?\n]{0,6},被(?!我|看|抓|拍|查|举报|发现)"
)
_IN_A_FIGHT = regex(
    r"[^,。!?\n]{0,4}(?:打|骂|扭打)(?:起来|成一团)"
)  # of somebody's with them: 业主跟保安打起来
_WITH = regex(r"(?<!我)[跟和与同](?:我们|咱们|小区)?的?$")
_GOES_THERE = regex(r"[在到往去从][^,。]{0,2}$")
_PLACE = regex(
    r"(?:会|所|站|室|亭|办公室)?的?(?:门口|旁边|对面|斜对面|隔壁|楼下|附近|后面|前面|边上|二楼|三楼|[前后正侧]门|门前|围墙)"
)
_LEADS_TO = regex(r"[^,。!?\n]{0,4}(?:的|那[条盏个段棵块根扇堆]|有[个块条])")
# What follows who came to help, could not, or only says whose work something is: 物业来劝都劝不住, 保安把他拦下, 保安说归市政.
_HELPS = regex(
    r"[^,。!?\n]{0,5}(?:(?:来|都|也|怎么)?劝(?!我)|不敢管|没办法管|也?管不(?:了|住)|把(?:他|她|伊|那人|人|那男的|小偷)[^,。!?\n]{0,3}(?:拦|抓|按|赶|劝|送|救|扶|拖)"
    r"|(?:抓|拦|制服|按住|追|赶走)(?:到|住|下)?了?(?:他|她|一个|那|个)|[说讲][^我你,。!?\n]{1,12}(?:归|不归|要找|属于)[^我你,。!?\n]{1,6}"
    r"|(?:叫|让)我[^们别不,。!?\n]{0,9}(?:扫码|扫这|上报|来报|报一下|传上|登记|打这个|问))"
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
    is_place = _PLACE.match(after) and (_GOES_THERE.search(before) or _LEADS_TO.match(after))
    is_object = _OBJECT.search(before) and "电话" not in after[:5]  # 打你们电话
    is_in_a_fight = _WITH.search(before) and _IN_A_FIGHT.match(after)
    return not (is_object or is_in_a_fight or _SUFFERS.match(after) or is_place or _HELPS.match(after))


def _is_negated(text: str, act: Span) -> bool:
    return text[max(0, act.start - 2) : act.start].endswith(NOT_BEFORE)


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
