"""What a report means: its direction, at its edges, and that words of one kind lie near each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.classes.meaning import direction, meaning_of
from chalicelib.gateways import triage_model


def cosine(one: str, other: str) -> float:
    model = triage_model.meanings()
    return sum(
        a * b
        for a, b in zip(direction(meaning_of(one, model)), direction(meaning_of(other, model)), strict=True)
    )


@pytest.mark.parametrize("text", ["", "。。。", "qwxz"])
def test_what_holds_no_known_word_means_nothing(text):
    assert meaning_of(text, triage_model.meanings()) == ""
    assert direction("") == ()


def test_without_a_model_nothing_is_known():
    assert meaning_of("楼道灯不亮", None) == ""


@pytest.mark.parametrize(
    ("said", "near", "far"),
    [
        ("晚上吵得睡不着", "半夜噪声太大", "井盖坏了一块"),
        ("楼上漏水", "天花板一直渗水", "老人办证要什么材料"),
        ("路面坑坑洼洼", "马路塌了一块", "食堂的菜太咸"),
        ("油烟呛人", "烧烤味熏得慌", "停车场抬杆不抬"),
    ],
)
def test_other_words_for_one_thing_lie_nearer_than_another_thing(said, near, far):
    assert cosine(said, near) > cosine(said, far)


@given(st.text(max_size=40))
def test_a_direction_has_length_one_or_is_none(text):
    found = direction(meaning_of(text, triage_model.meanings()))
    assert not found or sum(each * each for each in found) == pytest.approx(1)


def test_a_meaning_is_short_and_holds_no_letter_of_the_text():
    assert len(meaning_of("四号楼的电梯停在两层中间" * 40, triage_model.meanings())) == 44
