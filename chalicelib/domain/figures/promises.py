"""Promises 承诺 by what each of them states, and how long people waited: beside the indicators, from the same counts (docs/indicators.md).

A report by code is promised an answer in five minutes and a petition in fifteen days: together they are "in time", and only the
first may be called "in five minutes". Which amounts there are is the town's data (clocks.csv), kept on each clock as it began.
"""

from collections.abc import Mapping
from datetime import date

from chalicelib.domain.figures.counts import PAUSED_SINCE
from chalicelib.domain.figures.facts import PromiseState
from chalicelib.domain.figures.indicators import MINIMUM, Tally
from chalicelib.domain.figures.small_numbers import shown_share
from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, ClockKind
from chalicelib.domain.town.calendar import Amount

_PREFIX = "promise."
_NINE_TENTHS = 0.9


class Promise(Frozen):
    """Rounds of one clock that promised one amount. `disproved` are in the denominator: claimed in time, and not so."""

    clock: ClockKind
    amount: str  # Amount.code
    kept: int = 0
    late: int = 0
    disproved: int = 0
    open: int = 0
    void: int = 0

    @property
    def name(self) -> str:
        """5分钟内反馈居民"""
        return f"{Amount.of(self.amount).words}内{CLOCK_NAMES[self.clock]}"

    @property
    def decided(self) -> int:
        return self.kept + self.late + self.disproved

    def view(self) -> dict[str, object]:
        return {
            "clock": self.clock.value,
            "amount": self.amount,
            "name": self.name,
            "numerator": self.kept,
            "denominator": self.decided,
            "open": self.open,
            "void": self.void,
            PromiseState.DISPROVED: self.disproved,
            "enough": self.decided >= MINIMUM,
        }


def promises_of(tally: Tally) -> list[Promise]:
    """Every promise of a row under the amount it stated, clock by clock, the shortest first."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for what, n in tally.items():
        if what.startswith(_PREFIX):
            clock, _, rest = what.removeprefix(_PREFIX).partition(".")
            amount, _, state = rest.rpartition(".")  # an amount may hold a point: 0.5 working_days
            found.setdefault((clock, amount), {})[state] = n
    promises = [
        Promise(
            clock=ClockKind(clock),
            amount=amount,
            **{s: states.get(s, 0) for s in PromiseState if s is not PromiseState.CARRIED},
        )
        for (clock, amount), states in found.items()
    ]
    order = list(ClockKind)
    return sorted(
        promises, key=lambda each: (order.index(each.clock), Amount.of(each.amount).longest, each.amount)
    )


def public_promises(promises: list[Promise]) -> list[dict[str, object]]:
    """As everyone may see them. Where one of a clock's is hidden, so is the next smallest: their sum is shown elsewhere."""
    shares = {each: shown_share(each.kept, each.decided) for each in promises}
    hidden = {each for each, share in shares.items() if None in share.values()}
    for clock in {each.clock for each in hidden}:
        of_clock = [each for each in promises if each.clock is clock]
        open_ones = sorted((each for each in of_clock if each not in hidden), key=lambda each: each.decided)
        if len(of_clock) - len(open_ones) == 1:
            hidden.update(open_ones[:1])
    nothing = {"numerator": None, "denominator": None}
    return [
        {"clock": each.clock.value, "name": each.name, **(nothing if each in hidden else shares[each])}
        for each in promises
    ]


def days_of(tally: Tally) -> dict[str, int | None]:
    """How many days from a report to the solution that its reporter confirmed: median and 90th percentile (nearest rank).

    Days of the calendar, nothing taken off. `open`: of the tickets received, those still open, whose days are not known yet.
    """
    days = {int(what.removeprefix("days.")): n for what, n in tally.items() if what.startswith("days.")}
    return {
        "of": sum(days.values()),
        "median": quantile(days, 0.5),
        "p90": quantile(days, _NINE_TENTHS),
        "open": tally.get("still_open", 0),
    }


def quantile(counted: Mapping[int, int], share: float) -> int | None:
    """The smallest value that at least this share of the counted do not exceed; None of nothing."""
    total, so_far = sum(counted.values()), 0
    for value, n in sorted(counted.items()):
        so_far += n
        if so_far >= share * total:
            return value
    return None


def beside_of(tally: Tally) -> dict[str, int]:
    """What stands beside the days to a solution: how else tickets went, and what came about too fast to be believed unseen.

    `declined`, `forwarded`, `withdrawn`, `merged` and `parted` had no solution of their own to wait for; `suspended` ones wait.
    Quick: at the place less than two minutes after the take, resolved less than five after arriving, of `arrived`. Counted
    apart: found and resolved by one person within half an hour, and consultations that the desk typed in and answered.
    """
    aside = {what: tally.get(f"aside.{what}", 0) for what in ("declined", "forwarded", "withdrawn", "merged")}
    others = ("parted", "suspended", "arrived", "quick_arrivals", "quick_resolves", "one_hand", "typed")
    return aside | {what: tally.get(what, 0) for what in others}


def paused_by_of(tally: Tally) -> list[tuple[str, int]]:
    """Pauses, those that stand among them, by the role that approved them, in the order of their names."""
    prefix = "paused_by."
    return sorted((what.removeprefix(prefix), n) for what, n in tally.items() if what.startswith(prefix))


def stopped_of(tally: Tally, today: date) -> dict[str, int]:
    """What stands beside 按期: tickets whose clocks stood still and for how many days, extended ones, and claims that were not so.

    A pause that stands counts up to `today`, by days of the calendar, its first day as one; `paused_now`: how many do.
    """
    standing = [
        (date.fromisoformat(what.removeprefix(PAUSED_SINCE)), n)
        for what, n in tally.items()
        if what.startswith(PAUSED_SINCE)
    ]
    so_far = sum(max(1, (today - since).days) * n for since, n in standing)
    disproved = tally.get(f"{ClockKind.RESOLUTION}.{PromiseState.DISPROVED}", 0)
    disproved += tally.get(f"{ClockKind.RESOLUTION}.extended.{PromiseState.DISPROVED}", 0)
    return {
        "paused": tally.get("paused", 0),
        "paused_days": tally.get("paused_days", 0) + so_far,
        "paused_now": sum(n for _, n in standing),
        "extended": tally.get("extended", 0),
        "reworks": tally.get("reworks", 0),
        PromiseState.DISPROVED: disproved,
        "of": tally.get("received", 0),
    }
