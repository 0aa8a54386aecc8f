"""A text in outline: letters for groups of like words, whatever the words (rule 21)."""

import pytest

from chalicelib.domain.understanding.outline import GROUPS, outline


def letters(*names):
    return "".join(chr(0x3500 + list(GROUPS).index(name)) for name in names)


def test_other_words_of_the_same_story_have_the_same_outline():
    one = outline("我投诉了，第二天就停水")
    assert one == letters("sufferer", "raised", "then", "shut_off")
    assert outline("老伴举报，隔天马上断电") == one


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("没来过", ("untrue",)),  # the longest word, not "not"
        ("收款码", ("gift",)),
        ("打电话", ("raised",)),  # not "force"
        ("", ()),
        ("绿树", ()),
    ],
)
def test_of_words_that_begin_alike_the_longest_counts(text, groups):
    assert outline(text) == letters(*groups)


def test_what_follows_itself_counts_once_and_amounts_are_all_alike():
    assert outline("我妈我爸") == letters("sufferer")
    assert outline("三百") == outline("5块") != ""


def test_whoever_has_a_part_stands_where_the_text_names_them():
    assert outline("甲把我骂了", "甲乙") == "甲" + letters("sufferer", "abuse")
    assert outline("甲把我骂了") == letters("sufferer", "abuse")
