"""地点识别: which places of the tree words mean, for every door where a place is typed or comes in a file.

A name or alias counts where it stands by itself: the longest wins (蓝湾苑 is no 蓝湾), digits are read whole (14号楼 is no
4号楼), and what merely begins or ends alike is another place (盛华景苑路, 金色绿苑). What is not known stays unknown: the answer
is candidates and what could not be placed, never the nearest name.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from chalicelib.domain.model import Frozen
from chalicelib.domain.patterns import regex
from chalicelib.domain.town import building_numbers
from chalicelib.domain.town.vocabulary import Place, PlaceKind

_STREET = r"[中东西南北]?(?:路(?![口边上面旁灯])|街(?![口边上面旁])|巷|弄(?!堂)|大道|公路)"
_IS_STREET = regex(r"[路街弄巷道]$")
_IS_WHOLE = regex(r"[苑园城邨寓庭府村坊墅厦路街弄巷道区镇楼]$")  # a name that wants nothing after it
_GOES_ON = regex(rf"{_STREET}|国际|花园|公寓|家园|新村|大厦|广场|名邸|豪庭|[村苑园寓庭府城墅坊]")
_STREET_FOLLOWS = regex(_STREET)
_OTHER_BEGINNING = regex(r"(?:^|[^\w])[新老小东西南北]$")
_GENERIC = regex(r"(?:居民区|片区|街区|社区|小区|居委会|村委会)$")
_BEFORE = regex(
    r"(?:^|\W|[在住到从的内于和与及近是了去])$"
)  # what may stand right before a name of two characters
_AFTER = regex(r"$|\W|[0-9]|小区|[内里门东西南北的附旁边大上地对这那那号]")
_BARE = regex(r"[^\w]*(?:[在住到]|本小区|我们?(?:小区|家|楼)?)?[A-Z]?[0-9]|[^\w]*[A-Z](?:栋|座|幢|号)")
_SHORT_NAME = 2
_AROUND = 6  # characters beside a name that say whether it stands by itself
LONGEST = 2000  # characters of a text that are read
_ADDRESSED = (PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK, PlaceKind.GRID, PlaceKind.BUILDING, PlaceKind.POINT)


class PlaceReading(Frozen):
    """What words say about where. `unread`: buildings that are named and not known there (14号楼 → 14).

    `by_number_alone`: no estate was named, so that even a single candidate is no more than that.
    """

    candidates: tuple[Place, ...] = ()
    unread: tuple[str, ...] = ()
    by_number_alone: bool = False

    @property
    def place(self) -> Place | None:
        """The one place that is meant; None where it may be several, is none, or is only a part of the town."""
        if self.by_number_alone or len(self.candidates) != 1:
            return None
        return self.candidates[0] if self.candidates[0].kind in _ADDRESSED else None

    @property
    def is_sure(self) -> bool:
        """Whether nobody has to look: one place, and no building that was named is left over."""
        return self.place is not None and not self.unread

    @property
    def path(self) -> tuple[str, ...]:
        """As far down as all candidates go together; empty when nothing is known."""
        together = []
        for codes in zip(*(place.path for place in self.candidates), strict=False):
            if len(set(codes)) > 1:
                break
            together.append(codes[0])
        return tuple(together)


class _Span(NamedTuple):
    start: int
    end: int
    places: tuple[Place, ...]


class PlaceNames:
    """The names of one tree as people say them; made once for each version of the town (`PlaceTree.names`)."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._names: dict[str, tuple[Place, ...]] = {}
        self._buildings: dict[str, tuple[Place, ...]] = {}  # by their number or letter
        for place in places:
            key = building_numbers.key_of(place.name) if place.kind is PlaceKind.BUILDING else None
            if key is not None:
                self._buildings[key] = (*self._buildings.get(key, ()), place)
            for name in _spoken(place, has_number=key is not None):
                self._names[name] = (*self._names.get(name, ()), place)

    def read(self, text: str, *, within: tuple[str, ...] = ()) -> PlaceReading:
        """What `text` means. `within`: the path of a place that is known otherwise (the desk's, another cell of the row)."""
        words = building_numbers.plain(text[:LONGEST])
        spans = _longest(self._spans(words))
        if not spans:
            numbers = building_numbers.named(words)
            is_bare = bool(_BARE.match(words))  # 盛华景苑路4号 names a place of its own, which is not known
            return self._by_number(numbers, within) if is_bare else PlaceReading(unread=numbers)
        numbers = building_numbers.named(words[spans[-1].end :]) or building_numbers.named(
            _blanked(words, spans)
        )
        return self._inside(_nearer(_meant(words, spans), within), numbers)

    def _spans(self, words: str) -> list[_Span]:
        found: list[_Span] = []
        there = sorted((name for name in self._names if name in words), key=len, reverse=True)
        for name in there:  # the longest first: a short name may stand right after them
            ends = {span.end for span in found}
            found += [_Span(at, at + len(name), self._names[name]) for at in _occurrences(name, words, ends)]
        return found

    def _inside(self, meant: tuple[Place, ...], numbers: tuple[str, ...]) -> PlaceReading:
        """The numbered buildings in what is meant; what is meant itself where none is named, or one is not known."""
        known = {key: _under(self._buildings.get(key, ()), meant) for key in numbers}
        unread = tuple(key for key, found in known.items() if not found)
        buildings = tuple(place for found in known.values() for place in found)
        return PlaceReading(candidates=meant if unread or not numbers else buildings, unread=unread)

    def _by_number(self, numbers: tuple[str, ...], within: tuple[str, ...]) -> PlaceReading:
        known = {key: _nearer(self._buildings.get(key, ()), within) for key in numbers}
        unread = tuple(key for key, found in known.items() if not found)
        buildings = () if unread else tuple(place for found in known.values() for place in found)
        is_inside = bool(within) and all(set(within) & set(_above(place)) for place in buildings)
        return PlaceReading(
            candidates=buildings, unread=unread, by_number_alone=not (is_inside and len(buildings) == 1)
        )


def _spoken(place: Place, *, has_number: bool) -> set[str]:
    """What a place is called, in plain characters. A building's bare number is no name: it means nothing by itself."""
    said = {building_numbers.plain(name) for name in (() if has_number else (place.name,)) + place.aliases}
    short = {_GENERIC.sub("", name) for name in said}
    return {name for name in said if len(name) > 1} | {name for name in short if len(name) > _SHORT_NAME}


def _occurrences(name: str, words: str, ends: set[int]) -> list[int]:
    found, at = [], words.find(name)
    while at >= 0:
        end = at + len(name)
        before = "" if at in ends else words[max(0, at - _AROUND) : at]
        if _stands_alone(name, before, words[end : end + _AROUND]):
            found.append(at)
        at = words.find(name, at + 1)
    return found


def _stands_alone(name: str, before: str, after: str) -> bool:
    """Whether these characters are that name and not a part of another one."""
    if _cuts_a_number(before[-1:], name[0]) or _cuts_a_number(name[-1], after[:1]):
        return False
    if len(name) <= _SHORT_NAME:
        return bool(_BEFORE.search(before) and _AFTER.match(after))
    if _OTHER_BEGINNING.search(before[-2:]):
        return False
    if _IS_STREET.search(name):
        return True
    return not (_STREET_FOLLOWS if _IS_WHOLE.search(name) else _GOES_ON).match(after)


def _cuts_a_number(left: str, right: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{2}|[A-Z]{2}", left + right))


def _longest(spans: list[_Span]) -> list[_Span]:
    """In the order of the words, without those that lie inside or across a longer one."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda each: each.start - each.end):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept)


def _meant(words: str, spans: list[_Span]) -> tuple[Place, ...]:
    """Names one after another narrow each other; those that do not belong together are several candidates."""
    meant = spans[0].places
    for last, span in pairwise(spans):
        if inside := _under(span.places, meant):
            meant = inside
        elif outside := _under(meant, span.places):
            meant = outside
        elif _IS_STREET.search(words[last.start : last.end]):
            meant = span.places  # an address goes from the street to what stands in it
        else:
            meant = (*meant, *span.places)
    return meant


def _under(places: Iterable[Place], tops: Iterable[Place]) -> tuple[Place, ...]:
    """Of these places, those that lie in one of `tops`, or are one."""
    codes = {top.code for top in tops}
    return tuple(place for place in places if codes & set(place.path))


def _above(place: Place) -> tuple[str, ...]:
    """What a place lies in, below the town: the town holds everything and tells nothing apart."""
    return place.path[1:]


def _nearer(places: tuple[Place, ...], within: tuple[str, ...]) -> tuple[Place, ...]:
    """Those that share most with the path that is known otherwise."""
    shared = [len(set(_above(place)) & set(within)) for place in places]
    return tuple(place for place, count in zip(places, shared, strict=True) if count == max(shared))


def _blanked(words: str, spans: list[_Span]) -> str:
    for span in spans:
        words = f"{words[: span.start]}{' ' * (span.end - span.start)}{words[span.end :]}"
    return words
