"""Tables that go out so that they survive Excel: XLSX with every cell as text, CSV with its mark and line ends."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.tables.dialect import begins_a_formula, is_marked

if TYPE_CHECKING:
    from openpyxl import Workbook

_ODD = ("\t", "\r", "\n")  # at the beginning: what follows may be taken for a cell of its own
_SPARE_ROWS = 200  # below the last one, where the lists to choose from still hold
_WIDEST = 50
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


Cell = str | int | float | None  # a number is counted with; a name of digits is text


class Sheet(NamedTuple):
    """A sheet to be written: its head, its rows, and by column what may be chosen there. `head` False: words only."""

    name: str
    rows: Sequence[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = {}
    head: bool = True


def csv_of(rows: Sequence[Sequence[Cell]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file that Excel opens. A cell that begins like a formula is shown, never run; the reader takes it back."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode(encoding, errors="replace")


def xlsx_of(sheets: Sequence[Sheet]) -> bytes:
    """A workbook: text stays text, so that names of digits keep each, and 1-5 stays 1-5. For A4 across, one page wide."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    lists: list[Sequence[str]] = []
    for sheet in sheets:
        _write(book, sheet, lists)
    if lists:
        _write_lists(book, lists)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(book: "Workbook", sheet: Sheet, lists: list[Sequence[str]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    page = book.create_sheet(sheet.name)
    for at, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row, 1):
            is_text = value is None or isinstance(value, str)
            written = value.translate(_UNWRITABLE) or None if isinstance(value, str) else value
            cell = page.cell(at, column, written)
            if written and is_text:
                cell.data_type = "s"  # never a formula, whatever it begins with
            cell.number_format = "@" if is_text else "General"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if sheet.head and at == 1:
                cell.font = Font(bold=True)
    last = len(sheet.rows) + _SPARE_ROWS
    for column, allowed in sheet.choices.items():
        lists.append(allowed)
        letter = get_column_letter(len(lists))
        chosen = DataValidation(
            "list", formula1=f"=lists!${letter}$1:${letter}${len(allowed)}", allow_blank=True
        )
        chosen.showErrorMessage = False  # the import says what is wrong; several may stand in one cell
        page.add_data_validation(chosen)
        chosen.add(f"{get_column_letter(column + 1)}2:{get_column_letter(column + 1)}{last}")
    for column in range(1, max(map(len, sheet.rows), default=0) + 1):
        cells = [row[column - 1] for row in sheet.rows if len(row) >= column]
        width = max((_width("" if cell is None else str(cell)) for cell in cells), default=8)
        page.column_dimensions[get_column_letter(column)].width = min(max(width + 2, 8), _WIDEST)
        page.column_dimensions[
            get_column_letter(column)
        ].number_format = "@"  # what is typed below is text too
    if sheet.head:
        page.freeze_panes = "A2"
        page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write_lists(book: "Workbook", lists: Sequence[Sequence[str]]) -> None:
    page = book.create_sheet("lists")
    page.sheet_state = "hidden"
    for column, allowed in enumerate(lists, 1):
        for at, word in enumerate(allowed, 1):
            page.cell(at, column, word).data_type = "s"


def _width(cell: str) -> int:
    """In columns of Excel: a Chinese character is as wide as two letters."""
    return max(
        (sum(2 if ord(letter) > 255 else 1 for letter in line) for line in cell.split("\n")), default=0
    )


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if cell[:1] in _ODD or begins_a_formula(cell) or is_marked(cell) else cell
