"""Whether the clocks of the tickets waited for WeChat and WeCom: in bad weather against fair weather."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from infra.local.play.tables import Tables
from infra.local.play.weather import Lived


class Rung(NamedTuple):
    """One ring of one clock: when it was due, and how much later it came."""

    clock: str
    at: datetime
    late: timedelta


def went_on(tables: Tables, weather: tuple[Lived, ...], slack: timedelta) -> Iterator[str]:
    """What was due in bad weather rang no later, in the middle, than in fair weather and `slack`; no machine's feedback was late.

    Compared with fair weather, because a slow machine and killed processes make every clock late alike.
    """
    late = [(is_in(rung.at, weather), rung.late.total_seconds()) for rung in rungs(tables)]
    bad, fair = ([seconds for was_bad, seconds in late if was_bad is ill] for ill in (True, False))
    usual = median(fair) if fair else 0.0
    if bad and median(bad) > usual + slack.total_seconds():
        yield f"{len(bad)} rungs in bad weather rang {median(bad):.1f} s late, in fair weather {usual:.1f} s"
    for ticket_id, kept in tables.tickets.items():
        for clock in kept.ticket.clocks:
            machine = clock.kind is ClockKind.FEEDBACK and clock.met_by == Actor.MACHINE and clock.met_at
            if machine and is_in(clock.started_at, weather) and machine > clock.due_at:
                yield f"{ticket_id}: the machine's feedback came at {machine}, due {clock.due_at}"


def rungs(tables: Tables) -> Iterator[Rung]:
    for ticket_id, kept in tables.tickets.items():
        for clock in kept.ticket.clocks:
            for _, event in kept.changes:
                if event.details.get("clock") == clock.id and "rung" in event.details:
                    due = clock.rungs[int(event.details["rung"])].at
                    yield Rung(f"{ticket_id} {clock.id}", due, event.at - due)


def compared(tables: Tables, weather: tuple[Lived, ...]) -> str:
    """How late rungs rang, and how soon feedback came, in bad weather and in fair, for a person to read."""
    late = [(is_in(rung.at, weather), rung.late.total_seconds()) for rung in rungs(tables)]
    soon = [
        (is_in(clock.started_at, weather), (clock.met_at - clock.started_at).total_seconds())
        for kept in tables.tickets.values()
        for clock in kept.ticket.clocks
        if clock.kind is ClockKind.FEEDBACK and clock.met_at
    ]
    return (
        f"平台故障时：响铃 {_middle(late, True)}，反馈 {_middle(soon, True)}；"
        f"平台正常时：响铃 {_middle(late, False)}，反馈 {_middle(soon, False)}"
    )


def is_in(instant: datetime, weather: tuple[Lived, ...]) -> bool:
    return any(spell.since <= instant < spell.until for spell in weather)


def _middle(found: list[tuple[bool, float]], bad: bool) -> str:
    seconds = [value for was_bad, value in found if was_bad is bad]
    return f"{len(seconds)} 次，一般 {median(seconds):.1f} 秒" if seconds else "0 次"
