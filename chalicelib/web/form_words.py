"""A form that came back as a Word document, as the cells of the workbook: what a person sees of it, tracked changes too.

Read from the document's own XML, for Word, WPS and LibreOffice write the same words in many shapes. What is seen but is
no word that could be kept (a picture, a struck-out line, a sign of a font of its own) is a fault of its cell, never lost.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from chalicelib.domain.forms.cells import FIRST_HEAD, FIRST_LINE
from chalicelib.domain.forms.reading import Fault, Returned, Value
from chalicelib.domain.tables.dialect import EDGES
from chalicelib.web import word_lists
from chalicelib.web.word_lists import Lists
from chalicelib.web.word_paragraphs import name_of, said_of, seen_children

Element = Any  # of lxml, which has no types

MOST_ROWS = 200
_OUTSIDE = "A0"
_OUR_FIRST = "工单编号"  # what stands in the first cell of a form
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PICTURE = "格子里有图片，请打成文字；照片请在工单里上传"


class NoTable(Exception):
    """The document holds no table, so it is no form."""


def read(content: bytes) -> Returned:
    """What stands in the form's table, with the title and the hint above it.

    Raises NoTable, ValueError and whatever lxml and zipfile raise for a document that is broken.
    """
    body, lists = _opened(content)
    table = _form_of(body)
    found: dict[str, Value] = {}
    joined: list[str] = []
    faults: list[Fault] = []
    rows = list(_seen_of(table, "tr"))[:MOST_ROWS]
    for at, row in enumerate(rows):
        column = _number(row, "trPr", "gridBefore", 0)
        for cell in _seen_of(row, "tc"):
            name, width = _name(column, at), _number(cell, "tcPr", "gridSpan", 1)
            if width > 1:
                joined.append(f"{name}:{_name(column + width - 1, at)}")
            if _property(cell, "tcPr", "vMerge") is not None:
                faults.append(Fault(name, "这一格与上下的格合并了，请取消合并或重新下载"))
            if next(cell.iter(f"{{{_W}}}tbl"), None) is not None:
                faults.append(Fault(name, "格子里又有表格，请改成文字"))
            else:
                said = said_of(cell, lists)
                words = said.text.strip(EDGES)
                faults += [Fault(name, fault) for fault in said.faults]
                if said.has_picture and at + FIRST_HEAD >= FIRST_LINE and at < len(rows) - 1:
                    faults.append(Fault(name, _PICTURE))
                if words:
                    found[name] = words
            column += width
    outside = _outside(body, table, lists, faults)
    found |= dict(zip(("A1", "A2"), outside, strict=False))
    if len(outside) > 2:
        faults.append(Fault(_OUTSIDE, f"有不在表格里的文字“{outside[2][:20]}”，请移到黄色格内"))
    return Returned(found, tuple(joined), tuple(faults), name_of=place)


def place(cell: str) -> str:
    """A cell's name in words: a table of Word shows no letters and numbers."""
    row, column = int(cell[1:]) - FIRST_HEAD + 1, ord(cell[0]) - ord("A") + 1
    return "表格外" if row < 1 else f"表格第{row}行第{column}列"


def _opened(content: bytes) -> tuple[Element, Lists]:
    """The document's body, and how its lists are numbered."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {
            name: etree.fromstring(packed.read(name).replace(_STRICT, _W.encode()), parser)
            for name in ("word/document.xml", "word/numbering.xml", "word/styles.xml")
            if name in packed.namelist()
        }
    body = parts["word/document.xml"].find(f"{{{_W}}}body")
    if body is None:
        raise ValueError("a document without a body")
    return body, word_lists.lists_of(parts.get("word/numbering.xml"), parts.get("word/styles.xml"))


def _form_of(body: Element) -> Element:
    """The table that begins as a form does: an office may have put another in front of it. The first where none does."""
    tables = list(_seen_of(body, "tbl"))
    if not tables:
        raise NoTable
    return next((table for table in tables if _first_words(table) == _OUR_FIRST), tables[0])


def _first_words(table: Element) -> str:
    cell = next((cell for row in _seen_of(table, "tr") for cell in _seen_of(row, "tc")), None)
    return "" if cell is None else said_of(cell, Lists()).text.strip(EDGES)


def _outside(body: Element, table: Element, lists: Lists, faults: list[Fault]) -> list[str]:
    """What is written beside the form's table: the title, the hint, and what nobody would find again."""
    blocks = []
    for block in seen_children(body):
        if block is table:
            continue
        said = said_of(block, lists)
        faults += [Fault(_OUTSIDE, fault) for fault in said.faults]
        if words := said.text.strip(EDGES):
            blocks.append(words)
    return blocks


def _seen_of(parent: Element, name: str) -> Iterator[Element]:
    """Its rows, or cells, or tables: content controls around them are transparent, what a tracked change took away is gone."""
    for child in seen_children(parent):
        if name_of(child) == name and _property(child, "trPr", "del") is None:
            yield child


def _property(element: Element, of: str, name: str) -> Element | None:
    return element.find(f"{{{_W}}}{of}/{{{_W}}}{name}")


def _number(element: Element, of: str, name: str, otherwise: int) -> int:
    found = _property(element, of, name)
    value = "" if found is None else found.get(f"{{{_W}}}val", "")
    return min(int(value), MOST_ROWS) if value.isdecimal() else otherwise


def _name(column: int, row: int) -> str:
    return f"{chr(ord('A') + min(column, 25))}{row + FIRST_HEAD}"
