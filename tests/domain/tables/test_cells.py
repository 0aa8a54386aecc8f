"""Cells as people, programs and Excel write them; an unknown word is refused with what was read."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tables import cells
from chalicelib.domain.tables.instants import DAY_ENDS, read_clock_time, read_day, read_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-03 08:05", "2026-12-03 08:05:00"),
        ("2026-12-1 18:00", "2026-12-01 18:00:00"),
        ("2026/12/3 8:05:09", "2026-12-03 08:05:09"),
        ("2026.12.03 8:05", "2026-12-03 08:05:00"),
        ("2026年12月3日 8时05分", "2026-12-03 08:05:00"),
        ("2026年12月3日8点半", "2026-12-03 08:30:00"),
        ("２０２６－１２－０３　０８：０５", "2026-12-03 08:05:00"),
        ("2026-12-03 上午 8:05", "2026-12-03 08:05:00"),
        ("2026-12-03 下午12:30", "2026-12-03 12:30:00"),
        ("2026-12-03 上午12:30", "2026-12-03 00:30:00"),
        ("2026/12/3 下午8:05", "2026-12-03 20:05:00"),
        ("2026-12-03T08:05:00.000", "2026-12-03 08:05:00"),
        ("2026-12-03 08:05:00.0", "2026-12-03 08:05:00"),
        ("2026-12-03T00:05:00Z", "2026-12-03 08:05:00"),
        ("2026-12-03T08:05:00.5+0800", "2026-12-03 08:05:00"),
        ("20261203080500", "2026-12-03 08:05:00"),
        ("20261203", "2026-12-03 23:59:59"),
        ("2026.11.3", "2026-11-03 23:59:59"),
        ("二〇二六年十一月二十九日", "2026-11-29 23:59:59"),
        ("2026-12-03（周四）", "2026-12-03 23:59:59"),
        ("46359", "2026-12-03 23:59:59"),
        ("46359.25", "2026-12-03 06:00:00"),
        ("2026-12-31 24:00", "2027-01-01 00:00:00"),
        ("11/28/2025 01:23:45 AM", "2025-11-28 01:23:45"),
        ("20261203 0805", "2026-12-03 08:05:00"),
        ("20261203T080509", "2026-12-03 08:05:09"),
        ("2026-12-03 18:00前", "2026-12-03 18:00:00"),
        ("2026年12月3日之前", "2026-12-03 23:59:59"),
        ("2026-12-02T19:05:00-05:00", "2026-12-03 08:05:00"),
    ],
)
def test_an_instant_is_read_in_all_its_spellings_and_is_shanghais_without_a_zone(text, instant):
    at = read_instant(text, DAY_ENDS)
    assert f"{at:%Y-%m-%d %H:%M:%S}" == instant
    assert at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "下周",
        "3/4/2026",
        "2026-13-01",
        "2026-02-30",
        "2026-12-118:00",
        "2026-12-03 17:00-18:00",
        "2026-12-03 09:00:00-17:00",
        "2026-12-03 09:00+15:00",
        "2026-12-03 25:00",
        "12月3日",
        "1.2E+5",
    ],
)
def test_what_is_no_instant_or_could_be_two_is_refused_with_what_was_read(text):
    with pytest.raises(ValueError, match="看不懂") as refused:
        read_instant(text)
    assert text in str(refused.value)


@given(st.datetimes(min_value=datetime(1954, 10, 4), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_however_a_program_writes_an_instant_it_is_the_same_to_the_second(naive):
    at = naive.replace(microsecond=0, tzinfo=SHANGHAI)
    serial = (at.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001
    written = [
        at.isoformat(),
        at.strftime("%Y/%m/%d %H:%M:%S"),
        at.strftime("%Y年%m月%d日%H时%M分%S秒"),
        at.strftime("%Y%m%d%H%M%S"),
        f"{at:%Y-%m-%d} {'下午' if at.hour >= 12 else '上午'} {at.hour % 12 or 12}:{at:%M:%S}",
        *([f"{serial:.9f}"] if at.time() != time(0) else []),
    ]
    assert {read_instant(text) for text in written} == {at}


@given(st.text(max_size=20))
def test_whatever_stands_in_a_cell_is_a_value_or_a_reason(text):
    readers = (
        read_instant,
        read_day,
        read_clock_time,
        cells.read_yes_no,
        cells.read_weekdays,
        cells.read_number_of_order,
    )
    for reader in readers:
        try:
            reader(text)
        except ValueError as wrong:
            assert len(str(wrong)) > 5  # noqa: PT017 (most texts are no value; no other exception may come)


def test_a_day_is_read_with_an_empty_clock_time_and_refused_with_another():
    assert read_day("2026-12-05 00:00:00") == read_day("2026年12月5日") == date(2026, 12, 5)
    with pytest.raises(ValueError, match="2026-10-01"):
        read_day("2026-12-05 08:00")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("9:00", "09:00"), ("09:00:00", "09:00"), ("24:00:00", "24:00"), ("24:00", "24:00"), ("00:00", "00:00"),
        ("07:00:00 AM", "07:00"), ("上午9:00", "09:00"), ("下午1:30", "13:30"), ("8点", "08:00"), ("９：３０", "09:30"),
        ("0.375", "09:00"), ("1900-01-01", "24:00"),
    ],
)  # fmt: skip
def test_a_clock_time_survives_excel(text, minutes):
    assert read_clock_time(text) == minutes


@pytest.mark.parametrize("text", ["", "24:01", "25:00", "9", "1", "12:30:30", "noon", "2026-12-03 09:00:00"])
def test_what_is_no_clock_time_is_refused(text):
    with pytest.raises(ValueError, match="HH:MM"):
        read_clock_time(text)


@pytest.mark.parametrize(
    "text", ["是", "是的", "√", "✓", "✅", "V", "勾", "需", "1.0", "有", "Y", "yes", "TRUE", "1", "ｙ"]
)
def test_yes(text):
    assert cells.read_yes_no(text) is True


@pytest.mark.parametrize("text", ["否", "不是", "×", "❌", "叉", "非", "0.0", "无", "N", "no", "False", "0"])
def test_no(text):
    assert cells.read_yes_no(text) is False


@pytest.mark.parametrize("text", ["", "保密", "x", "?", "/", "—", "2", "是否", "暂无"])
def test_a_word_that_is_neither_yes_nor_no_is_refused(text):
    with pytest.raises(ValueError, match="不是“是”或“否”"):
        cells.read_yes_no(text)


@pytest.mark.parametrize("separator", ["；", ";", "、", "，", ",", "|", "｜", "\n", "， "])
def test_entries_are_parted_by_whatever_people_type(separator):
    assert cells.read_list(separator.join(["被困", "电梯困人", "", "被困"])) == ("被困", "电梯困人")


@pytest.mark.parametrize("text", ["2.02612E+19", "2.0261128E19", "1.2e+5"])
def test_a_number_that_a_spreadsheet_has_rounded_names_nothing(text):
    with pytest.raises(ValueError, match="科学计数"):
        cells.read_number_of_order(text)


@pytest.mark.parametrize(
    "text",
    ["20261128000000000123", "0012", "A-1", "2E3X", "123456789012345", "1-2", "沪信访〔2026〕12号", "ORDER"],
)
def test_a_number_as_text_keeps_every_digit(text):
    assert cells.read_number_of_order(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 41,
        "a\nb",
        "#N/A",
        "-",
        "/",
        "无",
        "N/A",
        "null",
        "合计",
        "部门",
        "—",
        "1月2日",
        "2026-01-02 00:00:00",
        "2-Jan",
    ],
)
def test_a_number_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"^(编号|缺少工单编号|“.*”不像工单编号)"):
        cells.read_number_of_order(text)


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#########", "#value!"])
def test_what_excel_shows_where_a_formula_went_wrong_is_no_content(text):
    with pytest.raises(ValueError, match="出错的值"):
        cells.check_sound(text)


@pytest.mark.parametrize(
    "text",
    ["1-5", "1月5日", "2026-01-05", "2026-01-05 00:00:00", "2026/1/5", "5-Jan", "周一至周五", "1，2，3,4;5"],
)
def test_weekdays_that_excel_has_made_a_day_of_are_weekdays(text):
    assert cells.read_weekdays(text) == (1, 2, 3, 4, 5)


@pytest.mark.parametrize("text", ["", "0-5", "5-1", "8月1日", "2026-05-01", "周八"])
def test_what_is_no_weekday_is_refused(text):
    with pytest.raises(ValueError, match="1-5"):
        cells.read_weekdays(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("46027", (1, 2, 3, 4, 5)),
        ("一至五", (1, 2, 3, 4, 5)),
        ("周末", (6, 7)),
        ("每天", (1, 2, 3, 4, 5, 6, 7)),
        ("周六、日", (6, 7)),
    ],
)
def test_weekdays_in_words_and_as_excel_keeps_a_day(text, days):
    assert cells.read_weekdays(text) == days


@pytest.mark.parametrize("text", ["1899-12-30 09:00:00", "1900-01-00 09:00:00"])
def test_a_clock_time_on_the_day_that_is_none_is_a_clock_time(text):
    assert read_clock_time(text) == "09:00"


@pytest.mark.parametrize(
    ("text", "rounded"),
    [
        ("20261128000000000000", True),
        ("1234567890123450", True),
        ("20261128000000000123", False),
        ("100000000000000", False),
        ("A0000000000000000000", False),
    ],
)
def test_a_long_number_whose_end_is_all_zeros_may_have_been_rounded(text, rounded):
    assert cells.is_rounded(text) is rounded
