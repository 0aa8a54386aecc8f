"""What a person sees in a workbook and the library does not tell: errors (#N/A), formulas without a result, numbers that
are shown as names (0012), and lines that are hidden.

Each make of workbook has a module that finds them: `xml_marks`, `binary_marks`, `open_marks`, `old_marks`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.domain.tables import formats

NO_RESULT = "#公式"  # a formula without its result: whoever wrote the file never worked it out
ERRORS = {
    0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#N/A"
}  # fmt: skip

Cells = dict[tuple[int, int], str]  # by line and column, both counted from 0


class Marks(NamedTuple):
    """Of one sheet. `cells`: what is seen there. `hidden`: lines that a filter or a hand has hidden, from 0."""

    cells: Cells
    hidden: frozenset[int] = frozenset()


NONE = Marks({})


def telling(used: Iterable[int], own: Mapping[int, str]) -> dict[int, str]:
    """Of the formats that styles use, by style, those that matter. `own`: the workbook's own formats."""
    codes = {at: own.get(number) or formats.BUILT_IN.get(number, "") for at, number in enumerate(used)}
    return {at: code for at, code in codes.items() if formats.is_telling(code)}
