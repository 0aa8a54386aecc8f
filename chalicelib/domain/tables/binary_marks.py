"""The marks of a binary workbook (.xlsb), whose error cells python-calamine reads as empty, and how far it reaches.

Source: [MS-XLSB] 2.1.4 (records), 2.4.741 BrtRowHdr, 2.4.303 BrtBundleSh, 2.4.658 BrtFmt, 2.4.812 BrtXF.
"""

from collections.abc import Iterator, Mapping
from struct import unpack_from

from chalicelib.domain.tables import extents, formats
from chalicelib.domain.tables.marks import ERRORS, Cells, Marks, telling

_ROW, _RK, _ERROR, _REAL, _LAST_CELL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 11, 9, 11
_SHEET, _FORMAT, _STYLES_BEGIN, _STYLES_END, _STYLE = 156, 44, 617, 618, 47
_HIDDEN = 0x10
_OF_CELL = 9  # bytes that a cell with an error has at least


def look(sheet: bytes, codes: Mapping[int, str]) -> Marks:
    """Raises Unreadable for a sheet that holds something too far away."""
    cells: Cells = {}
    hidden = set()
    line = last = widest = 0
    for kind, at, size in _records(sheet):
        if kind == _ROW and size >= 12:
            (line,) = unpack_from("<I", sheet, at)
            if sheet[at + 11] & _HIDDEN:
                hidden.add(line)
        elif 0 < kind <= _LAST_CELL and size >= 8:
            column, style = unpack_from("<II", sheet, at)
            last, widest = max(last, line), max(widest, column)
            if kind in (_ERROR, _FORMULA_ERROR) and size >= _OF_CELL:
                cells[line, column] = ERRORS.get(sheet[at + 8], "#N/A")
            elif codes and (code := codes.get(style & 0xFFFFFF)):
                value = _number(kind, sheet, at + 8, size - 8)
                if value is not None and (said := formats.shown(value, code)):
                    cells[line, column] = said
    extents.check(last + 1, widest + 1)
    return Marks(cells, frozenset(hidden))


def sheets_of(book: bytes) -> list[tuple[str, str]]:
    """Each sheet's name with the id of its part."""
    found = []
    for kind, at, _ in _records(book):
        if kind == _SHEET:
            ident, after = _wide(book, at + 8)
            found.append((_wide(book, after)[0], ident))
    return found


def codes_of(styles: bytes) -> dict[int, str]:
    """By style of a cell, the number formats that show something else than the value."""
    own, used, is_inside = {}, [], False
    for kind, at, _ in _records(styles):
        if kind == _FORMAT:
            (number,) = unpack_from("<H", styles, at)
            own[number] = _wide(styles, at + 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            is_inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and is_inside:
            used.append(unpack_from("<HH", styles, at)[1])
    return telling(used, own)


def _number(kind: int, sheet: bytes, at: int, size: int) -> float | None:
    if kind in (_REAL, _FORMULA_NUMBER) and size >= 8:
        return float(unpack_from("<d", sheet, at)[0])
    return of_rk(unpack_from("<I", sheet, at)[0]) if kind == _RK and size >= 4 else None


def of_rk(packed: int) -> float:
    """A number in four bytes, of XLS and XLSB alike: the upper part of a double, or an integer; or its hundredfold."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        value = float(unpack_from("<d", bytes(4) + (packed & 0xFFFFFFFC).to_bytes(4, "little"))[0])
    return value / 100 if packed & 1 else value


def _wide(part: bytes, at: int) -> tuple[str, int]:
    """A text, and where it ends. A length of all ones is none."""
    (length,) = unpack_from("<I", part, at)
    end = at + 4 + (0 if length == 0xFFFFFFFF else 2 * length)
    return part[at + 4 : end].decode("utf-16-le", errors="replace"), end


def _records(part: bytes) -> Iterator[tuple[int, int, int]]:
    """Each record's kind, where its content begins, and its size; as far as they are whole."""
    at, end = 0, len(part)
    while at < end:
        kind = part[at]
        at += 1
        if kind & 0x80 and at < end:
            kind, at = kind & 0x7F | (part[at] & 0x7F) << 7, at + 1
        size = 0
        for byte in range(4):
            if at >= end:
                return
            more = part[at]
            at += 1
            size |= (more & 0x7F) << 7 * byte
            if not more & 0x80:
                break
        if at + size > end:
            return
        yield kind, at, size
        at += size
