"""Ringing 响铃: one rung of a ladder is rung, exactly once, and the people it names are told.

The workflow and the sweep both ring; the count of rungs already rung, kept on the clock, is what makes it once.
"""

from datetime import datetime

from chalicelib.domain.acts import reporting_up
from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.acts.withholding import sent_without_words
from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import (
    CLOCK_NAMES,
    Alarm,
    Clock,
    ClockKind,
    LadderRole,
    Rung,
    RungAct,
)
from chalicelib.domain.tickets.dangers import name_of
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Stage, SupervisionOrder, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.emergency import phone_of, sheet_for
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.vocabulary import Staff

KINDS = {
    RungAct.REMIND: EventKind.REMINDED,
    RungAct.ESCALATE: EventKind.ESCALATED,
    RungAct.SUPERVISE: EventKind.SUPERVISED,
}


def escalate(
    ticket: Ticket, alarm: Alarm, *, town: Town, now: datetime, upward: Partner | None = None
) -> Changed | None:
    """催办、升级、督办: ring this rung, tell its people, and show an escalated ticket in their queue.

    What complains of a service and was looked at by nobody goes out without its words instead; the rung rings next, for the look
    that is owed (rule 104). None, and nothing to do, when the world has moved on: the clock is met, ended or paused, the rung has been rung, an
    earlier one has not, or its instant (less one second) has not come. A rung late by hours still rings. A rung for
    `upward` also reports the ticket to that partner.
    """
    clock = next((clock for clock in ticket.clocks if clock.id == alarm.clock_id), None)
    if clock is None or not clock.is_running or clock.rang != alarm.rung or alarm.rung >= len(clock.rungs):
        return None
    rung = clock.rungs[alarm.rung]
    if rung.at > now + clocks.EARLY:
        return None
    if sent := sent_without_words(ticket, clock, rung, town=town, now=now):
        return sent
    whose = _whose(ticket, clock)
    people = people_for(rung.to, whose, town=town, now=now)
    after = _supervised(_escalated(_rung(ticket, clock), rung, people), clock, rung, town, now)
    after = _to_be_called(after, clock, town)
    details = {
        "clock": clock.id,
        "rung": str(alarm.rung),
        "to": rung.to,
        "told": " ".join(p.code for p in people),
    }
    event = Event(kind=KINDS[rung.act], at=now, by=Actor.MACHINE, note=_note(clock, rung), details=details)
    if rung.to is LadderRole.UPWARD and upward is not None:
        after, event = reporting_up.by_ladder(after, event, upward)
    unit, sheet = (
        town.find_unit(ticket.lead_unit_id or ""),
        sheet_for(town.emergency_sheets, ticket.where.path),
    )
    say = {"danger": name_of(ticket.danger), "phone": phone_of(unit, sheet), "rung": _note(clock, rung)}
    say |= _of_undertaking(clock, whose, town)
    row = _row(ticket, clock, rung)
    return changed(after, event, before=ticket, town=town, row=row, named=people, due=clock.kind, say=say)


def _whose(ticket: Ticket, clock: Clock) -> Ticket:
    """The ticket as the unit has it whose promise the clock is: of an undertaking, who undertook it."""
    one = next((each for each in ticket.undertakings if each.id == clock.of), None) if clock.of else None
    if one is None:
        return ticket
    return ticket.model_copy(
        update={"lead_unit_id": one.unit_id, "handler_id": None, "stage": Stage.HANDLING}
    )


def _of_undertaking(clock: Clock, whose: Ticket, town: Town) -> dict[str, str]:
    """Several may run: the notice names this one's day and unit."""
    unit = town.find_unit(whose.lead_unit_id or "")
    if not clock.of or unit is None:
        return {}
    return {"due": f"{clock.due_at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}", "unit_name": unit.name}


def _rung(ticket: Ticket, clock: Clock) -> Ticket:
    rang = clock.model_copy(update={"rang": clock.rang + 1})
    return ticket.model_copy(update={"clocks": tuple(rang if c is clock else c for c in ticket.clocks)})


def _escalated(ticket: Ticket, rung: Rung, people: tuple[Staff, ...]) -> Ticket:
    if rung.act is RungAct.REMIND:
        return ticket
    shown = dict.fromkeys((*ticket.escalated_to, *(person.code for person in people)))
    return ticket.model_copy(update={"escalated_to": tuple(shown)})


def _supervised(ticket: Ticket, clock: Clock, rung: Rung, town: Town, now: datetime) -> Ticket:
    """督办单 by the machine. An order still unanswered keeps its own due time."""
    if rung.act is not RungAct.SUPERVISE:
        return ticket
    order = SupervisionOrder(id=f"{clock.id}-{clock.rang}", by=Actor.MACHINE, at=now, text=_note(clock, rung))
    ordered = ticket.model_copy(update={"supervision_orders": (*ticket.supervision_orders, order)})
    if clocks.find_open(ordered, ClockKind.SUPERVISION) is not None:
        return ordered
    return clocks.start(ordered, ClockKind.SUPERVISION, town=town, now=now)


def _to_be_called(ticket: Ticket, clock: Clock, town: Town) -> Ticket:
    """A follow-up that is late is called for, also where its workflow has failed."""
    if clock.kind is not ClockKind.FOLLOW_UP or policy(ticket, town).station.verifies:
        return ticket
    return ticket.model_copy(update={"on_call_list": True})


def _row(ticket: Ticket, clock: Clock, rung: Rung) -> str:
    """Which row of the table this rung is."""
    if clock.kind is ClockKind.DANGER:
        return "rang/danger"
    if clock.kind is ClockKind.TAKE and rung.to is LadderRole.DESK and ticket.urgent:
        return "reminded/call_out"
    if rung.act is RungAct.SUPERVISE:
        return "supervised/by_ladder"
    return f"{KINDS[rung.act]}/not_taken" if _is_first_after_take(clock, rung) else KINDS[rung.act]


def _is_first_after_take(clock: Clock, rung: Rung) -> bool:
    """Nobody took it in time: the resident is told once that someone else has been asked."""
    first = next((r for r in clock.rungs if r.at >= clock.due_at), None)
    return clock.kind is ClockKind.TAKE and rung is first


def _note(clock: Clock, rung: Rung) -> str:
    return f"“{CLOCK_NAMES[clock.kind]}”{'快到时限' if rung.at < clock.due_at and not rung.overdue else '已到时限，还没有完成'}"
