"""How long it usually takes: quantiles of the town's own closed tickets, from enough of them, and how true they come out."""

import random
from datetime import timedelta

import pytest

from chalicelib.domain.figures.similar_closed import KEPT, Closed
from chalicelib.domain.figures.usual import FEWEST, Lived, coverage, usual
from tests.domain.life import NOW


def solved(days, *, unit="WY", closed_at=NOW, number=0):
    return Closed(ticket_id=f"T{number:06d}", closed_at=closed_at, unit=unit, track="simple", days=days)


def test_half_and_eight_of_ten():
    found = usual([solved(days) for days in range(1, 21)], "WY", NOW)
    assert (found.of, found.half, found.most, found.unit) == (20, 10, 16, "WY")
    assert "20 件：一半在 10 天内，10 件里 8 件在 16 天内" in found.words("楼道照明")


@pytest.mark.parametrize(("n", "is_said"), [(FEWEST - 1, False), (FEWEST, True), (FEWEST + 1, True)])
def test_of_too_few_nothing_is_said(n, is_said):
    assert (usual([solved(3)] * n, "", NOW) is not None) is is_said


def test_a_unit_with_enough_of_its_own_is_not_spoken_of_with_others():
    other = [solved(30, unit="OFF")] * FEWEST
    assert usual([solved(1)] * FEWEST + other, "WY", NOW).most == 1
    few = usual([solved(1)] * (FEWEST - 1) + other, "WY", NOW)
    assert (few.unit, few.of, few.most) == ("", 2 * FEWEST - 1, 30)


def test_whom_nobody_confirmed_and_what_is_over_a_year_old_is_not_counted():
    old = [solved(9, closed_at=NOW - KEPT - timedelta(seconds=1))] * FEWEST
    assert usual([solved(None)] * FEWEST + old, "", NOW) is None


def test_it_is_said_that_it_was_and_never_how_likely_this_one_is_to_be_late():
    words = usual([solved(0)] * FEWEST, "", NOW).words("楼道照明")
    assert "一半在当天" in words
    assert "不改变这一件的时限" in words
    assert not any(word in words for word in ("超期", "概率", "可能"))


def a_past(days_of, n=300):
    draw = random.Random(7)
    past = []
    for number in range(n):
        days = days_of(draw, number)
        received = NOW + timedelta(days=number)
        past.append(
            Lived(received.date(), solved(days, closed_at=received + timedelta(days=days), number=number))
        )
    return past


def test_in_a_town_that_stays_as_it_is_the_quantiles_hold():
    found = coverage(a_past(lambda draw, _: int(draw.expovariate(1 / 6))), most_read=100)
    assert found.told + found.untold == 300
    assert 0.45 < found.within_half / found.told < 0.65
    assert 0.74 < found.within_most / found.told < 0.9


def test_in_a_town_that_grows_slower_the_coverage_shows_it():
    found = coverage(a_past(lambda draw, n: int(draw.expovariate(1 / 3)) + n // 10), most_read=100)
    assert found.within_most / found.told < 0.5


def test_nobody_is_told_of_what_was_closed_later():
    late = [Lived(NOW.date(), solved(1, closed_at=NOW + timedelta(days=1), number=n)) for n in range(40)]
    assert coverage(late, most_read=100).told == 0
