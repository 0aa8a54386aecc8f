"""One delivery out of the door, and the sweep's second look at those that did not get there."""

import logging
from datetime import datetime, timedelta
from itertools import islice

from chalicelib import logs
from chalicelib.actions.notices import arriving, content_check, pushing
from chalicelib.actions.turns import Step, Steps, whole
from chalicelib.domain.errors import NotFound
from chalicelib.domain.notices.deliveries import (
    MAY_HAVE_ARRIVED,
    Delivery,
    Outcome,
    State,
    gathered_params,
    retry_at,
)
from chalicelib.domain.tickets.queues import Queue
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.gateways import queue
from chalicelib.store.notices import deliveries
from chalicelib.store.table import Key
from chalicelib.store.tickets import marks

_log = logging.getLogger(__name__)
NO_CALL = "没有这个待打的电话，请刷新列表"
LATE = timedelta(seconds=30)  # what is later than this has lost its wake
_GATEWAYS = {
    Channel.WECOM: pushing.by_wecom,
    Channel.WECHAT: pushing.by_wechat,
    Channel.CHECK: content_check.check,
}


def send(key: Key, *, now: datetime) -> None:
    """Send one delivery and record what became of it. Unknown, not due, finished or in other hands: nothing."""
    delivery = deliveries.claim(key, now)
    if delivery is None:
        return
    with logs.following(delivery.correlation_id):
        _send(delivery, now)


def _send(delivery: Delivery, now: datetime) -> None:
    outcome = _attempt(delivery, now) if now < delivery.expires_at else _EXPIRED
    again = _again_at(delivery, outcome, now) if outcome.state is State.TEMPORARY_FAILURE else None
    if again is not None and again >= delivery.expires_at:
        outcome, again = outcome.model_copy(update={"state": State.EXPIRED}), None
    if deliveries.record(delivery, outcome, retry_at=again):
        _note(delivery, outcome)
        arriving.settled(delivery, outcome.state, now=now)


def sweep(*, now: datetime) -> int:
    """Wake `send` for what is more than 30 s late, and end what is not worth sending any more. Answers how many woke."""
    return whole(sweep_steps(now=now))


def sweep_steps(*, now: datetime) -> Steps:
    """The sweep's part of it, ten deliveries at a time, which is what the queue takes at once."""
    late = deliveries.list_due(now - LATE)
    while some := list(islice(late, queue.MOST_IN_A_REQUEST)):
        yield Step(
            queue.wake([deliveries.key_of(delivery) for delivery in some if not _ended(delivery, now)])
        )


def record_call(
    ticket_id: str, to: str, line: str, *, by: str, station_id: str, reached: bool, now: datetime
) -> None:
    """The desk has called (or tried in vain and gives up): off the call list. Twice is as once.

    `to` is "resident" or staff:<code>. Raises NotFound for a line that is not on this station's call list.
    """
    found = deliveries.list_under(line, arriving.recipients(ticket_id, to))
    calls = [d for d in found if d.way is Channel.CALL and d.station_id == station_id]
    if not calls:
        raise NotFound(NO_CALL)
    state = State.DELIVERED if reached else State.PERMANENT_FAILURE
    for delivery in calls:
        if delivery.state is State.CREATED and deliveries.finish(
            delivery, Outcome(state=state, detail=f"电话：{by}")
        ):
            arriving.settled(delivery, state, now=now)
    marks.touch([Queue.CALLS.of(station_id)], after=line, now=now)  # so that a colleague does not call too


def _note(delivery: Delivery, outcome: Outcome) -> None:
    """One line for what became of an attempt; by its state a metric."""
    counted = logs.measured(
        {"Deliveries": 1},
        by=("state",),
        state=outcome.state,
        way=delivery.way,
        template=delivery.template,
        attempt=delivery.attempts,
        event=delivery.event_key,
    )
    _log.info("delivery", extra=counted)


_EXPIRED = Outcome(state=State.EXPIRED, detail="超过有效时间，未发送")


def _ended(delivery: Delivery, now: datetime) -> bool:
    if delivery.is_one_time and delivery.state is State.SENDING:
        outcome = Outcome(state=State.PERMANENT_FAILURE, detail=MAY_HAVE_ARRIVED)
    elif now >= delivery.expires_at:
        outcome = _EXPIRED
    else:
        return False
    is_over = deliveries.finish(delivery, outcome)
    if is_over:
        _note(delivery, outcome)
        arriving.settled(delivery, outcome.state, now=now)
    return is_over


def _again_at(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime:
    return now + outcome.again_in if outcome.again_in else retry_at(delivery.attempts, now)


def _attempt(delivery: Delivery, now: datetime) -> Outcome:
    """A gateway that fails without an answer may have delivered: only what is not one-time may be tried again."""
    if delivery.members:
        delivery = delivery.model_copy(update={"params": gathered_params(delivery)})
    try:
        return _GATEWAYS[delivery.way](delivery, now)
    except Exception as fault:
        _log.warning("%s failed without an answer: %s", delivery.way, type(fault).__name__)
        if delivery.is_one_time:
            return Outcome(state=State.PERMANENT_FAILURE, detail=MAY_HAVE_ARRIVED)
        return Outcome(state=State.TEMPORARY_FAILURE, detail=type(fault).__name__)
