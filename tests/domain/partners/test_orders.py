"""A partner's order: what it becomes, what a later version changes, and which deadline rules."""

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid
from chalicelib.domain.partners import order_files
from chalicelib.domain.partners.orders import Order, where_of
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town_import.files import read_town
from tests.domain.clock_town import at
from tests.domain.tables import zoo
from tests.towns import sample_files

TOWN = read_town(sample_files(), version="1", today=at("2026-11-23 10:00").date()).town
SAMPLES = Path(__file__).parents[3] / "town" / "partners"
HOTLINE = read_partner("hotline", (SAMPLES / "hotline.csv").read_bytes())
HEAD = ["工单编号", "诉求内容", "诉求地点", "办结时限", "派单时间", "是否保密"]


def read(*rows):
    return order_files.read_orders(zoo.text([HEAD, *rows]), HOTLINE)


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.csv")), ids=lambda file: file.stem)
def test_the_sample_partners_are_sound_and_name_what_the_town_has(file):
    partner = read_partner(file.stem, file.read_bytes())
    assert all(TOWN.find_category(code) for code in partner.categories.values())
    assert partner.answers


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("columns,number,x", "第一列"),
        ("column,nummer,x", "不认识"),
        ("setting,source,qr", "hotline_12345"),
        ("setting,address,ftp://x", "https"),
        ("setting,title,again", "重复"),
        ("setting,encoding,latin1", "gb18030"),
        ("answer,编号,nummer", "不认识"),
    ],
)
def test_a_bad_line_of_a_partner_is_named_and_nothing_holds(line, said):
    good = "kind,key,value\nsetting,title,T\nsetting,source,petition\ncolumn,number,N\ncolumn,text,X\n"
    assert read_partner("p", good.encode()).title == "T"
    with pytest.raises(Invalid) as refused:
        read_partner("p", (good + line).encode())
    assert refused.value.details["fields"][0]["line"] == 6
    assert said in refused.value.details["fields"][0]["reason"]


def test_a_partner_without_what_every_order_needs_is_refused():
    with pytest.raises(Invalid) as refused:
        read_partner("p", b"kind,key,value\n")
    assert len(refused.value.details["fields"]) == 4


def test_every_row_is_an_order_or_refused_with_its_line_and_reason():
    read_file = read(
        ["A1", "路灯坏了", "", "", "", ""],
        ["", "没有编号", "", "", "", ""],
        ["A2", "", "", "", "", "是"],
        [],
        ["2.02612E+19", "编号丢了位数", "", "", "", ""],
        ["A3", "#N/A", "", "", "", ""],
        ["A4", "垃圾没清", "", "2026-11-25", "2026/11/22 9:00", "是"],
        ["合计", "6条"],
    )
    assert [line for line, _ in read_file.orders] == [2, 8]
    assert [trouble.row for trouble in read_file.troubles] == [3, 4, 6, 7]
    for trouble, said in zip(
        read_file.troubles, ("编号", "缺少诉求内容", "科学计数", "出错的值"), strict=True
    ):
        assert said in trouble.message
    assert (read_file.rows, [passed.line for passed in read_file.passed]) == (6, [9])
    last = read_file.orders[1][1]
    assert (last.due_at, last.sent_at) == (at("2026-11-25 23:59:59"), at("2026-11-22 09:00"))
    assert last.confidential
    assert last.to_check == ()


@pytest.mark.parametrize(("word", "confidential", "odd"), [
    ("是", True, False), ("√", True, False), ("是的", True, False), ("Y", True, False), ("否", False, False), ("×", False, False),
    ("", False, False), ("保密", True, True), ("/", True, True), ("需保密", True, True), ("#N/A", True, True),
])  # fmt: skip
def test_a_word_for_confidential_that_is_not_understood_is_a_yes_to_be_checked(word, confidential, odd):
    order = order_files.read_order({"number": "A", "text": "x", "confidential": word})
    assert (order.confidential, bool(order.to_check)) == (confidential, odd)


def test_a_phone_that_its_partner_masks_is_nothing_to_check():
    assert order_files.read_order({"number": "A", "text": "x", "phone": "138****1111"}).to_check == ()


@pytest.mark.parametrize(
    ("field", "cell", "kept"),
    [
        ("due_at", "下周", None),
        ("sent_at", "#REF!", None),
        ("phone", "#N/A", ""),
        ("phone", "1.38E+10", "1.38E+10"),
        ("place", "2026-12-01 00:00:00", ""),
        ("place", "长" * 201, "长" * 200),
        ("category", "######", ""),
    ],
)
def test_an_odd_cell_keeps_no_order_out_and_is_to_be_checked(field, cell, kept):
    order = order_files.read_order({"number": "A", "text": "x", field: cell})
    assert getattr(order, field) == kept
    assert len(order.to_check) == 1
    assert order.digest == order.model_copy(update={"to_check": ()}).digest


def test_a_phone_that_is_only_zeros_any_more_is_nobodys():
    """1.38E+10 comes back as 13800000000: it would make one person of all who ever lost their number so."""
    order = order_files.read_order({"number": "A", "text": "x", "phone": "13800000000"})
    assert (order.phone, len(order.to_check)) == ("", 1)
    kept = order_files.read_order({"number": "A", "text": "x", "phone": "13801000000"})
    assert (kept.phone, kept.to_check) == ("13801000000", ())


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("２０２６１１２３０００１", "202611230001"),
        ("ＦＹ２０２６ａ", "FY2026a"),
        ("（2026）12号", "（2026）12号"),
    ],
)
def test_a_number_in_full_width_is_the_same_order_and_a_bracket_is_the_partners_own(written, number):
    assert order_files.read_order({"number": written, "text": "x"}).number == number


def test_a_row_that_a_filter_hides_is_taken_and_the_desk_is_asked():
    book = openpyxl.Workbook()
    for row in (HEAD, ["A1", "路灯坏了", "", "", "", "否"], ["A2", "楼道灯坏了", "", "", "", "否"]):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    seen, hidden = (order for _, order in order_files.read_orders(zoo.saved(book), HOTLINE).orders)
    assert (seen.to_check, hidden.confidential) == ((), False)
    assert "隐藏" in hidden.to_check[0]


def test_a_row_that_may_have_slipped_to_the_right_is_taken_as_confidential_and_to_be_checked():
    slipped, right = read(
        ["A1", "路灯坏了", "三天", "盛华景苑", "", "", "否"], ["A2", "x", "", "", "", "否"]
    ).orders
    assert (slipped[1].confidential, right[1].confidential) == (True, False)
    assert any("错位" in said for said in slipped[1].to_check)


LONG, ROUNDED = "20261128000000000123", "20261128000000000000"


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [
        ([ROUNDED, "20261128010000000000"], [2, 3]),
        ([ROUNDED, ROUNDED], []),  # one number: two versions
        ([ROUNDED, LONG], []),  # who keeps every digit of one keeps those of all
        ([ROUNDED], []),
        (["A1", ROUNDED, "20261128010000000000"], [3, 4]),
    ],
)
def test_long_numbers_that_all_end_in_zeros_were_rounded_and_name_nothing(numbers, refused):
    both = read(*([number, "x", "", "", "", ""] for number in numbers))
    assert [trouble.row for trouble in both.troubles] == refused
    assert all(order.to_check for _, order in both.orders if order.number == ROUNDED)


def test_an_order_whose_number_goes_on_from_the_row_above_is_refused_not_a_version_of_that():
    page = "<table><tr><td>工单编号<td>诉求内容</tr><tr><td rowspan=2>A1<td>甲</tr><tr><td>乙</tr></table>"
    merged = order_files.read_orders(page.encode(), HOTLINE)
    assert ([line for line, _ in merged.orders], [each.row for each in merged.troubles]) == ([2], [3])


@pytest.mark.parametrize(("length", "taken"), [(2001, True), (20_000, True), (20_001, False)])
def test_an_order_of_a_deadline_is_not_refused_for_its_length(length, taken):
    values = {"number": "A", "text": "长" * length}
    if taken:
        assert len(order_files.read_order(values).text) == length
    else:
        with pytest.raises(ValueError, match="20000"):
            order_files.read_order(values)


def test_a_number_that_stands_twice_is_two_versions_of_one_order():
    both = read(["A1", "路灯坏了", "", "", "", ""], ["A1", "路灯坏了，还没修", "", "", "", ""])
    assert [order.number for _, order in both.orders] == ["A1", "A1"]


def test_a_file_without_a_needed_column_is_refused_by_its_name():
    with pytest.raises(Invalid, match="诉求内容"):
        order_files.read_orders(zoo.text([["工单编号"], ["A1"]]), HOTLINE)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22 18:00:30", "2026-11-22 18:00:30"),
        ("2026/11/22 18:00", "2026-11-22 18:00"),
        ("2026年11月22日", "2026-11-22 23:59:59"),
        ("2026-11-22T10:00:00Z", "2026-11-22 18:00"),
        ("2026-11-22T18:00:00+08:00", "2026-11-22 18:00"),
        ("2026-11-22T18:00:00.000", "2026-11-22 18:00"),
        ("2026-11-22 18:00:00.0", "2026-11-22 18:00"),
    ],
)
def test_an_instant_is_read_as_partners_write_it(text, instant):
    assert order_files.read_order({"number": "A", "text": "x", "due_at": text}).due_at == at(instant)


@given(
    st.dictionaries(
        st.sampled_from((*order_files.REQUIRED, "due_at", "sent_at", "phone")), st.text(max_size=60)
    )
)
def test_whatever_stands_in_a_row_is_an_order_or_a_reason(values):
    try:
        order = order_files.read_order(values)
    except ValueError as wrong:
        order, reason = None, str(wrong)
        assert "编号" in reason or "内容" in reason or "出错" in reason
    assert order is None or order.number == values["number"]


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("", "盛华景苑楼道灯坏了", "盛华景苑"),
        ("华泾镇盛华景苑4号楼", "灯坏了", "盛华景苑"),
        ("某处", "灯坏了", "某处"),
    ],
)
def test_the_place_is_found_by_its_name_in_what_was_written(place, text, found):
    where = where_of(Order(number="A", text=text, place=place), HOTLINE, TOWN)
    assert found in where.name
    assert where.path[0] == next(p.code for p in TOWN.places if p.parent is None)


@pytest.mark.parametrize(
    ("place", "code", "candidates"),
    [
        ("盛华景苑4号楼", "SHJY-4", ()),
        ("盛华景苑14号楼", "SHJY", ("SHJY",)),  # not the fourth; the desk looks
        ("馨宁公寓12号", "XNGY", ("XNGY",)),
        ("4号楼", None, ("SHJY-4", "LWY-4", "XNGY-4", "HJLY-4")),
        ("盛华景苑路4号", None, ()),
    ],
)
def test_an_order_of_one_estate_never_goes_to_the_nearest_name(place, code, candidates):
    where = where_of(Order(number="A", text="灯坏了", place=place), HOTLINE, TOWN)
    assert (where.place, where.candidates) == (code, candidates)


def test_two_orders_that_differ_only_in_when_they_were_sent_are_the_same():
    one = Order(number="A", text="灯坏了", sent_at=at("2026-11-22 10:00"))
    again = one.model_copy(update={"sent_at": one.sent_at + timedelta(minutes=5)})
    assert one.digest == again.digest
    assert one.digest != one.model_copy(update={"text": "灯又坏了"}).digest
