"""Counts 计数 of a day: facts counted by what they are split by. Pure sums, so counting in parts adds up to counting whole."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pydantic import Field

from chalicelib.domain.figures.facts import KEPT, ClockFact, Fact
from chalicelib.domain.figures.funnel import steps_of
from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage

# axis → its key → what is counted → how many; the axis "all" has the one key ""
Counts = dict[str, dict[str, dict[str, int]]]
AXES = ("all", "unit", "category", "channel", "origin", "track")
# From the lowest to the highest, as in the ladders of clocks.csv.
LADDER = (
    "handler",
    "backup",
    "desk",
    "approver",
    "unit_head",
    "station_head",
    "area_leader",
    "town_leader",
    "upward",
)
_PROMISES = frozenset(ClockKind) - {ClockKind.REVIEW}


class StillOpen(Frozen):
    """Of the tickets received on a day: how many are open, and how many of them late, by the highest rung climbed to."""

    tickets: int = 0
    late: dict[str, int] = Field(default_factory=dict)
    units: dict[str, int] = Field(default_factory=dict)  # with whom the late ones are


def count_day(received: Iterable[Fact], ended: Iterable[Fact]) -> Counts:
    """The tickets received on a day with all that became of them, and those that came to their end on it.

    Beside the axes stand "spot", which trends are seen by: place|category|source; and "life", how far each has come.
    """
    received = list(received)
    counts: dict[str, dict[str, Counter[str]]] = {}
    for facts, tally in ((received, _received), (ended, _ended)):
        for fact in facts:
            tallied = tally(fact)
            for axis, key in _keys(fact).items():
                counts.setdefault(axis, {}).setdefault(key, Counter()).update(tallied)
    for fact in received:
        counts.setdefault("spot", {}).setdefault(_spot(fact), Counter())["received"] += 1
        counts.setdefault("life", {}).setdefault("", Counter()).update(steps_of(fact))
        _to_who_returned(fact, counts["unit"])
    return {
        axis: {key: {what: n for what, n in sorted(tallied.items()) if n} for key, tallied in keys.items()}
        for axis, keys in counts.items()
    }


def still_open(received: Iterable[Fact]) -> StillOpen:
    running = [fact for fact in received if fact.is_open]
    late = Counter(rung for fact in running if (rung := _highest(fact)))
    units = Counter(fact.unit for fact in running if _highest(fact))
    return StillOpen(tickets=len(running), late=dict(sorted(late.items())), units=dict(sorted(units.items())))


def added(parts: Iterable[Counts]) -> Counts:
    """The sum of counts: of days, of areas, or of what is kept of removed cases."""
    whole: Counts = {}
    for part in parts:
        for axis, keys in part.items():
            for key, tallied in keys.items():
                into = whole.setdefault(axis, {}).setdefault(key, {})
                for what, n in tallied.items():
                    into[what] = into.get(what, 0) + n
    return whole


def _keys(fact: Fact) -> dict[str, str]:
    return {
        "all": "",
        "unit": fact.unit,
        "category": fact.category,
        "channel": fact.source,
        "origin": "found" if fact.is_found else "reported",
        "track": fact.track.value,
    }


def _spot(fact: Fact) -> str:
    return f"{fact.place}|{fact.category}|{fact.source}"


def _to_who_returned(fact: Fact, by_unit: dict[str, Counter[str]]) -> None:
    """A return counts for the unit that made it; `had` makes the ticket part of what it returned some of."""
    if not fact.returned_by:
        return
    by_unit[fact.unit]["returned"] -= 1
    by_unit[fact.unit]["returns"] -= fact.returns
    for unit, times in Counter(fact.returned_by).items():
        own = {"returned": 1, "returns": times, "had": int(unit != fact.unit)}
        by_unit.setdefault(unit, Counter()).update(own)


def _highest(fact: Fact) -> str:
    rungs = [clock.late_at for clock in fact.clocks if clock.late_at]
    return max(rungs, key=_height, default="")


def _height(role: str) -> int:
    return LADDER.index(role) if role in LADDER else -1


def _received(fact: Fact) -> Counter[str]:
    tally: Counter[str] = Counter({"received": 1, "still_open": int(fact.is_open)})
    tally["returned"] = int(fact.returns > 0)
    tally["returns"] = fact.returns
    tally["claimed"] = int(fact.claimed)
    tally["reworked"] = int(fact.claimed and fact.round > 1)
    tally["reworks"] = fact.round - 1
    tally["found"] = int(fact.is_found)
    tally["settled"] = int(fact.settled)
    tally["checks_passed"] = fact.checks_passed
    tally["checks_failed"] = fact.checks_failed
    tally["paused"] = int(fact.pauses > 0)
    tally["paused_days"] = fact.paused_days
    tally["extended"] = int(fact.extensions > 0)
    for clock in fact.clocks:
        if clock.kind in _PROMISES:
            tally.update(_promise(clock))
        tally["reminded"] += clock.reminded
        tally.update(f"climbed.{role}" for role in clock.climbed)
    return tally


def _promise(clock: ClockFact) -> Iterable[str]:
    name = clock.kind + (".extended" if clock.extended else "")
    yield f"{name}.{clock.state}"
    if clock.promise and not clock.extended:
        yield f"promise.{clock.kind}.{clock.promise}.{clock.state}"
    if clock.state == KEPT:
        yield f"{name}.kept_by_{clock.by}"


def _ended(fact: Fact) -> Counter[str]:
    tally: Counter[str] = Counter({f"ended.{fact.stage}": 1})
    if fact.stage is not Stage.CLOSED:
        return tally
    tally["ended.claimed"] = int(fact.claimed and not fact.explained)
    tally["explained"] = int(fact.explained)
    if not fact.is_found:
        tally["asked"] = 1
        said = "explained" if fact.explained else fact.last_word or "silent"
        tally[f"said.{said}"] = 1
        if fact.solved_days is not None and not fact.explained:
            tally[f"days.{fact.solved_days}"] = 1
        tally["satisfied"] = int(fact.satisfied is True and not fact.explained)
        tally["dissatisfied"] = int(fact.satisfied is False)
        tally.update(_double_follow_up(fact))
    return tally


def _double_follow_up(fact: Fact) -> dict[str, int]:
    """双回访 is owed for what a resident reported and a unit worked on; not for what was answered on the spot."""
    if fact.on_the_spot:
        return {}
    is_reached = fact.last_word in ("solved", "not_solved")
    return {
        "double.owed": 1,
        "double.done": int(fact.fed_back and is_reached),
        "double.unreached": int(fact.fed_back and fact.last_word == "unreached"),
        "double.exempt": int(bool(fact.exempted_by) and not fact.last_word),
    }


def plain(counts: Any) -> Counts:
    """Counts as they were stored. Raises TypeError, ValueError for anything else."""
    return {
        str(axis): {
            str(key): {str(what): int(n) for what, n in tallied.items()} for key, tallied in keys.items()
        }
        for axis, keys in dict(counts).items()
    }
