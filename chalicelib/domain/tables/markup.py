"""HTML saved as .xls, which old systems call an export: its tables as sheets. XML Spreadsheet 2003 is told apart and refused."""

import re
from html.parser import HTMLParser

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.dialect import plain
from chalicelib.domain.tables.grid import Grid, Line, Unreadable, line_of

_STARTS = ("<html", "<!doctype html", "<meta", "<head", "<body", "<style", "<?xml")
_HAS_TABLE = regex(r"<(?:table|tr|t[dh])[\s>]", re.IGNORECASE)
_HIDDEN = regex(r"display\s*:\s*none", re.IGNORECASE)
_UNSEEN = ("script", "style", "title")
_MOST_SPAN = 1000


def is_markup(text: str) -> bool:
    start = text[:5000].lstrip("\ufeff \n\t")
    return start.lower().startswith(_STARTS) or (start[:1] == "<" and bool(_HAS_TABLE.search(start)))


def grids_of_markup(text: str) -> tuple[Grid, ...]:
    """Every table that holds anything. Raises Unreadable for XML and for a page without a table."""
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        raise Unreadable("这是 XML 格式的旧表格，请用 Excel 或 WPS 打开后另存为 XLSX，再试一次")
    reader = _Tables()
    reader.feed(text)
    reader.close()
    if not reader.grids:
        raise Unreadable("这是网页文件，里面没有表格；请从对方系统重新导出，或在 Excel 里另存为 XLSX")
    return tuple(reader.grids)


class _Tables(HTMLParser):
    """A cell over several columns is followed by empty ones; one over several lines says the same of each of them."""

    def __init__(self) -> None:
        super().__init__()
        self.grids: list[Grid] = []
        self._lines: list[Line] = []
        self._number = 0
        self._cells: list[str] | None = None
        self._cell: list[str] | None = None
        self._span, self._down, self._unseen = 1, 1, 0
        self._above: dict[int, tuple[int, str]] = {}  # by column: for how many more lines, and what it says
        self._starting: dict[int, tuple[int, str]] = {}
        self._is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_table()
        elif tag == "tr":
            self._end_row()
            self._cells = []
            asked = dict(attrs)
            self._is_hidden = "hidden" in asked or bool(_HIDDEN.search(asked.get("style") or ""))
        elif tag in ("td", "th"):
            self._end_cell()
            asked = dict(attrs)
            self._cell = []
            self._span, self._down = (
                _number(asked.get("colspan"), 100),
                _number(asked.get("rowspan"), _MOST_SPAN),
            )
        elif tag in _UNSEEN:
            self._unseen += 1
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_table()
        elif tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._unseen:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_table()

    def _end_cell(self) -> None:
        if self._cell is not None:
            cells = self._cells = self._cells or []
            while len(cells) in self._above:
                cells.append("")
            said = plain("".join(self._cell))
            for column in range(len(cells), len(cells) + self._span) if self._down > 1 else ():
                self._starting[column] = (self._down - 1, said if column == len(cells) else "")
            cells += [said, *[""] * (self._span - 1)]
            self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None:
            self._number += 1
            above = {column: said for column, (_, said) in self._above.items()}
            if line := line_of(self._number, self._cells, above):
                self._lines.append(line._replace(is_hidden=True) if self._is_hidden else line)
            left = {column: (more - 1, said) for column, (more, said) in self._above.items() if more > 1}
            self._above, self._starting = left | self._starting, {}
            self._cells = None

    def _end_table(self) -> None:
        self._end_row()
        if self._lines:
            self.grids.append(Grid("", tuple(self._lines)))
        self._lines, self._number, self._above = [], 0, {}


def _number(written: str | None, most: int) -> int:
    return min(int(written), most) if written and written.isdecimal() and int(written) else 1
