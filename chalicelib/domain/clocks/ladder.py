"""The ladder 升级阶梯 of a clock: the text of clocks.csv read into steps, and steps placed on the calendar as rungs."""

import re
from datetime import datetime
from functools import cache

from pydantic import ValidationError

from chalicelib.domain.model import Frozen
from chalicelib.domain.patterns import regex
from chalicelib.domain.tickets.clock_model import LadderRole, Rung, RungAct
from chalicelib.domain.town.calendar import Amount, Basis, Calendar
from chalicelib.domain.town.vocabulary import ClockRule

_STEP = regex(
    r"(?:(?P<percent>\d+(?:\.\d+)?)%"
    r"|(?P<due>due)(?:\s*\+\s*(?P<late>\d+(?:\.\d+)?)\s+(?P<late_unit>[a-z_]+))?"
    r"|(?P<count>\d+(?:\.\d+)?)\s+(?P<unit>[a-z_]+))"
    r"\s+(?P<to>[a-z_]+)(?P<supervise>\s+supervise)?",
    re.ASCII,
)


class BadLadder(ValueError):
    """A ladder that cannot be read; the message is Chinese, for the clerk who wrote it."""


class Step(Frozen):
    """When a rung rings: at a share of the amount, at the due time, some time after it, or some time after the start."""

    percent: float | None = None
    from_due: bool = False
    amount: Amount | None = None
    act: RungAct
    to: LadderRole


def parse_reminders(text: str) -> tuple[Step, ...]:
    """催办: entries joined by ";". Raises BadLadder, also for `supervise`, which only a ladder may say."""
    steps = _parse(text)
    if any(step.act is RungAct.SUPERVISE for step in steps):
        raise BadLadder("催办栏不能写 supervise，请把它移到升级栏")
    return tuple(step.model_copy(update={"act": RungAct.REMIND}) for step in steps)


def parse_ladder(text: str) -> tuple[Step, ...]:
    """升级: entries joined by ";", `supervise` after the role for a supervision order. Raises BadLadder."""
    return _parse(text)


def rungs_of(
    rule: ClockRule, *, start: datetime, due: datetime, basis: Basis, calendar: Calendar
) -> tuple[Rung, ...]:
    """All rungs of a round as instants, in time order; at the same instant reminders first, then as written."""
    steps = parse_reminders(rule.reminders) + parse_ladder(rule.ladder)
    rungs = [Rung(at=_instant(step, start, due, basis, calendar), act=step.act, to=step.to) for step in steps]
    return tuple(sorted(rungs, key=lambda rung: rung.at))


def _instant(step: Step, start: datetime, due: datetime, basis: Basis, calendar: Calendar) -> datetime:
    if step.percent is not None:
        share = calendar.between(start, due, basis) * (step.percent / 100)
        return calendar.run(start, share, basis)[0]
    if step.amount is None:
        return due
    # Minutes and hours of a ladder are the clock on the wall, unless the clock itself stands still at night.
    by_day = Basis.DAY if basis is Basis.DAY else None
    return calendar.add(due if step.from_due else start, step.amount, by_day)[0]


@cache
def _parse(text: str) -> tuple[Step, ...]:
    return tuple(_step(entry.strip()) for entry in text.split(";") if entry.strip())


def _step(entry: str) -> Step:
    match = _STEP.fullmatch(entry)
    if match is None:
        raise BadLadder(f"看不懂“{entry}”，请写成“80% handler”或“due+1 working_days area_leader”这样的格式")
    to = _role(match["to"])
    act = RungAct.SUPERVISE if match["supervise"] else RungAct.ESCALATE
    if match["percent"]:
        return Step(percent=_percent(match["percent"]), act=act, to=to)
    amount = _amount(match["late"] or match["count"], match["late_unit"] or match["unit"])
    return Step(from_due=match["due"] is not None, amount=amount, act=act, to=to)


def _role(word: str) -> LadderRole:
    try:
        return LadderRole(word)
    except ValueError as unknown:
        raise BadLadder(f"没有角色“{word}”，可用：{'、'.join(sorted(LadderRole))}") from unknown


def _percent(text: str) -> float:
    percent = float(text)
    if percent > 100:
        raise BadLadder(f"百分比不能超过 100：{text}%")
    return percent


def _amount(count: str | None, unit: str | None) -> Amount | None:
    if count is None:
        return None
    try:
        return Amount.model_validate({"count": count, "unit": unit})
    except ValidationError as unknown:
        raise BadLadder(
            f"没有时间单位“{unit}”，可用：seconds、minutes、hours、days、working_hours、working_days"
        ) from unknown
