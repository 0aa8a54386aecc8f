"""危险: what makes a ticket urgent after it began, and who says that nobody is in danger (rules 22 and 81)."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.acts.dispatching import given_to
from chalicelib.domain.acts.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    desk_of,
    handler_of,
    moved,
    tell,
    tell_staff,
)
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.parties.asking import as_urgent, asked, name_of, raised
from chalicelib.domain.parties.telling import alerts
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.readings import DangerCase, Reading
from chalicelib.domain.tickets.ticket import ENDED, Event, Notice, Stage, Ticket
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

Told = tuple[Ticket, tuple[Notice, ...]]


class Answer(StrEnum):
    """The resident's, to "现在有人有危险吗？"."""

    YES = "yes"  # 有，现在就有
    NO = "no"  # 没有，是隐患或已经过去
    UNSURE = "unsure"  # 说不清，请打给我


class WhyNot(StrEnum):
    """Why a person of the town says that nobody is in danger."""

    DRILL = "演习"
    HAZARD = "隐患，没有人有危险"
    PAST = "已经过去"
    JOKE = "说笑"
    OTHER = "其他"


def heard(
    ticket: Ticket, reading: Reading, *, by: str, town: Town, now: datetime, note: str = ""
) -> Changed | None:
    """A later word of a ticket speaks of danger: holder and desk ring; sure makes it urgent, possible asks (rule 81).

    On an ended ticket the desk rings, and its card offers to open it again. None when the word says nothing new.
    """
    case = raised(ticket.danger, reading, now)
    if case is None or case == ticket.danger or reading.danger is Danger.NONE:
        return None
    after = ticket.model_copy(update={"danger": case})
    if ticket.stage in ENDED:
        notices = _rung(after, (_desk(after, town, now),), town)
    elif case.level is Danger.SURE:
        after, notices = made_urgent(after, reading.category, town=town, now=now)
        notices = (*notices, *_rung(after, (handler_of(after, town, now),), town))
    else:
        after = clocks.start(after, ClockKind.DANGER, town=town, now=now)
        notices = (*asked(after, town, now), *_rung(after, (_holder(after, town, now),), town))
    event = Event(kind="danger_heard", at=now, by=by, note=note, reading=reading, notices=notices)
    return changed(after, event, town=town)


def answer_danger(
    ticket: Ticket, *, answer: Answer, kind: DangerKind | None, town: Town, now: datetime
) -> Changed:
    """The resident's word. 有 is sure, also where nothing was asked and on an ended ticket; 没有 ends the ladder, and the desk still looks.

    说不清 lets the ladder go on, and the desk is asked to call. Raises AlreadyDone for a second answer that lowers care.
    """
    case = _answered(ticket, answer, kind, now)
    after = ticket.model_copy(update={"danger": case})
    event = Event(kind="danger_answered", at=now, by="reporter", details={"answer": answer.value})
    if answer is Answer.YES:
        after, notices = _said_yes(after, town, now)
    elif answer is Answer.NO:
        after, notices = clocks.end(after, [ClockKind.DANGER], now=now), ()
    else:
        notices = as_urgent(
            tell_staff([_desk(after, town, now)], "danger_call", after, town=town, note=name_of(case))
        )
    return changed(after, event.model_copy(update={"notices": notices}), town=town)


def confirm_danger(ticket: Ticket, *, by: Staff, reached: bool, town: Town, now: datetime) -> Changed:
    """是，按紧急办 (also 打不通，按紧急办: `reached` False): a person says yes."""
    case = _open_case(ticket)
    decided = case.model_copy(update={"level": Danger.SURE, "decided": "yes", "by": by.code})
    after = clocks.meet(_opened_again(ticket, town, now), ClockKind.DANGER, by=by.code, now=now)
    after = after.model_copy(
        update={"danger": decided, "first_contact_id": ticket.first_contact_id or by.code}
    )
    after, notices = made_urgent(after, "", town=town, now=now)
    details = {"reached": "yes" if reached else "no"}
    event = Event(kind="danger_confirmed", at=now, by=by.code, details=details, notices=notices)
    return changed(after, event, town=town)


def deny_danger(ticket: Ticket, *, by: Staff, why: WhyNot, note: str, town: Town, now: datetime) -> Changed:
    """不是: a person says no, with a reason that is kept and that the resident hears kindly.

    Also lowers what was sure: the clocks of the urgent go on, its alarm is over. Raises Invalid where 其他 says no more.
    """
    if ticket.danger is None or ticket.danger.decided == "no":
        raise AlreadyDone("这张工单没有待确认的危险")
    if why is WhyNot.OTHER and not note.strip():
        raise Invalid("请写明为什么不是危险", fields=["note"])
    case = ticket.danger.model_copy(update={"decided": "no", "by": by.code, "reason": why.value})
    after = clocks.meet(ticket, ClockKind.DANGER, by=by.code, now=now)
    category = town.find_category(ticket.category or "")
    stays_urgent = bool(category and category.urgent)
    after = after.model_copy(update={"danger": case, "urgent": stays_urgent and ticket.urgent})
    told = (
        (tell("reporter", "danger_denied", after, town=town, note=why.value),) if ticket.reporter_id else ()
    )
    details = {"why": why.value, "was": ticket.danger.level.value}
    event = Event(kind="danger_denied", at=now, by=by.code, note=note, details=details, notices=told)
    return changed(after, event, town=town)


def made_urgent(ticket: Ticket, category: str, *, town: Town, now: datetime) -> Told:
    """紧急 from now on: the response runs, everyone of rule 22 knows, and who is on duty and can help is sent (rule 9)."""
    case = ticket.danger
    assert case is not None
    filed = _filed(ticket, category or _category_of(case, town), town)
    after = filed.model_copy(
        update={"urgent": True, "danger": case.model_copy(update={"level": Danger.SURE})}
    )
    after = clocks.meet(after, ClockKind.DANGER, by="machine", now=now)
    if clocks.find_open(after, ClockKind.RESPONSE) is None:
        after = clocks.start(after, ClockKind.RESPONSE, town=town, now=now)
    after, sent = _sent(after, town, now) if after.stage is Stage.RECEIVED else (after, ())
    return after, (*sent, *alerts(after, town, now))


def _opened_again(ticket: Ticket, town: Town, now: datetime) -> Ticket:
    """An ended ticket of which somebody is in danger begins again at the desk, whatever ended it; others as they are."""
    if ticket.stage not in ENDED:
        return ticket
    after = moved(
        ticket,
        Stage.RECEIVED,
        round=ticket.round + 1,
        closed_at=None,
        outcome="",
        merged_into=None,
        lead_unit_id=None,
        handler_id=None,
        taken=False,
        answered_on_the_spot=False,
    )
    return clocks.start(after, ClockKind.FEEDBACK, town=town, now=now)


def _sent(ticket: Ticket, town: Town, now: datetime) -> Told:
    """To whoever of the lead unit is on duty; a confidential one waits for a person, as ever (rule 21)."""
    category = town.find_category(ticket.category or "")
    unit = town.lead_unit(category, ticket.where.path) if category else None
    if unit is None or ticket.confidential or unit.code in ticket.concerns:
        return ticket, ()
    handler = town.handler_for(unit.code, category, ticket.where.path, now)
    if handler is None or not town.is_on_duty(handler.code, now):
        return ticket, ()
    after = given_to(ticket, handler.unit, handler, by="machine", town=town, now=now)
    told = (
        *(
            [tell("reporter", "dispatched", after, town=town, who=handler.name, due=ClockKind.RESOLUTION)]
            if after.reporter_id
            else []
        ),
        *tell_staff([handler], "assigned", after, town=town, due=ClockKind.TAKE),
    )
    return after, told


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


def _category_of(case: DangerCase, town: Town) -> str:
    return next(
        (sign.category for kind in case.kinds for sign in town.danger if sign.kind is kind and sign.category),
        "",
    )


def _answered(ticket: Ticket, answer: Answer, kind: DangerKind | None, now: datetime) -> DangerCase:
    case = ticket.danger or DangerCase(level=Danger.NONE, since=now)
    if answer is not Answer.YES and (ticket.danger is None or case.answer or not case.is_open):
        raise AlreadyDone("已经记下了，不用再答；有新的情况请留言，或点“有人有危险”")
    if answer is Answer.YES:
        kinds = dict.fromkeys((*((kind,) if kind else ()), *case.kinds))
        return DangerCase(
            level=Danger.SURE, kinds=tuple(kinds), words=case.words, since=now, answer=answer.value
        )
    return case.model_copy(update={"answer": answer.value})


def _said_yes(ticket: Ticket, town: Town, now: datetime) -> Told:
    if ticket.stage in ENDED:
        reopened = ticket.danger.model_copy(update={"level": Danger.POSSIBLE}) if ticket.danger else None
        after = ticket.model_copy(update={"danger": reopened})
        return after, _rung(after, (_desk(after, town, now), *_leaders(after, town)), town)
    after, notices = made_urgent(ticket, "", town=town, now=now)
    return after, (*notices, *_rung(after, (_holder(after, town, now),), town))


def _open_case(ticket: Ticket) -> DangerCase:
    if ticket.danger is None or not ticket.danger.is_open:
        raise AlreadyDone("这张工单没有待确认的危险")
    return ticket.danger


def _holder(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    return handler_of(ticket, town, now) if ticket.stage in WITH_A_UNIT else None


def _desk(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    return desk_of(ticket, town, now)


def _leaders(ticket: Ticket, town: Town) -> tuple[Staff, ...]:
    return (*town.station_heads(ticket.station_id), *town.leader(Role.AREA_LEADER, ticket.where.path))


def _rung(ticket: Ticket, people: tuple[Staff | None, ...], town: Town) -> tuple[Notice, ...]:
    return as_urgent(tell_staff(people, "danger_heard", ticket, town=town, note=name_of(ticket.danger)))
