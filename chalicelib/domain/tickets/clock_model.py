"""A clock of a ticket: one promise with its due time and its ladder. What happens to clocks is in `clocks.py`."""

from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.calendar import Basis


class ClockKind(StrEnum):
    FEEDBACK = "feedback"  # rule 1
    TAKE = "take"
    RESPONSE = "response"  # rule 3
    UNIT_FEEDBACK = "unit_feedback"  # rule 5
    RESOLUTION = "resolution"
    PROGRESS = "progress"
    SUPERVISION = "supervision"
    FOLLOW_UP = "follow_up"
    DANGER = "danger"  # 确认紧急: somebody says yes or no (rule 81)
    REVIEW = "review"  # the review date of a pause


CLOCK_NAMES = {
    ClockKind.DANGER: "确认紧急",
    ClockKind.FEEDBACK: "反馈居民",
    ClockKind.TAKE: "签收",
    ClockKind.RESPONSE: "响应",
    ClockKind.UNIT_FEEDBACK: "初步反馈",
    ClockKind.RESOLUTION: "办结",
    ClockKind.PROGRESS: "更新进展",
    ClockKind.SUPERVISION: "答复督办",
    ClockKind.FOLLOW_UP: "回访",
    ClockKind.REVIEW: "复核",
}


class RungAct(StrEnum):
    REMIND = "remind"
    ESCALATE = "escalate"
    SUPERVISE = "supervise"  # escalate with a supervision order


class Rung(Frozen):
    """One step of a ladder: at this instant, this act, towards this role."""

    at: Instant
    act: RungAct
    to: str  # desk, handler, backup, approver, unit_head, station_head, area_leader, town_leader
    overdue: bool = False  # of a promise that was late already when another took its place by a merge


class Alarm(Frozen):
    """A rung that waits to be rung: the `rung`-th, from 0, of that clock's round."""

    clock_id: str
    rung: int
    at: Instant
    act: RungAct
    to: str


class Clock(Frozen):
    """`rungs` are all of the round; `rang` counts those already rung, in order. Ended clocks keep no unfired rungs."""

    kind: ClockKind
    round: int
    started_at: Instant
    due_at: Instant
    basis: Basis
    promise: str = (
        ""  # the amount of the row of clocks.csv it began by, `town.calendar.Amount.code`; "" without one
    )
    rungs: tuple[Rung, ...] = ()
    rang: int = 0
    met_at: Instant | None = None
    met_by: str = ""  # staff code or "machine"
    ended_at: Instant | None = None  # stopped without being met
    carried_to: str = ""  # the ticket by whose clock the promise goes on: ended without being dropped
    carried_from: str = ""  # the merged ticket whose promise it is
    paused_at: Instant | None = None
    extended: bool = False
    provisional: bool = False  # the calendar did not know the year; then the next two say what to count again
    counted_from: Instant | None = None
    counted_seconds: float = 0

    @property
    def id(self) -> str:
        return f"{self.kind}-{self.round}"

    @property
    def is_open(self) -> bool:
        """Running or paused."""
        return self.met_at is None and self.ended_at is None

    @property
    def is_running(self) -> bool:
        return self.is_open and self.paused_at is None


def wake_stamp(instant: datetime) -> str:
    """An instant for a workflow's Wait: UTC, to the whole second, downwards; an alarm is due from 1 s before its own."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
