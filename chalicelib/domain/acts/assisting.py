"""协办: other units help; the lead stays responsible."""

from datetime import datetime

from chalicelib.domain.acts.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    need_no_conflict,
    need_stage,
)
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    AlreadyDone,
    Invalid,
    NotFound,
    NotYours,
    WrongStage,
)
from chalicelib.domain.parties.holding import who_helps
from chalicelib.domain.parties.summaries import confirmed
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Assisting, AssistingState, Event, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff, Track


def add_assisting(
    ticket: Ticket, *, unit_id: str, by: Staff, note: str, town: Town, now: datetime, summary: str = ""
) -> Changed:
    """协办: another unit helps; the lead stays responsible. A simple ticket becomes a joint one."""
    need_stage(ticket, WITH_A_UNIT, "增加协办单位")
    if town.find_unit(unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit_id"])
    need_no_conflict(ticket, unit_id=unit_id, by=by)
    if unit_id == ticket.lead_unit_id or any(a.unit_id == unit_id and a.is_open for a in ticket.assisting):
        raise AlreadyDone("该单位已在办理这张工单")
    kept = tuple(a for a in ticket.assisting if a.unit_id != unit_id)
    after = ticket.model_copy(
        update={
            "assisting": (*kept, Assisting(unit_id=unit_id, note=note, by=by.code)),
            "summary": confirmed(ticket, summary),
        }
    )
    if ticket.track is Track.SIMPLE:
        after = clocks.start(
            after.model_copy(update={"track": Track.JOINT}), ClockKind.PROGRESS, town=town, now=now
        )
        after = clocks.pause(after, [ClockKind.PROGRESS], now=now) if after.stands_still else after
    event = Event(kind=EventKind.ASSISTING_ADDED, at=now, by=by.code, note=note, details={"unit": unit_id})
    people = [*who_helps(unit_id, ticket, town, now), *town.unit_heads(unit_id)]
    return changed(after, event, before=ticket, town=town, named=people)


_ENDED = {
    AssistingState.FINISHED: EventKind.ASSISTING_FINISHED,
    AssistingState.WAIVED: EventKind.ASSISTING_WAIVED,
}


def end_assisting(
    ticket: Ticket, *, unit_id: str, state: AssistingState, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """The assisting unit finishes its part, or is waived (`state` finished or waived) by the lead, the desk or a leader with a reason."""
    at_the_desk = {Stage.RECEIVED} if ticket.assisting else set()  # without its lead: the part goes on
    need_stage(ticket, WITH_A_UNIT | {Stage.SUSPENDED} | at_the_desk, "办理协办")
    part = next((a for a in ticket.assisting if a.unit_id == unit_id), None)
    if part is None:
        raise NotFound("该单位不在协办名单中")
    if not part.is_open:
        raise WrongStage("该协办已经结束")
    if state is AssistingState.FINISHED and by.unit != unit_id:
        raise NotYours("协办情况须由协办单位自己填写")
    done = part.model_copy(update={"state": state, "note": note, "by": by.code})
    after = ticket.model_copy(update={"assisting": tuple(done if a is part else a for a in ticket.assisting)})
    event = Event(kind=_ENDED[state], at=now, by=by.code, note=note, details={"unit": unit_id})
    return changed(after, event, before=ticket, town=town)
