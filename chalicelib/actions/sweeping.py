"""The second pair of eyes, every minute: what is late is rung, sent or told again, whatever became of its first owner."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.actions import consuming, jobs
from chalicelib.actions.notices import sending
from chalicelib.actions.tickets import escalating
from chalicelib.store.tickets import alarms

LATE = timedelta(seconds=30)  # until then the workflow may still ring it
MOST_ALARMS = 200  # of a shard in one run; the rest is for the next
_log = logging.getLogger(__name__)


def sweep(*, now: datetime) -> None:
    """Alarms, deliveries, dead letters, jobs. One part that fails holds up no other; it is raised when all have run."""
    parts: list[Callable[[], int]] = [
        lambda: ring_late(now=now),
        lambda: sending.sweep(now=now),
        lambda: consuming.resend_passing(now=now),
        lambda: jobs.wake_late(now=now),
    ]
    faults = [fault for part in parts if (fault := _fault_of(part)) is not None]
    if faults:
        raise faults[0]


def ring_late(*, now: datetime) -> int:
    """Ring every alarm that is more than 30 s late. Runs may overlap: a shard has one sweep at a time."""
    return sum(_ring_shard(shard, now) for shard in alarms.shards())


def _ring_shard(shard: int, now: datetime) -> int:
    late = alarms.list_late(shard, now - LATE, limit=MOST_ALARMS)
    if not late or not alarms.take_shard(shard, now):
        return 0
    try:
        return sum(_ring(ticket_id, now) for ticket_id in late)
    finally:
        alarms.leave_shard(shard, now)


def _ring(ticket_id: str, now: datetime) -> int:
    """One ticket that cannot be rung must not silence the others of its shard."""
    try:
        rung = escalating.ring_late(ticket_id, now=now)
    except Exception:
        _log.exception("the alarm of ticket %s could not be rung", ticket_id)
        return 0
    _log.warning(json.dumps({"message": "late alarm", "ticket": ticket_id, "rung": rung}))
    return rung


def _fault_of(part: Callable[[], int]) -> Exception | None:
    try:
        part()
    except Exception as fault:
        _log.exception("a part of the sweep failed")
        return fault
    return None
