"""The indicators of docs/indicators.md, from counts: every number with its denominator, and what is in neither beside it."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.figures.facts import PromiseState
from chalicelib.domain.tickets.clock_model import ClockKind, LadderRole
from chalicelib.domain.tickets.ticket import Stage

MINIMUM = 30  # a denominator below it says nothing about who is better: no order, no colour
_CLOCKS = {
    "feedback": ClockKind.FEEDBACK,
    "take": ClockKind.TAKE,
    "response": ClockKind.RESPONSE,
    "contacted": ClockKind.UNIT_FEEDBACK,
    "finished": ClockKind.RESOLUTION,
    "finished_extended": f"{ClockKind.RESOLUTION}.extended",
    "supervision": ClockKind.SUPERVISION,
    "progress": ClockKind.PROGRESS,
    "followed_up": ClockKind.FOLLOW_UP,
}
NAMES = {
    "feedback": "按时反馈居民",
    "response": "按时响应",
    "contacted": "按时联系居民",
    "take": "按时签收",
    "finished": "按期办结（未延期）",
    "finished_extended": "按期办结（延期后）",
    "supervision": "按时答复督办",
    "progress": "按时更新进展",
    "followed_up": "按时回访",
    "returned": "被退单",
    "reworked": "被重办",
    "first_dispatch": "首派就对",
    "checked": "核查通过",
    "settled": "当场处置",
    "claimed": "承办人说办结",
    "confirmed": "居民说解决了",
    "double_follow_up": "双回访完成",
    "satisfied": "满意（只算表了态的）",
}
_BY_WORDS = frozenset(
    {ClockKind.FEEDBACK, ClockKind.UNIT_FEEDBACK, ClockKind.PROGRESS}
)  # by person, or machine
_AFTER_THE_FIRST = ("returned", "transferred", "unit_added", "corrected", "finished")
Tally = Mapping[str, int]
Indicator = dict[str, int | bool]


def indicators_of(tally: Tally) -> dict[str, Indicator]:
    """Every indicator of one row."""
    promises = {name: _promise(tally, str(kind)) for name, kind in _CLOCKS.items()}
    return promises | _work(tally) | _residents(tally)


def escalations(tally: Tally) -> list[tuple[str, int]]:
    """How often a clock climbed to each role, from the lowest rung."""
    return _by_rung(
        {what.removeprefix("climbed."): n for what, n in tally.items() if what.startswith("climbed.")}
    )


def ends(tally: Tally) -> list[tuple[str, int]]:
    """How the tickets that ended did so, by stage."""
    return sorted(
        (what.removeprefix("ended."), n)
        for what, n in tally.items()
        if what.startswith("ended.") and what.removeprefix("ended.") in set(Stage)
    )


def late_by_rung(each: Iterable[Mapping[str, int]]) -> list[tuple[str, int]]:
    """Tickets that are late now, by the highest rung they have climbed to."""
    whole: dict[str, int] = {}
    for late in each:
        for role, n in late.items():
            whole[role] = whole.get(role, 0) + n
    return _by_rung(whole)


def _promise(tally: Tally, name: str) -> Indicator:
    """Kept in time, of the rounds that were decided. Running and void ones are in neither."""
    kept, late, false = (
        tally.get(f"{name}.{state}", 0)
        for state in (PromiseState.KEPT, PromiseState.LATE, PromiseState.DISPROVED)
    )
    indicator = _indicator(kept, kept + late + false) | ({PromiseState.DISPROVED: false} if false else {})
    indicator |= {"open": tally.get(f"{name}.open", 0), "void": tally.get(f"{name}.void", 0)}
    if name in _BY_WORDS:
        indicator["by_person"] = tally.get(f"{name}.kept_by_person", 0)
        indicator["by_machine"] = tally.get(f"{name}.kept_by_machine", 0)
    if name == ClockKind.FEEDBACK:
        indicator["by_typing"] = tally.get(f"{name}.kept_by_typed", 0)
    return indicator


def _work(tally: Tally) -> dict[str, Indicator]:
    received = tally.get("received", 0)
    answered = tally.get("answered", 0) + tally.get("had_answered", 0)
    had = received + tally.get("had", 0)  # by units: also what it returned and another has now
    passed, failed = tally.get("checks_passed", 0), tally.get("checks_failed", 0)
    return {
        "returned": _indicator(tally.get("returned", 0), had) | {"times": tally.get("returns", 0)},
        "reworked": _indicator(tally.get("reworked", 0), answered) | {"times": tally.get("reworks", 0)},
        "first_dispatch": _indicator(tally.get("first.right", 0), tally.get("first.of", 0))
        | {way: tally.get(f"first.{way}", 0) for way in _AFTER_THE_FIRST},
        "checked": _indicator(passed, passed + failed),
        "settled": _indicator(tally.get("settled", 0), tally.get("found", 0)),
    }


def _residents(tally: Tally) -> dict[str, Indicator]:
    """What the handler claims and what residents say, apart; whoever says nothing is in no numerator."""
    asked, yes, no = (tally.get(what, 0) for what in ("asked", "satisfied", "dissatisfied"))
    said = {what: tally.get(f"said.{what}", 0) for what in ("not_solved", "unreached", "silent", "explained")}
    done = {what: tally.get(f"double.{what}", 0) for what in ("unreached", "exempt")}
    return {
        "claimed": _indicator(tally.get("ended.claimed", 0), tally.get("ended.closed", 0)),
        "confirmed": _indicator(tally.get("said.solved", 0), asked) | said,
        "double_follow_up": _indicator(tally.get("double.done", 0), tally.get("double.owed", 0)) | done,
        "satisfied": _indicator(yes, yes + no) | {"asked": asked, "answered": yes + no},
    }


def _indicator(numerator: int, denominator: int) -> Indicator:
    return {"numerator": numerator, "denominator": denominator, "enough": denominator >= MINIMUM}


def _by_rung(times: Mapping[str, int]) -> list[tuple[str, int]]:
    known = [(role, times[role]) for role in LadderRole if times.get(role)]
    return known + sorted((role, n) for role, n in times.items() if role not in set(LadderRole) and n)
