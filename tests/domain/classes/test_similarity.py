"""When two reports look like one matter (rule 66)."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.classes.fingerprints import BINS, EMPTY, anchors, likeness, sketch
from chalicelib.domain.classes.similarity import (
    ALIKE,
    ALIKE_NEAR,
    MOST_SHELVES,
    Likeness,
    Shared,
    category_shelves,
    compare,
    held_together,
    is_open_match,
    look,
    open_reason,
    open_shelves,
    shared,
    shelves,
    spot_of,
    words,
    written,
)
from chalicelib.domain.tickets.ticket import Where
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
def test_a_sketch_has_one_size_and_a_report_at_most_twelve_keys(text):
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


@pytest.mark.parametrize(
    ("path", "spot"),
    [
        (AT_P41, "B4"),  # all of a building is one spot
        (("T", "A", "N", "G", "B4"), "B4"),
        (("T", "A", "S", "SG", "SP"), "SP"),
        (IN_GRID, ""),
        (("T",), ""),
        ((), ""),
    ],
)
def test_a_spot_is_a_building_or_a_point_in_the_open(path, spot):
    assert spot_of(path, TOWN) == spot


def test_what_everybody_may_know_are_the_point_and_the_category_in_its_neighbourhood_and_square():
    at_gate = look("t", IN_STREET, "F1", "路灯不亮", TOWN, MONDAY, (31.1101, 121.4501))
    squares = [f"G#{square}#F1" for square in at_gate.squares]
    assert open_shelves(at_gate) == ["P#SP", "C#S#F1", squares[0]]
    assert category_shelves(at_gate) == ["C#S#F1", *squares]
    assert written(at_gate, "路灯不亮") == [*shelves(at_gate, "路灯不亮"), *squares[1:]]
    uncategorised = look("t", IN_STREET, None, "路灯不亮", TOWN, MONDAY)
    assert (open_shelves(uncategorised), category_shelves(uncategorised)) == (["P#SP"], [])
    assert open_shelves(look("t", (), "F1", "路灯不亮", TOWN, MONDAY)) == []


@pytest.mark.parametrize(
    ("shared_", "category", "other", "approved", "shown"),
    [
        (Shared.NEAR, "F1", "F1", "", True),
        (Shared.NEAR, "F1", "Q", "", False),
        (Shared.NEAR, "F1", "Q", "楼道的灯坏了", True),  # by the words that the desk approved
        (Shared.NEAR, "F1", "Q", "有狗在叫", False),
        (Shared.HERE, "", "", "", True),  # of no category yet, at the very spot
        (Shared.NEAR, "", "", "", False),
        (Shared.HERE, "F1", "", "", False),
        (Shared.HERE, "", "F1", "", False),
        (Shared.NO, "F1", "F1", "楼道的灯坏了", False),
    ],
)
def test_a_resident_is_shown_what_is_near_by_its_category_or_by_approved_words(
    shared_, category, other, approved, shown
):
    mine, theirs = (look("t", AT_P41, code, "楼道的灯坏了", TOWN, MONDAY) for code in (category, other))
    of = Likeness(text=0.9, shared=shared_, same_category=bool(category) and category == other)
    assert is_open_match(mine, theirs, approved, of) is shown


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ((Shared.HERE, True), "同一地点，类别相同"),
        ((Shared.BESIDE, False), "相距不到60米"),
        ((Shared.NEAR, True), "同一小区或街区，类别相同"),
    ],
)
def test_why_a_resident_is_shown_it_says_nothing_of_how_alike_the_words_are(of, said):
    assert open_reason(Likeness(text=0.9, shared=of[0], same_category=of[1])) == said


def test_what_is_compared_is_the_report_with_the_place_where_it_was_only_typed():
    assert words(Where(place="B4", name="4号楼"), "灯坏了") == "灯坏了"
    assert words(Where(name="望月路口"), "灯坏了") == "望月路口 灯坏了"


BIN = st.sampled_from([0, 1, 0x7FFF, 0x8000, 0xFFFE, EMPTY]) | st.integers(0, EMPTY)


@settings(max_examples=20)  # each draws all the bins of two sketches
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


# --- by distance: a point in the open beside an estate's wall, 31.1 north, where 0.0001 degrees of latitude are 11.1 metres ---
GATE = (31.1010, 121.4)
WORDS_OF_GATE = "门口的路灯不亮了"


def at(name, path, position, category="F1", text=WORDS_OF_GATE):
    return look(name, path, category, text, TOWN, MONDAY, position)


@pytest.mark.parametrize(("north", "found"), [(0.00053, Shared.BESIDE), (0.00055, Shared.NO)])
def test_both_sides_of_a_wall_are_one_place_within_sixty_metres(north, found):
    inside = at("a", AT_P41, GATE)
    outside = at("b", IN_STREET, (GATE[0] + north, GATE[1]), text="外面黑得很，看不见台阶")
    of = compare(inside, outside, TOWN)
    assert (of.shared, of.is_repeat) == (found, found is Shared.BESIDE)
    assert ("相距不到60米" in of.reason) is (found is Shared.BESIDE)
    other = at("c", IN_STREET, GATE, category="F2", text="外面黑得很，看不见台阶")
    assert not compare(inside, other, TOWN).is_repeat


def test_two_buildings_are_two_places_however_near_and_the_very_point_is_itself():
    beside = ("T", "A", "N", "G", "B4", "P42")
    assert compare(at("a", AT_P41, GATE), at("b", beside, GATE), TOWN).shared is Shared.HERE
    outside = at("c", IN_STREET, None)
    assert compare(at("a", AT_P41, GATE), outside, TOWN).shared is Shared.NO
    houses = TOWN.model_copy(
        update={
            "places": (
                *TOWN.places,
                TOWN.find_place("B4").model_copy(update={"code": "B5", "path": ("T", "A", "N", "G", "B5")}),
            ),
            "version": "two houses",
        }
    )
    one, other = at("a", AT_P41, GATE), at("b", ("T", "A", "N", "G", "B5"), GATE)
    assert compare(one, other, houses).shared is Shared.NEAR


@given(
    st.floats(0, 0.002, exclude_max=True),
    st.floats(0, 0.002, exclude_max=True),
    st.floats(-0.00053, 0.00053),
    st.floats(-0.00061, 0.00061),
)
def test_whatever_lies_within_sixty_metres_is_found_under_a_square_that_the_other_is_written_to(
    y, x, up, right
):
    one = (31.1 + y, 121.4 + x)
    other = (one[0] + up, one[1] + right)
    kept, asked = at("a", AT_P41, one), at("b", IN_STREET, other)
    if compare(asked, kept, TOWN).shared is Shared.BESIDE:
        common = set(shelves(asked, WORDS_OF_GATE)) & set(written(kept, WORDS_OF_GATE))
        assert any(key.startswith("G#") for key in common)
    assert len(written(kept, WORDS_OF_GATE)) <= MOST_SHELVES + 3


def test_without_a_category_or_a_position_no_square_is_asked():
    for asked in (at("a", AT_P41, GATE, category=None), at("b", IN_STREET, None)):
        assert not any(key.startswith("G#") for key in written(asked, WORDS_OF_GATE))


def test_a_report_without_a_position_of_its_own_lies_where_its_building_does():
    house = TOWN.find_place("B4")
    assert at("a", AT_P41, None).position == house.position != GATE
    assert at("a", AT_P41, GATE).position == GATE
