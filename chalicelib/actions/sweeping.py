"""The second pair of eyes, every minute: what is late is rung, sent or told again, whatever became of its first owner."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib import logs
from chalicelib.actions import consuming, jobs, lapsing, photos, turns
from chalicelib.actions.notices import sending
from chalicelib.actions.tickets import crowds, escalating
from chalicelib.actions.turns import Part, Step, Steps, at_once
from chalicelib.store.tickets import alarms

LATE = timedelta(seconds=30)  # until then the workflow may still ring it
PAGE = 50  # alarms of a shard at a time
SECONDS = 45.0  # of a run; the function has 55
_log = logging.getLogger(__name__)


def sweep(*, now: datetime, seconds: float = SECONDS) -> None:
    """Alarms shard by shard, deliveries, dead letters, jobs, in fair turns. One part that fails holds up no other; the first
    fault is raised when all have run. What time does not suffice for is the next minute's, the longest waiting first.
    """
    begun, late = turns.clock(), list[timedelta]()
    parts: dict[str, Part] = {
        "deliveries": lambda: sending.sweep_steps(now=now),
        "letters": lambda: consuming.resend_steps(now=now),
        "crowds": at_once(lambda: crowds.finish_left(now=now)),
        "photos": at_once(lambda: photos.tell_missed(now=now)),
        "emergencies": at_once(lambda: lapsing.sweep(now=now)),
        "jobs": at_once(lambda: jobs.wake_late(now=now)),
    }
    run = turns.Turns(_ringing(now, late) | parts)
    try:
        run.take(begun + seconds)
    finally:
        _measure(late)
    if run.faults:
        raise run.faults[0]


def ring_late(*, now: datetime) -> int:
    """Ring every alarm that is more than 30 s late. Runs may overlap: a shard has one sweep at a time."""
    return sum(turns.whole(part()) for part in _ringing(now, []).values())


def _ringing(now: datetime, late: list[timedelta]) -> dict[str, Part]:
    """Every shard a part of its own, another first every minute. `late` learns by how much each shard's oldest alarm is."""
    shards = alarms.shards()
    first = now.minute % len(shards)
    turned = [*shards[first:], *shards[:first]]
    return {f"alarms {shard}": _ring_part(shard, now, late) for shard in turned}


def _ring_part(shard: int, now: datetime, late: list[timedelta]) -> Callable[[], Steps]:
    return lambda: _look_at_shard(shard, now, late)


def _look_at_shard(shard: int, now: datetime, late: list[timedelta]) -> Steps:
    """One look, at its oldest alarm: nearly every minute that is all."""
    oldest, _ = alarms.list_late(shard, now, limit=1)
    late += [now - each.at for each in oldest]
    if oldest and oldest[0].at <= now - LATE and alarms.take_shard(shard, now):
        yield from _ring_shard(shard, now)


def _ring_shard(shard: int, now: datetime) -> Steps:
    """Under the shard's lease, which is given back."""
    try:
        late, after = alarms.list_late(shard, now - LATE, limit=PAGE)
        while late:
            for each in late:
                yield Step(_ring(each.ticket_id, now))
            late, after = (
                alarms.list_late(shard, now - LATE, limit=PAGE, after=after) if after else ([], None)
            )
    finally:
        alarms.leave_shard(shard, now)


def _ring(ticket_id: str, now: datetime) -> int:
    """One ticket that cannot be rung must not silence the others of its shard."""
    try:
        rung = escalating.ring_late(ticket_id, now=now)
    except Exception:
        _log.exception("the alarm of ticket %s could not be rung", ticket_id)
        return 0
    _log.warning("late alarm", extra=logs.about(ticket=ticket_id, rung=rung))
    return rung


def _measure(late: list[timedelta]) -> None:
    """Every minute, also of nothing: a silence that is a number can be told from one that is a failure."""
    oldest = max(late, default=timedelta())
    _log.info("oldest alarm", extra=logs.measured({"OldestAlarm": oldest.total_seconds()}, unit="Seconds"))
    _log.info("reports so far", extra=logs.measured({"Reports": 0}))
