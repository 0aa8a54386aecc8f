"""Nothing that is hidden can be recalculated from what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures.small_numbers import SMALLEST, shown, shown_column, shown_share

columns = st.dictionaries(st.text(max_size=3), st.integers(0, 20), max_size=7)


@pytest.mark.parametrize(("number", "is_shown"), [(0, True), (1, False), (4, False), (5, True), (6, True)])
def test_numbers_from_one_to_four_are_not_shown(number, is_shown):
    assert (shown(number) == number) is is_shown


@pytest.mark.parametrize(
    ("column", "hidden"),
    [
        ({"a": 9, "b": 7}, ""),
        ({"a": 9, "b": 3}, "ab"),  # 12 - 9 would tell
        ({"a": 9, "b": 3, "c": 6}, "bc"),  # the next smallest goes along
        ({"a": 9, "b": 1, "c": 1}, "abc"),  # two of them that make two can only be one and one
        ({"a": 9, "b": 1, "c": 4}, "bc"),
        ({"a": 9, "b": 3, "c": 5}, "bc"),
        ({"a": 3, "b": 0}, "a"),
        ({}, ""),
    ],
)
def test_where_the_rest_would_tell_the_next_smallest_is_not_shown_either(column, hidden):
    assert {key for key, n in shown_column(column).items() if n is None} == set(hidden)


@given(columns)
def test_what_is_hidden_of_a_column_is_never_one_number_nor_less_than_five_together(column):
    told = shown_column(column)
    hidden = [column[key] for key, n in told.items() if n is None]
    assert all(n in (None, column[key]) for key, n in told.items())
    assert not any(n is not None and 0 < n < SMALLEST for n in told.values())
    if hidden and shown(sum(column.values())) is not None:
        assert len(hidden) >= 2
        assert sum(hidden) >= SMALLEST


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_share_tells_neither_a_small_part_nor_a_small_rest(numerator, rest):
    told = shown_share(numerator, numerator + rest)
    if told["numerator"] is not None:
        assert shown(numerator) == numerator
        assert shown(rest) == rest
    assert told["denominator"] is None or shown(told["denominator"]) is not None
