"""依法解释结案: what has come back twice and cannot be solved is explained, by two people, and never counts as solved."""

from datetime import datetime

from chalicelib.domain.acts.closing import parts_owed, wait_owed
from chalicelib.domain.acts.moves import Changed, changed, moved, need_independent, need_lead, need_stage
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, NotAllowed, StillOpen, WrongStage
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.parties.proposing import taken_back, waiting
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Explanation, Outcome, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS, Role, Staff

FIRST_ROUND = 3  # after the second rework
_STAGES = frozenset({Stage.HANDLING, Stage.RESOLVED})


def propose_explanation(
    ticket: Ticket, *, by: Staff, ground: str, text: str, elsewhere: str, town: Town, now: datetime
) -> Changed:
    """提请依法解释结案 by the head of the lead unit: on what ground, what the resident is told, and where else to go.

    It waits for the area leader, and holds nothing up meanwhile; with the unit or the round it falls away. Raises WrongStage before the second rework or out of its
    stages, NotYours, NotAllowed for anybody but a head, StillOpen while an assisting unit or the resident is waited for,
    AlreadyDone while one waits.
    """
    need_stage(ticket, _STAGES, "提请解释结案")
    need_lead(ticket, by)
    if Role.UNIT_HEAD not in by.roles and Role.STATION_HEAD not in by.roles:
        raise NotAllowed("须由承办单位负责人提请")
    if ticket.round < FIRST_ROUND:
        raise WrongStage("重办两次以后仍解决不了的，才能提请依法解释结案；请先按要求办理")
    need_decided(ticket, "提请解释结案")
    if why := parts_owed(ticket) or wait_owed(ticket):
        raise StillOpen(why)
    if waiting(ticket) is not None:
        raise AlreadyDone("已经提请，正等片区领导决定")
    leaders = town.leader(Role.AREA_LEADER, ticket.where.path)
    newly = tuple(leader.code for leader in leaders if leader.code not in ticket.escalated_to)
    proposed = Explanation(
        by=by.code,
        unit_id=by.unit,
        round=ticket.round,
        at=now,
        ground=ground,
        text=text,
        elsewhere=elsewhere,
        shown_to=newly,
    )
    after = ticket.model_copy(
        update={"explanation": proposed, "escalated_to": (*ticket.escalated_to, *newly)}
    )
    event = Event(
        kind=EventKind.EXPLANATION_PROPOSED,
        at=now,
        by=by.code,
        note=text,
        details={"ground": ground, "elsewhere": elsewhere},
    )
    return changed(after, event, before=ticket, town=town, named=leaders)


def decide_explanation(
    ticket: Ticket, *, by: Staff, approved: bool, note: str, town: Town, now: datetime
) -> Changed:
    """The area leader's decision. A yes closes with the outcome `explained`, and the resident reads why and where else to go.

    A no, with what is still to be done, sends it back to the work: one that was resolved keeps its follow-up. Raises
    WrongStage where nothing is proposed, or what was is another unit's or round's by now; NotAllowed for who proposed or
    handled it, and for any but an area or town leader.
    """
    need_stage(ticket, _STAGES, "决定解释结案")
    if LEADERS.isdisjoint(by.roles):
        raise NotAllowed("须由片区或镇领导决定")
    proposed = waiting(ticket)
    if proposed is None:
        raise WrongStage("没有等待决定的解释结案")
    if proposed.by == by.code:
        raise NotAllowed("提请的人不能自己决定")
    need_independent(ticket, by)
    if not approved:
        after = taken_back(ticket, proposed)
        event = Event(kind=EventKind.EXPLANATION_REFUSED, at=now, by=by.code, note=note)
        return changed(after, event, before=ticket, town=town, named=[town.find_staff(proposed.by)])
    need_decided(ticket, "解释结案")
    done = clocks.meet(ticket, ClockKind.FOLLOW_UP, by=by.code, now=now)
    after = moved(
        done,
        Stage.CLOSED,
        explanation=proposed.model_copy(update={"decided_by": by.code}),
        outcome=Outcome.EXPLAINED,
        closed_at=now,
        on_call_list=False,
        extension=None,
        verify_owed=False,
        escalated_to=(),
    )
    details = {"ground": proposed.ground, "elsewhere": proposed.elsewhere, "decision": note}
    event = Event(
        kind=EventKind.EXPLAINED, at=now, by=by.code, note=proposed.text, public=True, details=details
    )
    return changed(after, event, before=ticket, town=town, named=[town.find_staff(proposed.by)])
