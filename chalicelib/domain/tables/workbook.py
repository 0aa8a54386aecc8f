"""Workbooks, of whatever program: xlsx, xls, xlsb, ods. What a person sees is read: true extents, visible sheets, in order.

The only importer of python-calamine, inside the function: most functions never read a workbook.
"""

import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.tables.dialect import plain
from chalicelib.domain.tables.grid import Grid, Line, Unreadable, line_of
from chalicelib.domain.tables.marks import NONE, Marks
from chalicelib.domain.tables.old_marks import old_marks_of
from chalicelib.domain.tables.packed_grids import is_packed, unpack
from chalicelib.domain.tables.packed_marks import marks_of
from chalicelib.domain.tables.unpacking import BROKEN, TooMuch, parts_of

if TYPE_CHECKING:
    import python_calamine as calamine

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 64 * 1024 * 1024  # 50,000 rows of nine columns are 30 MB
MOST_COLUMNS = 200
MOST_MERGED = 1_000  # lines that one cell may say something of
MOST_DIGITS = 15  # of a number; what has more was rounded by the spreadsheet
_PANICS = "pyo3_runtime"  # where the library's own panics come from, which are no Exception
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(content: bytes) -> bool:
    """Also one that was opened already."""
    return content.startswith((ZIP, OLE)) or is_packed(content)


def grids_of_workbook(content: bytes) -> tuple[Grid, ...]:
    """The visible sheets that hold anything. Raises Unreadable for a password, a broken file, or too much."""
    if is_packed(content):
        return unpack(content)
    import python_calamine as calamine

    if content.startswith(OLE) and _LOCKED in content:
        raise Unreadable("文件有密码，请去掉密码后另存，再试一次")
    try:
        marks = _marks(content)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        found = [_grid(book.get_sheet_by_name(name), marks.get(name, NONE)) for name in shown]
    except calamine.PasswordError as locked:
        raise Unreadable("文件有密码，请去掉密码后另存，再试一次") from locked
    except Unreadable:
        raise
    except BaseException as broken:  # a workbook breaks in as many ways as its parts
        if not isinstance(broken, Exception) and type(broken).__module__ != _PANICS:
            raise
        raise Unreadable("表格打不开，可能没有保存完整；请重新另存为 XLSX 后再试") from broken
    return tuple(grid for grid in found if grid.lines)


def _grid(sheet: "calamine.CalamineSheet", marks: Marks) -> Grid:
    lines: list[Line] = []
    above = _merged_down(sheet)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)  # rows are counted from the top
    kept = {first for below in above.values() for _, first in below}
    for number, row in enumerate(rows):
        cells = [
            cell if type(cell) is str and cell.isalnum() else _text(cell) for cell in row[:MOST_COLUMNS]
        ]  # most have nothing that could be taken off
        if number not in kept:
            rows[number] = []  # a large file must not lie in memory twice
        for column in range(len(cells)) if marks.cells else ():
            cells[column] = marks.cells.get((number, column), cells[column])
        over = {column: _text(rows[first][column]) for column, first in above.get(number, ())}
        if line := line_of(number + 1, cells, over):
            lines.append(line if number not in marks.hidden else line._replace(is_hidden=True))
    return Grid(sheet.name, tuple(lines))


def _merged_down(sheet: "calamine.CalamineSheet") -> dict[int, list[tuple[int, int]]]:
    """By line, the columns of merged cells that began further up, each with the line that has their content."""
    found: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        for number in range(first + 1, min(last, first + MOST_MERGED) + 1) if column < MOST_COLUMNS else ():
            found.setdefault(number, []).append((column, first))
    return found


def _text(cell: object) -> str:
    """A value as it is written by hand: a whole number without a point, a day without a clock time where it has none."""
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}" + (f".{cell.microsecond:06}" if cell.microsecond else "")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return ""


def _number(value: float) -> str:
    """More digits than a number keeps are shown as Excel shows them, so that no reader takes them for what was written."""
    if abs(value) >= 10**MOST_DIGITS:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else repr(value)


def _marks(content: bytes) -> dict[str, Marks]:
    """Raises Unreadable for what would not fit into memory, before the library holds any of it."""
    if content.startswith(OLE):
        return old_marks_of(content)
    try:
        parts = parts_of(content, most_bytes=MOST_UNPACKED)
        if strange := _strange({part.name for part in parts}):
            raise Unreadable(strange)
        return marks_of(content)
    except TooMuch as much:
        raise Unreadable("表格太大，请分成几个文件") from much
    except Unreadable:
        raise
    except BROKEN as broken:
        raise Unreadable("表格打不开，可能没有保存完整；请重新另存为 XLSX 后再试") from broken


def _strange(parts: set[str]) -> str:
    """What a packed file is that is no workbook."""
    if any(name.startswith("word/") for name in parts):
        return "这是 Word 文件，不是表格；请把里面的表格复制到 Excel 或 WPS 表格里，另存为 XLSX 后再试"
    if any(name.startswith("ppt/") for name in parts):
        return "这是演示文稿，不是表格；请把里面的表格复制到 Excel 或 WPS 表格里，另存为 XLSX 后再试"
    if not any(name.startswith("xl/") or name == "content.xml" for name in map(str.lower, parts)):
        return "这是压缩包，不是表格；请先解压，再选里面的表格文件"
    return ""
