"""办结、双回访、重办、结案 (rule 5). Nothing closes without what the follow-up policy demands."""

from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.domain import clocks
from chalicelib.domain.clock_model import ClockKind
from chalicelib.domain.directory import Town
from chalicelib.domain.errors import AlreadyDone, FollowUpMissing, Invalid, NotAllowed, StillOpen, TooLate
from chalicelib.domain.handling import with_unit_feedback
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.moves import (
    Changed,
    changed,
    handler_of,
    moved,
    need_lead,
    need_stage,
    tell,
    tell_staff,
)
from chalicelib.domain.ticket import CallAttempt, Event, FollowUp, FollowUpResult, Resolution, Stage, Ticket
from chalicelib.domain.town import FollowUpRule, Role, Staff, Track

REOPEN_WITHIN = timedelta(days=30)  # rule 18, after closing
_HARDER = {Track.SIMPLE: Track.JOINT, Track.JOINT: Track.DIFFICULT, Track.DIFFICULT: Track.DIFFICULT}
_ENDS_WITH_THE_WORK = (ClockKind.TAKE, ClockKind.PROGRESS, ClockKind.RESPONSE)
_ACCEPTED = {  # which follow-ups count as the station's own, by policy (design §6)
    "in_app_then_call": ("in_app", "call"),
    "call": ("call",),
    "call_unless_partner": ("call", "partner"),
    "verify": ("verify",),
}


def policy(ticket: Ticket, town: Town) -> FollowUpRule:
    return town.follow_up_rule(ticket.source, ticket.answered_on_the_spot)


def resolve(
    ticket: Ticket, *, by: Staff, note: str, photos: tuple[str, ...], feedback: str, town: Town, now: datetime
) -> Changed:
    """办结 as the lead unit claims it. `feedback` is the unit's own feedback where it has not been given yet (rule 5).

    Raises StillOpen while an assisting unit is open or clocks are paused, Invalid for a facility without a photo,
    FollowUpMissing without the unit's feedback.
    """
    need_stage(ticket, {Stage.HANDLING}, "办结")
    need_lead(ticket, by)
    if any(part.state == "open" for part in ticket.assisting):
        raise StillOpen("还有协办单位没有办完；请等其完成，或说明理由后免除")
    if ticket.pause is not None:
        raise StillOpen("工单在等待居民；请先恢复办理")
    if ticket.facility and not photos:
        raise Invalid("公共设施类工单办结须附照片，请拍一张处理后的照片", fields=["photos"])
    if feedback:
        ticket = with_unit_feedback(ticket, by=by, now=now)
    if policy(ticket, town).unit_feedback != "none" and ticket.fed_back_by_unit < ticket.round:
        raise FollowUpMissing("还没有向居民作初步反馈；请先反馈，或在办结时一并填写反馈内容")
    after = clocks.meet(ticket, ClockKind.RESPONSE, by=by.code, now=now)
    after = clocks.meet(after, ClockKind.RESOLUTION, by=by.code, now=now)
    after = clocks.end(after, _ENDS_WITH_THE_WORK, now=now)
    resolution = Resolution(by=by.code, unit_id=by.unit, at=now, note=note, photos=photos)
    after = moved(
        after, Stage.RESOLVED, resolution=resolution, extension=None, verify_owed=is_drawn(ticket, town)
    )
    after = clocks.start(after, ClockKind.FOLLOW_UP, town=town, now=now)
    told = (
        [tell("reporter", "unit_feedback", after, town=town, note=feedback, who=by.name)] if feedback else []
    )
    told.append(tell("reporter", "resolved_ask", after, town=town, note=note, who=by.name))
    facts = {"feedback": feedback} if feedback else {}
    event = Event(
        kind="resolved",
        at=now,
        by=by.code,
        note=note,
        public=True,
        photos=photos,
        facts=facts,
        notices=tuple(told),
        starts_follow_up=True,
    )
    return changed(after, event, town=town)


def is_drawn(ticket: Ticket, town: Town) -> bool:
    """Whether someone else is to look at this round's work 核查: always where the policy says so, else by lot (rule 19).

    The lot is drawn from the ticket's id, which nobody chooses, so that the same ticket is drawn however often it is asked.
    """
    rule = policy(ticket, town)
    if rule.station == "verify":
        return True
    lot = sha256(f"{ticket.id}#{ticket.round}".encode()).digest()
    return int.from_bytes(lot[:4], "big") % 100 < rule.recheck_percent and ticket.facility


def rate(
    ticket: Ticket,
    *,
    solved: bool,
    satisfied: bool | None,
    words: str,
    is_reporter: bool,
    town: Town,
    now: datetime,
) -> Changed:
    """满意度: the resident says in the app whether it is solved, which is the station's follow-up (design §6).

    "Solved" by the reporter closes; "not solved" by anyone asks for a call. After closing it is kept as a rating only.
    Raises AlreadyDone for a second answer in the same round.
    """
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED}, "评价")
    if is_reporter and _result(ticket, how="in_app") is not None:
        raise AlreadyDone("您已经评价过了；如有新的情况请留言或重新打开工单")
    by = "reporter" if is_reporter else "member"
    answer = said(ticket, by, "in_app", solved, satisfied, words, now)
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    facts = {"solved": "yes" if solved else "no", "satisfied": _yes_no(satisfied)}
    if ticket.stage is Stage.CLOSED:
        return changed(after, Event(kind="rated", at=now, by="reporter", note=words, facts=facts), town=town)
    if solved and is_reporter and _may_close_in_app(after, town):
        return closed(
            after, "solved", Event(kind="closed", at=now, by="reporter", note=words, facts=facts), town=town
        )
    if solved:
        return changed(after, Event(kind="rated", at=now, by="reporter", note=words, facts=facts), town=town)
    after = after.model_copy(update={"on_call_list": True})
    told = tell_staff(
        town.unit_heads(ticket.lead_unit_id or ""), "not_solved_warning", after, town=town, note=words
    )
    return changed(
        after, Event(kind="rated", at=now, by="reporter", note=words, facts=facts, notices=told), town=town
    )


def ask_by_call(ticket: Ticket, *, round_: int, town: Town, now: datetime) -> Changed | None:
    """Silence in the app: the desk is to call (design §6). Nothing when the world has moved on. By the workflow."""
    if ticket.stage is not Stage.RESOLVED or ticket.round != round_ or ticket.on_call_list:
        return None
    if policy(ticket, town).station == "verify":
        return None
    after = ticket.model_copy(update={"on_call_list": True})
    caller = town.on_duty(ticket.station_id, Role.FIRST_CONTACT, now, ticket.where.path)
    told = tell_staff([caller], "call_needed", after, town=town, due=ClockKind.FOLLOW_UP)
    return changed(after, Event(kind="call_asked", at=now, by="machine", notices=told), town=town)


def record_call(
    ticket: Ticket,
    *,
    by: Staff,
    answered: bool,
    solved: bool | None,
    satisfied: bool | None,
    words: str,
    town: Town,
    now: datetime,
) -> Changed:
    """One logged follow-up call: solved closes, not solved is rework.

    The last of the policy's attempts without an answer, on as many days as it demands, makes the follow-up unreached:
    complete, counting as neither satisfied nor solved. Raises NotAllowed for whoever handled the ticket (two independent
    follow-ups), Invalid when answered without saying whether it is solved.
    """
    need_stage(ticket, {Stage.RESOLVED}, "登记回访")
    need_independent(ticket, by)
    attempt = CallAttempt(round=ticket.round, at=now, by=by.code, answered=answered, note=words)
    after = ticket.model_copy(update={"attempts": (*ticket.attempts, attempt)})
    if not answered:
        return _unanswered(after, by, words, town, now)
    if solved is None:
        raise Invalid("请填写居民是否认为已解决", fields=["solved"])
    answer = said(ticket, by.code, "call", solved, satisfied, words, now)
    after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    facts = {"solved": "yes" if solved else "no", "satisfied": _yes_no(satisfied)}
    if solved:
        return closed(
            after, "solved", Event(kind="followed_up", at=now, by=by.code, note=words, facts=facts), town=town
        )
    return rework(after, by=by.code, reason=words or "回访：居民反映未解决", town=town, now=now)


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
    facts = {"round": str(after.round), "track": track.value}
    return changed(
        after, Event(kind="reworked", at=now, by=by, note=reason, facts=facts, notices=told), town=town
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
    desk = town.on_duty(ticket.station_id, Role.FIRST_CONTACT, now, ticket.where.path)
    told = (
        tell("reporter", "reopened", after, town=town, due=ClockKind.FEEDBACK),
        *tell_staff([desk], "reopened_staff", after, town=town, note=reason),
    )
    return changed(after, Event(kind="reopened", at=now, by="reporter", note=reason, notices=told), town=town)


def exempt(ticket: Ticket, *, by: Staff, rule: str, town: Town, now: datetime) -> Changed:
    """免回访: a leader who did not do the work names the rule or the reason for closing without the follow-up."""
    need_stage(ticket, {Stage.RESOLVED}, "免回访")
    need_independent(ticket, by)
    after = ticket.model_copy(update={"exemption": f"{by.code}：{rule}"})
    return changed(after, Event(kind="exempted", at=now, by=by.code, note=rule), town=town)


def close(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """结案 by the desk, when everything the policy demands is there. Raises FollowUpMissing, naming what is missing."""
    need_stage(ticket, {Stage.RESOLVED}, "结案")
    missing = missing_follow_ups(ticket, town)
    if missing:
        raise FollowUpMissing("还不能结案：" + "、".join(missing))
    outcome = "exempt" if ticket.exemption else str(_final(ticket, policy(ticket, town).station).result)  # type: ignore[union-attr]
    return closed(ticket, outcome, Event(kind="closed", at=now, by=by.code, note=note), town=town)


def missing_follow_ups(ticket: Ticket, town: Town) -> list[str]:
    """What the follow-up policy still demands before this ticket may close; empty when it may (rule 5)."""
    rule, missing = policy(ticket, town), []
    if rule.unit_feedback != "none" and ticket.fed_back_by_unit < ticket.round:
        missing.append("承办单位的初步反馈")
    if rule.station != "message_only" and not ticket.exemption:
        final = _final(ticket, rule.station)
        if final is None:
            missing.append("核查" if rule.station == "verify" else "工作站回访")
        elif final.result is FollowUpResult.NOT_SOLVED:
            missing.append("居民认可的解决（上次回访为未解决）")
    return missing


def closed(ticket: Ticket, outcome: str, event: Event, *, town: Town) -> Changed:
    if missing := missing_follow_ups(ticket, town):
        raise FollowUpMissing("还不能结案：" + "、".join(missing))
    after = clocks.meet(ticket, ClockKind.FOLLOW_UP, by=event.by, now=event.at)
    after = moved(
        after, Stage.CLOSED, outcome=outcome, closed_at=event.at, on_call_list=False, escalated_to=()
    )
    told = tell("reporter", "closed", after, town=town)
    return changed(after, event.model_copy(update={"notices": (*event.notices, told)}), town=town)


def _unanswered(ticket: Ticket, by: Staff, words: str, town: Town, now: datetime) -> Changed:
    rule = policy(ticket, town)
    tries = [a for a in ticket.attempts if a.round == ticket.round and not a.answered]
    days = {a.at.astimezone(SHANGHAI).date() for a in tries}
    if len(tries) < rule.attempts or len(days) < rule.days:
        return changed(ticket, Event(kind="call_unanswered", at=now, by=by.code, note=words), town=town)
    unreached = FollowUp(
        round=ticket.round, by="machine", how="call", at=now, result=FollowUpResult.UNREACHED
    )
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, unreached)})
    return closed(after, "unreached", Event(kind="unreached", at=now, by=by.code, note=words), town=town)


def need_independent(ticket: Ticket, by: Staff) -> None:
    worked = {ticket.handler_id, ticket.resolution.by if ticket.resolution else None}
    if by.code in worked:
        raise NotAllowed("回访、核查和免回访须由没有经办这张工单的人来做")


def _may_close_in_app(ticket: Ticket, town: Town) -> bool:
    return policy(ticket, town).station == "in_app_then_call" and not missing_follow_ups(ticket, town)


def said(
    ticket: Ticket, by: str, how: str, solved: bool, satisfied: bool | None, words: str, now: datetime
) -> FollowUp:
    result = FollowUpResult.SOLVED if solved else FollowUpResult.NOT_SOLVED
    return FollowUp(
        round=ticket.round, by=by, how=how, at=now, result=result, satisfied=satisfied, words=words
    )


def _result(ticket: Ticket, how: str) -> FollowUp | None:
    return next(
        (f for f in ticket.follow_ups if f.round == ticket.round and f.how == how and f.by == "reporter"),
        None,
    )


def _final(ticket: Ticket, station: str) -> FollowUp | None:
    """The round's last follow-up of a kind that the policy accepts; neighbours' ratings do not decide."""
    accepted = _ACCEPTED.get(station, ())
    of_the_round = (f for f in reversed(ticket.follow_ups) if f.round == ticket.round and f.by != "member")
    return next((f for f in of_the_round if f.how in accepted), None)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
