"""A form that came back as a Word document, as the cells of the workbook: what a person sees of it, tracked changes too."""

import io
from typing import Any

from chalicelib.domain.forms.cells import FIRST_HEAD
from chalicelib.domain.forms.reading import Fault, Returned, Value

MOST_ROWS = 200
_OUTSIDE = "A0"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What is not seen any more, or stands twice: deleted and moved words, the old picture of a newer part, notes of the editor.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = {f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText", _FALLBACK}
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": "\t"}


class NoTable(Exception):
    """The document holds no table, so it is no form."""


def read(content: bytes) -> Returned:
    """What stands in the first table, with the title and the hint above it.

    Raises NoTable, and whatever python-docx raises for a document that is broken.
    """
    from docx import Document

    paper: Any = Document(io.BytesIO(content))
    if not paper.tables:
        raise NoTable
    found: dict[str, Value] = {}
    joined: list[str] = []
    faults: list[Fault] = []
    for at, row in enumerate(paper.tables[0]._tbl.tr_lst[:MOST_ROWS]):
        column = 0
        for cell in row.tc_lst:
            name, width = _name(column, at), cell.grid_span
            if width > 1:
                joined.append(f"{name}:{_name(column + width - 1, at)}")
            if cell.vMerge is not None:
                faults.append(Fault(name, "这一格与上下的格合并了，请取消合并或重新下载"))
            if cell.tbl_lst:
                faults.append(Fault(name, "格子里又有表格，请改成文字"))
            elif words := _seen(cell).strip():
                found[name] = words
            column += width
    outside = _outside(paper)
    found |= dict(zip(("A1", "A2"), outside, strict=False))
    if len(outside) > 2:
        faults.append(Fault(_OUTSIDE, f"有不在表格里的文字“{outside[2][:20]}”，请移到黄色格内"))
    return Returned(found, tuple(joined), tuple(faults), name_of=place)


def _outside(paper: Any) -> list[str]:
    """What is written beside the form's table: the title, the hint, and what nobody would find again."""
    form = paper.tables[0]._tbl
    blocks = (_seen(block).strip() for block in paper.element.body if block is not form)
    return [words for words in blocks if words]


def _name(column: int, row: int) -> str:
    return f"{chr(ord('A') + min(column, 25))}{row + FIRST_HEAD}"


def place(cell: str) -> str:
    """A cell's name in words: a table of Word shows no letters and numbers."""
    row, column = int(cell[1:]) - FIRST_HEAD + 1, ord(cell[0]) - ord("A") + 1
    return "表格外" if row < 1 else f"表格第{row}行第{column}列"


def _seen(element: Any) -> str:
    """The words of an element as a reader sees them, a line for every paragraph."""
    if element.tag in _UNSEEN:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[element.tag]
    words = "".join(_seen(child) for child in element)
    return f"{words}\n" if element.tag == f"{_W}p" else words
