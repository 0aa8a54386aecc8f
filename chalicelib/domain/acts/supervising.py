"""催办 by a person, and 督办: a leader's order and its answer."""

from datetime import datetime

from chalicelib.domain.acts.moves import Changed, changed, need_lead, need_stage
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, NotFound, NotYours
from chalicelib.domain.parties.holding import who_sits_on
from chalicelib.domain.parties.parties import order_givers
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.bounds import next_order
from chalicelib.domain.tickets.clock_model import Clock, ClockKind, LadderRole
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, SupervisionOrder, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS, Staff

_OPEN = frozenset(Stage) - ENDED


def remind(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """催办: whoever the ticket lies with is told to go on. No clock moves, and no answer is owed.

    Raises WrongStage for what has ended or is suspended, NotYours where it lies with the very person who asks.
    """
    need_stage(ticket, _OPEN - {Stage.SUSPENDED}, "催办")
    people = who_sits_on(ticket, town, now)
    if by.code in {person.code for person in people}:
        raise NotYours("这张工单就在您手里，请直接办理")
    running = min((clock for clock in ticket.clocks if clock.is_running), key=_due_at, default=None)
    event = Event(kind=EventKind.REMINDED, at=now, by=by.code, note=note)
    due = running.kind if running else None
    return changed(ticket, event, before=ticket, town=town, row="reminded/by_person", named=people, due=due)


def _due_at(clock: Clock) -> datetime:
    return clock.due_at


def supervise(ticket: Ticket, *, by: Staff, text: str, town: Town, now: datetime) -> Changed:
    """督办: a leader's order to the unit, with its own clock (rule 15)."""
    need_stage(ticket, {Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED}, "督办")
    order = SupervisionOrder(id=f"D{next_order(ticket)}", by=by.code, at=now, text=text)
    after = clocks.start(
        ticket.model_copy(update={"supervision_orders": (*ticket.supervision_orders, order)}),
        ClockKind.SUPERVISION,
        town=town,
        now=now,
    )
    event = Event(kind=EventKind.SUPERVISED, at=now, by=by.code, note=text, details={"order": order.id})
    heads = people_for(
        LadderRole.UNIT_HEAD, ticket, town=town, now=now
    )  # the station's, while no unit has it
    return changed(after, event, before=ticket, town=town, named=heads)


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
    event = Event(
        kind=EventKind.SUPERVISION_ANSWERED, at=now, by=by.code, note=text, details={"order": order_id}
    )
    return changed(after, event, before=ticket, town=town, named=order_givers([order], ticket, town))


def _need_answerer(ticket: Ticket, by: Staff) -> None:
    """Raises NotYours but for the lead unit; for the station while no unit has it; for a leader if it is about the station."""
    if ticket.lead_unit_id is not None:
        need_lead(ticket, by)
    elif ticket.station_id in ticket.kept_from:
        if LEADERS.isdisjoint(by.roles):
            raise NotYours("这张工单反映的是工作站，督办由片区或镇领导答复")
    elif by.unit != ticket.station_id:
        raise NotYours("还没有承办单位，督办由工作站答复")
