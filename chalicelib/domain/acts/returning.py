"""退单: a unit hands a ticket back, twice at most (rule 12)."""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.acts.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    moved,
    need_lead,
    need_no_wait,
    need_stage,
)
from chalicelib.domain.clocks import clocks, partner_deadlines
from chalicelib.domain.errors import (
    AlreadyDone,
    NoMoreReturns,
    TooLate,
)
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.clock_model import ClockKind, LadderRole
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Dispute, Event, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

MOST_RETURNS = 2  # rule 12: 退单最多两次，此后由片区签派

_UNIT_CLOCKS = (ClockKind.TAKE, ClockKind.UNIT_FEEDBACK, ClockKind.PROGRESS)


class ReturnReason(StrEnum):
    """退单 needs one of these (reference field.md §3.1)."""

    WRONG_PLACE = "属地不符"
    UNCLEAR_DUTY = "权属不清"
    OVERLAPPING = "职能交叉"


def back_at_the_desk(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """Without a unit: its own clocks end, what it asked for falls away, and the resolution's due time does not move."""
    if ticket.pause is not None:  # nobody waits for the resident any more
        ticket = partner_deadlines.resumed(ticket.model_copy(update={"pause": None}), town=town, now=now)
    after = clocks.end(ticket, (*_UNIT_CLOCKS, ClockKind.RULING), now=now)
    return moved(
        after,
        Stage.RECEIVED,
        lead_unit_id=None,
        handler_id=None,
        taken=False,
        return_until=None,
        extension=None,
        dispute=None,
    )


def is_theirs(ticket: Ticket, town: Town) -> bool:
    """Whether whom it is kept from has it: the unit, or the person it was given to (rule 21)."""
    person = town.find_staff(ticket.handler_id or "")
    return ticket.lead_unit_id in ticket.concerns or (
        person is not None and is_concerned(person, ticket.concerns)
    )


def return_to_desk(
    ticket: Ticket, *, by: Staff, reason: ReturnReason, note: str, town: Town, now: datetime
) -> Changed:
    """退单: the assigned unit hands a ticket back to be dispatched again.

    `return_until` was set at dispatch from the town's clocks; its last instant still counts. The resolution's due time
    does not move. After the second return the area leader decides. Source: rule 12. 权属不清 with its words is a dispute.

    Raises WrongStage unless with a unit, NotYours for another unit, NoMoreReturns after a final assignment or from the
    third time on, TooLate after `return_until`.
    """
    if reason is ReturnReason.UNCLEAR_DUTY and note.strip():
        return _disputed(ticket, by=by, words=note, town=town, now=now)
    _need_returnable(ticket, by, now)
    returns = ticket.returns + 1
    given = {"returns": returns, "returned_by": (*ticket.returned_by, by.unit)}
    after = back_at_the_desk(ticket, town=town, now=now).model_copy(update=given)
    leaders: tuple[Staff, ...] = ()
    if returns >= MOST_RETURNS:
        leaders = town.leader(Role.AREA_LEADER, ticket.where.path)
        codes = (*after.escalated_to, *(leader.code for leader in leaders))
        after = after.model_copy(update={"escalated_to": tuple(dict.fromkeys(codes))})
    details = {"reason": reason.value, "unit": by.unit}
    event = Event(kind=EventKind.RETURNED, at=now, by=by.code, note=note, details=details)
    unit = town.find_unit(by.unit)
    say = {"returned_by": unit.name if unit else ""}
    return changed(after, event, before=ticket, town=town, named=leaders, say=say)


def _disputed(ticket: Ticket, *, by: Staff, words: str, town: Town, now: datetime) -> Changed:
    """权属不清, with the words for it: who decides is asked, and it is handled meanwhile by who has it 先办后议 (rule 98).

    It is no return: neither counts as one nor moves anything. Raises as a return, and AlreadyDone while one is open.
    """
    _need_returnable(ticket, by, now)
    if ticket.dispute is not None:
        raise AlreadyDone("已经提请裁定，请先接着办，等裁定结果")
    deciders = people_for(LadderRole.AREA_LEADER, ticket, town=town, now=now)
    codes = (*ticket.escalated_to, *(person.code for person in deciders))
    after = ticket.model_copy(
        update={
            "dispute": Dispute(by_unit=by.unit, by=by.code, at=now, words=words),
            "escalated_to": tuple(dict.fromkeys(codes)),
        }
    )
    after = clocks.start(after, ClockKind.RULING, town=town, now=now)
    event = Event(kind=EventKind.DUTY_DISPUTED, at=now, by=by.code, note=words, details={"unit": by.unit})
    return changed(after, event, before=ticket, town=town, named=deciders)


def _need_returnable(ticket: Ticket, by: Staff, now: datetime) -> None:
    need_stage(ticket, WITH_A_UNIT, "退单")
    need_no_wait(ticket, "退单")
    need_lead(ticket, by)
    if ticket.assigned_finally or ticket.returns >= MOST_RETURNS:
        raise NoMoreReturns("已由片区签派或已退单两次，不能再退；确有困难请申请延期或请片区协调")
    if ticket.return_until is not None and now > ticket.return_until:
        raise TooLate("已超过退单时限，请申请延期")
