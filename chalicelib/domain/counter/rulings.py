"""权属裁定: whose duty it is, decided within a working day with both sides' words, and kept for the next time (rule 98)."""

from datetime import datetime

from chalicelib.domain.acts.dispatching import given_to
from chalicelib.domain.acts.moves import Changed, changed, need_no_conflict
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, NotAllowed, NotFound
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Dispute, Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS, Staff


class Precedent(Frozen):
    """先例: what was ruled of a category. No words of the report, and not who asked."""

    category: str
    place: str
    unit_id: str
    ground: str
    number: str
    ticket_id: str
    at: Instant


def answer(ticket: Ticket, *, text: str, by: Staff, town: Town, now: datetime) -> Changed:
    """The other side's words: of the desk that dispatched it, or of another unit that may be meant. Raises NotFound, NotAllowed."""
    dispute = _open(ticket)
    if by.unit == dispute.by_unit:
        raise NotAllowed("提出的单位已经说过，请由工作站或另一单位说明")
    after = ticket.model_copy(
        update={"dispute": dispute.model_copy(update={"answer": text, "answered_by": by.code})}
    )
    event = Event(kind=EventKind.DISPUTE_ANSWERED, at=now, by=by.code, note=text)
    return changed(after, event, before=ticket, town=town)


def rule(ticket: Ticket, *, unit_id: str, ground: str, by: Staff, town: Town, now: datetime) -> Changed:
    """裁定: by a leader, on a ground. It cannot be returned any more; where it moves, due times do not.

    Raises NotFound where nothing is disputed, NotAllowed, Invalid for an unknown unit, ConflictOfInterest.
    """
    _open(ticket)
    if LEADERS.isdisjoint(by.roles):
        raise NotAllowed("权属由片区或镇领导裁定")
    if town.find_unit(unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit_id"])
    need_no_conflict(ticket, unit_id=unit_id)
    ruled = clocks.meet(ticket.model_copy(update={"dispute": None}), ClockKind.RULING, by=by.code, now=now)
    moves = unit_id != ticket.lead_unit_id
    if moves:
        handler = town.handler_for(unit_id, town.find_category(ticket.category or ""), ticket.where.path, now)
        ruled = given_to(ruled, unit_id, handler, by=by.code, town=town, now=now)
    after = ruled.model_copy(update={"assigned_finally": True, "return_until": None})
    event = Event(kind=EventKind.DUTY_RULED, at=now, by=by.code, note=ground, details={"unit": unit_id})
    return changed(after, event, before=ticket, town=town, row="duty_ruled/moved" if moves else "duty_ruled")


def precedent_of(ticket: Ticket, *, unit_id: str, ground: str, now: datetime) -> Precedent | None:
    """What is kept of a ruling; None for a ticket without a category."""
    if ticket.category is None:
        return None
    return Precedent(
        category=ticket.category,
        place=ticket.where.name,
        unit_id=unit_id,
        ground=ground,
        number=ticket.number,
        ticket_id=ticket.id,
        at=now,
    )


def _open(ticket: Ticket) -> Dispute:
    if ticket.dispute is None:
        raise NotFound("这张工单没有等待裁定的权属争议")
    return ticket.dispute
