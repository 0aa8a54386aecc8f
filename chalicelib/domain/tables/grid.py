"""What a file of tables holds before anybody asks what it means: sheets of lines of text, numbered as a person sees them."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.domain.errors import Invalid


class Line(NamedTuple):
    """`number` counts as the spreadsheet does: the first is 1, blank ones count too."""

    number: int
    cells: tuple[str, ...]
    merged: frozenset[int] = frozenset()  # columns whose cell goes on from a line above
    is_hidden: bool = False  # by a filter or by hand: whoever looks at the file does not see it


class Grid(NamedTuple):
    """One sheet: its lines with content, in order. `name` is empty where the file is text."""

    name: str
    lines: tuple[Line, ...]


class Unreadable(Invalid):
    """A file, or a line of it, that no table can be read from. `line` 0: the whole file."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"第 {line} 行：{message}" if line else message, fields=["file"])
        self.reason, self.line = message, line


def line_of(number: int, cells: list[str], above: Mapping[int, str] | None = None) -> Line | None:
    """The line without its blank tail; None for one that has no content.

    `above`: by column, what a merged cell that began further up says of this line too. It alone is no content.
    """
    while cells and not cells[-1]:
        cells.pop()
    if not cells or not above:
        return Line(number, tuple(cells)) if cells else None
    merged = {
        column: said for column, said in above.items() if said and not "".join(cells[column : column + 1])
    }
    cells += [""] * (max(merged, default=0) + 1 - len(cells))
    for column, said in merged.items():
        cells[column] = said
    return Line(number, tuple(cells), frozenset(merged))
