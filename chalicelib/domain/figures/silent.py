"""Silent places 没人反映的地方: where walks find things and nobody reports any, a list for the next walk. Never published.

Of what came in from a place, the share that its people reported is held against that of all other places of its area. How
unlikely so few would be: binomial, of counts divided by how much more the other places differ than chance alone would have it
(a dispersion, at least 1, and larger where it comes of few). Without that a street would be "silent" for being one.
"""

from collections.abc import Iterable, Mapping
from math import ceil, comb

from chalicelib.domain.figures.counts import Counts
from chalicelib.domain.model import Frozen
from chalicelib.domain.town.vocabulary import FOUND, Source

DAYS = 91  # a quarter: what is looked at
LEAST = 5  # found on walks; fewer say nothing about a place
FEWEST_OTHERS = 3  # places, before any is compared with them
CHANCE = 0.01
_DOUBT = 3.0  # degrees of freedom by which a spread of few places is taken as larger than it came out
_WALKED = FOUND - {Source.SENSOR}  # a sensor walks nowhere


class Seen(Frozen):
    """What came in from a place: found by those who walk there, and reported by anybody."""

    found: int = 0
    reported: int = 0

    @property
    def of(self) -> int:
        return self.found + self.reported


class Silent(Frozen):
    """`expected`: reports, were its people heard as often as elsewhere. `chance`: of so few or fewer, were they."""

    place: str
    found: int
    reported: int
    expected: float
    chance: float


def seen_by_place(counts: Counts) -> dict[str, Seen]:
    """From the counts of an area. What lies nowhere in particular is of no place."""
    seen: dict[str, Seen] = {}
    for key, tally in counts.get("spot", {}).items():
        place, _, source = key.split("|")
        n, had = tally.get("received", 0), seen.get(place, Seen())
        is_walked, is_reported = source in _WALKED, source not in FOUND
        found, reported = had.found + n * is_walked, had.reported + n * is_reported
        seen[place] = Seen(found=found, reported=reported)
    seen.pop("", None)
    return seen


def silent(seen: Mapping[str, Seen]) -> list[Silent]:
    """The places of one area that are, the least likely first."""
    found = [_judged(place, seen) for place, each in seen.items() if each.found >= LEAST]
    return sorted(
        (one for one in found if one and one.chance <= CHANCE), key=lambda one: (one.chance, one.place)
    )


def looked_at(seen: Mapping[str, Seen]) -> int:
    """How many were judged: of these, `CHANCE` each is on the list by chance alone."""
    return sum(each.found >= LEAST for each in seen.values()) if len(seen) > FEWEST_OTHERS else 0


def _judged(place: str, seen: Mapping[str, Seen]) -> Silent | None:
    """Held against the others alone: a silent place would hide behind the spread that it makes itself."""
    here, others = seen[place], [each for name, each in seen.items() if name != place]
    whole, spread = _sum(others), _dispersion(others, here.of)
    if len(others) < FEWEST_OTHERS or whole.of == 0:
        return None
    share = whole.reported / whole.of
    spread *= 1 + here.of / whole.of  # the share itself is known from so many only
    return Silent(
        place=place,
        found=here.found,
        reported=here.reported,
        expected=round(share * here.of, 1),
        chance=_so_few(ceil(here.reported / spread), int(here.of / spread), share),
    )


def _so_few(k: int, n: int, share: float) -> float:
    """The chance of `k` or fewer of `n`."""
    return min(1.0, sum(comb(n, i) * share**i * (1 - share) ** (n - i) for i in range(min(k, n) + 1)))


def _dispersion(seen: Iterable[Seen], of: int) -> float:
    """How much more the share of `of` varies from place to place than chance has it, at least 1.

    As where each place has a share of its own (beta-binomial): their likeness within a place by moments, from Pearson's
    statistic; a place of many differs more.
    """
    places = [each for each in seen if each.of]
    whole, freedom = _sum(places), len(places) - 1
    if freedom < 1 or not 0 < whole.reported < whole.of:
        return 1.0
    share = whole.reported / whole.of
    off = sum((each.reported - share * each.of) ** 2 / (share * (1 - share) * each.of) for each in places)
    alike = max(0.0, off - freedom) / max(1, whole.of - len(places))
    return (1 + alike * (of - 1)) * (1 + _DOUBT / freedom)


def _sum(seen: Iterable[Seen]) -> Seen:
    seen = list(seen)
    return Seen(found=sum(each.found for each in seen), reported=sum(each.reported for each in seen))
