"""回访: what the resident says, in the app or on the phone, and what follows from it (rule 5)."""

from datetime import datetime, timedelta

from chalicelib.domain.acts.closing import closed, follow_up_of, waits_for_parts
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
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.parties.follow_up_policy import (
    is_not_solved,
    missing_follow_ups,
    policy,
    to_be_called,
)
from chalicelib.domain.tickets.calls import LATEST_CALL, CallAttempt, CallOutcome, may_be_called_at, tries
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import EXPLAINED, Event, FollowUp, FollowUpResult, Stage, Ticket, Unread
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff

_ASKS_IN_THE_APP = "in_app_then_call"
_A_WORKING_HOUR = Amount(count=1, unit=AmountUnit.WORKING_HOURS)  # in which a call that was asked for is made
_CALLS = frozenset({_ASKS_IN_THE_APP, "call", "call_unless_partner"})


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

    "Solved" by the reporter closes; "not solved" by anyone asks for a call, also after closing, and nothing but their own
    word, a rework or the area leader closes it then. `of`: the merged ticket whose reporter this is. Raises AlreadyDone
    for a second answer in the same round.
    """
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED}, "评价")
    if is_reporter and _result(ticket, how="in_app", of=of) is not None:
        raise AlreadyDone("您已经评价过了；如有新的情况请留言或重新打开工单")
    by = "reporter" if is_reporter else "member"
    answer = follow_up_of(ticket, by, "in_app", solved, satisfied, words, now, of=of)
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, answer)})
    details = {"solved": "yes" if solved else "no", "satisfied": _yes_no(satisfied)}
    event = Event(kind="rated", at=now, by=by, note=words, details=details)
    if ticket.outcome == EXPLAINED:  # it stays closed, and what they say reaches the station
        waits = after.unread or Unread(since=now, by=by)
        after = after if solved else after.model_copy(update={"unread": waits})
        row = "rated" if solved else "rated/explained"
        return changed(after, event, before=ticket, town=town, row=row)
    if not solved:
        return owed_a_call(after, event, town=town)
    if ticket.stage is Stage.RESOLVED and is_reporter and _may_close_in_app(after, town):
        if after.open_parts:
            return waits_for_parts(after, event, town=town)
        return closed(after, "solved", event.model_copy(update={"kind": "closed"}), town=town)
    return changed(after, event, before=ticket, town=town)


def owed_a_call(ticket: Ticket, event: Event, *, town: Town) -> Changed:
    """没解决, whenever it is said: the desk is to call, and its follow-up clock runs, also of what had been closed."""
    after = ticket.model_copy(update={"on_call_list": True, "exemption": ""})
    if ticket.stage is Stage.CLOSED:
        after = moved(after, Stage.RESOLVED, closed_at=None, outcome="")
    if clocks.find_open(after, ClockKind.FOLLOW_UP) is None:
        after = clocks.start(after, ClockKind.FOLLOW_UP, town=town, now=event.at)
    return changed(after, event, before=ticket, town=town, row="rated/not_solved")


def ask_by_call(ticket: Ticket, *, round_: int, town: Town, now: datetime) -> Changed | None:
    """Silence in the app: the desk is to call (design §6). Nothing when the world has moved on. By the workflow."""
    if ticket.stage is not Stage.RESOLVED or ticket.round != round_ or ticket.on_call_list:
        return None
    if policy(ticket, town).station == "verify" and not to_be_called(ticket, town):
        return None
    after = ticket.model_copy(update={"on_call_list": True})
    return changed(after, Event(kind="call_asked", at=now, by="machine"), before=ticket, town=town)


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
    answer = follow_up_of(ticket, by.code, "call", solved, satisfied, words, now, of=of)
    after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, answer), "wrong_number": False})
    details = {"solved": "yes" if solved else "no", "satisfied": _yes_no(satisfied)}
    if not solved:
        return rework(after, by=by.code, reason=words or "回访：居民反映未解决", town=town, now=now)
    event = Event(kind="followed_up", at=now, by=by.code, note=words, details=details)
    return _closed_or_left(after, "solved", event, town)


def _closed_or_left(ticket: Ticket, outcome: str, event: Event, town: Town) -> Changed:
    """Closed, unless somebody else whose report it is has still to be asked, or said that it is not solved."""
    others = is_not_solved(ticket) or to_be_called(ticket, town)
    if others and missing_follow_ups(ticket, town):
        row = (
            "unreached/not_solved" if outcome == "unreached" and is_not_solved(ticket) else "call_unanswered"
        )
        return changed(ticket, event, before=ticket, town=town, row=row)
    if ticket.open_parts:
        return waits_for_parts(ticket, event, town=town)
    return closed(ticket, outcome, event, town=town)


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
        event = Event(kind="call_unanswered", at=now, by=by.code, note=words, details=details)
        return changed(ticket, event, before=ticket, town=town)
    unreached = FollowUp(
        round=ticket.round, by="machine", how="call", at=now, result=FollowUpResult.UNREACHED, of=of
    )
    after = ticket.model_copy(update={"follow_ups": (*ticket.follow_ups, unreached)})
    return _closed_or_left(after, "unreached", Event(kind="unreached", at=now, by=by.code, note=words), town)


def _wrong_number(ticket: Ticket, by: Staff, words: str, town: Town, now: datetime) -> Changed:
    """Another way is looked for: the reporter is asked in the app, and the station's head knows that the call is stuck."""
    after = ticket.model_copy(update={"wrong_number": True, "phone_left": False})
    event = Event(kind="call_wrong_number", at=now, by=by.code, note=words)
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
    event = Event(kind="call_later", at=now, by=by.code, note=words, details=details)
    return changed(after, event, before=ticket, town=town)


def _may_close_in_app(ticket: Ticket, town: Town) -> bool:
    return policy(ticket, town).station == "in_app_then_call" and not missing_follow_ups(ticket, town)


def _result(ticket: Ticket, how: str, of: str) -> FollowUp | None:
    theirs = (f for f in ticket.follow_ups if f.round == ticket.round and f.by == "reporter" and f.of == of)
    return next((f for f in theirs if f.how == how), None)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def is_owed(ticket: Ticket, round_: int) -> bool:
    """Whether the follow-up of that round is still without a result that closes the ticket or sends it back."""
    return ticket.stage is Stage.RESOLVED and ticket.round == round_


def answer_by(ticket: Ticket, *, town: Town, now: datetime) -> datetime:
    """Until when the resident may answer in the app before the desk calls: the policy's `wait_hours` after 办结.

    Whoever was not asked in the app is not waited for.
    """
    rule = policy(ticket, town)
    if rule.station != _ASKS_IN_THE_APP or ticket.resolution is None:
        return now
    return ticket.resolution.at + timedelta(hours=rule.wait_hours)


def needs_call(ticket: Ticket, round_: int, *, town: Town) -> bool:
    """Silence, or a "not solved": the desk is to call, where the policy knows calls at all."""
    if not is_owed(ticket, round_):
        return False
    asks = policy(ticket, town).station in _CALLS
    return bool(to_be_called(ticket, town)) or (asks and bool(missing_follow_ups(ticket, town)))


def look_at(ticket: Ticket, *, now: datetime) -> datetime:
    """When to look whether the calls were made: when the follow-up is due; now when it has no clock that runs."""
    clock = clocks.find_open(ticket, ClockKind.FOLLOW_UP)
    return clock.due_at if clock and clock.is_running else now


def is_call_awaited(ticket: Ticket, round_: int, now: datetime) -> bool:
    """Whether to go on waiting for the call. Once the follow-up is due its own ladder watches, not the workflow."""
    return is_owed(ticket, round_) and look_at(ticket, now=now) > now + clocks.EARLY
