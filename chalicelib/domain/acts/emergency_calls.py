"""已代拨、已通话: what was done by voice for an urgent ticket, with its time (rule 81)."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.acts.moves import Changed, changed, need_stage
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
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


def _need_danger(ticket: Ticket) -> None:
    need_stage(ticket, set(Stage) - ENDED, "登记应急电话")
    if not ticket.urgent and not (ticket.danger and ticket.danger.is_open):
        raise WrongStage("只有紧急的、或正在确认是否紧急的工单才登记应急电话")
