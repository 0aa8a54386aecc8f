"""反馈表 as a Word document: what a person wrote in Word or WPS is read as they see it, and what would be lost is refused."""

import io
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid
from chalicelib.domain.forms.form import ASSISTING, LEAD, RESULT, Form, Line
from chalicelib.domain.forms.reading import read_form
from chalicelib.web import form_document, form_file, form_sheet

LINES = (
    Line(part=LEAD, unit_id="OFF", unit_name="城建办"),
    Line(part=ASSISTING, unit_id="TRA", unit_name="交警支队", text="已设声呐", on=date(2026, 11, 23)),
    Line(part=RESULT, unit_id="OFF", unit_name="城建办"),
)
FORM = Form(
    ticket_id="01J", number="MS1", version=3, title="反馈表", heads=(("工单编号", "MS1"), ("工单版本", "3")),
    text="太吵 =1+1\n夜里十二点", so_far="", lines=LINES, received_on=date(2026, 11, 23),
)  # fmt: skip
GOOD = form_document.document(FORM)
FIRST, SECOND = 8, 9  # rows of the table: the lead's line and the assisting unit's
TODAY = date(2026, 11, 24)


def worked_on(change):
    """The form after somebody worked on it in Word."""
    paper = Document(io.BytesIO(GOOD))
    change(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def filled(text, on="", row=FIRST):
    def change(paper):
        paper.tables[0].cell(row, 1).text = text
        paper.tables[0].cell(row, 3).text = on

    return worked_on(change)


def read(content):
    return read_form(form_file.read(content), FORM, version=3, today=TODAY)


def refusal_of(content):
    with pytest.raises(Invalid) as refused:
        read(content)
    return refused.value.message


def test_what_is_written_in_word_is_what_is_taken():
    (said,) = read(filled("已协调，周五前装好", "2026年11月24日")).said
    assert (said.line.label, said.text, said.on) == ("城建办（主办）", "已协调，周五前装好", TODAY)


def test_what_libreoffice_saved_is_what_is_taken():
    """The form filled as above, opened and saved by LibreOffice 7.4."""
    saved = Path(__file__).parents[1] / "fixtures" / "forms" / "by_libreoffice.docx"
    (said,) = read(saved.read_bytes()).said
    assert (said.line.label, said.text, said.on) == ("城建办（主办）", "已协调，周五前装好\n第二行", TODAY)


def test_the_form_as_it_left_has_nothing_new():
    assert "没有新填" in refusal_of(GOOD)


@settings(max_examples=30, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp")), min_size=2, max_size=80
    )
)
def test_any_words_come_back_as_they_were_written(text):
    if len(text.strip()) < 2:
        return
    (said,) = read(filled(text)).said
    assert said.text == text.strip()


def test_the_workbook_and_the_document_say_the_same_by_the_same_names():
    from_sheet = form_file.read(form_sheet.sheet(FORM)).cells
    from_word = form_file.read(GOOD).cells
    assert {name: str(value)[:10] for name, value in from_sheet.items()} == {
        name: value[:10] for name, value in from_word.items()
    }


def tracked(kind, words):
    """Words in a change that Word tracks and nobody accepted yet."""

    def change(paper):
        paragraph = paper.tables[0].cell(FIRST, 1).paragraphs[0]._p
        mark, run = OxmlElement(f"w:{kind}"), OxmlElement("w:r")
        text = OxmlElement("w:delText" if kind == "del" else "w:t")
        text.text = words
        run.append(text)
        mark.append(run)
        paragraph.append(mark)

    return worked_on(change)


def test_words_in_a_tracked_change_are_read():
    assert read(tracked("ins", "已协调好")).said[0].text == "已协调好"


def test_words_struck_out_in_a_tracked_change_are_not():
    assert "没有新填" in refusal_of(tracked("del", "不写了"))


def test_words_in_a_content_control_or_a_link_are_read():
    def change(paper):
        cell = paper.tables[0].cell(FIRST, 1)
        run = cell.paragraphs[0].add_run("已协调")
        for name in ("w:hyperlink", "w:sdtContent"):
            around = OxmlElement(name)
            run._r.addprevious(around)
            around.append(run._r)

    assert read(worked_on(change)).said[0].text == "已协调"


def nested(paper):
    paper.tables[0].cell(FIRST, 1).add_table(1, 1)


def outside(paper):
    paper.add_paragraph("城建办：已协调，周五前装好")


def beside(paper):
    paper.tables[0].cell(FIRST, 0).text = "别的单位（主办）"


def erased(paper):
    paper.tables[0].cell(SECOND, 1).text = ""


def longer(paper):
    rows = paper.tables[0].rows
    rows[SECOND]._tr.addnext(deepcopy(rows[FIRST]._tr))


def joined(paper):
    table = paper.tables[0]
    table.cell(FIRST, 1).merge(table.cell(SECOND, 1))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (nested, "表格第9行第2列：格子里又有表格"),
        (outside, "表格外：有不在表格里的文字“城建办：已协调"),
        (beside, "表格第9行第1列：这一格不能改动"),
        (erased, "表格第10行第2列：原有内容被删掉了"),
        (longer, "这一格不能改动"),
        (joined, "合并了"),
    ],
)
def test_what_would_be_lost_is_refused_by_where_it_stands(change, words):
    assert words in refusal_of(worked_on(change))


def test_a_document_without_a_table_is_no_form():
    out = io.BytesIO()
    Document().save(out)
    assert "没有反馈表的表格" in refusal_of(out.getvalue())


def test_a_line_gives_room_to_write_by_hand_and_grows_with_what_is_typed():
    rows = Document(io.BytesIO(GOOD)).tables[0].rows
    heights = [row.height.mm for row in rows]
    assert heights[FIRST] > 27
    assert heights[-1] >= 30  # the seals
    assert {row._tr.trPr.find(qn("w:trHeight")).get(qn("w:hRule")) for row in rows} == {"atLeast"}
