"""Which line of a sheet is its head: under titles, over two merged lines, with * and blanks in its names, English or Chinese."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.grid import Grid, Line

WITHIN = 15  # lines with content, among which the head is looked for

Names = Mapping[str, Sequence[str]]  # by the reader's word for a column, how its head may be written
_NOISE = regex(r"[\s*＊:：]|[(（【\[](?:必填|选填|required)[)）】\]]", re.IGNORECASE)


class Head(NamedTuple):
    """`where`: the column of each name that was found. `last`: the index of its last line in the grid.

    `twice`: names that stand over another column too, with it. `unknown`: heads that nobody asked for, with their column.
    """

    first: int
    last: int
    where: dict[str, int]
    twice: tuple[tuple[str, int], ...]
    unknown: tuple[tuple[int, str], ...]


def find_head(grid: Grid, names: Names, required: Sequence[str]) -> Head | None:
    """The first line, or pair of lines, that names most columns; one that names all the required ones before any other."""
    known = {folded(name): key for key, written in names.items() for name in (key, *written)}
    lines = grid.lines[:WITHIN]
    found: list[Head] = []
    for at, line in enumerate(lines):
        found.append(_head(at, at, [[cell] for cell in line.cells], known))
        if at + 1 < len(lines):
            found.append(_head(at, at + 1, _paired(line, lines[at + 1]), known))
    best = max(found, key=lambda head: _worth(head, required), default=None)
    return best if best and best.where else None


def folded(name: str) -> str:
    """A head as it is compared: full width or not, in any case, without marks and blanks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


Written = tuple[tuple[str, ...], ...]  # a head's lines, folded


def written_in(head: Head, grid: Grid) -> Written:
    return tuple(tuple(map(folded, grid.lines[at].cells)) for at in range(head.first, head.last + 1))


def is_again(line: Line, written: Written) -> bool:
    """A head that stands again in the middle, as prints of many pages have it."""
    cells = line.cells
    return any(
        len(cells) == len(names) and folded(cells[-1]) == names[-1] and tuple(map(folded, cells)) == names
        for names in written
    )


def _worth(head: Head, required: Sequence[str]) -> tuple[bool, int, bool, int]:
    """Two lines are one head only where that names more than one of them alone."""
    has_all = all(key in head.where for key in required)
    return has_all, len(head.where), head.first == head.last, -head.last


def _head(first: int, last: int, alternatives: list[list[str]], known: Mapping[str, str]) -> Head:
    where: dict[str, int] = {}
    twice: list[tuple[str, int]] = []
    unknown: list[tuple[int, str]] = []
    for column, written in enumerate(alternatives):
        key = next((known[name] for cell in written if (name := folded(cell)) in known), None)
        if key is None:
            unknown.append((column, written[0]))
        elif key in where:
            twice.append((key, column))
        else:
            where[key] = column
    return Head(first, last, where, tuple(twice), tuple(unknown))


def _paired(upper: Line, lower: Line) -> list[list[str]]:
    """What a column may be called where the head has two lines: a merged cell above goes on to the right."""
    width = max(len(upper.cells), len(lower.cells))
    above = [*upper.cells, *[""] * (width - len(upper.cells))]
    below = [*lower.cells, *[""] * (width - len(lower.cells))]
    written: list[list[str]] = []
    over = ""
    for high, low in zip(above, below, strict=True):
        over = high or over
        written.append([low, over + low] if low else [high])
    return written
