"""回访: what the resident says, in the app or on the phone, and what follows from it (rule 5)."""

from datetime import datetime, timedelta

from chalicelib.domain.acts.closing import (
    Said,
    close_if_nothing_is_missing,
    closed_or_left,
    follow_up_of,
    waits_for_parts,
)
from chalicelib.domain.acts.moves import (
    Changed,
    changed,
    moved,
    need_independent,
    need_stage,
)
from chalicelib.domain.acts.reworking import rework
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid
from chalicelib.domain.model import SHANGHAI, YesNo
from chalicelib.domain.parties.follow_up_policy import (
    heard_until,
    is_not_solved,
    may_yet_be_heard,
    missing_follow_ups,
    policy,
    to_be_called,
    waits_for_answers_alone,
)
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.calls import LATEST_CALL, CallAttempt, CallOutcome, may_be_called_at, tries
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, FollowUp, FollowUpResult, Outcome, Stage, Ticket, Unread
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FollowUpHow, Staff

_A_WORKING_HOUR = Amount(count=1, unit=AmountUnit.WORKING_HOURS)  # in which a call that was asked for is made


def rate(
    ticket: Ticket,
    *,
    solved: bool,
    satisfied: bool | None,
    words: str,
    is_reporter: bool,
    of: str = "",
    town: Town,
    now: datetime,
) -> Changed:
    """满意度: the resident says in the app whether it is solved, which is the station's follow-up (design §6).

    "Solved" by the reporter closes, once whoever's report was merged into it has answered or had the time to; "not solved" by anyone asks for a call, also after closing, and nothing but their own
    word, a rework or the area leader closes it then. `of`: the merged ticket whose reporter this is. Raises AlreadyDone
    for a second answer in the same round.
    """
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED}, "评价")
    if is_reporter and _result(ticket, how=FollowUpHow.IN_APP, of=of) is not None:
        raise AlreadyDone("您已经评价过了；如有新的情况请留言或重新打开工单")
    by = Actor.REPORTER if is_reporter else Actor.MEMBER
    answer = follow_up_of(ticket, by, FollowUpHow.IN_APP, Said(solved, satisfied, words), now, of=of)
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    details = {"solved": YesNo.of(solved), "satisfied": _yes_no(satisfied)}
    event = Event(kind=EventKind.RATED, at=now, by=by, note=words, details=details)
    if ticket.outcome is Outcome.EXPLAINED:  # it stays closed, and what they say reaches the station
        waits = after.unread or Unread(since=now, by=by)
        after = after if solved else after.model_copy(update={"unread": waits})
        row = "rated" if solved else "rated/explained"
        return changed(after, event, before=ticket, town=town, row=row)
    if not solved:
        return owed_a_call(after, event, town=town)
    if ticket.stage is Stage.RESOLVED and is_reporter and policy(after, town).station.asks_in_app:
        return closed_or_left(
            after, Outcome.SOLVED, event, before=ticket, row="rated", kind=EventKind.CLOSED, town=town
        )
    return changed(after, event, before=ticket, town=town)


def owed_a_call(ticket: Ticket, event: Event, *, town: Town) -> Changed:
    """没解决, whenever it is said: the desk is to call, and its follow-up clock runs, also of what had been closed."""
    after = ticket.model_copy(update={"on_call_list": True, "exemption": ""})
    if ticket.stage is Stage.CLOSED:
        after = moved(after, Stage.RESOLVED, closed_at=None, outcome=Outcome.NONE)
    if clocks.find_open(after, ClockKind.FOLLOW_UP) is None:
        after = clocks.start(after, ClockKind.FOLLOW_UP, town=town, now=event.at)
    return changed(after, event, before=ticket, town=town, row="rated/not_solved")


def ask_by_call(ticket: Ticket, *, round_: int, town: Town, now: datetime) -> Changed | None:
    """Silence in the app: the desk is to call (design §6). Nothing when the world has moved on. By the workflow.

    Where all is there and only merged reporters were silent, who have had their time, it closes, or waits for its parts
    alone, and who waits for it hears so.
    """
    if not is_owed(ticket, round_):
        return None
    if waits_for_answers_alone(ticket, town):
        event = Event(kind=EventKind.CLOSED, at=now, by=Actor.MACHINE)
        return close_if_nothing_is_missing(ticket, event, town=town) or _now_only_parts(ticket, event, town)
    if ticket.on_call_list:
        return None
    if policy(ticket, town).station.verifies and not to_be_called(ticket, town):
        return None
    after = ticket.model_copy(update={"on_call_list": True})
    return changed(
        after, Event(kind=EventKind.CALL_ASKED, at=now, by=Actor.MACHINE), before=ticket, town=town
    )


def _now_only_parts(ticket: Ticket, event: Event, town: Town) -> Changed | None:
    """None while an answer may come, and once its line is written: with that the follow-up is met."""
    is_over = not may_yet_be_heard(ticket, town, event.at)
    if not is_over or clocks.find_open(ticket, ClockKind.FOLLOW_UP) is None:
        return None
    return waits_for_parts(ticket, event.model_copy(update={"kind": EventKind.PART_MOVED}), town=town)


def record_call(
    ticket: Ticket,
    *,
    by: Staff,
    outcome: CallOutcome,
    solved: bool | None,
    satisfied: bool | None,
    words: str,
    call_at: datetime | None = None,
    of: str = "",
    town: Town,
    now: datetime,
) -> Changed:
    """One logged follow-up call: solved closes, not solved is rework.

    The last of the policy's attempts that reached nobody, on as many days as it demands, makes the follow-up unreached:
    complete, counting as neither satisfied nor solved. A wrong number is no attempt and ends nothing; who asks to be called
    later (`call_at`, 14 days ahead at most) is. Raises NotAllowed for whoever handled the ticket (two independent
    follow-ups), Invalid when answered without saying whether it is solved, or later without saying when.
    """
    need_stage(ticket, {Stage.RESOLVED}, "登记回访")
    need_independent(ticket, by)
    _need_reported(ticket, of)
    attempt = CallAttempt(round=ticket.round, at=now, by=by.code, outcome=outcome, note=words, of=of)
    after = ticket.model_copy(update={"attempts": (*ticket.attempts, attempt), "call_at": None})
    match outcome:
        case CallOutcome.WRONG_NUMBER:
            return _wrong_number(after, by, words, town, now)
        case CallOutcome.CALL_LATER:
            return _later(after, by, words, call_at, town, now)
        case CallOutcome.NOT_ANSWERED | CallOutcome.SOMEBODY_ELSE:
            return _unanswered(after, by, outcome, words, of, town, now)
    if solved is None:
        raise Invalid("请填写居民是否认为已解决", fields=["solved"])
    answer = follow_up_of(ticket, by.code, FollowUpHow.CALL, Said(solved, satisfied, words), now, of=of)
    after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, answer), "wrong_number": False})
    details = {"solved": YesNo.of(solved), "satisfied": _yes_no(satisfied)}
    if not solved:  # the station has asked: its own promise is kept, whatever it heard
        after = clocks.meet(after, ClockKind.FOLLOW_UP, by=by.code, now=now)
        return rework(after, by=by.code, reason=words or "回访：居民反映未解决", town=town, now=now)
    event = Event(kind=EventKind.FOLLOWED_UP, at=now, by=by.code, note=words, details=details)
    return closed_or_left(after, Outcome.SOLVED, event, before=after, row="call_unanswered", town=town)


def _need_reported(ticket: Ticket, of: str) -> None:
    """Raises Invalid for a ticket that was not merged into this one."""
    if of and of not in {each.id for each in ticket.joined}:
        raise Invalid("这一件没有并入这张工单", fields=["of"])


def _unanswered(
    ticket: Ticket, by: Staff, outcome: CallOutcome, words: str, of: str, town: Town, now: datetime
) -> Changed:
    rule = policy(ticket, town)
    theirs = tuple(attempt for attempt in ticket.attempts if attempt.of == of)
    reached_nobody = tries(theirs, ticket.round)
    days = {attempt.at.astimezone(SHANGHAI).date() for attempt in reached_nobody}
    if len(reached_nobody) < rule.attempts or len(days) < rule.days:
        details = {"outcome": outcome.value}
        event = Event(kind=EventKind.CALL_UNANSWERED, at=now, by=by.code, note=words, details=details)
        return changed(ticket, event, before=ticket, town=town)
    unreached = FollowUp(
        round=ticket.round,
        by=Actor.MACHINE,
        how=FollowUpHow.CALL,
        at=now,
        result=FollowUpResult.UNREACHED,
        of=of,
    )
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, unreached)})
    event = Event(kind=EventKind.UNREACHED, at=now, by=by.code, note=words)
    row = "unreached/not_solved" if is_not_solved(after) else "call_unanswered"
    return closed_or_left(after, Outcome.UNREACHED, event, before=after, row=row, town=town)


def _wrong_number(ticket: Ticket, by: Staff, words: str, town: Town, now: datetime) -> Changed:
    """Another way is looked for: the reporter is asked in the app, and the station's head knows that the call is stuck."""
    after = ticket.model_copy(update={"wrong_number": True, "phone_left": False})
    event = Event(kind=EventKind.CALL_WRONG_NUMBER, at=now, by=by.code, note=words)
    heads = town.station_heads(ticket.station_id)
    return changed(after, event, before=ticket, town=town, named=heads)


def _later(
    ticket: Ticket, by: Staff, words: str, call_at: datetime | None, town: Town, now: datetime
) -> Changed:
    """At the time that the resident asked for; the follow-up is not late before it."""
    if not may_be_called_at(call_at, now) or call_at is None:
        raise Invalid(f"请填写居民要求的回访时间，最晚{LATEST_CALL.days}天内", fields=["call_at"])
    after = ticket.model_copy(update={"call_at": call_at, "on_call_list": True})
    clock = clocks.find_open(after, ClockKind.FOLLOW_UP)
    if clock is not None and clock.due_at < call_at:
        due_at, _ = town.calendar.add(call_at, _A_WORKING_HOUR)
        after = clocks.start(after, ClockKind.FOLLOW_UP, town=town, now=now, due_at=due_at)
    details = {"call_at": call_at.isoformat(timespec="minutes")}
    event = Event(kind=EventKind.CALL_LATER, at=now, by=by.code, note=words, details=details)
    return changed(after, event, before=ticket, town=town)


def _result(ticket: Ticket, how: FollowUpHow, of: str) -> FollowUp | None:
    theirs = (
        f for f in ticket.follow_ups if f.round == ticket.round and f.by == Actor.REPORTER and f.of == of
    )
    return next((f for f in theirs if f.how is how), None)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else YesNo.of(value)


def is_owed(ticket: Ticket, round_: int) -> bool:
    """Whether the follow-up of that round is still without a result that closes the ticket or sends it back."""
    return ticket.stage is Stage.RESOLVED and ticket.round == round_


def answer_by(ticket: Ticket, *, town: Town, now: datetime) -> datetime:
    """Until when the resident may answer in the app before the desk calls: the policy's `wait_hours` after 办结.

    Whoever was not asked in the app is not waited for before a call.
    """
    rule = policy(ticket, town)
    if not rule.station.asks_in_app or ticket.resolution is None:
        return now
    own = ticket.resolution.at + timedelta(hours=rule.wait_hours)
    return max(own, heard_until(ticket, town) or own)


def needs_call(ticket: Ticket, round_: int, *, town: Town) -> bool:
    """Silence, or a "not solved": the desk is to call, where the policy knows calls at all; or nothing but time is waited for."""
    if not is_owed(ticket, round_):
        return False
    asks = policy(ticket, town).station.calls
    is_missing = bool(to_be_called(ticket, town)) or (asks and bool(missing_follow_ups(ticket, town)))
    return is_missing or waits_for_answers_alone(ticket, town)


def look_at(ticket: Ticket, *, town: Town, now: datetime) -> datetime:
    """When to look whether the calls were made: when the follow-up is due, or once merged reporters have had their time;
    now when neither is ahead.
    """
    clock = clocks.find_open(ticket, ClockKind.FOLLOW_UP)
    due_at = clock.due_at if clock and clock.is_running else now
    until = heard_until(ticket, town)
    return min(until, due_at) if until and now + clocks.EARLY < until else due_at


def is_to_close(ticket: Ticket, round_: int, *, town: Town, now: datetime) -> bool:
    """Whether merged reporters have had their time, and nothing else is missing."""
    is_over = not may_yet_be_heard(ticket, town, now)
    return is_over and is_owed(ticket, round_) and waits_for_answers_alone(ticket, town)


def is_call_awaited(ticket: Ticket, round_: int, *, town: Town, now: datetime) -> bool:
    """Whether to go on waiting for the call. Once the follow-up is due its own ladder watches, not the workflow."""
    return is_owed(ticket, round_) and look_at(ticket, town=town, now=now) > now + clocks.EARLY
