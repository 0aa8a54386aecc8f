"""受理: how a report becomes a ticket, and the acts of the first contact that end it at once."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain import clocks
from chalicelib.domain.clock_model import ClockKind
from chalicelib.domain.directory import Town
from chalicelib.domain.dispatching import given_to
from chalicelib.domain.errors import Invalid, StillOpen
from chalicelib.domain.model import Frozen
from chalicelib.domain.moves import Changed, changed, moved, need_stage, tell, tell_staff
from chalicelib.domain.ticket import (
    FOUND,
    Event,
    ExternalId,
    Notice,
    Source,
    Stage,
    Suggestion,
    Ticket,
    Where,
)
from chalicelib.domain.town import Role, Staff
from chalicelib.domain.triage import concerned, suggest


class DeclineReason(StrEnum):
    """不予受理 (Linyi's list of excluded matters, reference field.md §3.3)."""

    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    IN_PROCEEDINGS = "in_proceedings"  # 诉讼、仲裁、纪检、复议、信访已受理
    AGAINST_LAW = "against_law"
    SECRETS_OR_PRIVACY = "secrets_or_privacy"
    UNTRUE = "untrue"
    BEYOND_REASON = "beyond_reason"
    HEARING_HELD = "hearing_held"
    MALICIOUS = "malicious"


class Report(Frozen):
    """What came in, already scrubbed, with its place resolved."""

    id: str
    number: str
    source: Source
    reporter_id: str | None = None
    entered_by: str | None = None  # staff code: walk-in, phone, or 主动发现
    reachable: str = "none"
    where: Where
    text: str
    photos: tuple[str, ...] = ()
    category: str | None = None  # chosen by the reporter
    confidential: bool = False
    external_ids: tuple[ExternalId, ...] = ()
    practice: bool = False


def receive(report: Report, *, town: Town, now: datetime) -> Changed:
    """受理: make the ticket, start its clocks, and where triage is sure and someone is on duty dispatch at once (rule 9).

    The receipt is no feedback (rule 1). A report that a person enters has been spoken with, which is feedback by that
    person. A confidential ticket is never dispatched by the machine (rule 21). Raises Invalid for an unknown category.
    """
    if report.category is not None and town.find_category(report.category) is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
    suggestion = suggest(report.text, report.where, report.category, town=town)
    ticket = _new_ticket(report, suggestion, town, now)
    ticket = _started(ticket, town, now)
    if report.entered_by and report.reporter_id:
        ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by=report.entered_by, now=now)
    if suggestion.forward_to and suggestion.sure and not ticket.confidential:
        return _forwarded_by_machine(ticket, suggestion, town, now)
    handler = _sure_handler(ticket, suggestion, town, now)
    if handler is not None:
        return _dispatched_by_machine(ticket, suggestion, handler, town, now)
    return _left_to_the_desk(ticket, town, now)


def _new_ticket(report: Report, suggestion: Suggestion, town: Town, now: datetime) -> Ticket:
    category = town.find_category(suggestion.category or "")
    is_confidential = report.confidential or suggestion.confidential or report.source is Source.PETITION
    return Ticket(
        id=report.id,
        number=report.number,
        stage=Stage.RECEIVED,
        source=report.source,
        external_ids=report.external_ids,
        reporter_id=report.reporter_id,
        found_by=report.entered_by if report.source in FOUND else None,
        first_contact_id=report.entered_by if report.source not in FOUND else None,
        reachable=report.reachable,
        where=report.where,
        text=report.text,
        photos=report.photos,
        practice=report.practice,
        category=suggestion.category,
        track=suggestion.track,
        urgent=suggestion.urgent,
        facility=bool(category and category.facility),
        night=category.night if category else True,
        confidential=is_confidential,
        concerns=concerned(report.text, report.where, town=town) if is_confidential else (),
        suggestion=suggestion,
        station_id=town.station_for(report.where.path).code,
        received_at=now,
    )


def _started(ticket: Ticket, town: Town, now: datetime) -> Ticket:
    if ticket.reporter_id:
        ticket = clocks.start(ticket, ClockKind.FEEDBACK, town=town, now=now)
    if ticket.facility or ticket.urgent:
        ticket = clocks.start(ticket, ClockKind.RESPONSE, town=town, now=now)
    return ticket


def _sure_handler(ticket: Ticket, suggestion: Suggestion, town: Town, now: datetime) -> Staff | None:
    """Who gets it without the desk: someone on duty, of what is not confidential. Urgent ones never wait to be sure."""
    unit = town.find_unit(suggestion.unit_id or "")
    if unit is None or ticket.confidential or not (suggestion.sure or ticket.urgent):
        return None
    handler = town.handler_for(unit.code, town.find_category(ticket.category or ""), ticket.where.path, now)
    return handler if handler and town.is_on_duty(handler.code, now) else None


def _dispatched_by_machine(
    ticket: Ticket, suggestion: Suggestion, handler: Staff, town: Town, now: datetime
) -> Changed:
    ticket = given_to(ticket, handler.unit, handler, by="machine", town=town, now=now)
    notices = (
        tell("reporter", "dispatched", ticket, town=town, who=handler.name, due=ClockKind.RESOLUTION),
        *tell_staff([handler], "assigned", ticket, town=town, due=ClockKind.TAKE),
        *alerts(ticket, town, now),
    )
    facts = {"unit": handler.unit, "handler": handler.code, "why": suggestion.reason}
    return changed(
        ticket, Event(kind="received", at=now, by="machine", facts=facts, notices=notices), town=town
    )


def _forwarded_by_machine(ticket: Ticket, suggestion: Suggestion, town: Town, now: datetime) -> Changed:
    ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by="machine", now=now)
    ticket = moved(ticket, Stage.FORWARDED, forwarded_to=suggestion.forward_to, closed_at=now)
    told = tell("reporter", "forwarded", ticket, town=town, who=suggestion.forward_to, note=suggestion.reason)
    desk = _desk(ticket, town, now)
    notices = (
        told,
        *tell_staff([desk], "new_for_desk", ticket, town=town, note=f"已转送{suggestion.forward_to}"),
    )
    facts = {"to": suggestion.forward_to, "why": suggestion.reason}
    return changed(
        ticket, Event(kind="received", at=now, by="machine", facts=facts, notices=notices), town=town
    )


def _left_to_the_desk(ticket: Ticket, town: Town, now: datetime) -> Changed:
    ticket, leaders = above_the_station(ticket, town)
    notices = (
        tell("reporter", "received", ticket, town=town, due=ClockKind.FEEDBACK),
        *tell_staff(
            [_desk(ticket, town, now), *leaders], "new_for_desk", ticket, town=town, due=ClockKind.FEEDBACK
        ),
        *alerts(ticket, town, now),
    )
    by = ticket.first_contact_id or ticket.found_by or ("reporter" if ticket.reporter_id else "machine")
    return changed(ticket, Event(kind="received", at=now, by=by, notices=notices), town=town)


def above_the_station(ticket: Ticket, town: Town) -> tuple[Ticket, tuple[Staff, ...]]:
    """A complaint about the station itself is the area leader's (rule 21): the ticket in that queue, and who is to be told."""
    if ticket.station_id not in ticket.concerns:
        return ticket, ()
    leaders = town.leader(Role.AREA_LEADER, ticket.where.path)
    codes = (*ticket.escalated_to, *(leader.code for leader in leaders))
    return ticket.model_copy(update={"escalated_to": tuple(dict.fromkeys(codes))}), leaders


def alerts(ticket: Ticket, town: Town, now: datetime) -> tuple[Notice, ...]:
    """紧急: the leaders and the desk know at once, whatever the hour."""
    if not ticket.urgent:
        return ()
    leaders = (*town.station_heads(ticket.station_id), *town.leader(Role.AREA_LEADER, ticket.where.path))
    return tell_staff(
        [_desk(ticket, town, now), *leaders], "urgent_alert", ticket, town=town, due=ClockKind.RESPONSE
    )


def _desk(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    return town.on_duty(ticket.station_id, Role.FIRST_CONTACT, now, ticket.where.path)


def answer(ticket: Ticket, *, by: Staff, text: str, town: Town, now: datetime) -> Changed:
    """当场办: the first contact answers on the spot, and the name stays on the ticket (rule 2). Closes with a rating asked."""
    need_stage(ticket, {Stage.RECEIVED}, "当场答复")
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    after = clocks.meet(after, ClockKind.RESPONSE, by=by.code, now=now)
    after = moved(
        after,
        Stage.CLOSED,
        first_contact_id=ticket.first_contact_id or by.code,
        answered_on_the_spot=True,
        outcome="answered",
        closed_at=now,
    )
    told = tell("reporter", "answered", after, town=town, note=text, who=by.name)
    return changed(
        after, Event(kind="answered", at=now, by=by.code, note=text, public=True, notices=(told,)), town=town
    )


def decline(
    ticket: Ticket, *, by: Staff, reason: DeclineReason, text: str, instead: str, town: Town, now: datetime
) -> Changed:
    """不予受理: names who refused, why, and where to go instead (design §5)."""
    need_stage(ticket, {Stage.RECEIVED}, "不予受理")
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    after = moved(after, Stage.DECLINED, closed_at=now, outcome=reason.value)
    note = f"{text} 您可以：{instead}"
    told = tell("reporter", "declined", after, town=town, note=note, who=by.name)
    facts = {"reason": reason.value, "instead": instead}
    event = Event(kind="declined", at=now, by=by.code, note=note, public=True, facts=facts, notices=(told,))
    return changed(after, event, town=town)


def forward(
    ticket: Ticket, *, by: Staff, to: str, number: str, text: str, town: Town, now: datetime
) -> Changed:
    """转送: outside the town; the other side's number is kept and the resident told."""
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING}, "转送")
    after = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    after = moved(after, Stage.FORWARDED, forwarded_to=to, forwarded_number=number, closed_at=now, pause=None)
    note = f"{text} 对方编号：{number}" if number else text
    told = tell("reporter", "forwarded", after, town=town, note=note, who=to)
    facts = {"to": to, "number": number}
    event = Event(kind="forwarded", at=now, by=by.code, note=note, public=True, facts=facts, notices=(told,))
    return changed(after, event, town=town)


def withdraw(ticket: Ticket, *, reason: str, others: int, town: Town, now: datetime) -> Changed:
    """撤回 by the reporter. `others` counts neighbours who joined: the matter is theirs too, so it cannot be withdrawn."""
    stages = {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED}
    need_stage(ticket, stages, "撤回")
    if others:
        raise StillOpen(f"还有{others}位邻居也反映了这件事，不能撤回；您可以在留言里说明情况")
    after = moved(ticket, Stage.WITHDRAWN, closed_at=now, pause=None, on_call_list=False)
    told = tell_staff([town.find_staff(ticket.handler_id or "")], "withdrawn", after, town=town, note=reason)
    return changed(
        after, Event(kind="withdrawn", at=now, by="reporter", note=reason, notices=told), town=town
    )


def publish(ticket: Ticket, *, by: Staff, text: str, town: Town, now: datetime) -> Changed:
    """The desk approves a short public text for the point's page; empty takes it back. Never for a confidential ticket."""
    if ticket.confidential and text:
        raise Invalid("保密工单不能公开内容", fields=["text"])
    after = ticket.model_copy(update={"public_text": text})
    told = (tell("reporter", "published", after, town=town, note=text),) if text else ()
    return changed(after, Event(kind="published", at=now, by=by.code, note=text, notices=told), town=town)
