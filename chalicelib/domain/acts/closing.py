"""办结、双回访、重办、结案 (rule 5). Nothing closes without what the follow-up policy demands."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from chalicelib.domain.acts.handling import with_unit_feedback
from chalicelib.domain.acts.moves import (
    Changed,
    changed,
    moved,
    need_independent,
    need_lead,
    need_stage,
)
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import FollowUpMissing, Invalid, NotAllowed, StillOpen
from chalicelib.domain.parties.follow_up_policy import (
    final_follow_up,
    is_not_solved,
    may_yet_be_heard,
    missing_follow_ups,
    policy,
)
from chalicelib.domain.parties.telling import told
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.haste import is_quick_arrival, is_quick_resolve
from chalicelib.domain.tickets.ticket import (
    Audience,
    Event,
    FollowUp,
    FollowUpResult,
    Outcome,
    Resolution,
    Stage,
    Ticket,
)
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS, FollowUpHow, Staff

_ENDS_WITH_THE_WORK = (ClockKind.TAKE, ClockKind.PROGRESS, ClockKind.RESPONSE)


def resolve(
    ticket: Ticket,
    *,
    by: Staff,
    note: str,
    photos: tuple[str, ...],
    feedback: str,
    audience: Audience = Audience.REPORTER,
    town: Town,
    now: datetime,
) -> Changed:
    """办结 as the lead unit claims it. `feedback` is the unit's own feedback where it has not been given yet (rule 5).

    Raises StillOpen while an assisting unit is open or clocks are paused, Invalid for a facility without a photo,
    FollowUpMissing without the unit's feedback.
    """
    need_stage(ticket, {Stage.HANDLING}, "办结")
    need_lead(ticket, by)
    if why := parts_owed(ticket) or wait_owed(ticket):
        raise StillOpen(why)
    if not photos and (why := photo_owed(ticket)):
        raise Invalid(why, fields=["photos"])
    before = ticket
    if feedback:
        ticket = with_unit_feedback(ticket, by=by, now=now)
    if why := feedback_owed(ticket, town):
        raise FollowUpMissing(why)
    after = clocks.meet(ticket, ClockKind.RESPONSE, by=by.code, now=now)
    after = clocks.meet(after, ClockKind.RESOLUTION, by=by.code, now=now)
    after = clocks.end(after, _ENDS_WITH_THE_WORK, now=now)
    resolution = Resolution(by=by.code, unit_id=by.unit, at=now, note=note, photos=photos)
    after = moved(
        after, Stage.RESOLVED, resolution=resolution, extension=None, verify_owed=is_drawn(ticket, town, now)
    )
    after = clocks.start(after, ClockKind.FOLLOW_UP, town=town, now=now)
    event = Event(
        kind=EventKind.RESOLVED,
        at=now,
        by=by.code,
        note=note,
        public=True,
        audience=audience,
        photos=photos,
        details={"feedback": feedback} if feedback else {},
        starts_follow_up=True,
    )
    if feedback:
        first = told(event, before=ticket, after=after, town=town, row="resolved/feedback")
        event = event.model_copy(update={"notices": first})
    return changed(after, event, before=before, town=town)


def parts_owed(ticket: Ticket) -> str:
    """What is said while an assisting unit has not ended its part, or ""."""
    if any(part.is_open for part in ticket.assisting):
        return "还有协办单位没有办完；请等其完成，或说明理由后免除"
    is_open = any(each.is_open for each in ticket.undertakings)
    return "还有会商任务没有办好；请由认领的单位填写办好后再办结" if is_open else ""


def wait_owed(ticket: Ticket) -> str:
    """What is said while the resident is waited for, or ""."""
    return "工单在等待居民；请先恢复办理" if ticket.pause is not None else ""


def photo_owed(ticket: Ticket) -> str:
    """What is said of a facility without a photo of the work, or "" where none is asked for."""
    return "公共设施类工单办结须附照片，请拍一张处理后的照片" if ticket.facility else ""


def feedback_owed(ticket: Ticket, town: Town) -> str:
    """What is said while the unit has told the resident nothing in this round, or "" (rule 5)."""
    is_owed = policy(ticket, town).unit_feedback.is_owed and ticket.fed_back_by_unit < ticket.round
    return "还没有向居民作初步反馈；请先反馈，或在办结时一并填写反馈内容" if is_owed else ""


def follow_up_owed(ticket: Ticket, town: Town) -> str:
    """What the follow-up policy still demands before the ticket may close, or "" (rule 5)."""
    missing = missing_follow_ups(ticket, town)
    return "还不能结案：" + "、".join(missing) if missing else ""


def answers_owed(ticket: Ticket, town: Town, now: datetime) -> str:
    """What is said while somebody whose report was merged into it has time to answer in the app, or ""."""
    return "还不能结案：并入的上报人还在回答是否解决" if may_yet_be_heard(ticket, town, now) else ""


def other_matters_owed(ticket: Ticket) -> str:
    """What is said while other matters of a divided report go on, or ""."""
    count = len(ticket.open_parts)
    return f"还不能结案：同一次反映分出的{count}件还没有办完；办完会自动结案" if count else ""


HASTE_PERCENT = 50  # rule 19: of what went too fast


def is_drawn(ticket: Ticket, town: Town, now: datetime) -> bool:
    """Whether someone else is to look at this round's work 核查: always where the policy says so, else by lot (rule 19).

    Of what went too fast (`tickets.haste`) half is drawn, where the town draws at all, a facility or not; no confidential matter
    by that.

    The lot is drawn from the ticket's id, which nobody chooses, so that the same ticket is drawn however often it is asked.
    """
    rule = policy(ticket, town)
    if rule.station.verifies:
        return True
    is_hasty = is_quick_arrival(ticket) or is_quick_resolve(ticket, now)
    percent = (
        max(rule.recheck_percent, HASTE_PERCENT)
        if is_hasty and rule.recheck_percent
        else rule.recheck_percent
    )
    is_of_the_lot = ticket.facility or (is_hasty and not ticket.confidential)
    return is_of_the_lot and is_drawn_by_lot(ticket, percent)


def is_drawn_by_lot(ticket: Ticket, percent: int) -> bool:
    """Whether this round of this ticket is among the share that is drawn."""
    lot = sha256(f"{ticket.id}#{ticket.round}".encode()).digest()
    return int.from_bytes(lot[:4], "big") % 100 < percent


def exempt(ticket: Ticket, *, by: Staff, rule: str, town: Town, now: datetime) -> Changed:
    """免回访: a leader who did not do the work names the rule or the reason for closing without the follow-up."""
    need_stage(ticket, {Stage.RESOLVED}, "免回访")
    need_independent(ticket, by)
    if is_not_solved(ticket) and LEADERS.isdisjoint(by.roles):
        raise NotAllowed("上报人明确说没解决；只有片区领导可以说明理由后结案，否则请重办")
    after = ticket.model_copy(update={"exemption": f"{by.code}：{rule}"})
    return changed(
        after, Event(kind=EventKind.EXEMPTED, at=now, by=by.code, note=rule), before=ticket, town=town
    )


def close(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """结案 by the desk, when everything the policy demands is there. Raises FollowUpMissing, naming what is missing."""
    need_stage(ticket, {Stage.RESOLVED}, "结案")
    return closed(
        ticket, _outcome(ticket, town), Event(kind=EventKind.CLOSED, at=now, by=by.code, note=note), town=town
    )


def _outcome(ticket: Ticket, town: Town) -> Outcome:
    final = final_follow_up(ticket, policy(ticket, town).station)
    return Outcome.EXEMPT if ticket.exemption or final is None else Outcome(final.result)


def close_if_nothing_is_missing(ticket: Ticket, event: Event, *, town: Town) -> Changed | None:
    """What was waited for is over: with the last of its parts (rule 92), or the time in which merged reporters may answer,
    a resolved ticket closes, where its own follow-up was there before.
    """
    if ticket.open_parts or not own_matter_is_done(ticket, town=town, now=event.at):
        return None
    return closed(
        ticket, _outcome(ticket, town), event.model_copy(update={"kind": EventKind.CLOSED}), town=town
    )


def own_matter_is_done(ticket: Ticket, *, town: Town, now: datetime) -> bool:
    """Whether a resolved ticket has its own follow-up and everybody's answer: it waits for its parts, or for nothing."""
    is_there = ticket.stage is Stage.RESOLVED and not missing_follow_ups(ticket, town)
    return is_there and not may_yet_be_heard(ticket, town, now)


def waits_for_parts(ticket: Ticket, event: Event, *, town: Town) -> Changed:
    """Its own follow-up is there, other matters of the report are not done: nobody is asked or called again meanwhile."""
    after = clocks.meet(ticket, ClockKind.FOLLOW_UP, by=event.by, now=event.at)
    after = after.model_copy(update={"on_call_list": False})
    return changed(after, event, before=ticket, town=town, row="part_moved")


def closed_or_left(
    ticket: Ticket,
    outcome: Outcome,
    event: Event,
    *,
    before: Ticket,
    row: str,
    kind: EventKind | None = None,
    town: Town,
) -> Changed:
    """Closed, as `kind` where the line is another then; or left resolved, with the line that `row` of the table tells,
    while somebody else has still to be asked, may still answer, or said that it is not solved.
    """
    if missing_follow_ups(ticket, town):
        return changed(ticket, event, before=before, town=town, row=row)
    if may_yet_be_heard(ticket, town, event.at):
        after = ticket.model_copy(update={"on_call_list": False})
        return changed(after, event, before=before, town=town, row=row)
    if ticket.open_parts:
        return waits_for_parts(ticket, event, town=town)
    return closed(ticket, outcome, event.model_copy(update={"kind": kind or event.kind}), town=town)


def closed(ticket: Ticket, outcome: Outcome, event: Event, *, town: Town) -> Changed:
    if why := (
        follow_up_owed(ticket, town) or answers_owed(ticket, town, event.at) or other_matters_owed(ticket)
    ):
        raise FollowUpMissing(why)
    after = clocks.meet(ticket, ClockKind.FOLLOW_UP, by=event.by, now=event.at)
    after = moved(
        after, Stage.CLOSED, outcome=outcome, closed_at=event.at, on_call_list=False, escalated_to=()
    )
    return changed(after, event, before=ticket, town=town, row="closed")


class Said(NamedTuple):
    """An answer to a follow-up. `satisfied` None: did not answer that."""

    solved: bool
    satisfied: bool | None = None
    words: str = ""


def follow_up_of(
    ticket: Ticket,
    by: str,
    how: FollowUpHow,
    said: Said,
    now: datetime,
    *,
    of: str = "",
) -> FollowUp:
    return FollowUp(
        round=ticket.round,
        by=by,
        how=how,
        at=now,
        result=FollowUpResult.SOLVED if said.solved else FollowUpResult.NOT_SOLVED,
        satisfied=said.satisfied,
        words=said.words,
        of=of,
    )
