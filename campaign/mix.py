"""How much of a campaign is a town's plain life, by its size: how many tickets anything may happen to, and what is owed."""

from collections.abc import Mapping

EVENTFUL = 800  # tickets at least, of a campaign that has as many
LEAST_SHARE = 0.25  # of the tickets, however large it is
ALL_ONCE = 1000  # reports, from which on every act and fault happens
OFTEN = 20_000  # from which on each happens MANY times
MANY = 30


def eventful(reports: int) -> float:
    """The share of tickets on which anybody may do anything at any time; the others are reported, done, answered and closed.

    Of a short campaign all, of 20,000 one of four: faults fall on both alike.
    """
    return round(min(1.0, max(LEAST_SHARE, EVENTFUL / max(1, reports))), 3)


def owed(reports: int) -> int:
    """How often each act and fault has to happen in so many reports; 0 where it may be left out."""
    if reports < ALL_ONCE:
        return 0
    return max(1, MANY * reports // OFTEN) if reports >= OFTEN // 10 else 1


def lacking(happened: Mapping[str, int], wanted: set[str], reports: int) -> dict[str, int]:
    """What happened less often than is owed, and how often."""
    return {name: happened.get(name, 0) for name in sorted(wanted) if happened.get(name, 0) < owed(reports)}
