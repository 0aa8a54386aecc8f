"""The form 反馈表 as a spreadsheet (XLSX) that is filled in and handed back: one A4 page, yellow where to write."""

import io
from datetime import date
from typing import Any

from chalicelib.domain.forms.cells import (
    FIRST_LINE,
    SO_FAR_ROW,
    TEXT_ROW,
    fixed_cells,
    joined_cells,
    rows_of,
)
from chalicelib.domain.forms.form import RESULT, Form

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SEAL = 96  # points of the row of seals and signatures
_WIDTHS = {"A": 24, "B": 30, "C": 12, "D": 24}
_LINE, _TALL, _CHARACTERS = (
    18,
    400,
    30,
)  # points a line, at most, and Chinese characters that fit into B:C or B:D


def sheet(form: Form) -> bytes:
    """The workbook. Nothing in it is a formula, whatever people have written."""
    from openpyxl import Workbook

    book = Workbook()
    page: Any = book.active
    page.title = "反馈表"
    for name, value in fixed_cells(form).items():
        _write(page[name], value)
    for row, line in rows_of(form):
        _write(page[f"B{row}"], line.text)
        page[f"D{row}"].value = line.on
        page[f"D{row}"].number_format = "yyyy-mm-dd"
    _dress(page, form)
    for name in sorted(joined_cells(form)):
        page.merge_cells(name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(cell: Any, text: str) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"  # "=1+1" is what somebody wrote


def _dress(page: Any, form: Form) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    edge = Side(style="thin", color="808080")
    last = FIRST_LINE + len(form.lines)
    for row in page[f"A3:D{last}"]:
        for cell in row:
            cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    yellow = PatternFill("solid", fgColor="FFF7CC")
    for row, line in rows_of(form):
        for column in "BCD":
            page[f"{column}{row}"].fill = yellow
        page.row_dimensions[row].height = _height(line.text, least=5 if line.part == RESULT else 3)
    page["A1"].font = Font(bold=True, size=18)
    page["A1"].alignment = page["A2"].alignment = Alignment(horizontal="center")
    page.row_dimensions[TEXT_ROW].height = _height(form.text, least=4)
    page.row_dimensions[SO_FAR_ROW].height = _height(form.so_far, least=4)
    page.row_dimensions[last].height = _SEAL
    for column, width in _WIDTHS.items():
        page.column_dimensions[column].width = width
    page.page_setup.paperSize, page.page_setup.fitToHeight = page.PAPERSIZE_A4, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_area = f"A1:D{last}"


def _height(text: str, *, least: int) -> float:
    lines = sum(1 + len(line) // _CHARACTERS for line in text.split("\n"))
    return min(_TALL, _LINE * max(least, lines))


def name_of(form: Form, made_on: date) -> str:
    """What the file is saved as; the number and the version tell two of them apart."""
    return f"反馈表-{form.number}-v{form.version}-{made_on:%Y%m%d}.xlsx"
