"""How surprising a count is: against tables of the negative binomial, at its edges, and for every past."""

import random
from fractions import Fraction
from math import comb, exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures.surprise import chance, common_dispersion, dispersion, expected, tail

pasts = st.lists(st.integers(0, 300), min_size=4, max_size=13)


def exact_tail(count, size, ratio):
    """P(X ≥ count) of a negative binomial with whole `size`, in fractions."""
    below = sum(comb(n + size - 1, n) * (1 - ratio) ** size * ratio**n for n in range(count))
    return float(1 - below)


@pytest.mark.parametrize(
    ("count", "size", "ratio"), [(1, 3, Fraction(1, 4)), (9, 2, Fraction(1, 2)), (40, 12, Fraction(1, 3))]
)
def test_the_tail_is_the_negative_binomials(count, size, ratio):
    mean = float(size * ratio / (1 - ratio))
    spread = float(size * ratio / (1 - ratio) ** 2)
    assert tail(count, mean, spread) == pytest.approx(exact_tail(count, size, ratio), rel=1e-9)


def test_the_chance_after_nothing_but_zeros_is_jeffreys():
    """Half a report in eight weeks: r = ½, p = 8/9; P(X ≥ 1) = 1 - (8/9)^½."""
    assert chance(1, [0] * 8) == pytest.approx(1 - (8 / 9) ** 0.5)


def test_where_counts_come_in_heaps_a_past_of_zeros_tells_less():
    """At a spread of 4 two reports in eight weeks are added, as half a heap: m = 2/8, variance 4 m (9/8)."""
    assert chance(3, [0] * 8, 4.0) == pytest.approx(tail(3, 0.25, 0.25 * 4 * 9 / 8))


def test_a_past_that_varies_more_makes_less_of_the_same_count():
    assert chance(20, [9, 11, 10, 10]) < chance(20, [1, 19, 2, 18]) / 10


def test_the_dispersion_is_one_at_least_and_where_nobody_can_tell():
    assert (dispersion([5]), dispersion([0, 0]), dispersion([5, 5, 5])) == (1, 1, 1)
    assert dispersion([0, 10]) == pytest.approx(10)  # variance 50 over mean 5


def test_without_a_past_nothing_is_said():
    with pytest.raises(ValueError, match="past"):
        chance(3, [])


@given(past=pasts, count=st.integers(0, 2000))
def test_a_chance_is_a_chance_and_falls_as_the_count_rises(past, count):
    here = chance(count, past)
    assert (
        0 <= chance(count + 1, past) <= here + 1e-9 <= 1 + 1e-9
    )  # sums of floats may differ in their last digits
    assert expected(past) > 0


def test_as_many_alerts_come_in_a_calm_time_as_the_threshold_says():
    """Poisson counts of a rate of 6, 4,000 times: at most twice as many below a chance of 0.01 as 0.01 says."""
    dice = random.Random(1)

    def poisson():
        left, n = 1.0, -1
        while left > 2.718281828459045**-6:
            left *= dice.random()
            n += 1
        return n

    false = sum(chance(poisson(), [poisson() for _ in range(8)]) <= 0.01 for _ in range(4000))
    assert 4 <= false <= 80


def varying(dice, mean, times):
    """A count that varies `times` as much as a Poisson count of this mean would."""
    left, rate = 1.0, dice.gammavariate(mean / (times - 1), times - 1)
    n = -1
    while left > exp(-rate):
        left *= dice.random()
        n += 1
    return n


def test_the_spread_of_all_places_is_found_again_whatever_their_size():
    dice = random.Random(2)
    pasts = [[varying(dice, mean, 3) for _ in range(8)] for mean in (1, 2, 5, 10, 20) * 40]
    assert common_dispersion(pasts) == pytest.approx(3, rel=0.15)
    assert common_dispersion([[0, 0], [4]]) is None


@pytest.mark.parametrize(("common", "spread"), [(None, 10), (10, 10), (1, 1.36), (4, 4.24)])
def test_a_places_own_spread_is_drawn_towards_that_of_all(common, spread):
    assert dispersion([0, 10], common) == pytest.approx(spread)


def test_a_place_that_tells_nothing_of_its_spread_has_that_of_all():
    assert (dispersion([0, 0], 3.0), dispersion([5], 3.0), dispersion([0, 0])) == (3, 3, 1)


def test_where_counts_vary_the_pooled_spread_holds_false_alerts_near_the_threshold():
    """2,000 calm places that vary three times as much as Poisson counts: at a threshold of 0.01 alone five times as many."""
    dice, alone, pooled = random.Random(3), 0, 0
    places = [[varying(dice, 6, 3) for _ in range(9)] for _ in range(2000)]
    common = common_dispersion(place[:-1] for place in places)
    for *past, last in places:
        alone += chance(last, past) <= 0.01
        pooled += chance(last, past, common) <= 0.01
    assert pooled <= 1.5 * 0.01 * len(places)
    assert pooled < alone


@pytest.mark.parametrize("mean", [0.3, 1, 3])
def test_rare_kinds_that_come_in_heaps_alert_no_more_than_the_threshold_says(mean):
    """4,000 calm weeks whose counts vary four times as much as Poisson's, at a threshold of 0.01."""
    dice = random.Random(4)
    places = [[varying(dice, mean, 4) for _ in range(9)] for _ in range(4000)]
    common = common_dispersion(place[:-1] for place in places)
    false = sum(chance(last, past, common) <= 0.01 for *past, last in places)
    assert false <= 1.5 * 0.01 * len(places)
