"""The station's follow-up 回访 in time: how long an answer is waited for, when a call is needed, when the ladder watches.

What a result means and what may close is in `closing.py`; the follow_up workflow only asks these questions.
"""

from datetime import datetime, timedelta

from chalicelib.domain import clocks
from chalicelib.domain.clock_model import ClockKind
from chalicelib.domain.closing import missing_follow_ups, policy
from chalicelib.domain.directory import Town
from chalicelib.domain.ticket import Stage, Ticket

_ASKS_IN_THE_APP = "in_app_then_call"
_CALLS = frozenset({_ASKS_IN_THE_APP, "call", "call_unless_partner"})


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
    if not is_owed(ticket, round_) or policy(ticket, town).station not in _CALLS:
        return False
    return bool(missing_follow_ups(ticket, town))


def look_at(ticket: Ticket, *, now: datetime) -> datetime:
    """When to look whether the calls were made: when the follow-up is due; now when it has no clock that runs."""
    clock = clocks.find_open(ticket, ClockKind.FOLLOW_UP)
    return clock.due_at if clock and clock.is_running else now


def is_call_awaited(ticket: Ticket, round_: int, now: datetime) -> bool:
    """Whether to go on waiting for the call. Once the follow-up is due its own ladder watches, not the workflow."""
    return is_owed(ticket, round_) and look_at(ticket, now=now) > now + clocks.EARLY
