"""Phones as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.tables.phones import is_callable, read_phones


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("13800138000", ["13800138000"]),
        ("138 0013 8000", ["13800138000"]),
        ("138-0013-8000", ["13800138000"]),
        ("１３８００１３８０００", ["13800138000"]),
        ("+86 13800138000", ["13800138000"]),
        ("86-13800138000", ["13800138000"]),
        ("008613800138000", ["13800138000"]),
        ("013800138000", ["13800138000"]),
        ("13800138000（微信同号）", ["13800138000"]),
        ("王阿姨13800138000晚上打", ["13800138000"]),
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("13800138000、021-62345678", ["13800138000", "021-62345678"]),
        ("13800138000,13800138000", ["13800138000"]),
        ("021-62345678", ["021-62345678"]),
        ("(021)6234 5678", ["021-62345678"]),
        ("（０２１）６２３４５６７８", ["021-62345678"]),
        ("02162345678", ["021-62345678"]),
        ("+86 21 62345678", ["021-62345678"]),
        ("0512-6234567", ["0512-6234567"]),
        ("62345678", ["62345678"]),
        ("6234-5678转801", ["62345678转801"]),
        ("6234 5678-801", ["62345678转801"]),
        ("021-62345678-13800138000", ["021-62345678", "13800138000"]),
        ("400-812-3456", ["4008123456"]),
    ],
)
def test_a_number_is_read_however_it_is_written(text, numbers):
    assert list(read_phones(text)) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "110",
        "无",
        "138****8000",
        "138××××8000",
        "1380013800",  # ten digits
        "138001380001",  # twelve
        "10800138000",  # no such mobile
        "02112345678",  # no line begins with 1
        "1.38E+10",
        "微信同号",
        "2026-11-29",
        "0",
    ],
)
def test_what_cannot_be_called_is_no_number(text):
    assert read_phones(text) == ()
    assert not is_callable(text)


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "（微信同号）", "，", "/", "转告本人", "、"]),
)
def test_a_mobile_number_survives_what_stands_around_it(number, beside):
    assert read_phones(f"{beside}{number}{beside}") == (number,)


@given(st.text(max_size=80))
def test_what_was_read_is_read_again_as_itself(text):
    for number in read_phones(text):
        assert read_phones(number) == (number,)
