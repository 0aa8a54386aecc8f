"""A clock of a ticket: one promise with its due time and its ladder. What happens to clocks is in `clocks.py`."""

from datetime import UTC, datetime
from enum import StrEnum

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.actors import By
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
    LOOK = "look"  # 看原话: somebody of the desk looks at words that are withheld (rule 104)
    DANGER = "danger"  # 确认紧急: somebody says yes or no (rule 81)
    RULING = "ruling"  # 裁定权属, within a working day
    UNDERTAKING = "undertaking"  # 会商任务: several run side by side, each of its own
    STATEMENT = "statement"  # 被反映方说明: one for each matter that was put to somebody (rule 101)
    REVIEW = "review"  # the review date of a pause


class Window(StrEnum):
    """A row of clocks.csv that no clock runs by: how long something is allowed."""

    RETURN = "return"  # 退单
    EXTENSION = "extension"  # 延期 at most, of all of a round together


CLOCK_NAMES = {
    ClockKind.DANGER: "确认紧急",
    ClockKind.LOOK: "看原话",
    ClockKind.FEEDBACK: "反馈居民",
    ClockKind.TAKE: "签收",
    ClockKind.RESPONSE: "响应",
    ClockKind.UNIT_FEEDBACK: "初步反馈",
    ClockKind.RESOLUTION: "办结",
    ClockKind.PROGRESS: "更新进展",
    ClockKind.SUPERVISION: "答复督办",
    ClockKind.FOLLOW_UP: "回访",
    ClockKind.RULING: "裁定权属",
    ClockKind.UNDERTAKING: "会商任务",
    ClockKind.STATEMENT: "被反映方说明",
    ClockKind.REVIEW: "复核",
}


class RungAct(StrEnum):
    REMIND = "remind"
    ESCALATE = "escalate"
    SUPERVISE = "supervise"  # escalate with a supervision order


class LadderRole(StrEnum):
    """Whom a rung means, in the order of the ladder: from the lowest to the highest."""

    HANDLER = "handler"
    BACKUP = "backup"
    DESK = "desk"
    SECOND_CLERK = "second_clerk"  # behind the clerk on duty, or the grid worker: who is at work
    APPROVER = "approver"  # of a pause
    UNIT_HEAD = "unit_head"
    STATION_HEAD = "station_head"
    AREA_LEADER = "area_leader"
    TOWN_LEADER = "town_leader"
    UPWARD = "upward"  # 上报: the ticket goes to the upward partner, and the town's leader hears of it


LADDER_NAMES = {
    LadderRole.HANDLER: "经办人",
    LadderRole.BACKUP: "替补",
    LadderRole.DESK: "工作站",
    LadderRole.SECOND_CLERK: "首问替补",
    LadderRole.APPROVER: "批准人",
    LadderRole.UNIT_HEAD: "部门负责人",
    LadderRole.STATION_HEAD: "站长",
    LadderRole.AREA_LEADER: "片区党委",
    LadderRole.TOWN_LEADER: "镇领导",
    LadderRole.UPWARD: "上报",
}


def ladder_name(role: str) -> str:
    """What people call it; a role that an older count still holds stands for itself."""
    return LADDER_NAMES[LadderRole(role)] if role in set(LadderRole) else role


class Rung(Frozen):
    """One step of a ladder: at this instant, this act, towards this role."""

    at: Instant
    act: RungAct
    to: LadderRole
    overdue: bool = False  # of a promise that was late already when another took its place by a merge


class Alarm(Frozen):
    """A rung that waits to be rung: the `rung`-th, from 0, of that clock's round."""

    clock_id: str
    rung: int
    at: Instant
    act: RungAct
    to: LadderRole


class Clock(Frozen):
    """`rungs` are all of the round; `rang` counts those already rung, in order. Ended clocks keep no unfired rungs."""

    kind: ClockKind
    round: int
    started_at: Instant
    due_at: Instant
    # What the town itself promised, where a partner's deadline is earlier and rules (rule 69); it moves as due times do
    ours_at: Instant | None = None
    basis: Basis
    # The amount of the row of clocks.csv it began by, `town.calendar.Amount.code`; "" without one
    promise: str = ""
    rungs: tuple[Rung, ...] = ()
    rang: int = 0
    met_at: Instant | None = None
    met_by: By = ""
    words: str = ""  # the mark of what a person said to meet it (`tickets.same_words`)
    ended_at: Instant | None = None  # stopped without being met
    of: str = ""  # the undertaking, or the confrontation, whose clock it is
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
    def ours(self) -> datetime:
        """What the town itself promised, whoever's deadline rules."""
        return self.ours_at or self.due_at

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
