"""Counts 计数 of a day: facts counted by what they are split by. Pure sums, so counting in parts adds up to counting whole."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import Field

from chalicelib.domain.figures.facts import ClockFact, Fact, PromiseState
from chalicelib.domain.figures.funnel import steps_of
from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.clock_model import ClockKind, LadderRole
from chalicelib.domain.tickets.ticket import FollowUpResult, Stage

# axis → its key → what is counted → how many; the axis "all" has the one key ""
Counts = dict[str, dict[str, dict[str, int]]]
PAUSED_SINCE = "paused_since."  # and the day: a pause that stands
_ASIDE = (
    Stage.DECLINED,
    Stage.FORWARDED,
    Stage.WITHDRAWN,
    Stage.MERGED,
)  # ended without a solution of its own
_PROMISES = frozenset(ClockKind) - {ClockKind.REVIEW}
# What is confidential is counted on axes of its own, which nobody reads who does not ask for them: unit@PM-A,ST-B is the axis
# "unit" of the tickets that keep these two out.
_APART = "@"
MayRead = Callable[
    [tuple[str, ...]], bool
]  # whether somebody may know of what keeps these units and people out


class StillOpen(Frozen):
    """Of the tickets received on a day: how many are open, and how many of them late, by the highest rung climbed to."""

    tickets: int = 0
    late: dict[str, int] = Field(default_factory=dict)
    units: dict[str, int] = Field(default_factory=dict)  # with whom the late ones are
    apart: dict[str, "StillOpen"] = Field(
        default_factory=dict
    )  # the confidential ones, by whom they keep out


def count_day(received: Iterable[Fact], ended: Iterable[Fact]) -> Counts:
    """The tickets received on a day with all that became of them, and those that came to their end on it.

    What is confidential stands apart: `as_read` is for whoever may know of it.
    Beside the axes stand "spot", which trends are seen by: place|category|source; "life", how far each has come, and "sign", how often each
    row of danger.csv heard a danger and was right.
    """
    received, ended = list(received), list(ended)
    whole: Counts = {}
    for apart in sorted({_apart(fact) for fact in (*received, *ended)}):
        of_those = _count_together(
            [fact for fact in received if _apart(fact) == apart],
            [fact for fact in ended if _apart(fact) == apart],
        )
        whole |= {axis + apart: keys for axis, keys in of_those.items()}
    return whole


def as_read(counts: Counts, may_read: MayRead) -> Counts:
    """The counts with what is confidential and may be known of, and without the rest."""
    named = [(axis.partition(_APART), keys) for axis, keys in counts.items()]
    return added({axis: keys} for (axis, apart, out), keys in named if not apart or may_read(_kept_out(out)))


def still_open_as_read(still_open: StillOpen, may_read: MayRead) -> StillOpen:
    """The same of what is still open."""
    those = [still_open, *(each for out, each in still_open.apart.items() if may_read(_kept_out(out)))]
    late = sum((Counter(each.late) for each in those), Counter())
    units = sum((Counter(each.units) for each in those), Counter())
    return StillOpen(tickets=sum(each.tickets for each in those), late=dict(late), units=dict(units))


def _apart(fact: Fact) -> str:
    return _APART + ",".join(fact.concerns) if fact.confidential else ""


def _kept_out(out: str) -> tuple[str, ...]:
    return tuple(out.split(",")) if out else ()


def _count_together(received: list[Fact], ended: list[Fact]) -> Counts:
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
        _to_who_answered(fact, counts["unit"])
        for sign in fact.danger_signs:
            said = {True: "right", False: "wrong", None: "open"}[fact.danger_right]
            counts.setdefault("sign", {}).setdefault(sign, Counter()).update(("said", said))
    return {
        axis: {key: {what: n for what, n in sorted(tallied.items()) if n} for key, tallied in keys.items()}
        for axis, keys in counts.items()
    }


def still_open(received: Iterable[Fact]) -> StillOpen:
    running = [fact for fact in received if fact.is_open]
    hidden = [fact for fact in running if fact.confidential]
    by_apart = {
        each: [fact for fact in hidden if _apart(fact) == each] for each in sorted(map(_apart, hidden))
    }
    seen = _open_together(fact for fact in running if not fact.confidential)
    apart = {each.removeprefix(_APART): _open_together(those) for each, those in by_apart.items()}
    return seen.model_copy(update={"apart": apart})


def _open_together(facts: Iterable[Fact]) -> StillOpen:
    running = list(facts)
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


def _to_who_answered(fact: Fact, by_unit: dict[str, Counter[str]]) -> None:
    """What came back counts for the unit whose answer it was, not for who has the ticket now; the answer is one of its own."""
    if not fact.denied:
        return
    by_unit[fact.unit]["reworked"] -= 1
    by_unit[fact.unit]["reworks"] -= len(fact.denied)
    for unit, times in Counter(fact.denied).items():
        own = {"reworked": 1, "reworks": times, "had_answered": int(unit != fact.unit)}
        by_unit.setdefault(unit, Counter()).update(own)
    if not (_is_answered_now(fact) or fact.unit in fact.denied):
        by_unit[fact.unit]["answered"] -= 1


def _is_answered_now(fact: Fact) -> bool:
    """Whether the answer of its last round stands, or was the only one."""
    return fact.stage in (Stage.RESOLVED, Stage.CLOSED) or not fact.denied


def _highest(fact: Fact) -> str:
    rungs = [clock.late_at for clock in fact.clocks if clock.late_at]
    return max(rungs, key=_height, default="")


def _height(role: str) -> int:
    return list(LadderRole).index(LadderRole(role)) if role in set(LadderRole) else -1


def _received(fact: Fact) -> Counter[str]:
    tally: Counter[str] = Counter({"received": 1, "still_open": int(fact.is_open)})
    tally["returned"] = int(fact.returns > 0)
    tally["returns"] = fact.returns
    tally["claimed"] = int(fact.claimed)
    tally["answered"] = int(fact.claimed or fact.on_the_spot or bool(fact.denied))
    tally["reworked"] = int(bool(fact.denied))
    tally["reworks"] = len(fact.denied)
    tally["found"] = int(fact.is_found)
    tally["settled"] = int(fact.settled)
    tally["checks_passed"] = fact.checks_passed
    tally["checks_failed"] = fact.checks_failed
    tally["paused"] = int(fact.pauses > 0)
    tally["paused_days"] = fact.paused_days
    if fact.paused_since:
        tally[f"{PAUSED_SINCE}{fact.paused_since}"] = 1
    tally["extended"] = int(fact.extensions > 0)
    tally.update(f"paused_by.{role}" for role in fact.paused_by)
    tally["arrived"] = int(fact.arrived)
    tally["quick_arrivals"] = int(fact.quick_arrival)
    tally["quick_resolves"] = int(fact.quick_resolve)
    tally["one_hand"] = int(fact.one_hand)
    tally["typed"] = int(fact.typed)
    tally["parted"] = int(fact.parted)
    tally["suspended"] = int(fact.stage is Stage.SUSPENDED)
    for end in _ASIDE:
        tally[f"aside.{end}"] = int(fact.stage is end)
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
    if clock.state == PromiseState.KEPT:
        yield f"{name}.kept_by_{clock.by}"


def _ended(fact: Fact) -> Counter[str]:
    tally: Counter[str] = Counter({f"ended.{fact.stage}": 1})
    if fact.stage is not Stage.CLOSED:
        return tally
    tally["ended.claimed"] = int(fact.claimed and not (fact.explained or fact.on_the_spot))
    if fact.first_unit:
        tally["first.of"] = 1
        tally["first.right"] = int(not fact.redirected)
        tally["first.finished"] = int(fact.unit == fact.first_unit)
        tally.update(f"first.{way}" for way in fact.redirected)
    tally["explained"] = int(fact.explained)
    if fact.is_asked:
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
    is_reached = fact.last_word in (FollowUpResult.SOLVED, FollowUpResult.NOT_SOLVED)
    return {
        "double.owed": 1,
        "double.done": int(fact.fed_back and is_reached),
        "double.unreached": int(fact.fed_back and fact.last_word is FollowUpResult.UNREACHED),
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
