"""A refusal speaks the form's language: every field of every body has a name, and none shows the program's."""

import re

import pytest
from pydantic import ValidationError

import app  # noqa: F401  (defines every body)
from chalicelib.api import bodies
from chalicelib.api.field_names import FIELD_NAMES, field_name
from chalicelib.api.http import RequestBody, _in_chinese


def every_body(of=RequestBody):
    for body in of.__subclasses__():
        if body.__module__.startswith("chalicelib."):
            yield body
        yield from every_body(body)


ALL = sorted(set(every_body()), key=lambda body: f"{body.__module__}.{body.__name__}")


def sentence(body, given):
    with pytest.raises(ValidationError) as refused:
        body.model_validate(given)
    return _in_chinese(refused.value)


def test_every_field_of_every_body_has_a_name_for_people():
    assert len(ALL) > 40
    used = {name for body in ALL for name in body.model_fields}
    assert {name.removesuffix("_") for name in used} <= set(FIELD_NAMES)


@pytest.mark.parametrize("body", ALL, ids=lambda body: body.__name__)
def test_no_refusal_shows_a_fields_internal_name(body):
    keys = [field.alias or name for name, field in body.model_fields.items()]
    wrong = {key: {"x": object()} for key in (*keys, "no_such_field")}
    assert not re.search(r"[a-z_]{3,}", sentence(body, wrong))


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (("text",), "内容"),
        (("contact", "phone"), "电话"),
        (("photos", 1), "照片第2项"),
        (("from_",), "开始时间"),
        ((), "内容"),
    ],
)
def test_a_field_is_called_as_on_the_form(where, name):
    assert field_name(where) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "灯",
        "\u200b\u200b\u200b",
        "\u3164\u3164",
        "\u2800" * 5,
        "\ufeff灯\u200d",
        "\u200e \u200f",
        "\U000e0041" * 9,
    ],
)
def test_what_cannot_be_seen_is_no_text(text):
    assert sentence(bodies.TextBody, {"text": text}) == "内容：写得太短，请至少写两个字"


@pytest.mark.parametrize("text", ["灯坏", "灯!", "👨‍👩‍👧老人", "ok", "１２"])
def test_two_characters_that_can_be_read_are_a_text(text):
    assert bodies.TextBody(text=text).text == text


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("", ""),
        ("１３８００１３８０００", "13800138000"),
        ("13800138000（微信同号）", "13800138000"),
        ("13800138000 / 021-62345678", "13800138000、021-62345678"),
    ],
)
def test_a_phone_is_kept_as_it_can_be_called(phone, kept):
    assert bodies.ContactBody(phone=phone).phone == kept


@pytest.mark.parametrize("phone", ["12345", "1380013800", "138****8000", "没有"])
def test_a_phone_that_cannot_be_called_is_said_so_at_once(phone):
    assert "这个号码打不通" in sentence(bodies.ContactBody, {"phone": phone})
