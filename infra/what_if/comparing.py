"""What would have been otherwise: the figures of the replayed past beside the real ones, by the very code of the figures."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.figures.counts import Counts, added, as_read, count_day
from chalicelib.domain.figures.facts import PromiseState, fact_of
from chalicelib.domain.figures.promises import Promise, promises_of
from chalicelib.domain.tickets.practice import is_counted
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.calendar import Amount
from chalicelib.domain.town.directory import Town
from infra.what_if import ringing
from infra.what_if.lives import Life
from infra.what_if.promises import replayed
from infra.what_if.receipts import receipts


class Broken(NamedTuple):
    """A promise that one of the two worlds kept and the other broke."""

    number: str
    clock: str  # Clock.id
    promise: str  # as it was: 5 minutes
    would_be: str  # as it would have been
    is_kept_then: bool


class Outcome(NamedTuple):
    """`was` and `would_be` are counts; `rang` and `would_ring` who was rung how often."""

    tickets: int
    was: Counts
    would_be: Counts
    rang: ringing.Rings
    would_ring: ringing.Rings
    broken: list[Broken]
    first_acts: Counter[tuple[str, str]]  # what the machine did at once → would have done, where they differ
    filed: int  # tickets that would have been filed otherwise
    unlike: Counter[str]  # what the rules in force do not bring out as it was: clocks, rings, receipts
    dropped: int
    unknown: int


def compared(lives: Iterable[Life], *, was: Town, other: Town, now: datetime) -> Outcome:
    """Both worlds of these lives. Practice is in neither (rule 55)."""
    real: list[Counts] = []
    made: list[Counts] = []
    rang: ringing.Rings = Counter()
    would_ring: ringing.Rings = Counter()
    broken: list[Broken] = []
    first_acts: Counter[tuple[str, str]] = Counter()
    unlike: Counter[str] = Counter()
    filed = dropped = unknown = tickets = 0
    for life in lives:
        if not is_counted(life.ticket):
            continue
        tickets += 1
        found = receipts(life, was=was, other=other)
        again = replayed(life, was=was, other=other, found=found, now=now)
        rings = ringing.would_be(life, again.ticket, was=was, other=other, found=found)
        real.append(_counted(life.ticket))
        made.append(_counted(again.ticket))
        rang += ringing.really(life)
        would_ring += rings.rings
        broken += _broken(life.ticket, again.ticket)
        unlike.update(clocks=again.unlike, rings=rings.unlike, receipts=int(found is None))
        dropped, unknown = dropped + again.dropped, unknown + again.unknown
        if found and found.is_other:
            filed += 1
            first_acts[found.was.says, found.other.says] += found.was.says != found.other.says
    return Outcome(
        tickets,
        added(real),
        added(made),
        rang,
        would_ring,
        broken,
        +first_acts,
        filed,
        +unlike,
        dropped,
        unknown,
    )


def promises(counts: Counts) -> list[Promise]:
    return promises_of(counts.get("all", {}).get("", {}))


def _counted(ticket: Ticket) -> Counts:
    fact = fact_of(ticket)
    facts = [fact] if fact else []
    return as_read(count_day(facts, [each for each in facts if each.closing_day]), lambda _: True)


def _broken(real: Ticket, made: Ticket) -> Iterator[Broken]:
    one, other = fact_of(real), fact_of(made)
    if one is None or other is None:
        return
    before = {(each.kind, each.round): each for each in one.clocks}
    for clock in other.clocks:
        old = before.get((clock.kind, clock.round))
        if old is None or {old.state, clock.state} != {PromiseState.KEPT, PromiseState.LATE}:
            continue
        name = f"{clock.kind}-{clock.round}"
        yield Broken(real.number, name, old.promise, clock.promise, clock.state == PromiseState.KEPT)


def said(outcome: Outcome, names: dict[str, str]) -> Iterator[str]:
    """The outcome in lines for people. `names`: of clocks and roles."""
    yield f"这段时间受理的工单 {outcome.tickets} 张。人做的事按原来的时间算，只换规则。"
    yield from _shares(outcome)
    for broken in outcome.broken:
        kind = broken.clock.rpartition("-")[0]
        change = "会兑现" if broken.is_kept_then else "会超时"
        amounts = f"{Amount.of(broken.promise).words} → {Amount.of(broken.would_be).words}"
        yield f"　{broken.number}　{names.get(kind, kind)}（{amounts}）：{change}"
    for (was, other), n in sorted(outcome.first_acts.items()):
        yield f"收到时系统的处理会不同：{names.get(was, was)} → {names.get(other, other)}，{n} 张"
    yield f"分类、流程或紧急程度会不同：{outcome.filed} 张"
    yield from _rings(outcome, names)
    yield from _doubts(outcome)


def _shares(outcome: Outcome) -> Iterator[str]:
    """As it was whole; of what would be only what differs, so that it is seen."""
    was, would_be = promises(outcome.was), promises(outcome.would_be)
    yield "实际（按时 / 已有结果）："
    yield from map(_share, was)
    others = [each for each in would_be if each not in was]
    yield "按另一套规则，和实际不同的：" if others else "按另一套规则：每项承诺都和实际一样"
    yield from map(_share, others)


def _share(promise: Promise) -> str:
    false = f"，其中说办结、后来不是 {promise.disproved}" if promise.disproved else ""
    return f"　{promise.name}：{promise.kept} / {promise.decided}{false}（还在计时 {promise.open}，不再适用 {promise.void}）"


def _rings(outcome: Outcome, names: dict[str, str]) -> Iterator[str]:
    yield "叫到谁、几次（实际 → 按另一套规则；按角色和编码排列）："
    for role, code in sorted({*outcome.rang, *outcome.would_ring}):
        was, would_be = outcome.rang[role, code], outcome.would_ring[role, code]
        yield f"　{names.get(role, role)}　{code}：{was} → {would_be}"


def _doubts(outcome: Outcome) -> Iterator[str]:
    if outcome.dropped:
        yield f"另一套规则里没有这项承诺：{outcome.dropped} 项，不计入"
    if outcome.unknown:
        yield f"系统当时立刻答复、换了规则要等人，多久不知道：{outcome.unknown} 项，不计入"
    words = {"clocks": "项时限", "rings": "次提醒", "receipts": "张工单的受理"}
    for what, n in outcome.unlike.items():
        yield f"现行规则算不出当时的样子（规则后来改过，或经过没有记全）：{n} {words[what]}，保持原样"
