"""重办与重新打开: not solved after all. A new round with new clocks."""

from datetime import datetime, timedelta

from chalicelib.domain.acts.moves import (
    Changed,
    changed,
    desk_of,
    handler_of,
    moved,
    need_stage,
    tell,
    tell_staff,
)
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import TooLate
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Track

REOPEN_WITHIN = timedelta(days=30)  # rule 18, after closing

_HARDER = {Track.SIMPLE: Track.JOINT, Track.JOINT: Track.DIFFICULT, Track.DIFFICULT: Track.DIFFICULT}


def rework(ticket: Ticket, *, by: str, reason: str, town: Town, now: datetime) -> Changed:
    """重办: not solved. A new round with new clocks; the unit head is warned, and from the second time the track rises."""
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED}, "重办")
    track = _HARDER[ticket.track] if ticket.round >= 2 else ticket.track
    after = clocks.end(ticket, [ClockKind.FOLLOW_UP], now=now)
    changes = {
        "round": ticket.round + 1,
        "track": track,
        "closed_at": None,
        "outcome": "",
        "taken": True,
        "exemption": "",
        "verify_owed": False,
        "answered_on_the_spot": False,  # the round to come owes its follow-up
        "on_call_list": False,
    }
    back_to = Stage.HANDLING if ticket.lead_unit_id else Stage.RECEIVED
    after = moved(after, back_to, **changes)
    kinds = [ClockKind.RESOLUTION, ClockKind.UNIT_FEEDBACK] if ticket.lead_unit_id else [ClockKind.FEEDBACK]
    if track is not Track.SIMPLE and ticket.lead_unit_id:
        kinds.append(ClockKind.PROGRESS)
    for kind in kinds:
        after = clocks.start(after, kind, town=town, now=now)
    handler, heads = handler_of(after, town, now), town.unit_heads(ticket.lead_unit_id or "")
    told = (
        tell("reporter", "reworked", after, town=town, due=ClockKind.RESOLUTION),
        *tell_staff([handler], "rework_assigned", after, town=town, note=reason, due=ClockKind.RESOLUTION),
        *tell_staff(heads, "not_solved_warning", after, town=town, note=reason),
    )
    details = {"round": str(after.round), "track": track.value}
    return changed(
        after, Event(kind="reworked", at=now, by=by, note=reason, details=details, notices=told), town=town
    )


def may_reopen(ticket: Ticket, now: datetime) -> bool:
    """Whether the window of rule 18 is open; its last instant still counts."""
    if ticket.stage not in (Stage.CLOSED, Stage.DECLINED):
        return False
    return ticket.closed_at is None or now - ticket.closed_at <= REOPEN_WITHIN


def reopen(ticket: Ticket, *, reason: str, town: Town, now: datetime) -> Changed:
    """重新打开 by the reporter or anyone who joined: the same as a rework, once for all of them; a declined one is looked at anew."""
    need_stage(ticket, {Stage.CLOSED, Stage.DECLINED}, "重新打开")
    if not may_reopen(ticket, now):
        raise TooLate(f"结案已超过{REOPEN_WITHIN.days}天，请重新反映")
    if ticket.stage is Stage.CLOSED and ticket.lead_unit_id:
        after, event = rework(ticket, by="reporter", reason=reason, town=town, now=now)
        return after, event.model_copy(update={"kind": "reopened"})
    after = moved(
        ticket, Stage.RECEIVED, round=ticket.round + 1, closed_at=None, outcome="", answered_on_the_spot=False
    )
    after = clocks.start(after, ClockKind.FEEDBACK, town=town, now=now)
    desk = desk_of(ticket, town, now)
    told = (
        tell("reporter", "reopened", after, town=town, due=ClockKind.FEEDBACK),
        *tell_staff([desk], "reopened_staff", after, town=town, note=reason),
    )
    return changed(after, Event(kind="reopened", at=now, by="reporter", note=reason, notices=told), town=town)
