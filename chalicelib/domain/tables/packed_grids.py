"""A workbook's grids on their way from the function that opens it to the one that reads it: JSON, compressed.

So is what made it unreadable, so that whoever reads it says it of the right table.
"""

import gzip
import json
import zlib
from collections.abc import Sequence

from chalicelib.domain.tables.grid import Grid, Line, Unreadable

MARK = b"\x1f\x8bgrids"  # no file of an office begins so; one that was made to is refused where it comes in
NOT_OURS = "文件读不出来，不是表格；请在 Excel 或 WPS 里打开，另存为 XLSX 后再试"


def pack(grids: Sequence[Grid] | Unreadable) -> bytes:
    if isinstance(grids, Unreadable):
        said: object = {"reason": grids.reason, "line": grids.line}
    else:
        said = [
            [
                grid.name,
                [[line.number, line.cells, sorted(line.merged), line.is_hidden] for line in grid.lines],
            ]
            for grid in grids
        ]
    return MARK + gzip.compress(json.dumps(said, ensure_ascii=False).encode(), 1, mtime=0)


def is_packed(content: bytes) -> bool:
    return content.startswith(MARK)


def unpack(content: bytes) -> tuple[Grid, ...]:
    """Raises Unreadable where that is what was packed, and for what only begins like it."""
    try:
        said = json.loads(gzip.decompress(content[len(MARK) :]))
    except (OSError, EOFError, ValueError, zlib.error) as broken:
        raise Unreadable(NOT_OURS) from broken
    if isinstance(said, dict):
        raise Unreadable(said["reason"], said["line"])
    return tuple(
        Grid(
            name,
            tuple(
                Line(number, tuple(cells), frozenset(merged), is_hidden)
                for number, cells, merged, is_hidden in lines
            ),
        )
        for name, lines in said
    )
