"""HTML saved as .xls, which old systems call an export: its tables as sheets. XML Spreadsheet 2003 is told apart and refused."""

from html.parser import HTMLParser

from chalicelib.domain.tables.dialect import plain
from chalicelib.domain.tables.grid import Grid, Line, Unreadable, line_of

_STARTS = ("<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style")


def is_markup(text: str) -> bool:
    start = text[:500].lstrip("\ufeff \n\t").lower()
    return start.startswith((*_STARTS, "<?xml"))


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
    """A cell over several columns is followed by empty ones, as a spreadsheet shows it."""

    def __init__(self) -> None:
        super().__init__()
        self.grids: list[Grid] = []
        self._lines: list[Line] = []
        self._number = 0
        self._cells: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_table()
        elif tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in ("td", "th"):
            self._end_cell()
            span = dict(attrs).get("colspan") or "1"
            self._cell, self._span = [], min(int(span), 100) if span.isdecimal() else 1
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_table()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_table()

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._cells = self._cells or []
            self._cells += [plain("".join(self._cell)), *[""] * (self._span - 1)]
            self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None:
            self._number += 1
            if line := line_of(self._number, self._cells):
                self._lines.append(line)
            self._cells = None

    def _end_table(self) -> None:
        self._end_row()
        if self._lines:
            self.grids.append(Grid("", tuple(self._lines)))
        self._lines, self._number = [], 0
