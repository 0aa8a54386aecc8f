"""What a person sees in a workbook and no library tells: errors, names made of numbers, hidden lines; and how far it reaches."""

from struct import pack

import openpyxl
import pytest
import python_calamine
import xlwt

from chalicelib.domain.tables import (
    binary_marks,
    extents,
    formats,
    old_marks,
    open_marks,
    packed_marks,
    workbook,
)
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.xml_marks import column_of
from tests.domain.tables import zoo
from tests.domain.tables.test_reading import HEAD, cells, read

SHEET = "xl/worksheets/sheet1.xml"
CODES = ["0000", '"FY"000000', "0%", "0.00", "General"]
VALUES = [12, 123456, 0.1, 1.5]
SEEN = ["0012", "FY123456", "10%", "1.5"]


def xlsx_of_numbers():
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for column, (value, code) in enumerate(zip(VALUES, CODES, strict=False), 1):
        book.active.cell(2, column, value).number_format = code
    return zoo.saved(book)


def xls_of_numbers():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for column, name in enumerate(HEAD):
        sheet.write(0, column, name)
    for column, (value, code) in enumerate(zip(VALUES, CODES, strict=False)):
        sheet.write(1, column, value, xlwt.easyxf(num_format_str=code))
    return zoo.saved(book)


def xlsb_of_numbers():
    numbers = [(value, at) for at, value in enumerate(VALUES)]
    return zoo.xlsb([HEAD, numbers], formats=CODES)


def number(value, shown, kind="float"):
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'


def ods_of_numbers():
    kinds = ["float", "float", "percentage", "float"]
    row = [number(value, shown, kind) for value, shown, kind in zip(VALUES, SEEN, kinds, strict=True)]
    return zoo.ods([HEAD, row])


NUMBERS = {"xlsx": xlsx_of_numbers, "xls": xls_of_numbers, "xlsb": xlsb_of_numbers, "ods": ods_of_numbers}


@pytest.mark.parametrize("make", NUMBERS.values(), ids=NUMBERS)
def test_a_number_that_is_shown_as_a_name_is_read_as_that_name(make):
    assert cells(read(make())) == [SEEN]


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (12, "0000", "0012"),
        (12, "0000_ ", "0012"),
        (12, "0000;-0000;@", "0012"),
        (12345, "0000", "12345"),
        (7, '"沪信"00', "沪信07"),
        (7, r"\N\o\.0", "No.7"),
        (7, "0", ""),
        (7, "#,##0", ""),
        (7, '0"次"', ""),
        (1, "0%", "100%"),
        (0.105, "0.0%", "10.5%"),
        (0, "0%", "0%"),
        (12.5, "0000", ""),
        (-3, "0000", ""),
        (10.0**16, "0000", ""),
        (46000, "yyyy-mm-dd", ""),
        (float("inf"), "0000", ""),
    ],
)
def test_only_a_format_that_shows_something_else_counts(value, code, seen):
    assert formats.shown(value, code) == seen
    assert formats.is_telling(code) or not seen


def hidden_xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active.auto_filter.ref = "A1:D9"
    book.active.row_dimensions[3].hidden = True
    return zoo.saved(book)


def hidden_xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    sheet.row(2).hidden = True
    return zoo.saved(book)


def hidden_ods(rows):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    written = "".join(map(cell.format, rows[2]))
    return zoo.ods(
        [*rows[:2], f'<table:table-row table:visibility="filter">{written}</table:table-row>', *rows[3:]]
    )


def hidden_html(rows):
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    unseen = 'style="height:0;DISPLAY: none"'
    return "".join(f"<tr {unseen if at == 2 else ''}>{line}</tr>" for at, line in enumerate(lines)).encode()


HIDDEN = {
    "html": hidden_html,
    "xlsx": hidden_xlsx, "xls": hidden_xls, "xlsb": lambda rows: zoo.xlsb(rows, hidden=(2,)), "ods": hidden_ods
}  # fmt: skip


@pytest.mark.parametrize("make", HIDDEN.values(), ids=HIDDEN)
def test_a_line_that_a_filter_hides_is_read_and_known(make):
    table = read(make([HEAD, *([str(n), "甲", "乙", "丙"] for n in range(3))]))
    assert [row.cells["number"] for row in table.rows] == ["0", "1", "2"]
    assert [row.is_hidden for row in table.rows] == [False, True, False]


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (7 << 2 | 2, 7.0),
        (((1 << 30) - 5) << 2 | 2, -5.0),  # the highest of thirty bits is the sign
        (((1 << 29) - 1) << 2 | 2, 536_870_911.0),
        (1234 << 2 | 3, 12.34),
        (0x3FF80000, 1.5),  # the upper part of a double
        (0xBFF80000, -1.5),
        (0x3FF80001, 0.015),
    ],
)
def test_a_number_in_four_bytes_is_an_integer_or_half_a_double_or_its_hundredfold(packed, value):
    """[MS-XLS] 2.5.217: bit 0 says hundredfold, bit 1 integer."""
    assert binary_marks.of_rk(packed) == value
    assert binary_marks._number(2, packed.to_bytes(4, "little"), 0, 4) == value
    assert binary_marks._number(2, packed.to_bytes(4, "little"), 0, 3) is None


@pytest.mark.parametrize(
    ("kind", "result", "found"),
    [
        (0x027E, ((((1 << 30) - 5) << 2) | 2).to_bytes(4, "little"), [(3, "0%", -5.0)]),  # RK
        (0x0203, pack("<d", 1.5), [(3, "0%", 1.5)]),  # NUMBER
        (0x0006, pack("<d", 1.5), [(3, "0%", 1.5)]),  # FORMULA
        (0x0006, b"\x00" * 6 + b"\xff\xff", []),  # whose result is a text
        (0x0203, b"\x00" * 4, []),  # cut off
    ],
)
def test_a_number_of_an_old_workbook_is_read_with_the_format_that_its_cell_has(kind, result, found):
    content = pack("<HHH", 7, 3, 5) + result
    assert list(old_marks._numbers(kind, content, 0, len(content), 3, {5: "0%"})) == found
    assert list(old_marks._numbers(kind, content, 0, len(content), 3, {6: "0%"})) == []


def test_a_text_of_a_binary_workbook_has_its_length_before_it_and_one_of_all_ones_is_none():
    part = b"xx" + (2).to_bytes(4, "little") + "甲b".encode("utf-16-le") + b"rest"
    assert binary_marks._wide(part, 2) == ("甲b", 10)
    assert binary_marks._wide(b"\xff\xff\xff\xffrest", 0) == ("", 4)


@pytest.mark.parametrize(
    ("kind", "shown", "seen"),
    [
        ("float", "0012", "0012"),
        ("currency", "007", "007"),
        ("float", "12", ""),
        ("currency", "￥12", ""),
        ("string", "0012", ""),
        ("percentage", "10%", "10%"),
        ("error", "#N/A", "#N/A"),
    ],
)
def test_of_an_open_document_only_what_is_shown_as_a_name_counts(kind, shown, seen):
    attributes = {"{urn:x}value-type": kind}
    assert open_marks._said(attributes, kind, shown) == seen


@pytest.mark.parametrize(
    ("part", "may"),
    [("xl/worksheets/sheet1.xml", True), ("xl/data.xml", True), ("xl/sharedstrings.xml", False), ("sharedstrings.bin", False), ("xl/styles.xml", False), ("x/workbook.bin", False)],
)  # fmt: skip
def test_what_a_workbook_names_beside_its_sheets_is_no_sheet(part, may):
    assert packed_marks._may_be_sheet(part) is may


def test_errors_of_a_binary_workbook_are_seen():
    assert cells(read(zoo.xlsb([HEAD, ["1", "甲", b"\x2a", b"\x07"]]))) == [["1", "甲", "#N/A", "#DIV/0!"]]


def test_a_formula_without_a_result_is_seen_in_an_open_document():
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    assert cells(read(zoo.ods([HEAD, ["1", "甲", formula, "丁"]]))) == [["1", "甲", "#公式", "丁"]]


GOOD = zoo.xlsx([HEAD, ["1", "甲", "", ""]])


def with_last(row):
    return zoo.with_part(GOOD, SHEET, lambda sheet: sheet.replace(b"</sheetData>", row + b"</sheetData>"))


def far_xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "工单编号")
    sheet.write(65_535, 255, "x")
    return zoo.saved(book)


FAR_ODS = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
    '</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16380"/>'
    '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)
FAR = {
    "xlsx": with_last(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "xlsx, attributes in another order": with_last(b"<row spans='1' r='1048576'><c t='n' r='XFD1048576'><v>1</v></c></row>"),
    "xlsx, a cell that says another line than its row": with_last(b'<row r="3"><c r="A99999999999"><v>1</v></c></row>'),
    "xlsx, no such column": with_last(b'<row r="3"><c r="ZZZZ3"><v>1</v></c></row>'),
    "xlsx, another prefix": with_last(b'<x:row r="1048576"><x:c r="XFD1048576"><v>1</v></x:c></x:row>'),
    "xlsx, a part of another name": zoo.zipped({
        name.replace("worksheets/sheet1", "Odd/Page"): data.replace(b"worksheets/sheet1", b"Odd/Page")
        for name, data in zoo.parts(with_last(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')).items()
    }),
    "xlsb": zoo.xlsb([], places=[(0, 0, "工单编号"), (1_048_575, 16_383, "x")]),
    "xls": far_xls(),
    "ods": zoo.ods([HEAD, FAR_ODS]),
}  # fmt: skip


@pytest.mark.parametrize("content", FAR.values(), ids=FAR)
def test_a_cell_far_away_is_refused_before_the_library_lays_out_all_that_lies_between(content, monkeypatch):
    """The library would end the whole process: it asks for 500 GB."""
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", None)
    with pytest.raises(Unreadable, match="很远的地方"):
        workbook.grids_of_workbook(content)


@pytest.mark.parametrize(
    ("lines", "columns", "fits"),
    [
        (extents.MOST_CELLS // 12, 12, True),
        (extents.MOST_CELLS // 12 + 1, 12, False),
        (extents.MOST_LINES, 1, True),
        (extents.MOST_LINES + 1, 1, False),
        (1, extents.MOST_COLUMNS, True),
        (1, extents.MOST_COLUMNS + 1, False),
    ],
)
def test_the_last_cell_that_fits_still_does(lines, columns, fits):
    assert extents.fits(lines, columns) is fits


def test_a_tail_of_empty_formatted_cells_is_no_content():
    empty = b"".join(b'<row r="%d"><c r="XFD%d" s="1"/></row>' % (n, n) for n in (3, 1_048_576))
    assert cells(read(with_last(empty))) == [["1", "甲", "", ""]]


def test_a_panic_of_the_library_is_a_broken_file():
    book = zoo.parts(zoo.xlsb([HEAD]))
    broken = zoo.zipped(
        book
        | {"xl/workbook.bin": book["xl/workbook.bin"].replace("rId1".encode("utf-16-le"), b"r\0x\0x\0x\0")}
    )
    with pytest.raises(Unreadable, match="打不开"):
        workbook.grids_of_workbook(broken)


@pytest.mark.parametrize("part", ["word/document.xml", "ppt/presentation.xml", "a.csv"])
def test_a_packed_file_that_is_no_workbook_is_named_for_what_it_is(part):
    said = {"w": "Word 文件", "p": "演示文稿", "a": "压缩包"}[part[0]]
    with pytest.raises(Unreadable, match=said):
        read(zoo.zipped({part: "x"}))


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\r\n \r\n", bytes(4096), "\ufeff\r\n".encode("utf-16-le")]
)
def test_an_empty_file_is_said_to_be_empty(content):
    with pytest.raises(Unreadable, match="空文件"):
        read(content)


def test_no_column_is_taken_for_another():
    assert [column_of(name) for name in b"A Z AA AZ BA XFD".split()] == [0, 25, 26, 51, 52, 16_383]
