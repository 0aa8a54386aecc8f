"""Ringing 响铃: one rung of a ladder is rung, exactly once, and the people it names are told.

The workflow and the sweep both ring; the count of rungs already rung, kept on the clock, is what makes it once.
"""

from datetime import datetime

from chalicelib.domain.acts import reporting_up
from chalicelib.domain.acts.asking import as_urgent, name_of
from chalicelib.domain.acts.follow_up_policy import policy
from chalicelib.domain.acts.moves import Changed, changed, tell, tell_staff
from chalicelib.domain.acts.recipients import people_for
from chalicelib.domain.clocks import clocks
from chalicelib.domain.clocks.ladder import UPWARD
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, Alarm, Clock, ClockKind, Rung, RungAct
from chalicelib.domain.tickets.ticket import Event, Notice, SupervisionOrder, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.vocabulary import Staff

KINDS = {RungAct.REMIND: "reminded", RungAct.ESCALATE: "escalated", RungAct.SUPERVISE: "supervised"}


def escalate(
    ticket: Ticket, alarm: Alarm, *, town: Town, now: datetime, upward: Partner | None = None
) -> Changed | None:
    """催办、升级、督办: ring this rung, tell its people, and show an escalated ticket in their queue.

    None, and nothing to do, when the world has moved on: the clock is met, ended or paused, the rung has been rung, an
    earlier one has not, or its instant (less one second) has not come. A rung late by hours still rings. A rung for
    `upward` also reports the ticket to that partner.
    """
    clock = next((clock for clock in ticket.clocks if clock.id == alarm.clock_id), None)
    if clock is None or not clock.is_running or clock.rang != alarm.rung or alarm.rung >= len(clock.rungs):
        return None
    rung = clock.rungs[alarm.rung]
    if rung.at > now + clocks.EARLY:
        return None
    people = people_for(rung.to, ticket, town=town, now=now)
    after = _supervised(_escalated(_rung(ticket, clock), rung, people), clock, rung, town, now)
    after = _to_be_called(after, clock, town)
    notices = _notices(after, clock, rung, people, town, now)
    details = {
        "clock": clock.id,
        "rung": str(alarm.rung),
        "to": rung.to,
        "told": " ".join(p.code for p in people),
    }
    event = Event(
        kind=KINDS[rung.act], at=now, by="machine", note=_note(clock, rung), details=details, notices=notices
    )
    if rung.to == UPWARD and upward is not None:
        after, event = reporting_up.by_ladder(after, event, upward)
    return changed(after, event, town=town)


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
    order = SupervisionOrder(id=f"{clock.id}-{clock.rang}", by="machine", at=now, text=_note(clock, rung))
    ordered = ticket.model_copy(update={"supervision_orders": (*ticket.supervision_orders, order)})
    if clocks.find_open(ordered, ClockKind.SUPERVISION) is not None:
        return ordered
    return clocks.start(ordered, ClockKind.SUPERVISION, town=town, now=now)


def _to_be_called(ticket: Ticket, clock: Clock, town: Town) -> Ticket:
    """A follow-up that is late is called for, also where its workflow has failed."""
    if clock.kind is not ClockKind.FOLLOW_UP or policy(ticket, town).station == "verify":
        return ticket
    return ticket.model_copy(update={"on_call_list": True})


def _notices(
    ticket: Ticket, clock: Clock, rung: Rung, people: tuple[Staff, ...], town: Town, now: datetime
) -> tuple[Notice, ...]:
    template = "reminded" if rung.act is RungAct.REMIND else "escalated"
    told = tell_staff(people, template, ticket, town=town, note=_note(clock, rung), due=clock.kind)
    if clock.kind is ClockKind.DANGER:
        return as_urgent(tell_staff(people, "danger_asked", ticket, town=town, note=name_of(ticket.danger)))
    may_gather = rung.act is not RungAct.REMIND and not ticket.urgent
    notices = [notice.model_copy(update={"digest": may_gather}) for notice in told]
    if rung.act is RungAct.SUPERVISE:
        heads = people_for("unit_head", ticket, town=town, now=now)
        how = {"town": town, "note": _note(clock, rung), "due": ClockKind.SUPERVISION}
        notices += tell_staff(heads, "supervision", ticket, **how)
    if ticket.reporter_id and people and _is_first_after_take(clock, rung):
        notices.append(tell("reporter", "backup_asked", ticket, town=town, who=people[0].name))
    return tuple(notices)


def _is_first_after_take(clock: Clock, rung: Rung) -> bool:
    """Nobody took it in time: the resident is told once that someone else has been asked."""
    first = next((r for r in clock.rungs if r.at >= clock.due_at), None)
    return clock.kind is ClockKind.TAKE and rung is first


def _note(clock: Clock, rung: Rung) -> str:
    return f"“{CLOCK_NAMES[clock.kind]}”{'快到时限' if rung.at < clock.due_at else '已到时限，还没有完成'}"
