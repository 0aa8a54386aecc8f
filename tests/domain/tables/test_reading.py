"""What is read of a file is what a person sees in it, whichever program made it."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.tables import asides, dialect, packed_grids, reading, writing
from chalicelib.domain.tables.grid import Grid, Line, Unreadable, line_of
from chalicelib.domain.tables.reading import find_table, read_table
from tests.domain.tables import zoo

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tables"  # saved by LibreOffice 7.4
NAMES = {"number": ("工单编号",), "text": ("诉求内容",), "place": ("诉求地点",), "due_at": ("办结时限",)}
NEEDED = ("number", "text")
HEAD = ["工单编号", "诉求内容", "诉求地点", "办结时限"]
ORDERS = [[f"2026112800000000{n:04}", f"第{n}件事，路灯坏了", "𠮷祥路；3号", ""] for n in range(10)]


def read(content, **more):
    return read_table(content, NAMES, NEEDED, **more)


def cells(table):
    return [[row.cells.get(name, "") for name in NAMES] for row in table.rows]


@pytest.mark.parametrize("make", zoo.MAKES.values(), ids=zoo.MAKES)
def test_every_row_that_a_person_sees_is_read_whoever_made_the_file(make):
    assert cells(read(make([HEAD, *ORDERS]))) == ORDERS


@pytest.mark.parametrize("make", ["xlsx", "xls", "UTF-8", "GB18030", "html saved as xls"])
def test_titles_repeated_heads_and_totals_are_passed_over_and_said(make):
    rows = [["某区交办工单"], ["2026年11月"], HEAD, *ORDERS[:2], HEAD, *ORDERS[2:], ["合计", "10条"]]
    table = read(zoo.MAKES[make](rows))
    assert cells(table) == ORDERS
    assert [row.line for row in table.rows] == [4, 5, *range(7, 15)]
    assert [(passed.line, passed.why) for passed in table.passed] == [
        (1, "列名上面的标题"),
        (2, "列名上面的标题"),
        (6, "重复的列名"),
        (15, "合计"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        ["工单编号*", "诉求内容（必填）", " 诉求 地点", "办结\n时限"],
        ["number", "TEXT", "Place", "due_at"],
        ["＊工单编号：", "诉求内容", "诉求地点", "办结时限"],
    ],
)
def test_a_head_is_known_with_stars_blanks_and_in_english(head):
    assert cells(read(zoo.xlsx([head, *ORDERS]))) == ORDERS


def test_a_head_of_two_lines_with_merged_cells_is_read_as_one():
    rows = [["工单编号", "诉求", "", "办结时限"], ["", "内容", "地点", ""], *ORDERS]
    table = read(zoo.xlsx(rows))
    assert cells(table) == ORDERS
    assert table.head_line == 2


def test_the_sheet_that_has_the_head_is_found_behind_a_cover_and_others_like_it_are_named():
    book = openpyxl.Workbook()
    book.active.append(["交办说明"])
    for name, rows in (("一月", ORDERS[:5]), ("二月", ORDERS[5:])):
        for row in [HEAD, *rows]:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    table = read(zoo.saved(book))
    assert (table.sheet, cells(table), table.beside) == ("一月", ORDERS[:5], ("二月",))


def test_a_file_without_the_head_is_told_what_its_first_line_says():
    with pytest.raises(Unreadable, match="诉求内容；第一行写的是：工单编号、内容"):
        read(zoo.xlsx([["工单编号", "内容"], ["1", "x"]]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 cut off", "没有保存完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xfeA", "编码"),
        (b"\x00\x01\x02\x03" * 50, "编码"),
        (b"", "空文件"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
        (b"<html><p>Please sign in</html>", "没有表格"),
        (b"x" * (8 * 1024 * 1024 + 1), "8 MB"),
    ],
    ids=["cut zip", "password", "pdf", "half a character", "binary", "empty", "xml", "page", "large"],
)
def test_what_is_no_table_is_refused_for_what_it_is(content, said):
    with pytest.raises(Unreadable, match=said):
        read(content)


@pytest.mark.parametrize("end", ['"\r\n', "\r\n"])
def test_a_lonely_quote_never_swallows_the_rows_after_it(end):
    lines = [f'{n},"第{n}件{end if n == 2 else chr(34)}' for n in (1, 2, 3)]
    broken = "工单编号,诉求内容\r\n" + "\r\n".join(lines)
    with pytest.raises(Unreadable, match=r"第 \d 行：引号不成对"):
        read(broken.encode().replace(b'\xe4\xbb\xb6"\r\n\r\n', b"\xe4\xbb\xb6\r\n"))


def test_a_lonely_quote_that_finds_another_further_down_swallows_nothing():
    rows = 'number,text,place\r\n1,"a,b\r\n2,c,d\r\n3,e",f\r\n'
    with pytest.raises(Unreadable, match="第 2 行：引号不成对"):
        read(rows.encode())


def test_lines_inside_a_quoted_cell_stay_in_it():
    rows = [["工单编号", "诉求内容", "诉求地点"], ["1", "第一行\n第二行，还有", "x"]]
    assert read(zoo.text(rows)).rows[0].cells["text"] == "第一行\n第二行，还有"


def test_values_of_a_workbook_are_written_as_a_person_would():
    book = openpyxl.Workbook()
    names = [*"abcdefghij"]
    book.active.append(names)
    day, instant = datetime(2026, 12, 5), datetime(2026, 12, 5, 8, 5)  # noqa: DTZ001 (a workbook knows no zone)
    numbers = (123456, 0.5, True, day, instant, time(9), timedelta(days=1), 20261128000000000123)
    book.active.append([*numbers, "#N/A", "'0012"])
    book.active["I2"].data_type = "e"
    row = find_table(zoo.saved(book), dict.fromkeys(names, ())).rows[0]
    assert [row.cells[name] for name in names] == [
        *("123456", "0.5", "是", "2026-12-05", "2026-12-05 08:05:00", "09:00:00", "24:00:00"),
        *("2.02611E+19", "#N/A", "0012"),
    ]


def test_marks_by_which_excel_keeps_a_cell_text_are_taken_off():
    assert cells(read(b'number,text\r\n="0012",\'3\r\n'))[0][:2] == ["0012", "3"]


def test_a_cell_far_away_is_refused_before_it_fills_the_memory():
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.cell(1_000_000, 16_000, "x")
    with pytest.raises(Unreadable, match="很远"):
        read(zoo.saved(book))


@pytest.mark.parametrize("rows", [3, 4])
def test_only_rows_with_content_count_against_the_limit(rows):
    content = zoo.text([HEAD, *ORDERS[:rows]]) + b",,\r\n" * 50
    if rows > 3:
        with pytest.raises(Unreadable, match="超过 3 行"):
            read(content, most_rows=3)
    else:
        assert len(read(content, most_rows=3).rows) == 3


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp")), max_size=12).map(
    lambda text: text.strip("=\"' \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff").strip()
)
ROWS = st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=6).map(
    lambda rows: [[f"N{at}", f"文{row[1]}", row[2], row[3]] for at, row in enumerate(rows)]
)


SLOW = ("blank lines between", "xlsx, 60,000 formatted rows")


@given(ROWS, st.sampled_from([make for make in zoo.MAKES if make not in SLOW]))
@settings(max_examples=100, deadline=None)
def test_any_table_written_in_any_dialect_and_read_back_is_the_same_table(rows, make):
    assert cells(read(zoo.MAKES[make]([HEAD, *rows]))) == rows


def with_merged(ranges, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for merged in ranges:
        book.active.merge_cells(merged)
    return zoo.saved(book)


def test_a_cell_over_several_lines_says_the_same_of_each_of_them():
    rows = [HEAD, ["1", "甲", "盛华景苑", "2026-12-03"], ["2", "乙", "", ""], ["3", "丙", "", "2026-12-04"]]
    table = read(with_merged(["C2:C4", "D2:D3"], rows))
    assert [row.cells.get("place") for row in table.rows] == ["盛华景苑"] * 3
    assert [row.cells.get("due_at") for row in table.rows] == ["2026-12-03", "2026-12-03", "2026-12-04"]
    assert [row.merged for row in table.rows] == [frozenset(), {"place", "due_at"}, {"place"}]


def test_cells_of_a_page_over_several_lines_move_no_other_cell():
    page = """<!-- export --><div><table>
    <tr><th rowspan=2>工单编号</th><th colspan=2>诉求</th><th rowspan=2>办结时限</th></tr><tr><th>内容<th>地点</tr>
    <tr><td>1</td><td>甲<script>x</script></td><td rowspan=2>盛华</td><td></td></tr>
    <tr><td>2</td><td>乙</td><td>x</td></tr><tr><td>3<td>丙<td>丁</tr></table></div>"""
    assert cells(read(page.encode())) == [
        ["1", "甲", "盛华", ""],
        ["2", "乙", "盛华", "x"],
        ["3", "丙", "丁", ""],
    ]


@pytest.mark.parametrize(
    "line",
    [
        "合计（件）,2",
        "本页小计,2",
        "合　　计,2",
        "共 2 条",
        "总数,2",
        "制表人：甲,2026-11-28",
        "以下空白",
        "打印时间：2026-11-28 08:00,x",
    ],
)
def test_what_stands_at_the_foot_of_a_print_is_no_row(line):
    table = read(zoo.text([HEAD, *ORDERS[:1]]) + line.encode())
    assert (cells(table), [passed.line for passed in table.passed]) == (ORDERS[:1], [3])


@pytest.mark.parametrize("number", ["共建12号", "总计划3", "汇总表A-1", "统计2026"])
def test_a_row_whose_first_cell_only_begins_like_a_total_is_a_row(number):
    assert [row.cells["number"] for row in read(zoo.text([HEAD, [number, "x"]])).rows] == [number]


@pytest.mark.parametrize("second", ["", "甲"])
def test_two_columns_of_one_name_are_one_where_they_agree(second):
    rows = [["工单编号", "诉求内容", "诉求内容"], ["1", "甲", second], ["2", "", "乙"]]
    assert [row.cells["text"] for row in read(zoo.text(rows)).rows] == ["甲", "乙"]


def test_two_columns_of_one_name_that_differ_are_refused():
    with pytest.raises(Unreadable, match="第 2 行：“诉求内容”这一列出现了两次"):
        read(zoo.text([["工单编号", "诉求内容", "诉求内容"], ["1", "甲", "乙"]]))


def test_a_row_with_more_cells_than_the_head_has_columns_is_known():
    assert [row.beyond for row in read(zoo.text([HEAD, ["1", "a", "b", "c", "d"], ORDERS[0]])).rows] == [
        True,
        False,
    ]


@pytest.mark.parametrize("tail", [b"\x1a", b"\0" * 100, b"\r\n\x1a\0"])
def test_what_a_disk_leaves_after_the_last_line_is_no_content(tail):
    assert cells(read(zoo.text([HEAD, *ORDERS]) + tail)) == ORDERS


@pytest.mark.parametrize("written", ["甲\v乙", "甲\r\n乙", "甲\u2028乙", "甲_x000D_\n乙"])
def test_every_end_of_a_line_inside_a_cell_is_one(written):
    assert read(zoo.xls([HEAD, ["1", written.replace("_x000D_", "\r")]])).rows[0].cells["text"] == "甲\n乙"


@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_errors_and_formulas_without_a_result_are_seen_whoever_wrote_them(prefix):
    book = openpyxl.Workbook()
    for row in [HEAD, ["1", '="a"&"b"', "#N/A", "x"]]:
        book.active.append(row)
    book.active["C2"].data_type = "e"
    content = zoo.with_part(
        zoo.saved(book),
        "xl/worksheets/sheet1.xml",
        lambda sheet: re.sub(rb"<c (r=\"\w+\")([^>]*)>", rb"<c\2 \1>", sheet).replace(b' t="n"', b""),
    )
    if prefix:
        content = zoo.with_part(content, "xl/worksheets/sheet1.xml", prefixed)
    assert cells(read(content)) == [["1", "#公式", "#N/A", "x"]]


def test_errors_of_an_old_workbook_are_seen_in_the_sheet_and_cell_where_they_stand():
    book = xlwt.Workbook()
    for name, column in (("封面", 0), ("交办", 2)):
        sheet = book.add_sheet(name)
        for at, row in enumerate(
            [HEAD, ["1", "甲", "", "x"], ["2", "乙", "乙", True]] if column else [["说明"]]
        ):
            for where, value in enumerate(row):
                if (at, where) != (1, column):
                    sheet.write(at, where, value)
        sheet.row(1).set_cell_error(column, 0x2A)
    assert cells(read(zoo.saved(book))) == [["1", "甲", "#N/A", "x"], ["2", "乙", "乙", "是"]]


def test_results_of_formulas_that_went_wrong_are_seen_in_an_old_workbook_of_another_program():
    table = read((FIXTURES / "errors.xls").read_bytes())
    assert cells(table) == [["1", "#DIV/0!", "#N/A", "3"]]


def test_errors_are_seen_in_what_libreoffice_saves_as_ods_and_xlsx():
    for name in ("errors.ods", "errors.xlsx"):
        assert cells(read((FIXTURES / name).read_bytes())) == [["1", "#DIV/0!", "#N/A", "3"]], name


def prefixed(sheet):
    named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", sheet)
    return named.replace(b"<x:worksheet xmlns=", b"<x:worksheet xmlns:x=")


TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cc", "Cn", "Co")),
    max_size=9,
).map(lambda text: text.strip("\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff").strip())


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5), st.sampled_from(["csv", "xlsx"]))
@settings(max_examples=40, deadline=None)
def test_what_we_write_ourselves_is_read_back_as_it_was_even_if_it_looks_like_a_formula(pairs, form):
    rows = [
        [f"=N{at}", f"'{text}x", place] for at, (text, place) in enumerate(pairs) if not text.startswith('="')
    ]
    written = [["number", "text", "place"], *rows]
    content = writing.csv_of(written) if form == "csv" else writing.xlsx_of([writing.Sheet("t", written)])
    expected = [
        [
            row[0],
            row[1] if form == "csv" else plain_of(row[1]),
            plain_of(row[2]) if form == "xlsx" else row[2],
        ]
        for row in rows
    ]
    assert [cells_of[:3] for cells_of in cells(read(content))] == expected


def plain_of(cell):
    from chalicelib.domain.tables.dialect import plain

    return plain(cell)


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠﹦﹢﹣﹫"))
@pytest.mark.parametrize(
    "before",
    [
        "",
        " ",
        "\u3000",
        "\ufeff",
        "\u200b\u00a0",
        "\t",
        "\r",
        "\n",
        "\v",
        "\x85",
        "\u2028",
        "\u061c",
        "\u180e",
        "\u2066",
        "\u3164",
        "\u0301",
    ],
)
def test_no_cell_of_a_csv_begins_a_formula_also_full_width_or_behind_what_nobody_sees(before, sign):
    text = f"{before}{sign}HYPERLINK(1)"
    written = writing.csv_of([["a", text]]).decode("utf-8-sig")
    assert f"'{text}" in written
    assert dialect.plain(f"'{text.strip()}") == text.strip()


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["", "合计", "12"], "合计"),
        (["本页小计（件）：12"], "合计"),
        (["共3条"], "合计"),
        (["制表人：张三"], "表末的说明"),
        (["以下空白"], "表末的说明"),
        (["第 1 页，共 2 页"], "表末的说明"),
        (["共和新路"], ""),
        (["第一小学门口"], ""),
        ([""], ""),
    ],
)
def test_a_line_that_is_no_row_says_why(cells, why):
    assert asides.aside(Line(1, tuple(cells))) == why


@pytest.mark.parametrize(
    ("cells", "above", "line"),
    [
        (["a", "", ""], None, (("a",), set())),
        (["", ""], None, None),
        (["", ""], {0: "x"}, None),  # what goes on from above alone is no content
        (["", "b"], {0: "x", 1: "y"}, (("x", "b"), {0})),
        (["a"], {2: "z"}, (("a", "", "z"), {2})),
        (["a", "b", "c"], {0: "x"}, (("a", "b", "c"), set())),
        (["a"], {1: ""}, (("a",), set())),
    ],
)
def test_a_line_has_no_blank_tail_and_what_merged_cells_above_say_of_it(cells, above, line):
    found = line_of(7, cells, above)
    assert found == (line and Line(7, line[0], frozenset(line[1])))


def test_grids_come_back_from_the_function_that_opened_them_as_they_were():
    grids = (Grid("甲", (Line(1, ("a", "b")), Line(3, ("c",), frozenset({0, 2}), True))), Grid("", ()))
    packed = packed_grids.pack(grids)
    assert packed_grids.is_packed(packed)
    assert not packed_grids.is_packed(packed[1:])
    assert packed_grids.unpack(packed) == grids


def test_what_made_a_workbook_unreadable_is_said_where_it_is_read():
    for wrong in (Unreadable("太多了", 7), Unreadable("没有内容")):
        with pytest.raises(Unreadable) as refused:
            packed_grids.unpack(packed_grids.pack(wrong))
        assert (refused.value.reason, refused.value.line, refused.value.message) == (
            wrong.reason, wrong.line, wrong.message,
        )  # fmt: skip


@pytest.mark.parametrize("tail", [b"", b"no gzip", packed_grids.pack(())[len(packed_grids.MARK) : -9]])
def test_what_only_begins_like_a_packed_workbook_is_refused(tail):
    with pytest.raises(Unreadable, match="不是表格"):
        packed_grids.unpack(packed_grids.MARK + tail)


def test_a_developer_s_own_table_may_be_of_any_size_and_no_row_of_it_may_have_slipped():
    names = {"number": (), "text": ()}
    rows = "".join(f"{n},灯坏了\n" for n in range(3))
    table = reading.read_own_table(f"number,text\n{rows}".encode(), names, ["number", "text"])
    assert [row.cells for row in table.rows] == [{"number": str(n), "text": "灯坏了"} for n in range(3)]
    with pytest.raises(Unreadable) as refused:
        reading.read_own_table(b"number,text\n1,a,b\n", names)
    assert (refused.value.reason, refused.value.line) == (reading.SHIFTED, 2)
    with pytest.raises(Unreadable, match=r"^缺少列 text；第一行写的是：number、other"):
        reading.read_own_table(b"number,other\n1,a\n", names, ["number", "text"])


def test_a_refused_head_is_told_by_its_first_eight_names_and_twenty_letters_of_each():
    heads = [f"列{n}" for n in range(8)] + ["第九列"]
    with pytest.raises(Unreadable) as refused:
        reading.read_own_table(
            ",".join(["甲" * 30, *heads[1:]]).encode() + b"\n1,2\n", {"number": ()}, ["number"]
        )
    told = refused.value.message
    assert f"第一行写的是：{'甲' * 20}、列1、" in told
    assert "列7。" in told
