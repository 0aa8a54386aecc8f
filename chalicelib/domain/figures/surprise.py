"""How surprising a count is against the past of the same weekday. Pure Python; nothing here knows what is counted.

With a rate of unknown height and n past counts, the next count is negative binomial with mean m = (Σy + ½) / n and
variance m (1 + 1/n): the predictive distribution of a Poisson rate under Jeffreys' prior (Gelman et al., Bayesian Data
Analysis, 3rd ed., §2.6). Where the past varies more than Poisson by a factor φ, a count tells as much as y/φ Poisson ones:
m = (Σy + φ/2) / n and the variance is φ m (1 + 1/n). φ is the quasi-Poisson estimate max(1, s²/m), drawn towards that of
all places of the town, because eight weeks tell little of a spread; the negative binomial of that mean and variance is
taken (Noufaily et al., An improved algorithm for outbreak detection in multiple surveillance systems, Statistics in
Medicine 32, 2013).
"""

from collections.abc import Iterable, Sequence
from math import exp, lgamma, log
from statistics import fmean, variance

_NEGLIGIBLE = 1e-12
WEIGHT = 24  # counts that the spread of all places is worth beside a place's own


def expected(past: Sequence[int]) -> float:
    """What the past lets one expect: its mean, half a report more in all, so that nothing is impossible."""
    return (sum(past) + 0.5) / len(past)


def dispersion(past: Sequence[int], common: float | None = None) -> float:
    """How much more the past varies than Poisson counts would; 1 at least, and where there are too few to tell.

    `common`: that of all places (`common_dispersion`), which weighs as much as `WEIGHT` counts of this one.
    """
    mean = fmean(past)
    if len(past) < 2 or mean <= 0:
        return max(1.0, common or 1.0)
    own, freedom = variance(past) / mean, len(past) - 1
    return max(1.0, own if common is None else (own * freedom + common * WEIGHT) / (freedom + WEIGHT))


def common_dispersion(pasts: Iterable[Sequence[int]]) -> float | None:
    """What all places together tell of the spread: their squared deviations over what Poisson counts would give; None of nothing.

    Each past around its own mean, so that places of different size are alike.
    """
    found = [
        (variance(past) * (len(past) - 1), fmean(past) * (len(past) - 1)) for past in pasts if len(past) > 1
    ]
    poisson = sum(each for _, each in found)
    return max(1.0, sum(each for each, _ in found) / poisson) if poisson else None


def chance(count: int, past: Sequence[int], common: float | None = None) -> float:
    """The chance of `count` or more, were everything as in the past. Raises ValueError for an empty past."""
    if not past:
        raise ValueError("no past to compare with")
    varies = dispersion(past, common)
    mean = (sum(past) + varies / 2) / len(past)
    return tail(count, mean, mean * varies * (1 + 1 / len(past)))


def tail(count: int, mean: float, spread: float) -> float:
    """P(X ≥ count) of the negative binomial of this mean and variance `spread`, which must be larger than the mean."""
    if count <= 0:
        return 1.0
    size = mean * mean / (spread - mean)
    ratio = mean / (size + mean)
    term = exp(
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        + size * log(size / (size + mean))
        + count * log(ratio)
    )
    total, at = 0.0, count
    while term > _NEGLIGIBLE * total or at < mean:
        total += term
        term *= (at + size) / (at + 1) * ratio
        at += 1
    return min(total, 1.0)
