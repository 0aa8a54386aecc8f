"""The form 反馈表 as a Word document (DOCX): the cells of the workbook as one table, which grows with what is written in it."""

import io
from datetime import date
from typing import Any

from chalicelib.domain.forms.cells import (
    FIRST_HEAD,
    FIRST_LINE,
    LINES_HEAD,
    SO_FAR_ROW,
    TEXT_ROW,
    fixed_cells,
    joined_cells,
    rows_of,
)
from chalicelib.domain.forms.form import RESULT, Form
from chalicelib.web.form_sheet import name_of as sheet_name

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_COLUMNS = "ABCD"
_WIDTHS = (34, 58, 36, 52)  # millimetres of the 180 between the margins
_LINE = 7  # millimetres of a line to be written in by hand
_SEAL = 36  # millimetres of the row of seals and signatures
_MARGIN = 15
_FONT, _TITLE = "宋体", 18


def document(form: Form) -> bytes:
    """The document: a title, the hint, and the table from row 3 of the workbook's cells on."""
    from docx import Document
    from docx.shared import Mm

    paper: Any = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    _font(paper.styles["Normal"], 10.5)
    cells = fixed_cells(form)
    _heading(paper, cells["A1"])
    paper.add_paragraph(cells["A2"])
    last = FIRST_LINE + len(form.lines)
    table = paper.add_table(rows=last - FIRST_HEAD + 1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = Mm(width)
    for name in sorted(joined_cells(form)):
        first, until = name.split(":")
        if int(first[1:]) >= FIRST_HEAD:
            _cell(table, first).merge(_cell(table, until))
    filled = {f"B{row}": line.text for row, line in rows_of(form)}
    filled |= {f"D{row}": line.on.isoformat() if line.on else "" for row, line in rows_of(form)}
    for name, text in (cells | filled).items():
        if int(name[1:]) >= FIRST_HEAD:
            _write(_cell(table, name), text)
    for name in filled:
        _shade(_cell(table, name))
    _give_room(table, form, last)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def name_of(form: Form, made_on: date) -> str:
    """What the file is saved as; the number and the version tell two of them apart."""
    return sheet_name(form, made_on).removesuffix(".xlsx") + ".docx"


def _cell(table: Any, name: str) -> Any:
    return table.cell(int(name[1:]) - FIRST_HEAD, _COLUMNS.index(name[0]))


def _write(cell: Any, text: str) -> None:
    """Lines of the text are lines of one paragraph; control characters, which XML cannot hold, are left out."""
    plain = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or sign == "\u3000")
    cell.paragraphs[0].text = plain


def _heading(paper: Any, title: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(title)
    run.bold, run.font.size = True, Pt(_TITLE)


def _font(style: Any, points: float) -> None:
    """Word takes the font of Chinese signs from an attribute of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = _FONT, Pt(points)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(0)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    fill = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "FFF7CC")):
        fill.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(fill)


def _give_room(table: Any, form: Form, last: int) -> None:
    """At least so high: whoever prints it writes by hand; a row is not torn in two unless it is longer than a page."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.oxml import OxmlElement
    from docx.shared import Mm

    least = {TEXT_ROW: 4 * _LINE, SO_FAR_ROW: 4 * _LINE, LINES_HEAD: _LINE, last: _SEAL}
    least |= {row: (6 if line.part == RESULT else 4) * _LINE for row, line in rows_of(form)}
    for at, row in enumerate(table.rows, FIRST_HEAD):
        row.height, row.height_rule = Mm(least.get(at, _LINE)), WD_ROW_HEIGHT_RULE.AT_LEAST
        if at not in (TEXT_ROW, SO_FAR_ROW):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
