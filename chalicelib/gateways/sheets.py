"""Spreadsheets as partners export them: CSV in UTF-8 or GBK, and XLSX. The only importer of openpyxl."""

import csv
import io
from itertools import islice

from chalicelib.domain.errors import Invalid

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_ROWS = 50_001  # with the head
MOST_COLUMNS = 100
_ZIP = b"PK\x03\x04"


def rows_of(content: bytes) -> list[list[str]]:
    """Every row as text, the first sheet of a workbook. Raises Invalid for what is none, or too much."""
    if len(content) > MOST_BYTES:
        raise Invalid(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件", fields=["file"])
    rows = _from_workbook(content) if content.startswith(_ZIP) else _from_text(content)
    if len(rows) > MOST_ROWS:
        raise Invalid(f"文件超过 {MOST_ROWS - 1} 行，请分成几个文件", fields=["file"])
    return rows


def csv_of(rows: list[list[str]], encoding: str) -> bytes:
    """A CSV file that Excel opens. A cell that begins like a formula is shown, never run."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode(encoding, errors="replace")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _from_text(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return [row[:MOST_COLUMNS] for row in csv.reader(io.StringIO(text))][: MOST_ROWS + 1]
    raise Invalid("文件读不出来，请另存为 CSV（UTF-8 或 GBK）或 XLSX 后再试", fields=["file"])


def _from_workbook(content: bytes) -> list[list[str]]:
    import zipfile

    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Invalid("表格太大，请分成几个文件", fields=["file"])
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [
            [_text(cell) for cell in row[:MOST_COLUMNS]]
            for row in islice(sheet.iter_rows(values_only=True), MOST_ROWS + 1)
        ]
    except Invalid:
        raise
    except Exception as broken:  # a workbook breaks in as many ways as its parts
        raise Invalid("表格打不开，请另存为 XLSX 或 CSV 后再试", fields=["file"]) from broken


def _text(cell: object) -> str:
    """A number that is whole has no point: order numbers are numbers to Excel."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
