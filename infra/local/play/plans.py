"""What everyone is going to do with each report: decided beforehand, by a seed, so that a day can be played again."""

from random import Random
from typing import NamedTuple

from infra.local.play.reports import Report

# The first of each hundred reports go round these lists, shuffled by the seed, so that every habit occurs in a day of 60.
UNITS = (
    *("prompt",) * 11,
    *("returns",) * 2,
    "returns_twice",
    *("extends",) * 2,
    *("forgets",) * 2,
    "waits",
    "assists",
)
RESIDENTS = (
    *("satisfied",) * 8,
    *("dissatisfied",) * 3,
    *("silent",) * 4,
    *("unreached",) * 2,
    "reopens",
    "withdraws",
)
DESKS = (*("quick",) * 8, "forgets")
EXTRAS = (*("",) * 7, "supervised", "suspended", "joined", "photo", "photo")


class Plan(NamedTuple):
    """The habits of those who meet one report. `pace`: of everyone, 1 for the usual."""

    unit: str
    resident: str
    desk: str
    extra: str
    pace: float

    @property
    def returns(self) -> int:
        """How often the unit returns it 退单."""
        return {"returns": 1, "returns_twice": 2}.get(self.unit, 0)


def plans(reports: list[Report], seed: int) -> list[Plan]:
    """A plan for each report, the same for the same seed."""
    chance = Random(seed)
    count = len(reports)
    drawn = zip(
        _dealt(UNITS, count, chance),
        _dealt(RESIDENTS, count, chance),
        _dealt(DESKS, count, chance),
        _dealt(EXTRAS, count, chance),
        strict=True,
    )
    return [
        Plan(unit, resident, desk, extra, pace=chance.uniform(0.7, 1.4))
        for unit, resident, desk, extra in drawn
    ]


def _dealt(habits: tuple[str, ...], count: int, chance: Random) -> list[str]:
    """`count` habits: the list over and over, each time shuffled anew."""
    dealt: list[str] = []
    while len(dealt) < count:
        dealt += chance.sample(habits, len(habits))
    return dealt[:count]
