"""When two reports look like one matter (rule 66)."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.classes.fingerprints import BINS, EMPTY, anchors, likeness, sketch
from chalicelib.domain.classes.similarity import (
    ALIKE,
    ALIKE_NEAR,
    MOST_SHELVES,
    Likeness,
    Shared,
    compare,
    held_together,
    look,
    shared,
    shelves,
)
from tests.service import MONDAY
from tests.towns import built, small_files

TOWN, _ = built(small_files())
AT_P41 = ("T", "A", "N", "G", "B4", "P41")
AT_P42 = ("T", "A", "N", "G", "B4", "P42")
IN_GRID = ("T", "A", "N", "G")
IN_STREET = ("T", "A", "S", "SG", "SP")
TEXTS = st.text(alphabet=string.ascii_letters + "楼道灯坏了三天没有人修理电梯困人🙂 ，。", max_size=200)


@given(TEXTS)
def test_a_text_is_wholly_like_itself_unless_there_is_nothing_to_read(text):
    made = sketch(text)
    assert likeness(made, made) == (0.0 if made == sketch("") else 1.0)


@given(TEXTS, TEXTS)
def test_likeness_is_mutual_and_between_nothing_and_all(one, other):
    found = likeness(sketch(one), sketch(other))
    assert 0.0 <= found <= 1.0
    assert found == likeness(sketch(other), sketch(one))


@given(TEXTS)
def test_a_sketch_has_one_size_and_a_report_at_most_eleven_keys(text):
    assert len(sketch(text)) == 2 * BINS
    for path in (AT_P41, IN_STREET, ("T",)):
        assert len(shelves(look("t", path, "F1", text, TOWN, MONDAY), text)) <= MOST_SHELVES


@pytest.mark.parametrize("text", ["", "，。！", "🙂🙂🙂"])
def test_what_holds_no_letter_is_like_nothing(text):
    assert sketch(text) == EMPTY.to_bytes(2, "big") * BINS
    assert likeness(sketch(text), sketch("楼道灯坏了")) == 0.0
    assert anchors(text, 3, 6) == ()


@pytest.mark.parametrize("text", ["灯", "灯坏", "a"])
def test_one_character_is_enough_to_find_the_same_again(text):
    assert anchors(text, 3, 6) == anchors(text, 3, 6) != ()
    assert likeness(sketch(text), sketch(text)) == 1.0


def test_width_and_case_and_punctuation_do_not_make_a_difference():
    assert sketch("４号楼ABC，灯坏了！") == sketch("4号楼abc灯坏了")


def test_the_estimate_is_near_the_true_share_of_bigrams():
    one, other = (
        "".join(map(chr, range(0x4E00, 0x4E00 + 400))),
        "".join(map(chr, range(0x5E00, 0x5E00 + 400))),
    )
    mixed = one[:200] + other[:200]  # a third of all bigrams in common
    assert likeness(sketch(one), sketch(mixed)) == pytest.approx(1 / 3, abs=0.15)
    assert likeness(sketch(one), sketch(other)) <= 0.25


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (AT_P41, AT_P41, Shared.HERE),
        (AT_P41, AT_P42, Shared.HERE),  # one building
        (AT_P41, IN_GRID, Shared.NEAR),
        (AT_P41, IN_STREET, Shared.NO),  # an area is no shared place
        (AT_P41, ("T",), Shared.NO),
        ((), AT_P41, Shared.NO),
    ],
)
def test_a_place_is_shared_within_a_building_or_a_neighbourhood(one, other, found):
    assert shared(one, other, TOWN) is found
    assert shared(other, one, TOWN) is found


@pytest.mark.parametrize(
    ("text", "place", "same_category", "is_repeat"),
    [
        (ALIKE - 0.01, Shared.NO, True, False),
        (ALIKE, Shared.NO, False, True),
        (ALIKE + 0.01, Shared.NO, False, True),
        (ALIKE_NEAR - 0.01, Shared.NEAR, True, False),
        (ALIKE_NEAR, Shared.NEAR, False, True),
        (ALIKE_NEAR + 0.01, Shared.NEAR, False, True),
        (0.0, Shared.HERE, True, True),
        (0.0, Shared.HERE, False, False),
    ],
)
def test_a_shared_place_lets_the_text_threshold_drop(text, place, same_category, is_repeat):
    assert Likeness(text=text, shared=place, same_category=same_category).is_repeat is is_repeat


def test_a_reason_says_place_category_and_text():
    one = look("a", AT_P41, "F1", "楼道的灯坏了三天", TOWN, MONDAY)
    other = look("b", AT_P42, "F1", "楼道的灯坏了没人修", TOWN, MONDAY)
    found = compare(one, other, TOWN)
    assert found.is_repeat
    assert found.reason.startswith("同一地点，类别相同，内容相近（")


def test_a_report_whose_place_is_only_typed_is_looked_for_by_its_words_alone():
    typed = look("a", ("T",), "F1", "望月路口的灯不亮了", TOWN, MONDAY)
    assert all(key.startswith("W#") for key in shelves(typed, "望月路口的灯不亮了"))


BIN = st.sampled_from([0, 1, 0x7FFF, 0x8000, 0xFFFE, EMPTY]) | st.integers(0, EMPTY)


@given(st.lists(st.tuples(BIN, BIN), min_size=BINS, max_size=BINS))
def test_likeness_is_the_share_of_equal_bins_among_those_that_are_not_empty_in_both(pairs):
    one, other = (b"".join(each.to_bytes(2, "big") for each in side) for side in zip(*pairs, strict=True))
    told = [(a, b) for a, b in pairs if not a == b == EMPTY]
    assert likeness(one, other) == (sum(a == b for a, b in told) / len(told) if told else 0.0)


LIFT = "银杏嘉园四台电梯天天坏，物业不来修"
WORDS = {
    "lift": LIFT,
    "again": "银杏嘉园四台电梯又天天坏，没人来修",
    "smoke": "银杏嘉园楼下饭店油烟天天熏，没人来管",
    "smoke too": "银杏嘉园饭店油烟天天熏得开不了窗",
}


@pytest.mark.parametrize(
    ("given", "held"),
    [
        (("lift", "again"), {"lift", "again"}),
        (("lift", "again", "smoke"), {"lift", "again"}),
        (("lift", "smoke"), set()),
        (("lift", "again", "smoke", "smoke too"), {"lift", "again", "smoke", "smoke too"}),
        (("lift", "again", "unknown"), {"lift", "again", "unknown"}),
    ],
)
def test_a_class_holds_who_is_much_alike_to_one_or_somewhat_to_two(given, held):
    looks = {name: look(name, IN_GRID, "", text, TOWN, MONDAY) for name, text in WORDS.items()}
    assert held_together(given, looks, TOWN) == held
