"""Workbooks, of whatever program: xlsx, xls, xlsb, ods. What a person sees is read: true extents, visible sheets, in order.

The only importer of python-calamine, inside the function: most functions never read a workbook.
"""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.dialect import plain
from chalicelib.domain.tables.faults import Faults, column_of, faults_of
from chalicelib.domain.tables.grid import Grid, Line, Unreadable, line_of
from chalicelib.domain.tables.old_faults import old_faults_of
from chalicelib.domain.tables.packed_grids import is_packed, unpack
from chalicelib.domain.tables.unpacking import BROKEN, TooMuch, parts_of

if TYPE_CHECKING:
    import python_calamine as calamine

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 64 * 1024 * 1024  # 50,000 rows of nine columns are 30 MB
MOST_CELLS = 12_000_000  # of the rectangle that holds all: 300 MB while it is read
MOST_COLUMNS = 200
MOST_MERGED = 1_000  # lines that one cell may say something of
MOST_DIGITS = 15  # of a number; what has more was rounded by the spreadsheet
_CELL = regex(rb'<c r="([A-Z]{1,3})(\d+)"[^>/]*>')
_COLUMN = regex(rb'<c r="([A-Z]{1,3})')
_ROW = regex(rb'<row r="(\d+)"')
_TAIL = 1_000_000  # bytes, in which the last row begins
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
    if content.startswith(ZIP):
        _check_size(content)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        faults = faults_of(content) if content.startswith(ZIP) else old_faults_of(content)
        found = [_grid(book.get_sheet_by_name(name), faults.get(name, {})) for name in shown]
    except calamine.PasswordError as locked:
        raise Unreadable("文件有密码，请去掉密码后另存，再试一次") from locked
    except Unreadable:
        raise
    except Exception as broken:  # a workbook breaks in as many ways as its parts
        raise Unreadable("表格打不开，可能没有保存完整；请重新另存为 XLSX 后再试") from broken
    return tuple(grid for grid in found if grid.lines)


def _grid(sheet: "calamine.CalamineSheet", faults: Faults) -> Grid:
    lines: list[Line] = []
    above = _merged_down(sheet)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)  # rows are counted from the top
    kept = {first for below in above.values() for _, first in below}
    for number, row in enumerate(rows):
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        if number not in kept:
            rows[number] = []  # a large file must not lie in memory twice
        for column in range(len(cells)) if faults else ():
            cells[column] = faults.get((number, column), cells[column])
        over = {column: _text(rows[first][column]) for column, first in above.get(number, ())}
        if line := line_of(number + 1, cells, over):
            lines.append(line)
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


def _check_size(content: bytes) -> None:
    """Raises Unreadable for what would not fit into memory, before any of it is held."""
    try:
        parts_of(content, most_bytes=MOST_UNPACKED)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_extent(packed.read(name))
    except TooMuch as much:
        raise Unreadable("表格太大，请分成几个文件") from much
    except Unreadable:
        raise
    except BROKEN as broken:
        raise Unreadable("表格打不开，可能没有保存完整；请重新另存为 XLSX 后再试") from broken


def _check_extent(sheet: bytes) -> None:
    """First by what is quickly seen; only a sheet that looks too large is counted cell by cell."""
    last = max(map(int, _ROW.findall(sheet[-_TAIL:])), default=0)
    if last * (max(map(column_of, set(_COLUMN.findall(sheet))), default=0) + 1) <= MOST_CELLS:
        return
    filled = [(int(number), column_of(letters)) for letters, number in _CELL.findall(sheet)]
    last, widest = (max((cell[at] for cell in filled), default=0) for at in (0, 1))
    if last * (widest + 1) > MOST_CELLS:
        raise Unreadable("表格里很远的地方还有内容，请删去多余的行和列后再试")
