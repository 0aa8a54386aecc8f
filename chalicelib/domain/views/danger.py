"""What screens show of a danger: the question to the resident, with whom to call first, and the desk's card."""

from typing import TYPE_CHECKING

from chalicelib.domain.acts.endangered import Called, WhyNot
from chalicelib.domain.tickets.dangers import DANGER_NAMES, name_of
from chalicelib.domain.tickets.readings import Answer, DangerCase
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town import emergency
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town

if TYPE_CHECKING:
    from chalicelib.domain.schemas import PhoneNumber
    from chalicelib.domain.views.schemas import DangerAsked, DangerCard, DangerTaps, EmergencyCard

QUESTION = "已收到。现在有人有危险吗？"
WATCHED = "值班员也在看这一条"
ANSWERS = (
    (Answer.YES, "有，现在就有"),
    (Answer.NO, "没有，是隐患或已经过去"),
    (Answer.UNSURE, "说不清，请打给我"),
)
# What a resident may say it is, one tap each; the rest is 其他.
TAPS = (
    (DangerKind.LIFT, "被困"),
    (DangerKind.PERSON, "受伤"),
    (DangerKind.FIRE, "着火"),
    (DangerKind.GAS, "煤气"),
    (DangerKind.VIOLENCE, "伤人"),
    (DangerKind.OTHER, "其他"),
)
_KNOWN = {Answer.YES.value: "已按紧急办理，正在派人。", Answer.NO.value: "记下了，值班员还会看一眼。",
          Answer.UNSURE.value: "值班员马上打给您，请留意来电。"}  # fmt: skip


def asked(ticket: Ticket, town: Town) -> "DangerAsked | None":
    """What its reporter is asked or told: the numbers to call, the question while it is open, what was answered."""
    case = ticket.danger
    if case is None or case.level is Danger.NONE or case.decided is Answer.NO:
        return None
    return {
        "level": case.level.value,
        "asks": case.is_open and not case.answer,
        "question": QUESTION,
        "answers": [{"code": code.value, "name": name} for code, name in ANSWERS],
        "answer": case.answer,
        "known": _KNOWN.get(case.answer, ""),
        "watched": WATCHED,
        "numbers": numbers(town),
    }


def taps(town: Town) -> "DangerTaps":
    """The button 有人有危险: what it may be, and the numbers to dial."""
    return {"kinds": [{"code": kind.value, "name": name} for kind, name in TAPS], "numbers": numbers(town)}


def numbers(town: Town) -> "list[PhoneNumber]":
    return emergency.numbers(town.emergency)


def card(ticket: Ticket) -> "DangerCard | None":
    """The desk's card: 可能有人有危险：被困 · 4号楼｜原话. None where no text spoke of danger."""
    case = ticket.danger
    if case is None:
        return None
    return {
        "level": case.level.value,
        "is_open": case.is_open,
        "title": f"{_how_sure(case)}{name_of(case)} · {ticket.where.name}",
        "kinds": [{"code": kind.value, "name": DANGER_NAMES[kind]} for kind in case.kinds],
        "words": list(case.words),
        "answer": case.answer,
        "answer_name": {code.value: name for code, name in ANSWERS}.get(case.answer, ""),
        "decided": case.decided,
        "agreed": bool(case.agreed_by),
        "reason": case.reason,
        "whys": [{"code": why.value, "name": why.value} for why in WhyNot],
    }


def of_the_same_ring(others: int) -> str:
    """前后10分钟另有3件报了这里; "" where nobody else did."""
    return f"前后10分钟另有{others}件报了这里" if others else ""


def _how_sure(case: DangerCase) -> str:
    return "" if case.level is Danger.SURE or case.unheard else "可能"


def sheet(ticket: Ticket, town: Town) -> "EmergencyCard | None":
    """应急卡 of an urgent or doubtful ticket: whom to call for this place. None for any other ticket."""
    if not ticket.urgent and not (ticket.danger and ticket.danger.is_open):
        return None
    known = emergency.sheet_for(town.emergency_sheets, ticket.where.path)
    return {
        "rows": emergency.rows_of(known),
        "numbers": numbers(town),
        "called": [{"code": called.value, "name": f"已代拨{called.value}"} for called in Called],
    }
