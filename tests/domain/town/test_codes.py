"""Point codes and ticket numbers: what is caught when people type and say them."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.town import codes

seeds = st.integers(0, 2**32)
point_codes = seeds.map(lambda seed: codes.new_point_code(Random(seed)))
days = st.dates(date(2024, 8, 1), date(2099, 12, 31))
numbers = st.builds(lambda day, seed: codes.new_ticket_number(day, Random(seed)), days, seeds)


def swapped(text, at):
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


@given(point_codes)
def test_a_new_point_code_is_short_and_has_no_characters_that_look_alike(code):
    assert len(code) == 7
    assert not set(code) & set("0O1IL")
    assert not codes.is_mistyped(code)


@given(point_codes, st.integers(0, 6), st.sampled_from(codes.ALPHABET))
def test_every_single_wrong_character_of_a_point_code_is_caught(code, at, letter):
    wrong = code[:at] + letter + code[at + 1 :]
    assert codes.is_mistyped(wrong) == (wrong != code)


@given(point_codes, st.integers(0, 5))
def test_every_swap_of_neighbours_in_a_point_code_is_caught(code, at):
    wrong = swapped(code, at)
    assert codes.is_mistyped(wrong) == (wrong != code)


@given(point_codes)
def test_a_point_code_may_be_typed_in_lower_case_with_spaces_dashes_and_full_width(code):
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for typed in (code.lower(), f" {code[:3]} {code[3:]}\n", f"{code[:3]}-{code[3:]}", wide):
        assert codes.normalise(typed) == code


def test_a_round_letter_typed_for_q_still_finds_the_code():
    code = next(c for c in (codes.new_point_code(Random(n)) for n in range(1000)) if "Q" in c)
    assert codes.normalise(code.replace("Q", "0")) == code
    assert codes.normalise(code.replace("Q", "o")) == code


@pytest.mark.parametrize(
    "text", ["", "ABC", "23456789", "<script>", "码上就来码上来", "0000000", "A" * 5000, "../../etc"]
)
def test_what_is_no_point_code_is_called_mistyped(text):
    assert codes.is_mistyped(codes.normalise(text))


@given(point_codes)
def test_one_character_too_few_or_too_many_is_mistyped(code):
    assert codes.is_mistyped(code[:-1])
    assert codes.is_mistyped(code + "A")


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert codes.normalise(codes.normalise(text)) == codes.normalise(text)


def test_a_ticket_number_tells_its_day():
    assert codes.new_ticket_number(date(2026, 11, 22), Random(1)).startswith("MS261122-")


@given(numbers)
def test_a_ticket_number_is_understood_in_every_spelling(number):
    bare = number.replace("-", "")
    for said in (number, bare, number.lower(), bare[2:], " ".join(bare), f"工单{number}"[2:]):
        assert codes.parse_ticket_number(said) == number


@given(numbers, st.integers(2, 16), st.sampled_from("0123456789ABCDEFGHJKMNPRSTUVWXYZ"))
def test_every_single_wrong_character_of_a_ticket_number_is_caught(number, at, letter):
    wrong = number[:at] + letter + number[at + 1 :]
    if number[at] != "-":
        assert (codes.parse_ticket_number(wrong) is None) == (wrong != number)


@given(numbers, st.integers(0, 11))
def test_every_swap_of_neighbours_in_a_ticket_number_is_caught(number, at):
    bare = number.replace("-", "")[2:]
    wrong = swapped(bare, at)
    assert codes.parse_ticket_number(wrong) == (number if wrong == bare else None)


@pytest.mark.parametrize(
    "text",
    ["", "MS", "MS261122", "MS261122-7K3QX9", "hello", "MS261122-7K3QX9-44", "١٢٣٤٥٦ABCDEFG", "X" * 9999],
)
def test_what_is_no_ticket_number_is_not_taken_for_one(text):
    assert codes.parse_ticket_number(text) is None
