"""Tables that go out: what a workbook holds for whoever fills it in, and a CSV in the encoding that was asked for."""

import io

import openpyxl
import pytest

from chalicelib.domain.tables.writing import Sheet, csv_of, xlsx_of

ROWS = [["编号", "名称"], ["007", "=1+1"], ["1-5", None], [3, 2.5]]


def opened(*sheets):
    return openpyxl.load_workbook(io.BytesIO(xlsx_of(sheets)))


def test_text_stays_text_and_a_number_is_counted_with():
    page = opened(Sheet("街道", ROWS))["街道"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == ROWS
    kinds = [(cell.data_type, cell.number_format) for row in page.iter_rows() for cell in row]
    assert kinds == [("s", "@"), ("s", "@"), ("s", "@"), ("s", "@"), ("s", "@"), ("n", "@"), ("n", "General"), ("n", "General")]  # fmt: skip
    assert all(cell.alignment.wrap_text and cell.alignment.vertical == "top" for cell in page["A"])
    assert page.column_dimensions["B"].number_format == "@"


def test_a_head_is_bold_stays_in_sight_and_is_printed_again_and_a_sheet_of_words_has_none():
    page = opened(Sheet("表", ROWS))["表"]
    assert [cell.font.bold for cell in page["A"]] == [True, False, False, False]
    assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
    words = opened(Sheet("说明", ROWS, head=False))["说明"]
    assert (words["A1"].font.bold, words.freeze_panes, words.print_title_rows) == (False, None, None)


def test_it_is_printed_on_a4_across_one_page_wide():
    setup = opened(Sheet("表", ROWS))["表"]
    assert (setup.page_setup.orientation, setup.page_setup.paperSize) == ("landscape", 9)
    assert (setup.page_setup.fitToWidth, setup.page_setup.fitToHeight) == (1, 0)
    assert setup.sheet_properties.pageSetUpPr.fitToPage


def test_what_no_workbook_can_hold_is_left_out():
    assert opened(Sheet("表", [["a\x07b\ufffe"], ["\x00"]]))["表"]["A1"].value == "ab"


@pytest.mark.parametrize(
    ("cells", "width"),
    [(["ab"], 8), (["a" * 20], 22), (["字" * 20], 42), (["字" * 40], 50), (["a" * 9 + "\n" + "字" * 6], 14), ([None, 1234567890], 12), (["twelve words"], 14)],
)  # fmt: skip
def test_a_column_is_as_wide_as_its_longest_line_and_a_chinese_character_as_two_letters(cells, width):
    page = opened(Sheet("表", [[cell] for cell in cells]))["表"]
    assert page.column_dimensions["A"].width == width


def test_what_may_be_chosen_stands_on_a_hidden_sheet_and_holds_below_the_last_row_too():
    book = opened(Sheet("甲", ROWS, {1: ("是", "否", "=x")}), Sheet("乙", ROWS[:2], {0: ("1", "2")}))
    assert book.sheetnames == ["甲", "乙", "lists"]
    lists = book["lists"]
    assert lists.sheet_state == "hidden"
    assert [[cell.value for cell in row] for row in lists.iter_rows()] == [
        ["是", "1"],
        ["否", "2"],
        ["=x", None],
    ]
    assert {cell.data_type for row in lists.iter_rows() for cell in row if cell.value} == {"s"}
    (one,), (other,) = (book[name].data_validations.dataValidation for name in ("甲", "乙"))
    assert (one.type, one.formula1, str(one.sqref), one.showErrorMessage) == ("list", "=lists!$A$1:$A$3", "B2:B204", False)  # fmt: skip
    assert (other.formula1, str(other.sqref), other.allow_blank) == ("=lists!$B$1:$B$2", "A2:A202", True)


@pytest.mark.parametrize(
    ("encoding", "begins", "lost"), [("utf-8-sig", b"\xef\xbb\xbf", "𠮷"), ("gb18030", "甲".encode("gb18030"), "𠮷"), ("gbk", "甲".encode("gbk"), "?")]
)  # fmt: skip
def test_a_csv_is_in_the_encoding_that_was_asked_for_and_what_it_lacks_is_a_question_mark(
    encoding, begins, lost
):
    content = csv_of([["甲", "𠮷", "=1"]], encoding)
    assert content.startswith(begins)
    assert content.decode(encoding) == f"甲,{lost},'=1\r\n"
