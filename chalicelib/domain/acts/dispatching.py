"""派单、签收、退单、签派、转办、协办、交接: who has a ticket."""

from datetime import datetime

from chalicelib.domain.acts.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    moved,
    need_lead,
    need_no_conflict,
    need_no_wait,
    need_stage,
    withheld_after_a_look,
)
from chalicelib.domain.acts.returning import MOST_RETURNS
from chalicelib.domain.clocks import clocks
from chalicelib.domain.clocks.rounds import rule_for
from chalicelib.domain.errors import (
    AlreadyDone,
    Invalid,
    NoMoreReturns,
    NotAllowed,
    NotYours,
)
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.parties.beginning import with_a_unit
from chalicelib.domain.parties.summaries import confirmed
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind, Window
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff, Track

_RETURN_WINDOW = Amount(count=2, unit=AmountUnit.WORKING_DAYS)  # where clocks.csv has no row "return"


def given_to(
    ticket: Ticket, unit_id: str, handler: Staff | None, *, by: str, town: Town, now: datetime
) -> Ticket:
    """The ticket with a unit and its clocks running from this instant: clocks that start at 签收 are gamed.

    Telling the resident who has it and by when is feedback (rule 1); by the machine only if the handler is on duty.
    """
    window = rule_for(ticket, Window.RETURN, town)
    until, _ = town.calendar.add(now, window.amount if window else _RETURN_WINDOW)
    ticket = moved(
        clocks.end(ticket, [ClockKind.RULING], now=now),
        Stage.DISPATCHED,
        lead_unit_id=unit_id,
        handler_id=handler.code if handler else None,
        taken=False,
        arrived_at=None,
        return_until=until,
        extension=None,
        dispute=None,
        withheld=ticket.withheld if by == Actor.MACHINE else withheld_after_a_look(ticket),
    )
    if by != Actor.MACHINE or (handler and town.is_on_duty(handler.code, now)):
        ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by=by, now=now)
    return with_a_unit(ticket, town=town, now=now)


def dispatch(
    ticket: Ticket,
    *,
    unit_id: str,
    handler_id: str | None,
    by: Staff,
    track: Track | None,
    note: str,
    town: Town,
    now: datetime,
    summary: str = "",
) -> Changed:
    """派单: the desk gives a ticket to its lead unit. Also what follows a return, up to the second (rule 12).

    Raises WrongStage, NoMoreReturns when only the area leader may decide, Invalid for an unknown unit or a handler of
    another one, ConflictOfInterest.
    """
    need_stage(ticket, {Stage.RECEIVED}, "派单")
    need_decided(ticket, "派单")
    if (
        ticket.returns >= MOST_RETURNS
        and Role.AREA_LEADER not in by.roles
        and Role.TOWN_LEADER not in by.roles
    ):
        raise NoMoreReturns("已退单两次，须由片区签派")
    handler = _chosen(ticket, unit_id, handler_id, by, town, now)
    need_mandated(ticket, unit_id, town)
    given = {"track": track or ticket.track, "first_contact_id": ticket.first_contact_id or by.code}
    before = ticket.model_copy(update=given | {"summary": confirmed(ticket, summary)})
    after = given_to(before, unit_id, handler, by=by.code, town=town, now=now)
    return _dispatched(ticket, after, EventKind.DISPATCHED, by=by, note=note, town=town, now=now)


def need_mandated(ticket: Ticket, unit_id: str, town: Town) -> None:
    """派单目录: what a department must do is not given to the grassroots. Raises NotAllowed, naming the ground (rule 98)."""
    mandate = town.mandate_for(ticket.category, ticket.where.path)
    unit = town.find_unit(unit_id)
    if mandate and unit and mandate.forbids(unit):
        lead = town.find_unit(mandate.lead)
        instead = f"，应派给{lead.name}" if lead else ""
        raise NotAllowed(f"按派单目录，这类事不能派给{unit.name}{instead}。依据：{mandate.ground}")


def assign_finally(
    ticket: Ticket,
    *,
    unit_id: str,
    handler_id: str | None,
    by: Staff,
    note: str,
    town: Town,
    now: datetime,
    summary: str = "",
) -> Changed:
    """签派: the area or town leader decides who has it; it cannot be returned any more (rule 12)."""
    need_stage(ticket, {Stage.RECEIVED}, "签派")
    need_decided(ticket, "签派")
    handler = _chosen(ticket, unit_id, handler_id, by, town, now)
    before, ticket = ticket, ticket.model_copy(update={"summary": confirmed(ticket, summary)})
    after = given_to(ticket, unit_id, handler, by=by.code, town=town, now=now)
    after = after.model_copy(update={"assigned_finally": True, "return_until": None})
    return _dispatched(before, after, EventKind.ASSIGNED_FINALLY, by=by, note=note, town=town, now=now)


def take(ticket: Ticket, *, by: Staff, town: Town, now: datetime) -> Changed:
    """签收: someone of the lead unit takes it, and it is that person's."""
    if ticket.stage is Stage.HANDLING and ticket.taken:
        raise AlreadyDone("这张工单已经签收过了")
    need_stage(ticket, {Stage.DISPATCHED}, "签收")
    need_lead(ticket, by)
    need_no_conflict(ticket, staff=by.code)
    after = clocks.meet(ticket, ClockKind.TAKE, by=by.code, now=now)
    after = moved(after, Stage.HANDLING, handler_id=by.code, taken=True)
    return changed(after, Event(kind=EventKind.TAKEN, at=now, by=by.code), before=ticket, town=town)


def transfer(
    ticket: Ticket,
    *,
    unit_id: str,
    handler_id: str | None,
    by: Staff,
    note: str,
    town: Town,
    now: datetime,
    summary: str = "",
) -> Changed:
    """转办: to another unit by the desk or a leader; within a unit by its head. Due times do not move, history stays.

    Within the unit no clock begins afresh: it is another person's, as far on as it was (rule 26).
    """
    need_stage(ticket, WITH_A_UNIT, "转办")
    need_no_wait(ticket, "转办")
    if Role.UNIT_HEAD in by.roles and (by.unit != ticket.lead_unit_id or unit_id != by.unit):
        raise NotYours("单位负责人只能在本单位内转办；要换单位请退单或联系工作站")
    handler = _chosen(ticket, unit_id, handler_id, by, town, now)
    before, ticket = ticket, ticket.model_copy(update={"summary": confirmed(ticket, summary)})
    if unit_id == ticket.lead_unit_id:
        after = ticket.model_copy(update={"handler_id": handler.code if handler else None})
    else:
        need_mandated(ticket, unit_id, town)
        after = given_to(ticket, unit_id, handler, by=by.code, town=town, now=now)
        after = after.model_copy(update={"assigned_finally": ticket.assigned_finally})
    return _dispatched(before, after, EventKind.TRANSFERRED, by=by, note=note, town=town, now=now)


def _chosen(
    ticket: Ticket, unit_id: str, handler_id: str | None, by: Staff, town: Town, now: datetime
) -> Staff | None:
    """Who gets it: the person named, else the unit's person on duty, else nobody yet (its head is told by the clocks)."""
    if town.find_unit(unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit_id"])
    need_no_conflict(ticket, unit_id=unit_id, staff=handler_id, by=by)
    if handler_id is None:
        found = town.handler_for(unit_id, town.find_category(ticket.category or ""), ticket.where.path, now)
        return None if found and is_concerned(found, ticket.concerns) else found
    handler = town.find_staff(handler_id)
    if handler is None or handler.unit != unit_id:
        raise Invalid("该人员不在这个单位，请重新选择", fields=["handler_id"])
    return handler


def _dispatched(
    before: Ticket, after: Ticket, kind: EventKind, *, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    details = {"unit": after.lead_unit_id or "", "handler": after.handler_id or ""}
    event = Event(kind=kind, at=now, by=by.code, note=note, details=details)
    return changed(after, event, before=before, town=town)


def hand_over(
    ticket: Ticket, *, leaver: Staff, successor: Staff, by: str, town: Town, now: datetime
) -> Changed | None:
    """The ticket without the leaver; None when the leaver holds nothing of it.

    As handler, a successor of the lead unit takes over, and has to take it (签收) anew only if the leaver had not. Someone
    of another unit, or whom a confidential ticket concerns, does not: it stays in the unit's queue and its heads are told.
    """
    holds, watches = ticket.handler_id == leaver.code, leaver.code in ticket.escalated_to
    if ticket.stage in ENDED or not (holds or watches):
        return None
    concerned = {successor.code, successor.unit} & set(ticket.concerns)
    update: dict[str, object] = {}
    told: list[Staff] = []
    if watches:
        others = (successor.code if code == leaver.code else code for code in ticket.escalated_to)
        update["escalated_to"] = tuple(
            dict.fromkeys(code for code in others if not (concerned and code == successor.code))
        )
        told.append(successor)
    if holds:
        fits = successor.unit == ticket.lead_unit_id and not concerned
        update["handler_id"] = successor.code if fits else None
        told += [successor] if fits else town.unit_heads(ticket.lead_unit_id or "")
    after = ticket.model_copy(update=update)
    details = {"from": leaver.code, "to": successor.code, "leaver": leaver.name}
    event = Event(kind=EventKind.HANDED_OVER, at=now, by=by, details=details)
    return changed(after, event, before=ticket, town=town, named=told)
