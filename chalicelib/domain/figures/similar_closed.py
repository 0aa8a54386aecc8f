"""What became of tickets like this one: who handled closed ones of its category nearby, on which track, in what time (rule 60).

Shown beside the rules' suggestion, as counts; it decides nothing. Pure; made of facts, so of nobody's words or identity.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from statistics import median

from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.calendar import Basis, Calendar

KEPT = timedelta(days=365)  # from the closing on
FEWEST = 5  # tickets, before anything is said of them
FEWEST_TIMED = 3  # of a group, before a median is told
MOST_GROUPS = 3
_HOUR = timedelta(hours=1)


class Closed(Frozen):
    """A closed ticket as the next one like it is compared with. `hours`: of work; None where it was answered on the spot.

    `days`: from its report to the solution that its reporter confirmed; None where nobody did.
    """

    ticket_id: str
    closed_at: Instant
    place: str = ""  # neighbourhood or street
    unit: str
    track: str
    hours: float | None = None
    days: int | None = None


class Group(Frozen):
    """So many of them went one way. `share` of all, from 0 to 1; `hours`: the median, of `FEWEST_TIMED` or more."""

    key: str
    tickets: int
    share: float
    hours: float | None = None


class Handled(Frozen):
    """What became of them, the most frequent way first. `place`: the neighbourhood they lie in, "" for the whole area."""

    place: str = ""
    tickets: int
    units: tuple[Group, ...]
    tracks: tuple[Group, ...]


def closed_of(fact: Fact, calendar: Calendar) -> Closed | None:
    """None unless it is closed, by some unit, under a category and in an area; a confidential one tells nothing."""
    if fact.stage is not Stage.CLOSED or fact.closed_at is None or fact.confidential:
        return None
    if not (fact.unit and fact.category and fact.area):
        return None
    return Closed(
        ticket_id=fact.ticket_id,
        closed_at=fact.closed_at,
        place=fact.place,
        unit=fact.unit,
        track=fact.track.value,
        hours=_hours(fact, calendar),
        days=fact.solved_days,
    )


def summed(closed: Iterable[Closed], place: str, now: datetime) -> Handled | None:
    """Those of the last year in the neighbourhood `place`, or in the whole area where these are too few. None below `FEWEST`.

    Exactly a year ago still counts.
    """
    recent = [each for each in closed if each.closed_at >= now - KEPT]
    here = [each for each in recent if place and each.place == place]
    counted = here if len(here) >= FEWEST else recent
    if len(counted) < FEWEST:
        return None
    return Handled(
        place=place if counted is here else "",
        tickets=len(counted),
        units=_groups(counted, lambda each: each.unit),
        tracks=_groups(counted, lambda each: each.track),
    )


def _groups(closed: list[Closed], key: Callable[[Closed], str]) -> tuple[Group, ...]:
    counts = Counter(map(key, closed))
    most = sorted(counts, key=lambda each: (-counts[each], each))[:MOST_GROUPS]
    return tuple(_group(each, [one for one in closed if key(one) == each], len(closed)) for each in most)


def _group(key: str, members: list[Closed], whole: int) -> Group:
    timed = [each.hours for each in members if each.hours is not None]
    return Group(
        key=key,
        tickets=len(members),
        share=round(len(members) / whole, 2),
        hours=round(median(timed), 1) if len(timed) >= FEWEST_TIMED else None,
    )


def _hours(fact: Fact, calendar: Calendar) -> float | None:
    """From dispatch to resolved, all rounds together: working time, and of what is urgent all time. Pauses are in it."""
    rounds = [clock for clock in fact.clocks if clock.kind == ClockKind.RESOLUTION and clock.met is not None]
    if not rounds:
        return None
    basis = Basis.WALL if fact.urgent else Basis.WORK
    spans = [(timedelta(seconds=each.started), timedelta(seconds=each.met or 0)) for each in rounds]
    worked = [calendar.between(fact.received_at + one, fact.received_at + end, basis) for one, end in spans]
    return round(sum(worked, timedelta(0)) / _HOUR, 2)
