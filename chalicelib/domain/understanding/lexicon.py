"""The lexicon of danger, compiled once a version of the town: its signs as phrases, and what takes each of them back."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.domain.understanding.phrases import BadPattern, Hit, Pattern, Phrases, parse
from chalicelib.domain.understanding.signs import DangerSign

NEAR = 30  # characters around a sign within which what its row excludes takes it back


class Found(NamedTuple):
    """A sign and where it stands in the text."""

    sign: DangerSign
    hit: Hit


class Lexicon:
    """All rows of danger.csv together. Raises BadPattern, naming the row."""

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

    def find(self, text: str) -> Iterator[Found]:
        """The signs in a flat text that nothing near them takes back."""
        hits = [(*self._owners[hit.key], hit) for hit in self._phrases.find(text)]
        for sign, takes_back, hit in hits:
            if not takes_back and not any(
                back and row is sign and _near(other, hit) for row, back, other in hits
            ):
                yield Found(sign, hit)


def _parsed(
    row: DangerSign, cell: str, groups: dict[str, tuple[str, ...]], may_be_short: bool
) -> tuple[Pattern, ...]:
    try:
        return parse(cell, groups, may_be_short=may_be_short)
    except BadPattern as fault:
        raise BadPattern(f"{row.code}：{fault}") from None


def _near(one: Hit, other: Hit) -> bool:
    return one.start - other.end <= NEAR and other.start - one.end <= NEAR
