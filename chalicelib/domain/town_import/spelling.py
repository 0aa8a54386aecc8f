"""Cells of patterns 说法: each can be read, and all of a file together in bounded work.

Groups within a word multiply each other, and every word is looked for in every text that comes in.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.town_import.sheet import Row, Sheet
from chalicelib.domain.understanding.phrases import MOST_SPELT, BadPattern, parse, spelt


def refuse_unreadable(
    sheet: Sheet,
    rows: Iterable[Row],
    columns: Mapping[str, bool],
    groups: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Add to the sheet what cannot be read in these columns, each with whether its patterns may be short.

    Reads no further than the row by which the words have become too many.
    """
    words = 0
    for row in rows:
        for column, may_be_short in columns.items():
            try:
                words += spelt(parse(row.values.get(column, ""), groups, may_be_short=may_be_short))
            except BadPattern as fault:
                sheet.refuse(row.line, column, str(fault))
        if words > MOST_SPELT:
            sheet.refuse(
                row.line,
                "",
                f"到这一行，说法展开后已超过 {MOST_SPELT} 个词，每条来件都要逐个找：请删去不用的，或在词组之间写省略号",
            )
            return
