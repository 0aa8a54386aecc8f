"""Who would have been rung 叫到谁: the rungs of a replayed ticket, by the roster of another town.

A rung that really rang names whom it told. Where the roster in force names the same people at that instant, the other roster
is asked; else they are left as they were, and counted as `unlike`.
"""

from collections import Counter
from typing import NamedTuple

from chalicelib.domain.clocks.clocks import EARLY
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.clock_model import Clock, Rung
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Level, Ticket
from chalicelib.domain.town.directory import Town
from infra.what_if.lives import Life, stood
from infra.what_if.receipts import Receipts

ALERT = "alert"  # what is urgent rings at the receipt, without a ladder
_RUNG = frozenset({EventKind.REMINDED, EventKind.ESCALATED, EventKind.SUPERVISED})
Rings = Counter[tuple[str, str]]  # the role of the rung, the person's code → how often


class Rang(NamedTuple):
    rings: Rings
    unlike: int = 0


def really(life: Life) -> Rings:
    """Who was rung how often, as the lines of history say."""
    rings: Rings = Counter()
    for line in life.lines:
        if line.kind in _RUNG:
            rings.update((line.details["to"], code) for code in line.details["told"].split())
    return rings + _alerted(life.lines[:1])


def would_be(life: Life, ticket: Ticket, *, was: Town, other: Town, found: Receipts | None) -> Rang:
    """The same for the replayed ticket."""
    rings: Rings = Counter()
    unlike = 0
    lines = {
        (line.details["clock"], int(line.details["rung"])): line for line in life.lines if line.kind in _RUNG
    }
    before = {clock.id: clock for clock in life.ticket.clocks}
    for clock in ticket.clocks:
        for number, rung in enumerate(clock.rungs[: clock.rang]):
            line = lines.get((clock.id, number)) if _is_as_before(before, clock, number) else None
            codes, is_like = _people(life, rung, line, was, other)
            unlike += not is_like
            rings.update((rung.to, code) for code in codes)
    alerts = life.lines[:1] if found is None or _are_alike(found) else (found.other.event,)
    return Rang(rings + _alerted(alerts), unlike)


def _people(life: Life, rung: Rung, line: Event | None, was: Town, other: Town) -> tuple[list[str], bool]:
    """Whom the rung tells, and whether the roster in force tells whom it really told."""
    instant = line.at if line else rung.at
    view = stood(life, instant, before=line)
    theirs = [person.code for person in people_for(rung.to, view, town=other, now=instant)]
    if line is None:
        return theirs, True
    told = line.details["told"].split()
    ours = [person.code for person in people_for(rung.to, view, town=was, now=instant)]
    return (theirs, True) if ours == told else (told, False)


def _is_as_before(before: dict[str, Clock], clock: Clock, number: int) -> bool:
    old = before.get(clock.id)
    is_rung = old is not None and number < old.rang
    return bool(is_rung and old and abs(old.rungs[number].at - clock.rungs[number].at) <= EARLY)


def _are_alike(found: Receipts) -> bool:
    return not found.is_other and _alerted((found.was.event,)) == _alerted((found.other.event,))


def _alerted(lines: tuple[Event, ...]) -> Rings:
    notices = [notice for line in lines for notice in line.notices]
    loud = [notice for notice in notices if notice.level is Level.RING and notice.to.startswith("staff:")]
    return Counter((ALERT, notice.to.removeprefix("staff:")) for notice in loud)
