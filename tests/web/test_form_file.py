"""A form that came back as a file: whatever is no plain workbook is refused clearly, before it can do any harm."""

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from chalicelib.domain.errors import Invalid
from chalicelib.domain.forms.form import LEAD, RESULT, Form, Line
from chalicelib.domain.forms.reading import read_form
from chalicelib.web import form_file, form_sheet

LINES = tuple(Line(part=part, unit_id="OFF", unit_name="城建办") for part in (LEAD, RESULT))
FORM = Form(
    ticket_id="01J", number="MS1", version=3, title="反馈表", heads=(("工单编号", "MS1"), ("工单版本", "3")),
    text="太吵", so_far="", lines=LINES, received_on=date(2026, 11, 23),
)  # fmt: skip
SHEET = "xl/worksheets/sheet1.xml"
GOOD = form_sheet.sheet(FORM)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(60)


@pytest.fixture(scope="module")
def good():
    return GOOD


def changed(content, change):
    """The form after somebody worked on it in a spreadsheet."""
    book = load_workbook(io.BytesIO(content))
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content, **parts):
    """The form with some of its parts replaced or added, by hand."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in packed.namelist():
            made.writestr(name, parts.pop(name, packed.read(name)))
        for name, body in parts.items():
            made.writestr(name, body)
    return out.getvalue()


def of_size(content, size):
    """The form with a part of noise beside it, so that the file has exactly this size."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("docProps/pad.bin", b"")
    more = size - len(out.getvalue())
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("docProps/pad.bin", bytes(more))
    return out.getvalue()


def part(content, name=SHEET):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name)


def read(content):
    return read_form(form_file.read(content), FORM, version=3, today=date(2026, 11, 24))


def refusal_of(content):
    with pytest.raises(Invalid) as refused:
        read(content)
    return refused.value.message


def put(cell, value):
    def change(page):
        page[cell] = value

    return change


def test_what_was_filled_in_is_read(good):
    assert [said.text for said in read(changed(good, put("B11", "已到场"))).said] == ["已到场"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "这是空文件"),
        (b"\0" * 900, "这是空文件"),
        (b"%PDF-1.7", "这是 PDF 或图片"),
        (b"\xff\xd8\xff\xe0", "这是 PDF 或图片"),
        (b"{\\rtf1\\ansi", "另存为 .xlsx 或 .docx"),
        (b"\xef\xbb\xbf<html xmlns:w='urn:schemas-microsoft-com:office:word'>", "改扩展名没有用"),
        (b"MIME-Version: 1.0", "改扩展名没有用"),
        (LOCKED, "文件有密码"),
        ("编号,意见".encode("gb18030"), "打不开"),
        (b"PK\x03\x04 broken", "打不开"),
        (OLE + bytes(600), "旧版 .xls、.doc、.wps"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(content, words):
    message = refusal_of(content)
    assert words in message
    assert message.endswith("现在没有作任何改动")


def test_a_broken_word_document_is_refused(good):
    assert "打不开" in refusal_of(repacked(good, **{"word/document.xml": b"<x/>"}))


def test_a_zip_of_anything_else_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("notes.txt", "x")
    assert "不是 .xlsx" in refusal_of(out.getvalue())


def test_one_mebibyte_is_read_and_a_byte_more_is_not(good):
    full = of_size(good, form_file.MOST_BYTES)
    assert len(full) == form_file.MOST_BYTES
    assert "没有新填" in refusal_of(full)
    assert "超过 1 MB" in refusal_of(of_size(good, form_file.MOST_BYTES + 1))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(good):
    bomb = repacked(good, **{SHEET: b" " * (form_file.MOST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert "解开后太大" in refusal_of(bomb)
    many = repacked(good, **{f"xl/media/{n}": b"x" for n in range(form_file.MOST_PARTS)})
    assert "解开后太大" in refusal_of(many)


def test_a_part_that_lies_about_its_size_is_refused(good):
    """The directory says three bytes, the part holds thousands."""
    size = len(part(good)).to_bytes(4, "little")
    lying = repacked(good).replace(size, (3).to_bytes(4, "little"))
    assert lying != repacked(good)
    assert "没有作任何改动" in refusal_of(lying)


@pytest.mark.parametrize("mark", [b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<!doctype a>"])
def test_entities_are_not_expanded(good, mark):
    declared = part(good).replace(b"<worksheet", mark + b"<worksheet", 1)
    assert "不能处理的内容" in refusal_of(repacked(good, **{SHEET: declared}))


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://example.org")', "=B12"])
def test_a_formula_is_refused_by_its_cell(good, formula):
    assert refusal_of(changed(good, put("B11", formula))).startswith("B11：这里是公式")
    assert refusal_of(changed(good, put("Z99", formula))).startswith("Z99：这里是公式")


def test_what_looks_like_a_formula_and_is_text_is_text(good):
    def as_text(page):
        page["B11"] = "=1+1"
        page["B11"].data_type = "s"

    assert read(changed(good, as_text)).said[0].text == "=1+1"


def test_an_error_value_is_refused_by_its_cell(good):
    assert refusal_of(changed(good, put("D11", "#REF!"))).startswith("D11：")


def test_cells_that_were_joined_are_refused_by_their_name(good):
    def join(page):
        page.unmerge_cells("B11:C11")
        page.unmerge_cells("B12:C12")
        page.merge_cells("B11:C12")
        page["B11"] = "已到场"

    assert "B11：合并了单元格 B11:C12，请取消合并" in refusal_of(changed(good, join))


def test_a_join_of_all_cells_is_refused_and_never_carried_out(good):
    joined = part(good).replace(b"</mergeCells>", b'<mergeCell ref="A1:XFD1048576"/></mergeCells>')
    assert "A1:XFD1048576" in refusal_of(repacked(good, **{SHEET: joined}))


def test_cells_that_were_taken_apart_are_no_fault(good):
    def apart(page):
        page.unmerge_cells("B11:C11")
        page["B11"] = "已到场"

    assert len(read(changed(good, apart)).said) == 1


def test_a_workbook_with_a_broken_sheet_is_refused(good):
    assert "打不开" in refusal_of(repacked(good, **{SHEET: b"<worksheet"}))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_sent_is_read_or_refused(data):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for sent in (bytes(content), bytes(content[:cut])):
        with suppress(Invalid):  # either is right; anything else is a fault
            read(sent)


def test_a_hidden_sheet_in_front_is_not_the_form(good):
    def change(sheet):
        sheet["B11"] = "已到场"
        sheet.parent.create_sheet("参数", 0).sheet_state = "hidden"

    assert [said.text for said in read(changed(good, change)).said] == ["已到场"]


def on_another_sheet(sheet):
    sheet.parent.create_sheet("Sheet2")["C4"] = "意见写在这里"


def in_a_comment(sheet):
    sheet["B11"].comment = Comment("意见写在这里", "某人")


def struck(sheet):
    sheet["B11"] = "不同意"
    sheet["B11"].font = Font(strike=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (on_another_sheet, "表格外：工作表“Sheet2”里也有内容"),
        (in_a_comment, "表格外：有批注“意见写在这里”"),
        (struck, "B11：这里有划掉的文字"),
    ],
)
def test_words_that_are_in_no_cell_or_not_meant_any_more_are_refused_by_where_they_stand(good, change, words):
    assert words in refusal_of(changed(good, change))


def test_words_in_a_text_box_over_the_cells_are_refused(good):
    box = "<xdr:wsDr><xdr:sp><a:p><a:r><a:t>意见写在框里</a:t></a:r></a:p></xdr:sp></xdr:wsDr>"
    filled = changed(good, put("B11", "已到场"))
    assert "有文本框或图形里的文字“意见写在框里”" in refusal_of(
        repacked(filled, **{"xl/drawings/drawing9.xml": box.encode()})
    )
    seal = b"<xdr:wsDr><xdr:pic/></xdr:wsDr>"
    assert read(repacked(filled, **{"xl/drawings/drawing9.xml": seal})).said


@pytest.mark.parametrize(
    "written", ["２０２６．１１．２４", "二〇二六年十一月二十四日", "20261124", "2026年11月24日"]
)
def test_a_day_is_read_as_at_every_other_door(good, written):
    def change(sheet):
        sheet["B11"], sheet["D11"] = "已到场", written

    assert read(changed(good, change)).said[0].on == date(2026, 11, 24)
