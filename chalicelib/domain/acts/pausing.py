"""等待居民与挂账: time stands still for a reason, with a review date (rule 16)."""

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.acts.moves import (
    Changed,
    changed,
    moved,
    need_lead,
    need_stage,
    parts_ended,
)
from chalicelib.domain.acts.returning import back_at_the_desk, is_theirs
from chalicelib.domain.clocks import clocks, partner_deadlines
from chalicelib.domain.errors import AlreadyDone, Invalid, NotAllowed, WrongStage
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Pause, PauseKind, Stage, Ticket
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff

_WAIT = Amount(count=5, unit=AmountUnit.WORKING_DAYS)  # before a wait for the resident is reviewed

LONGEST_PAUSE = timedelta(days=90)  # rule 16: then somebody looks again, and may suspend it anew


def wait(ticket: Ticket, *, by: Staff, question: str, town: Town, now: datetime) -> Changed:
    """等待居民补充: a question to the resident. Time stands still from when it has arrived (`question_arrived`), not before.

    Once a round by the unit itself, then by the desk: nobody lets its own time stand still again and again. Raises NotAllowed.
    """
    need_stage(ticket, {Stage.HANDLING}, "等待居民")
    need_decided(ticket, "等待居民")
    if by.unit != ticket.station_id:
        need_lead(ticket, by)
        _need_first_wait(ticket, by)
    _need_running(ticket)
    review_at, _ = town.calendar.add(now, _WAIT)
    held = Pause(
        kind=PauseKind.WAITING,
        reason=question,
        approved_by=by.code,
        approved_as=by.roles[0].value,
        since=now,
        review_at=review_at,
        back_to=ticket.stage,
    )
    after = ticket.model_copy(update={"pause": held})
    event = Event(kind=EventKind.WAITING, at=now, by=by.code, note=question, public=True)
    return changed(after, event, before=ticket, town=town)


class Arrival(StrEnum):
    """How a question came to whoever it was put to."""

    DELIVERED = "delivered"
    OPENED = "opened"  # the page of the ticket
    CALLED = "called"

    @property
    def by(self) -> Actor:
        return Actor.REPORTER if self is Arrival.OPENED else Actor.MACHINE


def question_arrived(ticket: Ticket, *, how: Arrival, town: Town, now: datetime) -> Changed | None:
    """The question was delivered, opened or told by phone: from now on the ticket waits, and its clocks stand still.

    None when nothing is waited for, or it arrived before.
    """
    if ticket.pause is None or not ticket.pause.waits or ticket.pause.arrived_at is not None:
        return None
    held = ticket.pause.model_copy(update={"arrived_at": now})
    after = clocks.pause(ticket.model_copy(update={"pause": held}), held.kind.stops, now=now)
    event = Event(kind=EventKind.QUESTION_ARRIVED, at=now, by=how.by, details={"how": how})
    return changed(after, event, before=ticket, town=town)


def suspend(
    ticket: Ticket, *, by: Staff, reason: str, review_at: datetime, town: Town, now: datetime
) -> Changed:
    """挂账: cannot be solved now. A leader approves it, with a reason and a review date; it stays listed (rule 16)."""
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING}, "挂账")
    need_decided(ticket, "挂账")
    _need_running(ticket)
    if not now < review_at <= now + LONGEST_PAUSE:
        raise Invalid(f"复核时间须在现在之后、{LONGEST_PAUSE.days} 天之内", fields=["review_at"])
    held = Pause(
        kind=PauseKind.SUSPENDED,
        reason=reason,
        approved_by=by.code,
        approved_as=by.roles[0].value,
        since=now,
        review_at=review_at,
        back_to=ticket.stage,
    )
    after = moved(
        clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now),
        Stage.SUSPENDED,
        pause=held,
        assisting=parts_ended(ticket),
    )
    after = clocks.pause(after, held.kind.stops, now=now)
    event = Event(kind=EventKind.SUSPENDED, at=now, by=by.code, note=reason, public=True)
    return changed(after, event, before=ticket, town=town)


def resume(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """The wait or 挂账 is ended by staff; clocks run on with what was left."""
    return _resumed(ticket, by.code, note, town, now)


def resume_by_reporter(
    ticket: Ticket, *, note: str, of: str = "", town: Town, now: datetime
) -> Changed | None:
    """The resident has answered what we waited for. None when nobody waits, or this one was not asked.

    `of`: the merged ticket whose reporter spoke; "" for the ticket's own.
    """
    if ticket.pause is None or not ticket.asks(of):
        return None
    return _resumed(ticket, Actor.REPORTER, note, town, now)


def _resumed(ticket: Ticket, by: str, note: str, town: Town, now: datetime) -> Changed:
    if ticket.pause is None:
        raise WrongStage("工单没有挂账，也不在等待居民")
    after = ticket.model_copy(update={"stage": ticket.pause.back_to, "pause": None})
    after = partner_deadlines.resumed(after, town=town, now=now)
    if is_theirs(after, town):  # it turned while it was put off: not back to whom it is kept from (rule 21)
        after = back_at_the_desk(after, town=town, now=now)
    event = Event(kind=EventKind.RESUMED, at=now, by=by, note=note)
    row = "resumed/answered" if by == Actor.REPORTER else "resumed"
    return changed(after, event, before=ticket, town=town, row=row)


def _need_first_wait(ticket: Ticket, by: Staff) -> None:
    before = [
        pause for pause in ticket.pauses if (pause.kind, pause.round) == (PauseKind.WAITING, ticket.round)
    ]
    if any(pause.unit_id == by.unit for pause in before):
        raise NotAllowed("这一轮已经等待过一次居民；还要等待请联系工作站登记")


def _need_running(ticket: Ticket) -> None:
    if ticket.pause is not None:
        raise AlreadyDone("工单已经挂账或在等待居民")
