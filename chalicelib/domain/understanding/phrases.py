"""Phrases 说法 of the town's lexicons, found in what people wrote (rule 80): words with what may stand between them.

One pattern is written as a clerk would say it:
    电梯/轿厢            any of these words; `{人}` stands for a named group of words, alone or within one (被{人}打)
    电梯…困/关           the second after the first in the same sentence, at most 8 characters between; `…3` at most 3
    孩子+窗外/阳台外     both, in any order, at most 40 characters apart
Patterns of one cell are parted by ";". A text is walked once, whatever the number of patterns.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from itertools import product
from math import prod
from typing import NamedTuple

from pydantic import Field

from chalicelib.domain.model import Frozen
from chalicelib.domain.patterns import regex

GAP = 8  # characters between two words of a pattern that says nothing else
# What a pattern may be at most: several times what a town's longest is, and groups within a word multiply each other.
MOST_WORDS = 2000  # of one of its places, each group spelt out
LONGEST_WORD = 40
MOST_PLACES = 12  # words one after another, and beside each other
MOST_SPELT = 60_000  # words of all patterns of a file together, groups spelt out
MOST_RUNS = 6  # places of one pattern in one text: whoever repeats a word a hundred times says it once
APART = 40  # between the parts of a pattern joined by "+"
FEWEST_LETTERS = 4  # different ones of a text in which a model hears something
ENDS = "。！？!?\n"
_SHOWN = 30  # characters of a pattern that a message names
_BETWEEN = regex(r"…(\d{0,2})")
_BLANK = regex(r"[^\S\n]+")
# Whoever speaks word by word writes so: 厨房 火 很大 is 厨房火很大.
_SPELT = regex(
    r"(?<=[\u4e00-\u9fff])(?<![\u4e00-\u9fff]{3})[^\S\n]+(?=[\u4e00-\u9fff]{1,2}(?![\u4e00-\u9fff]))"
)
_GROUP = regex(r"\{([^{}]+)\}")
_MOSTLY_NEW = 0.8  # of the pairs of letters of a short text; below it something is said again
_AGAIN = regex(r"(\D{1,20}?)\1{2,}", re.DOTALL)


class BadPattern(ValueError):
    """A pattern that cannot be read, or not in bounded work; the message is Chinese, for the clerk who wrote it."""


class Slot(Frozen):
    """Any of `words`, at most `gap` characters after the slot before it."""

    words: tuple[str, ...]
    gap: int = GAP


class Pattern(Frozen):
    """`parts`: one run of slots, or several that stand near each other in any order."""

    text: str
    parts: tuple[tuple[Slot, ...], ...] = Field(min_length=1)


class Span(NamedTuple):
    start: int
    end: int


class Hit(NamedTuple):
    """Where a pattern was found: the places of its words, in the order of the text. `key` is the pattern's own."""

    key: int
    words: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return max(span.end for span in self.words)


def flat(text: str) -> str:
    """What is matched of a text: full width as half width, small, blanks as commas, but between the
    single words of whoever writes them apart."""
    plain = _SPELT.sub("", unicodedata.normalize("NFKC", text).lower().strip())
    return _BLANK.sub(",", plain).replace("，", ",").replace("、", ",")


def calm(text: str) -> str:
    """A text flat, and what is said again and again said twice: it means no more, and would outweigh all the rest."""
    plain = flat(text)
    pairs = {plain[at : at + 2] for at in range(len(plain))}
    return _AGAIN.sub(r"\1\1", plain) if len(pairs) < len(plain) * _MOSTLY_NEW else plain


def says_nothing(text: str) -> bool:
    """Whether a text is of so few different letters that no model can have heard its like: 写写写, 你好你好, 111."""
    return len({letter for letter in text if letter.isalnum()}) < FEWEST_LETTERS


def parse(
    cell: str, groups: Mapping[str, tuple[str, ...]] | None = None, *, may_be_short: bool = False
) -> tuple[Pattern, ...]:
    """The patterns of a cell. Raises BadPattern for an empty word, an unknown group, or a single character alone.

    What only takes back (`unless`) `may_be_short`: it is looked for near a sign, not everywhere.
    """
    entries = [entry.strip() for entry in cell.replace("；", ";").split(";") if entry.strip()]
    patterns = tuple(_pattern(entry, groups or {}) for entry in entries)
    if not may_be_short:
        for pattern in patterns:
            _refuse_too_short(pattern)
    return patterns


def spelt(patterns: Iterable[Pattern]) -> int:
    """How many words these patterns are, groups spelt out."""
    return sum(len(slot.words) for pattern in patterns for part in pattern.parts for slot in part)


def _pattern(entry: str, groups: Mapping[str, tuple[str, ...]]) -> Pattern:
    if entry.count("…") + entry.count("+") >= MOST_PLACES:
        raise BadPattern(
            f"“{_short(entry)}”里省略号和加号太多，一条最多连 {MOST_PLACES} 处，请拆成几条，用分号隔开"
        )
    return Pattern(text=entry, parts=tuple(_run(part, groups) for part in entry.split("+")))


def _short(entry: str) -> str:
    """Enough of a long pattern to find it in its file."""
    return entry if len(entry) <= _SHOWN else f"{entry[:_SHOWN]}……"


def _refuse_too_short(pattern: Pattern) -> None:
    (first, *more), *parts = pattern.parts
    if not more and not parts and any(_is_too_short(word) for word in first.words):
        entry = pattern.text
        raise BadPattern(f"“{entry}”太短，一个字会到处碰上，请写两个字以上，或与别的词搭配")


def _is_too_short(word: str) -> bool:
    return len(word) < 2 and word.isalnum()  # a sign such as 🔥 may stand alone


def _run(part: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[Slot, ...]:
    first, *others = _BETWEEN.split(part)
    slots = [Slot(words=_words(first, groups))]
    for gap, words in zip(others[::2], others[1::2], strict=True):
        slots.append(Slot(words=_words(words, groups), gap=int(gap) if gap else GAP))
    return tuple(slots)


def _words(cell: str, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    pieces = [piece.strip() for piece in cell.split("/")]
    if long := next((piece for piece in pieces if len(_GROUP.sub("", piece)) > LONGEST_WORD), ""):
        raise BadPattern(
            f"“{_short(long)}”太长，一个词最多 {LONGEST_WORD} 个字，请用省略号连起两个词，或拆成几条"
        )
    if sum(_how_many(piece, groups) for piece in pieces) > MOST_WORDS:
        raise BadPattern(
            f"“{_short(cell)}”展开后超过 {MOST_WORDS} 个词：一个词里套几个词组，词数相乘，请在词组之间写省略号"
        )
    words = [flat(word) for piece in pieces for word in _spelt(piece, groups)]
    if not all(words):
        raise BadPattern(f"“{_short(cell)}”里有空的词，请检查斜线和省略号")
    return tuple(dict.fromkeys(words))


def _how_many(piece: str, groups: Mapping[str, tuple[str, ...]]) -> int:
    """How many words a piece is, its groups spelt out; counted before any is made."""
    return prod(len(groups.get(name, ("",))) for name in _GROUP.findall(piece))


def _spelt(piece: str, groups: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """A word as it stands, or once for every word of the groups that it names: 被{头衔}打."""
    parts = _GROUP.split(piece)  # between words, the names of groups
    if unknown := next((name for name in parts[1::2] if name not in groups), ""):
        raise BadPattern(f"没有词组“{unknown}”，请先写这一行词组")
    choices = [groups[part] if at % 2 else (part,) for at, part in enumerate(parts)]
    return ("".join(chosen) for chosen in product(*choices))


class _Sought(NamedTuple):
    """A slot as it is looked for."""

    words: frozenset[str]
    gap: int


_Run = tuple[_Sought, ...]


class Phrases:
    """Many patterns, found together. Built once a lexicon; immutable after."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._words: dict[str, set[str]] = {}  # by first character
        self._lengths: dict[
            str, list[int]
        ] = {}  # of those words: however many begin alike, they differ in few lengths
        self._begins: dict[str, list[int]] = {}  # a word of a pattern's first slot -> patterns
        known: set[str] = set()
        for key, pattern in enumerate(self._patterns):
            for word in pattern.parts[0][0].words:
                self._begins.setdefault(word, []).append(key)
            known.update(word for part in pattern.parts for slot in part for word in slot.words)
        for word in known:
            self._words.setdefault(word[0], set()).add(word)
        for first, words in self._words.items():
            self._lengths[first] = sorted({len(word) for word in words})
        self._runs: dict[int, tuple[_Run, ...]] = {}  # of the patterns whose beginning was met in some text

    def find(self, text: str) -> list[Hit]:
        """Every pattern found in a `flat` text, each at every place where it begins."""
        places: dict[str, list[int]] = {}
        lengths_of = self._lengths.get
        for at, character in enumerate(text):
            for length in lengths_of(character, ()):
                word = text[at : at + length]
                if word in self._words[character] and len(word) == length:
                    places.setdefault(word, []).append(at)
        keys = {key for word in places for key in self._begins.get(word, ())}
        return [hit for key in sorted(keys) for hit in _hits(key, self._parts(key), text, places)]

    def pattern(self, key: int) -> Pattern:
        return self._patterns[key]

    def _parts(self, key: int) -> tuple[_Run, ...]:
        parts = self._runs.get(key)
        if parts is None:
            parts = tuple(
                tuple(_Sought(frozenset(slot.words), slot.gap) for slot in part)
                for part in self._patterns[key].parts
            )
            self._runs[key] = parts
        return parts


def _hits(key: int, parts: tuple[_Run, ...], text: str, places: Mapping[str, list[int]]) -> list[Hit]:
    for part in parts:
        for slot in part:
            if slot.words.isdisjoint(places):
                return []  # as of nearly all: one of its words is nowhere in the text
    first, *others = parts
    hits = []
    for run in _found(first, text, places):
        spans = run
        for part in others:
            near = [other for other in _found(part, text, places) if _apart(spans, other) <= APART]
            if not near:
                break
            spans = (*spans, *min(near, key=lambda other: _apart(run, other)))
        else:
            hits.append(Hit(key, tuple(sorted(spans))))
    return hits


def _found(slots: _Run, text: str, places: Mapping[str, list[int]]) -> list[tuple[Span, ...]]:
    runs: list[tuple[Span, ...]] = [(span,) for span in _spans(slots[0], places)[:MOST_RUNS]]
    for slot in slots[1:]:
        spans = _spans(slot, places)
        runs = [(*run, after) for run in runs if (after := _after(run[-1], spans, slot.gap, text))]
    return runs


def _spans(slot: _Sought, places: Mapping[str, list[int]]) -> list[Span]:
    """Of the words of a text, not of the slot's: those are few, and of these there may be hundreds."""
    return sorted(
        Span(at, at + len(word)) for word, found in places.items() if word in slot.words for at in found
    )


def _after(last: Span, spans: list[Span], gap: int, text: str) -> Span | None:
    """The nearest that follows within the gap, and within the sentence."""
    for span in spans:
        if last.end <= span.start <= last.end + gap:
            between = text[last.end : span.start]
            return None if any(end in between for end in ENDS) else span
    return None


def _apart(one: tuple[Span, ...], other: tuple[Span, ...]) -> int:
    starts, ends = (one[0].start, other[0].start), (one[-1].end, other[-1].end)
    return max(starts) - min(ends)
