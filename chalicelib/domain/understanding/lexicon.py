"""The lexicon of danger, compiled once a version of the town: its signs as phrases, and what takes each of them back."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.domain.town.danger_signs import DangerKind, DangerSign
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import TriageRule
from chalicelib.domain.understanding.phrases import ENDS, BadPattern, Hit, Pattern, Phrases, Span, parse

NEAR = 30  # characters around a sign within which what its row excludes takes it back


_kept: list[tuple[Town, "Lexicon"]] = []  # the last one compiled: a process serves one town


def lexicon_of(town: Town) -> "Lexicon":
    """The compiled lexicon of a town, compiled anew only when its data were imported anew."""
    if not _kept or not _is_same(_kept[0][0], town):
        _kept[:] = [(town, Lexicon((*town.danger, *_of_categories(town))))]
    return _kept[0][1]


def _is_same(one: Town, other: Town) -> bool:
    return one.danger is other.danger and one.categories is other.categories and one.triage is other.triage


def _of_categories(town: Town) -> Iterator[DangerSign]:
    """The keywords of urgent categories and rules are signs too, so that what excludes a sign excludes every match of it.

    Sure where a rule that is sure or urgent names them, or where the town has no rule of the category. A word that rules leave to the
    category says what a matter is about, not that it is now.
    """
    kinds = {sign.category: sign.kind for sign in reversed(town.danger) if sign.kind}
    for category in town.categories:
        if not category.urgent:
            continue
        rules = [rule for rule in town.triage if rule.category == category.code]
        by_rule = tuple(word for rule in rules if rule.sure or rule.urgent for word in rule.keywords)
        sure = by_rule if rules else category.keywords
        maybe = tuple(word for rule in rules for word in rule.keywords) + category.keywords
        yield from _keywords(category.code, kinds.get(category.code), sure, rules, sure=True)
        rest = tuple(word for word in maybe if word not in sure)
        yield from _keywords(category.code, kinds.get(category.code), rest, rules, sure=False)
    for rule in town.triage:
        if rule.urgent and not rule.category:
            yield from _keywords("", None, rule.keywords, [rule], sure=True)


def _keywords(
    category: str, kind: DangerKind | None, words: Iterable[str], rules: Iterable[TriageRule], *, sure: bool
) -> Iterator[DangerSign]:
    """One sign of plain words; what any of the rules excludes takes them back."""
    plain = dict.fromkeys(word for word in words if len(word) > 1)
    unless = dict.fromkeys(word for rule in rules for word in rule.unless)
    if plain:
        yield DangerSign(
            code=f"keywords-{category}-{'sure' if sure else 'possible'}",
            kind=kind or DangerKind.OTHER,
            category=category,
            sure=sure,
            words=";".join(plain),
            unless=";".join(unless),
        )


class Found(NamedTuple):
    """A sign and where it stands in the text."""

    sign: DangerSign
    hit: Hit


class Lexicon:
    """All rows of danger.csv together; `words`: those of the signs, of two characters or more. Raises BadPattern, naming the row."""

    def __init__(self, rows: Iterable[DangerSign]) -> None:
        rows = tuple(rows)
        groups = {row.name: tuple(row.words.split("/")) for row in rows if row.kind is None}
        self._owners: list[tuple[DangerSign, bool]] = []
        patterns: list[Pattern] = []
        for row in rows:
            for cell, takes_back in ((row.words, False), (row.unless, True)):
                found = _parsed(row, cell, groups, takes_back) if row.kind else ()
                patterns += found
                self._owners += [(row, takes_back)] * len(found)
        self._phrases = Phrases(patterns)
        signs = (
            pattern for pattern, (_, takes_back) in zip(patterns, self._owners, strict=True) if not takes_back
        )
        self.words = frozenset(
            word
            for pattern in signs
            for part in pattern.parts
            for slot in part
            for word in slot.words
            if len(word) > 1
        )
        self._longest = max(map(len, self.words), default=0)

    def find(self, text: str) -> list[Found]:
        """The signs in a flat text that nothing near them takes back."""
        return self.sorted_out(text)[0]

    def cuts(self, text: str, figure: Span) -> bool:
        """Whether a word of a sign stands across an edge of `figure`: part of it inside and part of it outside."""
        first, last = max(0, figure.start - self._longest + 1), min(len(text), figure.end + self._longest - 1)
        return any(
            text[start:end] in self.words
            for start in range(first, figure.end)
            for end in range(max(start + 2, figure.start + 1), min(start + self._longest, last) + 1)
            if start < figure.start or end > figure.end
        )

    def sorted_out(self, text: str) -> tuple[list[Found], list[Hit]]:
        """What is found, and where the signs stand that something near them takes back."""
        hits = [(*self._owners[hit.key], hit) for hit in self._phrases.find(text)]
        signs = [(row, hit) for row, back, hit in hits if not back]
        back = [(row, hit) for row, is_back, hit in hits if is_back]
        excluded = [
            any(one is row and _near(other, hit, text) and not _is_part(other, hit) for one, other in back)
            for row, hit in signs
        ]
        return (
            [Found(row, hit) for (row, hit), out in zip(signs, excluded, strict=True) if not out],
            [hit for (_, hit), out in zip(signs, excluded, strict=True) if out],
        )


def _parsed(
    row: DangerSign, cell: str, groups: dict[str, tuple[str, ...]], may_be_short: bool
) -> tuple[Pattern, ...]:
    try:
        return parse(cell, groups, may_be_short=may_be_short)
    except BadPattern as fault:
        raise BadPattern(f"{row.code}：{fault}") from None


def _is_part(one: Hit, other: Hit) -> bool:
    """Whether what takes back is only a part of a longer word of the sign itself: no fish fell into the 鱼塘."""
    return any(
        word.start <= one.start and one.end <= word.end and one.end - one.start < word.end - word.start
        for word in other.words
    )


def _near(one: Hit, other: Hit, text: str) -> bool:
    """Within NEAR characters, with no end of a sentence between: a bin room of another matter excludes nothing here."""
    first, second = sorted((one, other), key=lambda hit: hit.start)
    between = text[first.end : second.start]
    return len(between) <= NEAR and not any(end in between for end in ENDS)
