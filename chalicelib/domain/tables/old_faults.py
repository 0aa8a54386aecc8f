"""What an old workbook (.xls) shows where a formula went wrong: #N/A and its kin, which the library reads as empty cells.

Source: [MS-XLS] 2.4.28 BoundSheet8, 2.4.24 BoolErr, 2.4.127 Formula. Older than Excel 97: nothing is told.
"""

import io
import re
from collections.abc import Iterator
from struct import unpack_from
from typing import NamedTuple

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.faults import Faults

_BOF, _EOF, _BOUND_SHEET, _BOOL_ERR, _FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006
_EXCEL_97 = 0x0600
_SHOWN = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
# A cell of an error, or the result of a formula that is one: where neither occurs there is nothing to look for.
_ANY = regex(rb"\x05\x02\x08\x00|\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff", re.DOTALL)


class _Record(NamedTuple):
    kind: int
    at: int  # where its content begins
    size: int


def old_faults_of(content: bytes) -> dict[str, Faults]:
    """By sheet, by line and column from 0. Nothing for a file whose parts cannot be told apart."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            book = file.openstream("Workbook").read()
    except (
        OSError
    ):  # older, or not quite as it should be: whoever reads the cells says whether it is readable
        return {}
    if not _ANY.search(book):
        return {}
    sheets = dict(_sheets(book))
    return {name: found for name, start in sheets.items() if (found := _faults_in(book, start))}


def _sheets(book: bytes) -> Iterator[tuple[str, int]]:
    """Each sheet's name, and where its records begin."""
    for record in _records(book, 0):
        if record.kind == _BOF and unpack_from("<H", book, record.at)[0] != _EXCEL_97:
            return
        if record.kind == _BOUND_SHEET:
            start, length, is_wide = unpack_from("<I2xBB", book, record.at)
            named = book[record.at + 8 : record.at + 8 + length * (1 + (is_wide & 1))]
            yield named.decode("utf-16-le" if is_wide & 1 else "latin-1"), start


def _faults_in(book: bytes, start: int) -> Faults:
    found: Faults = {}
    for record in _records(book, start):
        if record.kind == _BOOL_ERR and record.size >= 8:
            line, column, code, is_error = unpack_from("<HH2xBB", book, record.at)
        elif record.kind == _FORMULA and record.size >= 14:
            line, column, kind, code, tail = unpack_from("<HH2xBxB3xH", book, record.at)
            is_error = kind == 2 and tail == 0xFFFF
        else:
            continue
        if is_error and code in _SHOWN:
            found[line, column] = _SHOWN[code]
    return found


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
