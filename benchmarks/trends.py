"""Trends: how often a calm town alerts, and how many bursts are found beside a Farrington test (issue of false alerts; decision 0084).

Towns are made by chance: places of many sizes whose counts vary so many times as much as Poisson's. The other test is that of
Farrington et al. (JRSS A 159, 1996), as health agencies run it weekly: a quasi-Poisson regression over half a year with a trend
where it is significant, past outbreaks weighed down by their Anscombe residuals, a threshold on the two-thirds scale, by
statsmodels. Both thresholds are set on calm series to the same rate of false alerts; then the same bursts are added to others.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from benchmarks.row import Row, Size
from chalicelib.domain.figures.alerts import WEEK, Kind, Reason, Thresholds, look, spread_of
from chalicelib.domain.figures.surprise import chance

MEANS = (0.3, 0.6, 1, 2, 3, 5, 8, 12, 20, 30)  # reports a week, of a place and kind
VARIES = (1, 1.5, 2, 3, 5)  # variance over mean
MOST_FALSE = 1.5  # times the nominal rate
WEEKS = 26  # that the other test looks back on
CALM_RATE = 0.01  # of false alerts a look, to which both are set
_DOWN = 2.58  # Anscombe residuals from which on a week of the past weighs less (Noufaily et al. 2013)
_TREND = 1.96


class Burst(NamedTuple):
    """`mean` reports a day, `varies` as above; for a week `more` a day on top."""

    mean: float
    varies: float
    more: float


BURSTS = (Burst(1, 1, 2), Burst(1, 2, 2), Burst(10, 3, 8))
Series = list[int]


def run(size: Size) -> list[Row]:
    dice = np.random.default_rng(84)
    towns, series = size.reports, max(8, size.reports // 2)
    return [_false(dice, towns), *(_found(dice, burst, series) for burst in BURSTS)]


def days(dice: np.random.Generator, mean: float, varies: float, count: int) -> Series:
    """Daily counts of one place and kind."""
    if varies <= 1:
        return [int(n) for n in dice.poisson(mean, count)]
    return [int(n) for n in dice.negative_binomial(mean / (varies - 1), 1 / varies, count)]


def _false(dice: np.random.Generator, towns: int) -> Row:
    """The largest share of looks at calm places that are called a trend of the week or of the day, over all spreads."""
    usual, worst = Thresholds(), {"week": 0.0, "day": 0.0}
    for varies in VARIES:
        called, looked = {"week": 0, "day": 0}, 0
        for _ in range(towns):
            places = [days(dice, mean / WEEK, varies, 9 * WEEK) for mean in MEANS for _ in range(12)]
            spread = spread_of(places, usual)
            looked += len(places)
            for place in places:
                found = look(place, usual, spread=spread)
                if found and found.kind is Kind.TREND:
                    called["week" if found.reason is Reason.WEEK else "day"] += 1
        worst = {kind: max(worst[kind], called[kind] / looked) for kind in worst}
    shown = ", ".join(f"{kind} {share / usual.trend_chance:.2f} ×" for kind, share in worst.items())
    how = f"{towns * len(MEANS) * 12} looks at calm places of {MEANS[0]} to {MEANS[-1]} reports a week for each of the spreads {', '.join(f'{v:g}' for v in VARIES)}; the worst spread"
    kept = max(worst.values()) <= MOST_FALSE * usual.trend_chance
    return Row("trends: false alerts of calm towns", f"≤ {MOST_FALSE} × nominal", shown, how, kept)


def _found(dice: np.random.Generator, burst: Burst, count: int) -> Row:
    """The share of bursts that each test finds within their seven days."""
    calm = [days(dice, burst.mean, burst.varies, (WEEKS + 1) * WEEK) for _ in range(2 * count)]
    hit = [days(dice, burst.mean, burst.varies, (WEEKS + 1) * WEEK) for _ in range(count)]
    weeks_after = [days(dice, burst.mean + burst.more, burst.varies, WEEK) for _ in hit]
    usual = Thresholds()
    common = spread_of(calm, usual).weeks
    tests: dict[str, Callable[[Series], float]] = {
        "ours": lambda weeks: -np.log(chance(weeks[-1], weeks[-1 - usual.weeks : -1], common)),
        "Farrington": farrington,
    }
    shares = {}
    for name, score in tests.items():
        limit = float(np.quantile([score(_weekly(each)) for each in calm], 1 - CALM_RATE))
        shares[name] = float(
            np.mean(
                [_is_found(each, after, score, limit) for each, after in zip(hit, weeks_after, strict=True)]
            )
        )
    error = sqrt(2 * 0.25 / count)
    how = f"{count} places of {burst.mean:g} a day, variance {burst.varies:g} × the mean, {burst.more:g} more a day for a week; both set to {CALM_RATE:.0%} false alerts on {2 * count} calm ones"
    shown = f"{shares['ours']:.2f} (Farrington {shares['Farrington']:.2f}, ± {2 * error:.2f})"
    return Row(f"trends: bursts found in a week, {burst.mean:g} a day varying {burst.varies:g} ×", "no fewer than a Farrington test", shown, how, shares["ours"] >= shares["Farrington"] - 2 * error)  # fmt: skip


def _weekly(counts: Sequence[int]) -> Series:
    return [sum(counts[at : at + WEEK]) for at in range(len(counts) % WEEK, len(counts), WEEK)]


def _is_found(before: Series, after: Series, score: Callable[[Series], float], limit: float) -> bool:
    """Looked at on each day of the burst, at the seven days that end there."""
    return any(score(_weekly(before[day:] + after[:day])) > limit for day in range(1, WEEK + 1))


def farrington(weeks: Sequence[int]) -> float:
    """By how many standard deviations the last week lies above what the weeks before foretell, on the two-thirds scale."""
    past, last = np.array(weeks[:-1], dtype=float), weeks[-1]
    at = np.arange(len(past), dtype=float)
    fitted = _fit(past, np.column_stack([np.ones(len(past)), at]))
    if abs(fitted.tvalues[1]) < _TREND:
        fitted = _fit(past, np.ones((len(past), 1)))
    ahead = np.array([[1.0, float(len(past))][: len(fitted.params)]])
    mean = float(np.exp(ahead @ fitted.params)[0])
    error = float((ahead @ fitted.cov_params() @ ahead.T)[0, 0]) * mean**2
    varies = max(1.0, float(fitted.scale)) + error / mean
    return float(((last / mean) ** (2 / 3) - 1) / (2 / 3 * sqrt(varies / mean)))


def _fit(past: "np.ndarray[Any, Any]", by: "np.ndarray[Any, Any]") -> Any:
    """Twice: the second time what was an outbreak weighs less."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    if not past.any():
        past = past + 0.5 / len(past)
    first = GLM(past, by, family=Poisson()).fit(scale="X2")
    residuals = first.resid_anscombe / sqrt(max(1.0, float(first.scale)))
    weights = np.where(residuals > _DOWN, np.maximum(residuals, _DOWN) ** -2.0, 1.0)
    return GLM(past, by, family=Poisson(), var_weights=weights * len(past) / weights.sum()).fit(scale="X2")
