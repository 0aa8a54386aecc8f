"""What a trained model says of a report: which label, how sure, by which words; and how its file refuses damage (rule 60)."""

import json
import zlib
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.understanding.model_file import MOST_BYTES, Learned, Unusable, dump, load
from chalicelib.domain.understanding.text_model import Guess, Step, TextModel, grams, normal

LIGHT, NOISE = "B01", "E01"


def file_of(words: dict[str, tuple[int, ...]], labels=(LIGHT, NOISE), **more) -> bytes:
    hashes = [list(grams(word))[-1] for word in words]
    learned = Learned(hashes, list(words.values()), labels, more.pop("intercepts", [0.0] * len(labels)))
    given = {
        "steps": [Step(0, 0.5), Step(50, 0.9)],
        "title_weight": 2.0,
        "provenance": {"rows": 2},
    } | more
    return dump(learned, **given)


def model_of(words: dict[str, tuple[int, ...]], **more) -> TextModel:
    return load(file_of(words, **more))


SMALL = {"路灯": (90, -90), "电钻": (-90, 90), "吵": (-20, 40)}


def test_the_label_with_the_heaviest_words_is_suggested_with_those_words():
    guess = model_of(SMALL).guess("", "装修电钻太吵")

    assert guess is not None
    assert (guess.label, guess.words) == (NOISE, ("电钻",))


def test_each_fields_sum_is_divided_by_the_root_of_its_length_and_the_title_counts_more():
    scores = model_of(SMALL).scores("路灯", "路灯路灯")

    assert scores[0] == pytest.approx(2.0 * 90 / 2**0.5 + 180 / 4**0.5)


def test_full_width_case_spaces_and_punctuation_make_no_difference():
    assert normal("Ａ１ 路灯，不亮！\n") == "a1路灯不亮"


@pytest.mark.parametrize("text", ["", " ", "😀😀", "，。！", "zzz", "天"])
def test_a_text_without_any_known_piece_gets_no_guess(text: str):
    assert model_of(SMALL).guess("", text) is None


@pytest.mark.parametrize(("margin", "confidence"), [(-1, 0.0), (0, 0.5), (49.9, 0.5), (50, 0.9), (1e9, 0.9)])
def test_the_confidence_is_that_of_the_highest_step_reached(margin: float, confidence: float):
    assert model_of(SMALL).confidence(margin) == confidence


def test_three_choices_come_with_how_often_each_was_right_and_how_far_that_may_be_off():
    steps = [Step(0, 0.5, (0.3, 0.1), 96), Step(50, 0.9, (0.05, 0.02), 96)]
    model = model_of({"路": (90, 20, -90)}, labels=("a", "b", "c"), steps=steps)
    choices = model.guess("", "路").choices
    assert [(each.label, each.share) for each in choices] == [("a", 0.9), ("b", 0.05), ("c", 0.02)]
    assert choices[0].error == pytest.approx(1.96 * (0.9 * 0.1 / 100) ** 0.5, abs=0.001)


def test_of_letters_nothing_is_told_by_what_short_reports_have_taught():
    model = model_of(SMALL, long_steps=[Step(0, 0.8, (0.1,), 60)])
    letter, report = model.guess("", "路灯" + "很" * 78), model.guess("", "路灯" + "很" * 77)
    assert letter.confidence == 0.8
    assert report.confidence == 0.5
    assert model_of(SMALL).guess("", "路灯" + "很" * 78).choices[0].share is None


@given(st.text(max_size=2000), st.text(max_size=200))
def test_any_text_is_read_and_gives_the_sum_of_its_grams(body: str, title: str):
    model = model_of({"路": (127, -127, 0), "灯亮": (-127, 3, 127)}, labels=("a", "b", "c"))
    expected = [0.0, 0.0, 0.0]
    known = {list(grams("路"))[-1]: (127, -127, 0), list(grams("灯亮"))[-1]: (-127, 3, 127)}
    for text, factor in ((normal(title), 2.0), (normal(body), 1.0)):
        for gram in grams(text):
            for label, weight in enumerate(known.get(gram, (0, 0, 0))):
                expected[label] += factor * weight / len(text) ** 0.5

    assert model.scores(title, body) == pytest.approx(expected)


def test_two_thousand_times_the_heaviest_gram_do_not_spill_into_the_next_label():
    model = model_of({"路": (127, -127)})

    assert model.scores("", "路" * 2000) == pytest.approx([127 * 2000 / 2000**0.5, -127 * 2000 / 2000**0.5])


def damaged(content: bytes) -> list[bytes]:
    head, _, body = content.partition(b"\n")
    newer = json.loads(head) | {"format": "mslj-text-model 2"}
    short = json.loads(head) | {"grams": 99}
    return [
        b"",
        b"{}",
        b"\xff\xfe\n",
        content[:-1],
        content[: len(head)],
        head + b"\n" + body[:-1] + b"\x00",
        json.dumps(newer).encode() + b"\n" + body,
        json.dumps(short).encode() + b"\n" + body,
    ]


@pytest.mark.parametrize("content", damaged(file_of(SMALL)))
def test_a_damaged_file_or_one_of_another_version_is_refused(content: bytes):
    with pytest.raises(Unusable):
        load(content)


def test_a_model_that_would_exceed_300_kb_is_not_written():
    pieces = [chr(0x4E00 + n) for n in range(20_000)]
    random = Random(1)
    weights = [tuple(random.randint(-127, 127) for _ in range(39)) for _ in pieces]
    with pytest.raises(ValueError, match=str(MOST_BYTES)):
        file_of(
            dict(zip(pieces, weights, strict=True)), labels=[str(n) for n in range(39)], intercepts=[0.0] * 39
        )


@given(
    st.dictionaries(st.sampled_from("路灯电钻吵闹水管"), st.tuples(*[st.integers(-127, 127)] * 3), min_size=1)
)
def test_what_is_written_is_read_back_weight_by_weight(words: dict[str, tuple[int, int, int]]):
    model = model_of(words, labels=("a", "b", "c"))

    for piece, weights in words.items():
        assert model.scores("", piece) == pytest.approx(list(weights))


@pytest.mark.parametrize(("share", "is_proposed"), [(0.61, True), (0.6, True), (0.59, False), (0.0, False)])
def test_the_first_choice_is_put_forward_by_itself_where_it_was_right_in_six_of_ten(share, is_proposed):
    assert Guess(label="B01", confidence=share, words=()).is_proposed is is_proposed


@given(st.dictionaries(st.sampled_from("路灯电钻吵闹水管"), st.integers(-127, 127), min_size=1))
def test_of_two_labels_that_are_opposites_one_byte_a_gram_is_kept_and_both_are_read_back(
    words: dict[str, int],
):
    content = file_of({piece: (weight, -weight) for piece, weight in words.items()})

    assert json.loads(content.partition(b"\n")[0])["mirrored"]
    for piece, weight in words.items():
        assert load(content).scores("", piece) == pytest.approx([weight, -weight])


def test_two_labels_that_are_no_opposites_keep_both_their_weights():
    model = model_of({"路": (90, 5), "灯": (-3, 3)})

    assert model.scores("", "路") == pytest.approx([90, 5])


def test_a_file_from_before_gaps_and_mirrors_is_read_as_it_was():
    hashes = sorted((list(grams(word))[-1], weights) for word, weights in SMALL.items())
    body = zlib.compress(
        b"".join(gram.to_bytes(4, "little") for gram, _ in hashes)
        + bytes(weight & 0xFF for _, weights in hashes for weight in weights)
    )
    head = {
        "format": "mslj-text-model 1",
        "labels": [LIGHT, NOISE],
        "grams": len(hashes),
        "intercepts": [0.0, 0.0],
        "steps": [],
        "title_weight": 2.0,
        "sha256": sha256(body).hexdigest(),
    }
    old = load(json.dumps(head).encode() + b"\n" + body)

    for text in ("路灯", "装修电钻太吵"):
        assert old.scores("", text) == model_of(SMALL).scores("", text)
