"""危险: what makes a ticket urgent after it began, who says that nobody is in danger, and what was done by voice (rules 22 and 81)."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.acts.dispatching import given_to
from chalicelib.domain.acts.moves import Changed, changed, moved, need_stage
from chalicelib.domain.acts.reworking import new_round
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid, NotYours, StillOpen, WrongStage
from chalicelib.domain.model import YesNo
from chalicelib.domain.parties.asking import raised
from chalicelib.domain.parties.beginning import begun
from chalicelib.domain.parties.only_help import category_of
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.dangers import name_of
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Answer, DangerCase, Reading
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff


class Called(StrEnum):
    """Whom staff called for the people there."""

    FIRE = "119"
    AMBULANCE = "120"
    POLICE = "110"
    LIFT = "电梯维保"
    GAS = "燃气抢修"
    PROPERTY = "物业值班"


class WhyNot(StrEnum):
    """Why a person of the town says that nobody is in danger."""

    DRILL = "演习"
    HAZARD = "隐患，没有人有危险"
    PAST = "已经过去"
    JOKE = "说笑"
    OTHER = "其他"


def heard(
    ticket: Ticket,
    reading: Reading,
    *,
    by: str,
    town: Town,
    now: datetime,
    note: str = "",
    desk_hears: bool = True,
) -> Changed | None:
    """A later word of a ticket speaks of danger: holder and desk ring; sure makes it urgent, possible asks (rule 81).

    On an ended ticket the desk rings, and its card offers to open it again. None when the word says nothing new.
    Where the desk hears nothing (`desk_hears` False) the next of the ladder is rung at once, an ended ticket's leaders.
    """
    _need_own_way(ticket)
    case = raised(ticket.danger, reading, now)
    if case is None or case == ticket.danger or reading.danger is Danger.NONE:
        return None
    after = ticket.model_copy(update={"danger": case})
    event = Event(kind=EventKind.DANGER_HEARD, at=now, by=by, note=note, reading=reading)
    if ticket.stage in ENDED:
        row = "danger_heard/ended" if desk_hears else "danger_heard/ended_unattended"
        return _rung(ticket, after, event, row, town)
    if case.level is Danger.SURE:
        return _rung(ticket, made_urgent(after, reading.category, town=town, now=now), event, "", town)
    after = clocks.start(after, ClockKind.DANGER, town=town, now=now)
    after = after if desk_hears else clocks.hasten(after, ClockKind.DANGER, now=now)
    return _rung(ticket, after, event, "danger_heard/possible", town)


def answer_danger(
    ticket: Ticket, *, answer: Answer, kind: DangerKind | None, town: Town, now: datetime
) -> Changed:
    """The resident's word. 有 is sure, also where nothing was asked and on an ended ticket; 没有 ends the ladder, and the desk still looks.

    说不清 lets the ladder go on, and the desk is asked to call. Raises AlreadyDone for a second answer that lowers care.
    """
    _need_own_way(ticket)
    case = _answered(ticket, answer, kind, now)
    after = ticket.model_copy(update={"danger": case})
    event = Event(kind=EventKind.DANGER_ANSWERED, at=now, by=Actor.REPORTER, details={"answer": answer.value})
    if answer is Answer.NO:
        after = clocks.end(after, [ClockKind.DANGER], now=now)
        return _rung(ticket, after, event, "danger_answered/no", town)
    if answer is Answer.UNSURE:
        return _rung(ticket, after, event, "danger_answered/unsure", town)
    if ticket.stage in ENDED:  # the desk opens it again, in one tap
        after = ticket.model_copy(update={"danger": case.model_copy(update={"level": Danger.POSSIBLE})})
        return _rung(ticket, after, event, "danger_answered/ended", town)
    return _rung(ticket, made_urgent(after, "", town=town, now=now), event, "", town)


def confirm_danger(ticket: Ticket, *, by: Staff, reached: bool, town: Town, now: datetime) -> Changed:
    """是，按紧急办 (also 打不通，按紧急办: `reached` False): a person says yes. What has ended begins again.

    Raises WrongStage for a merged one: it is urgent where it goes on.
    """
    _need_own_way(ticket)
    case = _open_case(ticket)
    decided = case.model_copy(update={"level": Danger.SURE, "decided": Answer.YES, "by": by.code})
    after = clocks.meet(_opened_again(ticket, town, now), ClockKind.DANGER, by=by.code, now=now)
    after = after.model_copy(
        update={"danger": decided, "first_contact_id": ticket.first_contact_id or by.code}
    )
    after = made_urgent(after, "", town=town, now=now)
    event = Event(kind=EventKind.DANGER_CONFIRMED, at=now, by=by.code, details={"reached": YesNo.of(reached)})
    return _rung(ticket, after, event, "", town)


def deny_danger(ticket: Ticket, *, by: Staff, why: WhyNot, note: str, town: Town, now: datetime) -> Changed:
    """不是: a person says no, with a reason that is kept and that the resident hears kindly.

    Also lowers what was sure: the clocks of the urgent go on, its alarm is over. Raises Invalid where 其他 says no more,
    StillOpen while a recording was not listened to.
    """
    if ticket.danger is None or ticket.danger.decided is Answer.NO:
        raise AlreadyDone("这张工单没有待确认的危险")
    if ticket.is_unheard:
        raise StillOpen("录音还没有人听，不能说没有危险；请先听一遍，把话写下来")
    if why is WhyNot.OTHER and not note.strip():
        raise Invalid("请写明为什么不是危险", fields=["note"])
    case = ticket.danger.model_copy(update={"decided": Answer.NO, "by": by.code, "reason": why.value})
    after = clocks.meet(ticket, ClockKind.DANGER, by=by.code, now=now)
    category = town.find_category(ticket.category or "")
    stays_urgent = bool(category and category.urgent)
    after = after.model_copy(update={"danger": case, "urgent": stays_urgent and ticket.urgent})
    details = {"why": why.value, "was": ticket.danger.level.value}
    event = Event(kind=EventKind.DANGER_DENIED, at=now, by=by.code, note=note, details=details)
    return changed(after, event, before=ticket, town=town)


def agree_no_danger(ticket: Ticket, *, by: Staff, town: Town, now: datetime) -> Changed:
    """同意不是危险: a second person, once the ticket has ended without one. Only then may the no be learned from.

    Raises WrongStage where nobody said no, StillOpen before the end, NotYours for whoever said it, AlreadyDone.
    """
    _need_own_way(ticket)
    case = ticket.danger
    if case is None or case.decided is not Answer.NO:
        raise WrongStage("没有人说过“不是危险”，不用再确认")
    if ticket.stage not in ENDED:
        raise StillOpen("等这张工单办完再确认：办的时候可能发现真有危险")
    if case.by == by.code:
        raise NotYours("“不是”是您说的，要由另一位同事确认")
    if case.agreed_by:
        raise AlreadyDone("已经有两个人确认过了")
    after = ticket.model_copy(update={"danger": case.model_copy(update={"agreed_by": by.code})})
    return changed(
        after, Event(kind=EventKind.DANGER_NO_AGREED, at=now, by=by.code), before=ticket, town=town
    )


def _rung(before: Ticket, after: Ticket, event: Event, row: str, town: Town) -> Changed:
    """The end of every act on a danger. Without a `row`: it is urgent now, and whoever has it, or was just sent, is rung."""
    sent = before.stage is not Stage.DISPATCHED and after.stage is Stage.DISPATCHED
    urgent_row = "made_urgent/sent" if sent else "made_urgent"
    say = {"danger": name_of(after.danger)}
    return changed(after, event, before=before, town=town, row=row or urgent_row, say=say, alert=not row)


def made_urgent(ticket: Ticket, category: str, *, town: Town, now: datetime) -> Ticket:
    """紧急 from now on: the response runs, and who is on duty and can help is sent (rule 9)."""
    case = ticket.danger
    assert case is not None
    filed = _filed(ticket, category or category_of(case, town), town)
    after = filed.model_copy(
        update={"urgent": True, "danger": case.model_copy(update={"level": Danger.SURE})}
    )
    after = clocks.meet(after, ClockKind.DANGER, by=Actor.MACHINE, now=now)
    if clocks.find_open(after, ClockKind.RESPONSE) is None:
        after = clocks.start(after, ClockKind.RESPONSE, town=town, now=now)
    return _sent(after, town, now) if after.stage is Stage.RECEIVED else after


def call_made(ticket: Ticket, *, by: Staff, called: Called, note: str, town: Town, now: datetime) -> Changed:
    """已代拨119/120/110: noted with its time, and the resident is told. It is no response yet: nobody there has been spoken with.

    Raises WrongStage for a ticket that is neither urgent nor in question, or that has ended.
    """
    _need_danger(ticket)
    event = Event(kind=EventKind.CALL_MADE, at=now, by=by.code, note=note, details={"number": called.value})
    return changed(ticket, event, before=ticket, town=town)


def spoken(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """已通话: a human voice has reached somebody there, which is the response of a danger; a tap or a text is none (rule 3)."""
    _need_danger(ticket)
    after = clocks.meet(ticket, ClockKind.RESPONSE, by=by.code, now=now)
    return changed(
        after, Event(kind=EventKind.SPOKEN, at=now, by=by.code, note=note), before=ticket, town=town
    )


def _opened_again(ticket: Ticket, town: Town, now: datetime) -> Ticket:
    """An ended ticket of which somebody is in danger begins again at the desk, with all that it is owed; others as they are."""
    if ticket.stage not in ENDED:
        return ticket
    nobodys = {"lead_unit_id": None, "handler_id": None, "taken": False, "return_until": None}
    again = moved(ticket.model_copy(update=new_round(ticket)), Stage.RECEIVED, **nobodys)
    return begun(again, town=town, now=now)


def _sent(ticket: Ticket, town: Town, now: datetime) -> Ticket:
    """To whoever of the lead unit is on duty; a confidential one waits for a person, as ever (rule 21)."""
    category = town.find_category(ticket.category or "")
    unit = town.lead_unit(category, ticket.where.path) if category else None
    if unit is None or ticket.confidential or unit.code in ticket.concerns:
        return ticket
    handler = town.handler_for(unit.code, category, ticket.where.path, now)
    if handler is None or not town.is_on_duty(handler.code, now):
        return ticket
    return given_to(ticket, handler.unit, handler, by=Actor.MACHINE, town=town, now=now)


def _filed(ticket: Ticket, category: str, town: Town) -> Ticket:
    """Under an urgent category, unless a person has chosen one or it is one already."""
    known, chosen = town.find_category(ticket.category or ""), town.find_category(category)
    if chosen is None or ticket.corrected or (known and known.urgent) or ticket.stage is not Stage.RECEIVED:
        return ticket
    return ticket.model_copy(
        update={
            "category": chosen.code,
            "track": chosen.track,
            "facility": chosen.facility,
            "night": chosen.night,
            "confidential": ticket.confidential or chosen.sensitive,
        }
    )


def _answered(ticket: Ticket, answer: Answer, kind: DangerKind | None, now: datetime) -> DangerCase:
    case = ticket.danger or DangerCase(level=Danger.NONE, since=now)
    if answer is not Answer.YES and (ticket.danger is None or case.answer or not case.is_open):
        raise AlreadyDone("已经记下了，不用再答；有新的情况请留言，或点“有人有危险”")
    if answer is Answer.YES:
        kinds = dict.fromkeys((*((kind,) if kind else ()), *case.kinds))
        return DangerCase(
            level=Danger.SURE,
            kinds=tuple(kinds),
            words=case.words,
            signs=case.signs,
            since=now,
            answer=answer,
        )
    return case.model_copy(update={"answer": answer})


def _need_own_way(ticket: Ticket) -> None:
    """Raises WrongStage for a merged ticket: whoever is in danger is where it goes on."""
    if ticket.stage is Stage.MERGED:
        raise WrongStage("这张工单已并入另一张；请在合并后的工单上确认")


def _open_case(ticket: Ticket) -> DangerCase:
    if ticket.danger is None or not ticket.danger.is_open:
        raise AlreadyDone("这张工单没有待确认的危险")
    return ticket.danger


def _need_danger(ticket: Ticket) -> None:
    need_stage(ticket, set(Stage) - ENDED, "登记应急电话")
    if not ticket.urgent and not (ticket.danger and ticket.danger.is_open):
        raise WrongStage("只有紧急的、或正在确认是否紧急的工单才登记应急电话")
