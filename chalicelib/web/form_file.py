"""A form that came back, as its cells: whatever is no plain workbook or document is refused before any of it is opened."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
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
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .doc, .wps, and anything with a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SAVED_OTHERWISE = (b"{\\rtf", b"<", b"mime-version:")
_PRINTED = (b"%pdf", b"\xff\xd8\xff", b"\x89png", b"gif8", b"bm", b"ii*", b"mm\0*", b"%!ps")
_OUTSIDE = "表格外"
_COMMENTS = regex(r"xl/(?:threadedC|c)omments/?[^/]*\.xml")
_DRAWN = regex(rb"<a:t(?:\s[^>]*)?>([^<]*)</a:t>")
_NOTED = regex(rb"<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>([^<]+)</(?:\w+:)?(?:t|text)>")
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
    if strange := _strange(content):
        raise _no_form(strange)
    try:
        parts_of(content, most_bytes=MOST_UNPACKED, most_parts=MOST_PARTS)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if _need_plain_parts(packed):
                return form_words.read(content)
            joined, beside = _joined(packed), _beside(packed)
        cells, others = _opened(content)
        return _plain(cells, joined, (*beside, *others))
    except TooMuch:
        raise _no_form("文件解开后太大，请重新下载反馈表，只填写黄色格") from None
    except Invalid:
        raise
    except form_words.NoTable:
        raise _no_form("这份 Word 文件里没有反馈表的表格，请交回下载的反馈表") from None
    except Exception as broken:  # a workbook breaks in as many ways as its parts
        raise _no_form("文件打不开，请重新下载反馈表填写") from broken


def _strange(content: bytes) -> str:
    """What a file is that is neither a workbook nor a document, by its first bytes; what it is called says nothing."""
    if not content.strip(b"\0 \t\r\n"):
        return "这是空文件，请重新保存一次再交回"
    if content.startswith(_OLD):
        if _LOCKED in content:
            return "文件有密码，请在 Word、Excel 或 WPS 里去掉密码后另存，再交回"
        return "这是旧版 .xls、.doc、.wps 文件（改扩展名没有用），请打开后另存为 .xlsx 或 .docx 再交回"
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_SAVED_OTHERWISE):
        return "这是网页、RTF 或 XML 格式的文件（改扩展名没有用），请打开后另存为 .xlsx 或 .docx 再交回"
    if start.startswith(_PRINTED):
        return (
            "这是 PDF 或图片，读不出里面的字，请填写下载的 .xlsx 或 .docx 再交回；照片和扫描件请在工单里上传"
        )
    return ""


def _plain(cells: list[Any], joined: tuple[str, ...], beside: tuple[Fault, ...]) -> Returned:
    found: dict[str, Value] = {}
    faults = list(beside)
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


def _beside(packed: zipfile.ZipFile) -> tuple[Fault, ...]:
    """Words that hang over the cells and are in none of them: they would be lost without a word."""
    faults = []
    for name in packed.namelist():
        if name.startswith("xl/drawings/") and (words := _words_in(packed.read(name), _DRAWN)):
            faults.append(Fault(_OUTSIDE, f"有文本框或图形里的文字“{words[:20]}”，请移到黄色格内"))
        elif _COMMENTS.fullmatch(name) and (words := _words_in(packed.read(name), _NOTED)):
            faults.append(Fault(_OUTSIDE, f"有批注“{words[:20]}”，请写进黄色格内，或删掉批注"))
    return tuple(faults)


def _words_in(part: bytes, pattern: re.Pattern[bytes]) -> str:
    return unescape(b"".join(pattern.findall(part)).decode()).strip()


def _opened(content: bytes) -> tuple[list[Any], list[Fault]]:
    """The cells of the first sheet that is seen, and what stands on another."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets[:1]
    others = [
        Fault(_OUTSIDE, f"工作表“{sheet.title}”里也有内容，请移到反馈表的黄色格内，或删掉这张工作表")
        for sheet in seen[1:]
        if any(_cells_of(sheet, filled=True))
    ]
    return list(_cells_of(seen[0])), others


def _cells_of(sheet: Any, *, filled: bool = False) -> Iterator[Any]:
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if hasattr(cell, "coordinate") and not (filled and cell.value in (None, "")):
                yield cell


def _wrong(cell: Any) -> str:
    if cell.data_type == "f":
        return "这里是公式，请直接填写文字"
    if cell.data_type == "e":
        return "这里是出错的值，请直接填写文字；日期请写成 2026-11-23"
    if cell.font and cell.font.strike:
        return "这里有划掉的文字，请删掉不要的文字再交回"
    known = isinstance(cell.value, str | int | float | date | datetime) and not isinstance(cell.value, bool)
    return "" if known else "这里应填文字或日期"


def _no_form(message: str) -> Invalid:
    return Invalid(f"{message}。现在没有作任何改动", fields=["file"])
