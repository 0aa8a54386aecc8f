"""The funnel 漏斗 of a ticket's life: how far what was received on a day has come, and what became of the rest (docs/indicators.md). Pure."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.model import View
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import STAGE_NAMES, FollowUpResult, Stage


class Step(StrEnum):
    RECEIVED = "received"
    FED_BACK = "fed_back"
    RESPONDED = "responded"
    HANDLED = "handled"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"


_IN_HAND = frozenset({Stage.HANDLING, Stage.RESOLVED})
# Why a ticket did not come to a step, beside the stages in which it ended without it.
_WHY = {
    "open": "还在办",
    "skipped": "没有这一步就结案",
    "found": "主动发现的，不问居民",
    "not_solved": "居民说没有解决",
    "unreached": "没有联系上",
    "silent": "居民没有回答",
}


def _kept(fact: Fact, kind: ClockKind) -> bool:
    """The promise was met, in time or late, in any round; or there was none."""
    rounds = [clock for clock in fact.clocks if clock.kind == kind]
    return not rounds or any(clock.met is not None for clock in rounds)


def _is_handled(fact: Fact) -> bool:
    taken = any(clock.kind == ClockKind.TAKE and clock.met is not None for clock in fact.clocks)
    return taken or fact.claimed or fact.on_the_spot or fact.stage in _IN_HAND


_STEPS: dict[Step, tuple[str, Callable[[Fact], bool]]] = {
    Step.RECEIVED: ("已受理", lambda _: True),
    Step.FED_BACK: ("已反馈", lambda fact: _kept(fact, ClockKind.FEEDBACK)),
    Step.RESPONDED: ("已响应", lambda fact: _kept(fact, ClockKind.RESPONSE)),
    Step.HANDLED: ("已处置", _is_handled),
    Step.CLAIMED: ("已办结", lambda fact: fact.claimed or fact.on_the_spot),
    Step.CONFIRMED: ("居民确认", lambda fact: fact.last_word is FollowUpResult.SOLVED),
}


def steps_of(fact: Fact) -> Iterator[str]:
    """The steps that a ticket came to, one after the other; then, of the first that it did not, `step.why`."""
    for step, (_, has_come) in _STEPS.items():
        if not has_come(fact):
            yield f"{step}.{_why(fact, step)}"
            return
        yield step


def funnel_of(tally: Mapping[str, int]) -> list[View]:
    """One line a step: so many came to it, and what became of those of the step before that did not."""
    return [
        {"step": step, "step_name": name, "tickets": tally.get(step, 0), "lost": _lost(tally, step)}
        for step, (name, _) in _STEPS.items()
    ]


def _why(fact: Fact, step: Step) -> str:
    if fact.is_open:
        return "open"
    if fact.stage is not Stage.CLOSED:
        return fact.stage.value
    if step is not Step.CONFIRMED:
        return "skipped"
    return fact.last_word or "silent" if fact.is_asked else "found"


def _lost(tally: Mapping[str, int], step: str) -> list[View]:
    lost = [(what.removeprefix(f"{step}."), n) for what, n in tally.items() if what.startswith(f"{step}.")]
    return [{"why": why, "why_name": _name(why), "tickets": n} for why, n in sorted(lost)]


def _name(why: str) -> str:
    return _WHY.get(why) or STAGE_NAMES[Stage(why)]
