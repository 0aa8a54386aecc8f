"""督办与并案: a leader's order and its answer; two tickets about one thing."""

from datetime import datetime

from chalicelib.domain.acts.asking import need_decided
from chalicelib.domain.acts.moves import (
    Changed,
    changed,
    handler_of,
    moved,
    need_lead,
    need_stage,
    tell,
    tell_staff,
)
from chalicelib.domain.acts.recipients import people_for
from chalicelib.domain.clocks import clocks, partner_deadlines
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, NotYours
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, SupervisionOrder, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

_OPEN = frozenset(Stage) - ENDED
LEADERS = frozenset({Role.AREA_LEADER, Role.TOWN_LEADER})


def supervise(ticket: Ticket, *, by: Staff, text: str, town: Town, now: datetime) -> Changed:
    """督办: a leader's order to the unit, with its own clock (rule 15)."""
    need_stage(ticket, {Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED}, "督办")
    order = SupervisionOrder(id=f"D{len(ticket.supervision_orders) + 1}", by=by.code, at=now, text=text)
    after = clocks.start(
        ticket.model_copy(update={"supervision_orders": (*ticket.supervision_orders, order)}),
        ClockKind.SUPERVISION,
        town=town,
        now=now,
    )
    people = (handler_of(ticket, town, now), *people_for("unit_head", ticket, town=town, now=now))
    told = tell_staff(
        people, "supervision", after, town=town, note=text, who=by.name, due=ClockKind.SUPERVISION
    )
    event = Event(kind="supervised", at=now, by=by.code, note=text, details={"order": order.id}, notices=told)
    return changed(after, event, town=town)


def answer_supervision(
    ticket: Ticket, *, by: Staff, order_id: str, text: str, town: Town, now: datetime
) -> Changed:
    """The lead unit answers an order; the last open one answered meets the clock (rule 15)."""
    need_stage(ticket, _OPEN, "答复督办")
    _need_answerer(ticket, by)
    order = next((o for o in ticket.supervision_orders if o.id == order_id), None)
    if order is None:
        raise NotFound("没有这张督办单")
    if order.answered_at is not None:
        raise AlreadyDone("这张督办单已经答复过了")
    done = order.model_copy(update={"answered_by": by.code, "answered_at": now, "answer": text})
    orders = tuple(done if o is order else o for o in ticket.supervision_orders)
    after = ticket.model_copy(update={"supervision_orders": orders})
    if all(o.answered_at for o in orders):
        after = clocks.meet(after, ClockKind.SUPERVISION, by=by.code, now=now)
    told = tell_staff([town.find_staff(order.by)], "commented", after, town=town, note=text, who=by.name)
    event = Event(
        kind="supervision_answered", at=now, by=by.code, note=text, details={"order": order_id}, notices=told
    )
    return changed(after, event, town=town)


def _need_answerer(ticket: Ticket, by: Staff) -> None:
    """Raises NotYours but for the lead unit; for the station while no unit has it; for a leader if it is about the station."""
    if ticket.lead_unit_id is not None:
        need_lead(ticket, by)
    elif ticket.station_id in ticket.concerns:
        if LEADERS.isdisjoint(by.roles):
            raise NotYours("这张工单反映的是工作站，督办由片区或镇领导答复")
    elif by.unit != ticket.station_id:
        raise NotYours("还没有承办单位，督办由工作站答复")


def merge(ticket: Ticket, *, into: Ticket, by: Staff, town: Town, now: datetime) -> tuple[Changed, Changed]:
    """并案: this ticket goes on as part of `into`; its people are told of everything that happens there.

    Answers both changes, to be saved together. Partners' own replies stay owed on either (design §6). Raises
    WrongStage, Invalid when merged with itself, or a confidential one with an open one (identities stay apart).
    """
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED}, "并案")
    need_stage(into, _OPEN, "并入")
    need_decided(ticket, "并案")
    if ticket.id == into.id:
        raise Invalid("不能与自己并案", fields=["into"])
    if ticket.confidential and not into.confidential:
        raise Invalid("保密工单不能并入公开工单", fields=["into"])
    child = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    child = moved(child, Stage.MERGED, merged_into=into.id, pause=None, closed_at=now)
    owed = dict.fromkeys((*into.external_ids, *ticket.external_ids))  # either partner's reply and deadline
    parent = into.model_copy(
        update={"merged_from": (*into.merged_from, ticket.id), "external_ids": tuple(owed)}
    )
    parent = partner_deadlines.recalculate(parent, town=town, now=now)
    told = tell("reporter", "merged", child, town=town, note=into.number)
    gone = tell_staff(
        [town.find_staff(ticket.handler_id or "")], "withdrawn", child, town=town, note=f"已并入{into.number}"
    )
    details = {"into": into.id, "number": into.number}
    one = changed(
        child, Event(kind="merged", at=now, by=by.code, details=details, notices=(told, *gone)), town=town
    )
    details = {"from": ticket.id, "number": ticket.number}
    other = changed(parent, Event(kind="absorbed", at=now, by=by.code, details=details), town=town)
    return one, other


def split(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """拆案: a merged ticket goes its own way again; its feedback is owed anew."""
    need_stage(ticket, {Stage.MERGED}, "拆案")
    after = moved(
        ticket,
        Stage.RECEIVED,
        merged_into=None,
        closed_at=None,
        lead_unit_id=None,
        handler_id=None,
        taken=False,
    )
    after = clocks.start(after, ClockKind.FEEDBACK, town=town, now=now)
    event = Event(kind="split", at=now, by=by.code, note=note, details={"from": ticket.merged_into or ""})
    return changed(after, event, town=town)
