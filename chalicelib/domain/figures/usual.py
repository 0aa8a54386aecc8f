"""How long it usually takes 一般要多久: days from report to confirmed solution of closed tickets of one kind, as quantiles.

From the town's own last year, by category and unit where that unit has enough, else by category alone, and nothing of fewer than
`FEWEST`. It says what was; never how likely this one is to be late, which would become an excuse.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.domain.figures.promises import quantile
from chalicelib.domain.figures.similar_closed import KEPT, Closed
from chalicelib.domain.model import Frozen

FEWEST = 20  # confirmed solutions, before a quantile of them is told to anybody
HALF, MOST = 0.5, 0.8


class Usual(Frozen):
    """Half of `of` were solved within `half` days, eight of ten within `most`; calendar days, nothing taken off."""

    of: int
    half: int
    most: int
    unit: str = ""  # whose they are; "" for all units together

    def words(self, category: str) -> str:
        """For residents and staff alike; says what it is not."""
        return (
            f"近一年这一带同类（{category}）居民确认解决的 {self.of} 件：一半{_within(self.half)}，"
            f"10 件里 8 件{_within(self.most)}。这是以往的情况，不改变这一件的时限"
        )


class Lived(NamedTuple):
    """A closed ticket in the past that is judged by what came before it."""

    received: date
    closed: Closed


class Coverage(NamedTuple):
    """Of `told` tickets of which something would have been said: how many were solved within it. `untold`: too few before."""

    told: int = 0
    within_half: int = 0
    within_most: int = 0
    untold: int = 0


def usual(closed: Iterable[Closed], unit: str, now: datetime) -> Usual | None:
    """Of closed tickets of one area and category. `unit`: who would have it; "" where nobody does yet. None of too few."""
    known = [each for each in closed if each.days is not None and each.closed_at >= now - KEPT]
    own = [each for each in known if unit and each.unit == unit]
    counted = own if len(own) >= FEWEST else known
    if len(counted) < FEWEST:
        return None
    days = Counter(each.days for each in counted if each.days is not None)
    half, most = quantile(days, HALF), quantile(days, MOST)
    if half is None or most is None:
        return None
    return Usual(of=len(counted), half=half, most=most, unit=unit if counted is own else "")


def coverage(lived: Sequence[Lived], most_read: int) -> Coverage:
    """How true it would have been: each ticket of a kind against those closed before it came in, `most_read` newest of them.

    Cross-validation along time: nobody is told of what came later.
    """
    told = within_half = within_most = untold = 0
    for each in lived:
        before = [one.closed for one in lived if one.closed.closed_at.date() < each.received]
        before.sort(key=lambda one: one.ticket_id, reverse=True)
        now = datetime.combine(each.received, datetime.min.time(), each.closed.closed_at.tzinfo)
        said = usual(before[:most_read], each.closed.unit, now)
        if said is None or each.closed.days is None:
            untold += 1
            continue
        told += 1
        within_half += each.closed.days <= said.half
        within_most += each.closed.days <= said.most
    return Coverage(told, within_half, within_most, untold)


def _within(days: int) -> str:
    return "在当天" if days == 0 else f"在 {days} 天内"
