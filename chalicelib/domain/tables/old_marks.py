"""The marks of an old workbook (.xls), whose error cells python-calamine reads as empty, and how far it reaches.

Source: [MS-XLS] 2.4.28 BoundSheet8, 2.4.24 BoolErr, 2.4.127 Formula, 2.4.221 Row, 2.4.126 Format, 2.4.353 XF, 2.5.218
RkNumber. Older than Excel 97: nothing is told.
"""

import io
from collections.abc import Iterator, Mapping
from struct import unpack_from
from typing import NamedTuple

from chalicelib.domain.tables import extents, formats
from chalicelib.domain.tables.binary_marks import of_rk
from chalicelib.domain.tables.marks import ERRORS, Cells, Marks, telling

_BOF, _EOF, _BOUND_SHEET, _BOOL_ERR, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006
_ROW, _NUMBER, _RK, _MUL_RK, _FORMAT, _XF = 0x0208, 0x0203, 0x027E, 0x00BD, 0x041E, 0x00E0
_CELLS = {_BOOL_ERR, _FORMULA, _NUMBER, _RK, _MUL_RK, 0x00FD, 0x0204, 0x00D6}  # the last three are of text
_EXCEL_97 = 0x0600
_HIDDEN = 0x20


class _Record(NamedTuple):
    kind: int
    at: int  # where its content begins
    size: int


def old_marks_of(content: bytes) -> dict[str, Marks]:
    """By sheet. Nothing for a file whose parts cannot be told apart. Raises Unreadable for a sheet that reaches too far."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            book = file.openstream("Workbook").read()
    except (
        OSError
    ):  # older, or not quite as it should be: whoever reads the cells says whether it is readable
        return {}
    sheets, own, used = {}, {}, []
    for record in _records(book, 0):
        if record.kind == _BOF and unpack_from("<H", book, record.at)[0] != _EXCEL_97:
            return {}
        if record.kind == _BOUND_SHEET:
            start, length, is_wide = unpack_from("<I2xBB", book, record.at)
            sheets[_text(book, record.at + 8, length, is_wide)] = start
        elif record.kind == _FORMAT:
            number, length, is_wide = unpack_from("<HHB", book, record.at)
            own[number] = _text(book, record.at + 5, length, is_wide)
        elif record.kind == _XF:
            used.append(unpack_from("<HH", book, record.at)[1])
    codes = telling(used, own)
    return {name: _look(book, start, codes) for name, start in sheets.items()}


def _look(book: bytes, start: int, codes: Mapping[int, str]) -> Marks:
    cells: Cells = {}
    hidden, last, widest = set(), 0, 0
    for kind, at, size in _records(book, start):
        if kind == _ROW and size >= 16:
            line, flags = unpack_from("<H10xH", book, at)
            if flags & _HIDDEN:
                hidden.add(line)
        elif kind in _CELLS and size >= 6:
            line, column = unpack_from("<HH", book, at)
            end = unpack_from("<H", book, at + size - 2)[0] if kind == _MUL_RK else column
            last, widest = max(last, line), max(widest, end)
            if said := _error(kind, book, at, size):
                cells[line, column] = said
            elif codes:
                for where, code, value in _numbers(kind, book, at, size, column, codes):
                    if said := formats.shown(value, code):
                        cells[line, where] = said
    extents.check(last + 1, widest + 1)
    return Marks(cells, frozenset(hidden))


def _error(kind: int, book: bytes, at: int, size: int) -> str:
    if kind == _BOOL_ERR and size >= 8:
        code, is_error = unpack_from("<BB", book, at + 6)
        return ERRORS.get(code, "") if is_error else ""
    if kind == _FORMULA and size >= 14:
        result, code, tail = unpack_from("<BxB3xH", book, at + 6)
        return ERRORS.get(code, "") if result == 2 and tail == 0xFFFF else ""
    return ""


def _numbers(
    kind: int, book: bytes, at: int, size: int, column: int, codes: Mapping[int, str]
) -> Iterator[tuple[int, str, float]]:
    """The numbers of a record that a format shows as something else: column, format, value."""
    if kind == _MUL_RK:
        for where, cell in enumerate(range(at + 4, at + size - 2, 6), column):
            style, packed = unpack_from("<HI", book, cell)
            if code := codes.get(style):
                yield where, code, of_rk(packed)
    elif kind in (_NUMBER, _RK, _FORMULA) and (code := codes.get(unpack_from("<H", book, at + 4)[0])):
        if kind == _RK and size >= 10:
            yield column, code, of_rk(unpack_from("<I", book, at + 6)[0])
        elif size >= 14 and unpack_from("<H", book, at + 12)[0] != 0xFFFF:
            yield column, code, unpack_from("<d", book, at + 6)[0]


def _text(book: bytes, at: int, length: int, is_wide: int) -> str:
    raw = book[at : at + length * (1 + (is_wide & 1))]
    return raw.decode("utf-16-le" if is_wide & 1 else "latin-1", errors="replace")


def _records(book: bytes, start: int) -> Iterator[_Record]:
    """Those of one part of the book, to its end; a chart inside a sheet is a part of its own."""
    depth = 0
    while start + 4 <= len(book):
        kind, size = unpack_from("<HH", book, start)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield _Record(kind, start + 4, size)
        if depth <= 0:
            return
        start += 4 + size
