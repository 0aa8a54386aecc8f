"""派单、签收、退单、签派、转办、协办: who has a ticket."""

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
)
from chalicelib.domain.acts.returning import MOST_RETURNS
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    AlreadyDone,
    Invalid,
    NoMoreReturns,
    NotYours,
)
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.parties.beginning import with_a_unit
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
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
    window = town.clock_rule(
        "return",
        source=ticket.source,
        category=ticket.category,
        track=ticket.track,
        urgent=ticket.urgent,
        facility=ticket.facility,
    )
    until, _ = town.calendar.add(now, window.amount if window else _RETURN_WINDOW)
    ticket = moved(
        ticket,
        Stage.DISPATCHED,
        lead_unit_id=unit_id,
        handler_id=handler.code if handler else None,
        taken=False,
        return_until=until,
        extension=None,
    )
    if by != "machine" or (handler and town.is_on_duty(handler.code, now)):
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
    handler = _chosen(ticket, unit_id, handler_id, town, now)
    before = ticket.model_copy(
        update={"track": track or ticket.track, "first_contact_id": ticket.first_contact_id or by.code}
    )
    after = given_to(before, unit_id, handler, by=by.code, town=town, now=now)
    return _dispatched(ticket, after, "dispatched", by=by, note=note, town=town, now=now)


def assign_finally(
    ticket: Ticket, *, unit_id: str, handler_id: str | None, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """签派: the area or town leader decides who has it; it cannot be returned any more (rule 12)."""
    need_stage(ticket, {Stage.RECEIVED}, "签派")
    need_decided(ticket, "签派")
    handler = _chosen(ticket, unit_id, handler_id, town, now)
    after = given_to(ticket, unit_id, handler, by=by.code, town=town, now=now)
    after = after.model_copy(update={"assigned_finally": True, "return_until": None})
    return _dispatched(ticket, after, "assigned_finally", by=by, note=note, town=town, now=now)


def take(ticket: Ticket, *, by: Staff, town: Town, now: datetime) -> Changed:
    """签收: someone of the lead unit takes it, and it is that person's."""
    if ticket.stage is Stage.HANDLING and ticket.taken:
        raise AlreadyDone("这张工单已经签收过了")
    need_stage(ticket, {Stage.DISPATCHED}, "签收")
    need_lead(ticket, by)
    need_no_conflict(ticket, staff=by.code)
    after = clocks.meet(ticket, ClockKind.TAKE, by=by.code, now=now)
    after = moved(after, Stage.HANDLING, handler_id=by.code, taken=True)
    return changed(after, Event(kind="taken", at=now, by=by.code), before=ticket, town=town)


def transfer(
    ticket: Ticket, *, unit_id: str, handler_id: str | None, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """转办: to another unit by the desk or a leader; within a unit by its head. Due times do not move, history stays.

    Within the unit no clock begins afresh: it is another person's, as far on as it was (rule 26).
    """
    need_stage(ticket, WITH_A_UNIT, "转办")
    need_no_wait(ticket, "转办")
    if Role.UNIT_HEAD in by.roles and (by.unit != ticket.lead_unit_id or unit_id != by.unit):
        raise NotYours("单位负责人只能在本单位内转办；要换单位请退单或联系工作站")
    handler = _chosen(ticket, unit_id, handler_id, town, now)
    if unit_id == ticket.lead_unit_id:
        after = ticket.model_copy(update={"handler_id": handler.code if handler else None})
    else:
        after = given_to(ticket, unit_id, handler, by=by.code, town=town, now=now)
        after = after.model_copy(update={"assigned_finally": ticket.assigned_finally})
    return _dispatched(ticket, after, "transferred", by=by, note=note, town=town, now=now)


def _chosen(ticket: Ticket, unit_id: str, handler_id: str | None, town: Town, now: datetime) -> Staff | None:
    """Who gets it: the person named, else the unit's person on duty, else nobody yet (its head is told by the clocks)."""
    if town.find_unit(unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit_id"])
    need_no_conflict(ticket, unit_id=unit_id, staff=handler_id)
    if handler_id is None:
        found = town.handler_for(unit_id, town.find_category(ticket.category or ""), ticket.where.path, now)
        return None if found and is_concerned(found, ticket.concerns) else found
    handler = town.find_staff(handler_id)
    if handler is None or handler.unit != unit_id:
        raise Invalid("该人员不在这个单位，请重新选择", fields=["handler_id"])
    return handler


def _dispatched(
    before: Ticket, after: Ticket, kind: str, *, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    details = {"unit": after.lead_unit_id or "", "handler": after.handler_id or ""}
    event = Event(kind=kind, at=now, by=by.code, note=note, details=details)
    return changed(after, event, before=before, town=town)
