"""派单、签收、退单、签派、转办、协办: who has a ticket."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain import clocks
from chalicelib.domain.calendar import Amount, AmountUnit
from chalicelib.domain.clock_model import ClockKind
from chalicelib.domain.confidential import is_concerned
from chalicelib.domain.directory import Town
from chalicelib.domain.errors import (
    AlreadyDone,
    Invalid,
    NoMoreReturns,
    NotFound,
    NotYours,
    TooLate,
    WrongStage,
)
from chalicelib.domain.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    handler_of,
    moved,
    need_lead,
    need_no_conflict,
    need_no_wait,
    need_stage,
    tell,
    tell_staff,
)
from chalicelib.domain.ticket import Assisting, Event, Stage, Ticket
from chalicelib.domain.town import Role, Staff, Track

MOST_RETURNS = 2  # rule 12: 退单最多两次，此后由片区签派
_RETURN_WINDOW = Amount(count=2, unit=AmountUnit.WORKING_DAYS)  # where clocks.csv has no row "return"
_UNIT_CLOCKS = (ClockKind.TAKE, ClockKind.UNIT_FEEDBACK, ClockKind.PROGRESS)


class ReturnReason(StrEnum):
    """退单 needs one of these (reference field.md §3.1)."""

    WRONG_PLACE = "属地不符"
    UNCLEAR_DUTY = "权属不清"
    OVERLAPPING = "职能交叉"


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
    kinds = [ClockKind.TAKE, ClockKind.UNIT_FEEDBACK]
    if clocks.find_open(ticket, ClockKind.RESOLUTION) is None:
        kinds.append(ClockKind.RESOLUTION)
    if ticket.track is not Track.SIMPLE:
        kinds.append(ClockKind.PROGRESS)
    for kind in kinds:
        ticket = clocks.start(ticket, kind, town=town, now=now)
    return ticket


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
    return _dispatched(after, handler, "dispatched", by=by, note=note, town=town, now=now)


def assign_finally(
    ticket: Ticket, *, unit_id: str, handler_id: str | None, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """签派: the area or town leader decides who has it; it cannot be returned any more (rule 12)."""
    need_stage(ticket, {Stage.RECEIVED}, "签派")
    handler = _chosen(ticket, unit_id, handler_id, town, now)
    after = given_to(ticket, unit_id, handler, by=by.code, town=town, now=now)
    after = after.model_copy(update={"assigned_finally": True, "return_until": None})
    return _dispatched(after, handler, "assigned_finally", by=by, note=note, town=town, now=now)


def take(ticket: Ticket, *, by: Staff, town: Town, now: datetime) -> Changed:
    """签收: someone of the lead unit takes it, and it is that person's."""
    if ticket.stage is Stage.HANDLING and ticket.taken:
        raise AlreadyDone("这张工单已经签收过了")
    need_stage(ticket, {Stage.DISPATCHED}, "签收")
    need_lead(ticket, by)
    need_no_conflict(ticket, staff=by.code)
    after = clocks.meet(ticket, ClockKind.TAKE, by=by.code, now=now)
    after = moved(after, Stage.HANDLING, handler_id=by.code, taken=True)
    told = tell("reporter", "taken", after, town=town, who=by.name, due=ClockKind.RESOLUTION)
    return changed(after, Event(kind="taken", at=now, by=by.code, notices=(told,)), town=town)


def back_at_the_desk(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """Without a unit: its own clocks end, what it asked for falls away, and the resolution's due time does not move."""
    if ticket.pause is not None:  # nobody waits for the resident any more
        ticket = clocks.resume(ticket.model_copy(update={"pause": None}), town=town, now=now)
    after = clocks.end(ticket, _UNIT_CLOCKS, now=now)
    return moved(
        after,
        Stage.RECEIVED,
        lead_unit_id=None,
        handler_id=None,
        taken=False,
        return_until=None,
        extension=None,
    )


def return_to_desk(
    ticket: Ticket, *, by: Staff, reason: ReturnReason, note: str, town: Town, now: datetime
) -> Changed:
    """退单: the assigned unit hands a ticket back to be dispatched again.

    `return_until` was set at dispatch from the town's clocks; its last instant still counts. The resolution's due time
    does not move. After the second return the area leader decides. Source: rule 12.

    Raises WrongStage unless with a unit, NotYours for another unit, NoMoreReturns after a final assignment or from the
    third time on, TooLate after `return_until`.
    """
    need_stage(ticket, WITH_A_UNIT, "退单")
    need_no_wait(ticket, "退单")
    need_lead(ticket, by)
    if ticket.assigned_finally or ticket.returns >= MOST_RETURNS:
        raise NoMoreReturns("已由片区签派或已退单两次，不能再退；确有困难请申请延期或请片区协调")
    if ticket.return_until is not None and now > ticket.return_until:
        raise TooLate("已超过退单时限，请申请延期")
    returns = ticket.returns + 1
    after = back_at_the_desk(ticket, town=town, now=now).model_copy(update={"returns": returns})
    leaders: tuple[Staff, ...] = ()
    if returns >= MOST_RETURNS:
        leaders = town.leader(Role.AREA_LEADER, ticket.where.path)
        codes = (*after.escalated_to, *(leader.code for leader in leaders))
        after = after.model_copy(update={"escalated_to": tuple(dict.fromkeys(codes))})
    desk = town.on_duty(ticket.station_id, Role.FIRST_CONTACT, now, ticket.where.path)
    told = (
        tell("reporter", "returned", after, town=town, note=reason.value, due=ClockKind.RESOLUTION),
        *tell_staff([desk], "returned_to_desk", after, town=town, note=reason.value, who=by.name),
        *tell_staff(leaders, "assign_finally_needed", after, town=town, note=reason.value, who=by.name),
    )
    facts = {"reason": reason.value, "unit": by.unit}
    return changed(
        after, Event(kind="returned", at=now, by=by.code, note=note, facts=facts, notices=told), town=town
    )


def transfer(
    ticket: Ticket, *, unit_id: str, handler_id: str | None, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """转办: to another unit by the desk or a leader; within a unit by its head. Due times do not move, history stays."""
    need_stage(ticket, WITH_A_UNIT, "转办")
    need_no_wait(ticket, "转办")
    if Role.UNIT_HEAD in by.roles and (by.unit != ticket.lead_unit_id or unit_id != by.unit):
        raise NotYours("单位负责人只能在本单位内转办；要换单位请退单或联系工作站")
    handler = _chosen(ticket, unit_id, handler_id, town, now)
    after = given_to(ticket, unit_id, handler, by=by.code, town=town, now=now)
    after = after.model_copy(update={"assigned_finally": ticket.assigned_finally})
    return _dispatched(after, handler, "transferred", by=by, note=note, town=town, now=now)


def add_assisting(
    ticket: Ticket, *, unit_id: str, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """协办: another unit helps; the lead stays responsible. A simple ticket becomes a joint one."""
    need_stage(ticket, WITH_A_UNIT, "增加协办单位")
    if town.find_unit(unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit_id"])
    need_no_conflict(ticket, unit_id=unit_id)
    if unit_id == ticket.lead_unit_id or any(
        a.unit_id == unit_id and a.state == "open" for a in ticket.assisting
    ):
        raise AlreadyDone("该单位已在办理这张工单")
    kept = tuple(a for a in ticket.assisting if a.unit_id != unit_id)
    after = ticket.model_copy(
        update={"assisting": (*kept, Assisting(unit_id=unit_id, note=note, by=by.code))}
    )
    if ticket.track is Track.SIMPLE:
        after = clocks.start(
            after.model_copy(update={"track": Track.JOINT}), ClockKind.PROGRESS, town=town, now=now
        )
        after = clocks.pause(after, [ClockKind.PROGRESS], now=now) if after.pause else after
    person = town.handler_for(unit_id, None, ticket.where.path, now)
    told = tell_staff(
        [person, *town.unit_heads(unit_id)],
        "assist_asked",
        after,
        town=town,
        note=note,
        who=by.name,
        due=ClockKind.RESOLUTION,
    )
    event = Event(
        kind="assisting_added", at=now, by=by.code, note=note, facts={"unit": unit_id}, notices=told
    )
    return changed(after, event, town=town)


def end_assisting(
    ticket: Ticket, *, unit_id: str, state: str, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """The assisting unit finishes its part, or is waived (`state` finished or waived) by the lead, the desk or a leader with a reason."""
    need_stage(ticket, WITH_A_UNIT | {Stage.SUSPENDED}, "办理协办")
    part = next((a for a in ticket.assisting if a.unit_id == unit_id), None)
    if part is None:
        raise NotFound("该单位不在协办名单中")
    if part.state != "open":
        raise WrongStage("该协办已经结束")
    if state == "finished" and by.unit != unit_id:
        raise NotYours("协办情况须由协办单位自己填写")
    done = part.model_copy(update={"state": state, "note": note, "by": by.code})
    after = ticket.model_copy(update={"assisting": tuple(done if a is part else a for a in ticket.assisting)})
    told = tell_staff(
        [handler_of(ticket, town, now)],
        "waived" if state == "waived" else "commented",
        after,
        town=town,
        note=note,
        who=by.name,
    )
    event = Event(
        kind=f"assisting_{state}", at=now, by=by.code, note=note, facts={"unit": unit_id}, notices=told
    )
    return changed(after, event, town=town)


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
    ticket: Ticket, handler: Staff | None, kind: str, *, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    template = "transferred" if kind == "transferred" else "dispatched"
    who = handler.name if handler else ""
    people = [handler] if handler else [*town.unit_heads(ticket.lead_unit_id or "")]
    told = (
        tell("reporter", template, ticket, town=town, who=who, due=ClockKind.RESOLUTION),
        *tell_staff(people, "assigned", ticket, town=town, note=note, due=ClockKind.TAKE),
    )
    facts = {"unit": ticket.lead_unit_id or "", "handler": ticket.handler_id or ""}
    return changed(
        ticket, Event(kind=kind, at=now, by=by.code, note=note, facts=facts, notices=told), town=town
    )
