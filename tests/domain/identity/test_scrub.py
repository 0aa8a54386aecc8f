"""What identifies a person leaves the text (rule 41), and what does not stays."""

import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.identity.scrub import normal_phone, scrub

MASK = "［已隐去］"
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
dates = st.dates(date(1930, 1, 1), date(2025, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
id_cards = st.builds(
    lambda place, born, rest: place + born + rest,
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    dates,
    st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True),
)
separators = st.sampled_from(["", " ", "-", "—", " - ", "·", "\u200b", "－", "_", "\u3000", "/", ","])
scripts = st.sampled_from(["0123456789", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
around = st.text(max_size=12)


@given(around, mobiles, around)
@example("", "13812345678", "5")
@example("0086", "13812345678", "")
@example("微信", "13812345678", "x")
def test_no_mobile_number_survives_whatever_stands_around_it(before, mobile, after):
    assert mobile not in scrub(before + mobile + after)


@given(around, id_cards, around)
@example("ID", "11010519491231002X", "abc")
@example("9", "110105194912310021", "9")
def test_no_id_card_survives_whatever_stands_around_it(before, card, after):
    assert card not in scrub(before + card + after)


@given(mobiles, separators, scripts)
def test_a_mobile_number_in_groups_or_other_digits_does_not_survive(mobile, separator, script):
    written = separator.join((mobile[:3], mobile[3:7], mobile[7:])).translate(
        str.maketrans("0123456789", script)
    )
    assert scrub(f"请打{written}找我") == f"请打{MASK}找我"


@given(st.text(max_size=80))
@example("138" + MASK + "12345678")
def test_scrubbing_twice_is_as_scrubbing_once(text):
    assert scrub(scrub(text)) == scrub(text)


@given(
    st.text(alphabet=st.characters(exclude_categories=["N", "L"]), max_size=40),
    st.sampled_from("，。：；（）！？“”"),
)
def test_nothing_else_of_the_text_is_changed(text, mark):
    written = f"四号楼{mark}灯坏了{mark}{text}"
    assert scrub(written) == written


@pytest.mark.parametrize(
    "private",
    [
        "13812345678", "138-1234-5678", "138 1234 5678", "+86 138 1234 5678", "8613812345678", "008613812345678", "１３８１２３４５６７８",
        "1 3 8 1 2 3 4 5 6 7 8", "021-64101234", "(021) 64101234", "0512-6410 1234", "021-64101234转808", "64101234", "6410-1234",
        "310104198001011234", "31010419800101123X", "31010419800101123x", "310104 19800101 1234", "310104800101123",
        "wang.xiao+1@example.com.cn", "ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "沪A12345", "沪a12345", "沪A·D12345", "沪AD12345", "苏E 1234警", "粤Z1234港",
    ],
)  # fmt: skip
def test_what_identifies_a_person_is_masked(private):
    assert scrub(f"我是老王，{private}，请回电") == f"我是老王，{MASK}，请回电"


@pytest.mark.parametrize(
    "ordinary",
    [
        "12345", "110", "119", "962777", "4号楼1302室", "31弄5号601室", "银都路1234号", "2026年11月22日", "2026-11-22", "20261122",
        "2026.11.22 18:30", "2024-2025年", "2024年8月", "18:30到22:00", "15.5元", "3000元", "5000-6000元", "房租12000元", "1500万",
        "20多家商户", "7.5倍", "G1501高速", "M15号线", "95%", "MS261122-7K3QX9-4", "第5车道", "沪闵路", "A栋", "40 50 60岁", "3-5次",
        "23时59分59秒", "100-200平方米", "32000000元", "30000000-50000000元", "①②③", "㎡",
    ],
)  # fmt: skip
def test_ordinary_numbers_and_words_survive(ordinary):
    text = f"每天{ordinary}，请看看"
    assert scrub(text) == text


def test_every_match_is_masked_not_only_the_first():
    text = "我13812345678，我爱人13987654321，车牌沪A12345，邮箱a@b.cn"
    assert not re.search(r"\d{5}|@", scrub(text))
    assert scrub(text).count(MASK) == 4


@pytest.mark.parametrize(
    "typed", ["13812345678", "138 1234 5678", "+86-138-1234-5678", "1381234５６７８", "８６13812345678"]
)
def test_one_phone_has_one_normal_form(typed):
    assert normal_phone(typed) == "13812345678"
