"""The parameters of a query are of the types that a route declares; what is of another kind is refused, not guessed."""

from datetime import date
from enum import StrEnum
from types import SimpleNamespace

import pytest

from chalicelib.api import http, queries
from chalicelib.api.http import Declared, Key
from chalicelib.domain.errors import Invalid


class Fruit(StrEnum):
    APPLE = "apple"
    PEAR = "pear"


class Vegetable(StrEnum):
    LEEK = "leek"


@pytest.fixture
def asked():
    """The query of a request to a route that declares a day, a word, a flag and a text."""
    declared = Declared(200, None, (), {"day": date, "fruit": Fruit, "keep": bool, "text": str}, Key.NONE)
    query = {}
    token = http._request.set(SimpleNamespace(declared=declared, query_params=query))
    yield query
    http._request.reset(token)


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (None, None),
        ("", None),
        ("2000-01-01", date(2000, 1, 1)),
        ("2999-12-31", date(2999, 12, 31)),
    ],
)
def test_a_day_is_read_as_it_is_written(asked, given, day):
    asked["day"] = given
    assert queries.day("day") == day


@pytest.mark.parametrize("given", ["1999-12-31", "3000-01-01", "2026-02-30", "昨天"])
def test_what_is_no_day_of_ours_is_refused(asked, given):
    asked["day"] = given
    with pytest.raises(Invalid, match="2026-11-23"):
        queries.day("day")


def test_a_word_is_one_of_its_list_or_refused_with_the_list(asked):
    assert queries.word("fruit", Fruit) is None
    asked["fruit"] = "pear"
    assert queries.word("fruit", Fruit) is Fruit.PEAR
    asked["fruit"] = "pears"
    with pytest.raises(Invalid, match="apple、pear"):
        queries.word("fruit", Fruit)


@pytest.mark.parametrize(
    ("given", "held"), [(None, False), ("0", False), ("false", False), ("1", True), ("true", True)]
)
def test_a_flag_holds_where_it_is_given(asked, given, held):
    asked["keep"] = given
    assert queries.flag("keep") is held


@pytest.mark.parametrize(
    "reading",
    [
        lambda: queries.word("fruit", Vegetable),
        lambda: queries.day("text"),
        lambda: http.parameter("fruit"),
    ],
    ids=["another list", "a day that is declared a text", "a text that is declared a list"],
)
def test_a_parameter_is_read_as_what_it_is_declared(asked, reading):
    with pytest.raises(LookupError, match="does not declare it"):
        reading()
