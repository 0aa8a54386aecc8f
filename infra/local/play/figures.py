"""The day in numbers, from tickets and their histories."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, ClockKind, ladder_name
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.practice import is_counted
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Outcome
from infra.local.play import push_figures
from infra.local.play.tables import Kept, Tables


class Line(NamedTuple):
    what: str
    number: str
    note: str = ""


def figures(tables: Tables) -> list[Line]:
    """The table's lines, in the order of a ticket's life."""
    kept = [each for each in tables.tickets.values() if is_counted(each.ticket)]
    kinds = Counter(event.kind for each in kept for _, event in each.changes)
    return [
        Line("上报", str(len(kept)), _sources(kept)),
        Line("当场答复", str(sum(each.ticket.answered_on_the_spot for each in kept))),
        *_feedback(kept),
        _met(kept, ClockKind.RESPONSE, "按时响应"),
        _met(kept, ClockKind.TAKE, "按时签收"),
        _met(kept, ClockKind.RESOLUTION, "按时办结"),
        *_rungs(kept),
        Line("督办", str(kinds[EventKind.SUPERVISED])),
        Line("退单", str(kinds[EventKind.RETURNED]), f"其中片区签派 {kinds[EventKind.ASSIGNED_FINALLY]}"),
        Line("延期", str(kinds[EventKind.EXTENSION_DECIDED])),
        Line("挂账、等居民", str(kinds[EventKind.SUSPENDED] + kinds[EventKind.WAITING])),
        Line("并案", str(kinds[EventKind.MERGED])),
        Line(
            "重办",
            str(kinds[EventKind.REWORKED] + kinds[EventKind.REOPENED]),
            f"其中居民重新打开 {kinds[EventKind.REOPENED]}",
        ),
        *_ends(kept),
        Line("回访未接通", str(sum(each.ticket.outcome is Outcome.UNREACHED for each in kept))),
        Line("历史记录", str(sum(len(each.events) for each in kept))),
        *(Line(*line) for line in push_figures.lines(tables)),
    ]


def _sources(kept: list[Kept]) -> str:
    counted = Counter(str(each.ticket.source) for each in kept)
    return "、".join(f"{source} {count}" for source, count in counted.most_common())


def _feedback(kept: list[Kept]) -> Iterator[Line]:
    clocks = [clock for each in kept for clock in each.ticket.clocks if clock.kind is ClockKind.FEEDBACK]
    met = [clock for clock in clocks if clock.met_at and clock.met_at <= clock.due_at]
    by_machine = sum(clock.met_by == Actor.MACHINE for clock in met)
    yield Line("按时反馈：人", str(len(met) - by_machine), f"共 {len(clocks)} 次承诺")
    yield Line("按时反馈：系统派单", str(by_machine))
    yield Line("反馈晚了或没有", str(len(clocks) - len(met)))


def _met(kept: list[Kept], kind: ClockKind, what: str) -> Line:
    clocks = [clock for each in kept for clock in each.ticket.clocks if clock.kind is kind]
    met = sum(clock.met_at is not None and clock.met_at <= clock.due_at for clock in clocks)
    late = sum(clock.met_at is not None and clock.met_at > clock.due_at for clock in clocks)
    return Line(what, str(met), f"晚 {late}，未完成 {len(clocks) - met - late}，共 {len(clocks)}")


def _rungs(kept: list[Kept]) -> Iterator[Line]:
    """Reminders and escalations by whom they went to, with the clocks that rang."""
    for kind, what in (("reminded", "提醒"), ("escalated", "升级到")):
        rung = [event for each in kept for _, event in each.changes if event.kind == kind]
        for role, count in Counter(event.details.get("to", "") for event in rung).most_common():
            of_role = (event for event in rung if event.details.get("to") == role)
            clocks = Counter(event.details["clock"].rpartition("-")[0] for event in of_role)
            named = "、".join(f"{CLOCK_NAMES[ClockKind(clock)]} {n}" for clock, n in clocks.most_common())
            yield Line(f"{what}{ladder_name(role)}", str(count), named)


def _ends(kept: list[Kept]) -> Iterator[Line]:
    for stage, count in Counter(each.ticket.stage for each in kept).most_common():
        yield Line(STAGE_NAMES[stage], str(count))


def lateness(tables: Tables) -> str:
    """By how many seconds rungs rang after their instant: the middle one, and the worst."""
    late = sorted(
        (event.at - clock.rungs[int(event.details["rung"])].at).total_seconds()
        for each in tables.tickets.values()
        for clock in each.ticket.clocks
        for _, event in each.changes
        if event.details.get("clock") == clock.id and "rung" in event.details
    )
    return (
        f"{len(late)} 次响铃，一般晚 {late[len(late) // 2]:.1f} 秒，最多 {late[-1]:.1f} 秒"
        if late
        else "没有响铃"
    )
