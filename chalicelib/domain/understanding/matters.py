"""How many matters 件 a text speaks of: counted out, joined on, or of different categories in different clauses (rule 80).

One is the answer in doubt: whoever divides a report has read it.
"""

import re
from collections.abc import Iterator

from chalicelib.domain.patterns import regex
from chalicelib.domain.town.directory import Town

MOST = 9
_LEAST = 4  # characters of a clause that can be a matter
_CLAUSES = regex(r"[。！？!?\n;；,:：]+")
# "一，…；二，…", "1.…2.…", "第一…第二…", "一是…二是…", "首先…其次…最后…"
_NUMBERED = regex(
    r"(?:^|[。！？!?\n;；,:：])[(]?(?:第([一二三四五六七八九])(?:个|件|点|条)?(?![栋幢号楼层单元次批])|([一二三四五六七八九])(?:是|来|[,.:)])|([1-9])(?:[.:)]|,(?!\d))(?!\d)|(首先|其次|再次|最后))"
)
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)} | {
    str(value): value for value in range(1, 10)
}
_ORDER = {"首先": 1, "其次": 2, "再次": 3, "最后": 2}
_STATED = regex(r"([两二三四五六七八九2-9])(?:件|个|桩|样)(?:小)?(?:事|问题|情况|意见|建议|诉求)")
_JOINED = regex(
    r"^(?:还有(?:就是|一[个件桩]|个|件|,|$)|另外|另有|再有|再一个|再一件|再就是|此外|顺便|顺带|对了|最后(?:就是|一[个件桩]|再)|除此之外|除了这个|其他的?还有|also)"
)
_STILL = regex(r"^还有")  # "还有路灯也不亮" joins; "还有人在里面" goes on
_COURTESY = regex(r"谢|感谢|辛苦|麻烦(?:你们?|了|尽快)|打扰|希望(?:尽快|早日)|照片|电话|地址|补充")


def matters(text: str, town: Town) -> int:
    """How many of a flat text, 1 to MOST."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    counted, joined = _numbered(text), _joined(clauses, town)
    told = counted + joined - 1  # "…三，…。另外…"
    return max(1, min(MOST, max(told, _stated(text), _filed(text, town))))


def _numbered(text: str) -> int:
    """As far as it counts out: at least 一 and 二, in this order."""
    said = [
        _DIGITS.get(word) or _ORDER.get(word, 0)
        for match in _NUMBERED.finditer(text)
        for word in [next(group for group in match.groups() if group)]
    ]
    reached = 0
    for number in said:
        reached = number if number == reached + 1 else reached
    return reached if reached > 1 else 1


def _stated(text: str) -> int:
    found = _STATED.search(text)
    return {"两": 2, **_DIGITS}.get(found[1], 1) if found else 1


def _joined(clauses: list[str], town: Town) -> int:
    """One, and one more for each that is joined on and says something of its own."""
    count = 1
    known = set(_roots(clauses[0], town)) if clauses else set()
    for place, clause in enumerate(clauses[1:], 1):
        joins = _JOINED.match(clause)
        said = clause[joins.end() :] if joins else clause
        if joins and len(said) < _LEAST and place + 1 < len(clauses):
            said = clauses[place + 1]
        named = set(_roots(clause, town))
        is_new = bool(named - known)
        if (joins and len(said) >= _LEAST and not _COURTESY.search(said)) or (
            _STILL.match(clause) and is_new
        ):
            count += 1
        known |= named
    return count


def _filed(text: str, town: Town) -> int:
    """Sentences of different large categories, of each the one with its longest keyword; one sentence is one matter."""
    filed = {
        root for sentence in re.split(r"[。！？!?\n;；]+", text) for root in list(_roots(sentence, town))[:1]
    }
    return len(filed) or 1


def _roots(clause: str, town: Town) -> Iterator[str]:
    """The large categories whose keywords a clause holds, the longest keyword first."""
    return iter(dict.fromkeys(root for word, root in town.roots_by_keyword if word in clause))
