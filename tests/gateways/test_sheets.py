"""Exports of partners: UTF-8, GBK, XLSX; what is none of them is refused in words."""

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from chalicelib.domain.errors import Invalid
from chalicelib.gateways import sheets

WHEN = datetime.fromisoformat("2026-11-22 18:00")
ROWS = [["工单编号", "诉求内容"], ["A1", "路灯坏了，“三天”了"], ["A2", "多行\n内容"]]


def workbook(rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_either_encoding_of_chinese_offices(encoding):
    assert sheets.rows_of(sheets.csv_of(ROWS, encoding)) == ROWS


def test_a_workbook_is_read_with_its_numbers_and_times_as_text():
    rows = [["编号", "时限"], [20261122001.0, WHEN], [None, "x"]]
    assert sheets.rows_of(workbook(rows)) == [
        ["编号", "时限"],
        ["20261122001", "2026-11-22 18:00:00"],
        ["", "x"],
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"\xff\xfe\x00\x00\x81", b"\x00" * 10])
def test_what_is_no_spreadsheet_is_refused(content):
    with pytest.raises(Invalid):
        sheets.rows_of(content)


def test_a_file_that_is_too_long_is_refused_and_the_longest_is_read():
    longest = b"a\n" * sheets.MOST_ROWS
    assert len(sheets.rows_of(longest)) == sheets.MOST_ROWS
    with pytest.raises(Invalid):
        sheets.rows_of(longest + b"a\n")
    with pytest.raises(Invalid):
        sheets.rows_of(b"a" * (sheets.MOST_BYTES + 1))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x"])
def test_a_cell_that_begins_like_a_formula_is_never_one(cell):
    assert sheets.rows_of(sheets.csv_of([[cell]], "utf-8"))[0][0] == f"'{cell}"
