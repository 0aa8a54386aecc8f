"""A form that came back, as its cells: whatever is no plain workbook or document is refused before any of it is opened."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

from chalicelib.domain.errors import Invalid
from chalicelib.domain.forms.reading import Fault, Returned, Value
from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.unpacking import TooMuch, parts_of
from chalicelib.web import form_words

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 200, 26
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .doc, and anything with a password
_MERGED = regex(rb"<(?:\w+:)?mergeCell\s[^>]{0,99}?\bref\s*=\s*[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")
_UNSAFE = (b"<!DOCTYPE", b"<!ENTITY")


def need_small(content: bytes) -> None:
    """Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise _no_form("文件超过 1 MB；反馈表里不要放图片，照片请在工单里上传")


def read(content: bytes) -> Returned:
    """What stands on the first sheet of an XLSX, or in the first table of a DOCX. Raises Invalid for a file that is too
    large, and for any other."""
    need_small(content)
    if content.startswith(_OLD):
        raise _no_form("这是旧版 .xls、.doc 或加了密码的文件，请另存为不加密的 .xlsx 或 .docx 再交回")
    try:
        parts_of(content, most_bytes=MOST_UNPACKED, most_parts=MOST_PARTS)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if _need_plain_parts(packed):
                return form_words.read(content)
            joined = _joined(packed)
        return _plain(_opened(content), joined)
    except TooMuch:
        raise _no_form("文件解开后太大，请重新下载反馈表，只填写黄色格") from None
    except Invalid:
        raise
    except form_words.NoTable:
        raise _no_form("这份 Word 文件里没有反馈表的表格，请交回下载的反馈表") from None
    except Exception as broken:  # a workbook breaks in as many ways as its parts
        raise _no_form("文件打不开，请重新下载反馈表填写") from broken


def _plain(cells: list[Any], joined: tuple[str, ...]) -> Returned:
    found: dict[str, Value] = {}
    faults = []
    for cell in cells:
        if cell.value is None or cell.value == "":
            continue
        fault = _wrong(cell)
        if fault:
            faults.append(Fault(cell.coordinate, fault))
        else:
            found[cell.coordinate] = cell.value
    return Returned(found, joined, tuple(faults))


def _need_plain_parts(packed: zipfile.ZipFile) -> bool:
    """Whether it is a document of Word; a workbook if not."""
    parts = packed.infolist()
    names = {part.filename for part in parts}
    is_document = "word/document.xml" in names
    if not is_document and "xl/workbook.xml" not in names:
        raise _no_form("这不是 .xlsx 表格，也不是 .docx 文档，请交回下载的反馈表")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and any(
            mark in packed.read(part)[: 64 * 1024].replace(b"\0", b"").upper() for mark in _UNSAFE
        ):
            raise _no_form("文件里有不能处理的内容，请重新下载反馈表填写")
    return is_document


def _joined(packed: zipfile.ZipFile) -> tuple[str, ...]:
    """Read from the sheets' own text: a join of millions of cells must never be carried out."""
    sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
    return tuple(ref.decode() for name in sheets for ref in _MERGED.findall(packed.read(name)))


def _opened(content: bytes) -> list[Any]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
    return [cell for row in rows for cell in row if hasattr(cell, "coordinate")]


def _wrong(cell: Any) -> str:
    if cell.data_type == "f":
        return "这里是公式，请直接填写文字"
    if cell.data_type == "e":
        return "这里是出错的值，请直接填写文字"
    known = isinstance(cell.value, str | int | float | date | datetime) and not isinstance(cell.value, bool)
    return "" if known else "这里应填文字或日期"


def _no_form(message: str) -> Invalid:
    return Invalid(f"{message}。现在没有作任何改动", fields=["file"])
