"""The issue class 一类事 itself: its states, its members and what it counts (rule 67)."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.actors import By

MOST_LINES = 100  # of a class's own history; older ones fall away


class State(StrEnum):
    PROPOSED = "proposed"  # 待确认: by the machine
    CONFIRMED = "confirmed"  # 已确认, by a person
    MEASURED = "measured"  # 已有措施
    ENDED = "ended"  # 已了结
    DISCARDED = "discarded"  # 不成一类
    MERGED = "merged"  # 已并入


STATE_NAMES = dict(zip(State, ("待确认", "已确认", "已有措施", "已了结", "不成一类", "已并入"), strict=True))
OPEN = frozenset({State.PROPOSED, State.CONFIRMED, State.MEASURED})
# By a person: the machine takes nobody out of these.
ANSWERED_FOR = frozenset({State.CONFIRMED, State.MEASURED, State.ENDED})


class Member(Frozen):
    """One ticket of a class. `voice` tells reporters apart without telling who they are."""

    ticket_id: str
    voice: str
    at: Instant
    area: str = ""
    scope: str = ""  # neighbourhood or street
    kind: str = ""  # of place: building inside the wall, grid outside, …
    category: str = ""
    topics: tuple[str, ...] = ()  # codes of topics.csv that its words speak of
    by_words: bool = False  # it came to lie with the others because its words are alike
    spot: str = ""  # the building, or the point in the open
    personal: bool = False  # a matter of its writer alone
    meaning: str = ""  # the direction of its words (domain/classes/meaning.py)


class ClassAct(StrEnum):
    """What is done with a class; a line of its history says which."""

    PROPOSE = "propose"  # by the machine
    BEGIN = "begin"  # by a person
    SPLIT_OFF = "split_off"  # of another
    CONFIRM = "confirm"
    RENAME = "rename"
    DISCARD = "discard"
    ANNOUNCE = "announce"  # a measure
    END = "end"
    MERGE = "merge"
    ABSORB = "absorb"
    SPLIT = "split"
    ADD = "add"
    CALL_OFF = "call_off"  # one day of a measure
    HOLD = "hold"


ACT_NAMES = {
    ClassAct.PROPOSE: "系统提出",
    ClassAct.BEGIN: "建立",
    ClassAct.SPLIT_OFF: "从另一类拆出",
    ClassAct.CONFIRM: "确认",
    ClassAct.RENAME: "改名、换负责人",
    ClassAct.DISCARD: "不成一类",
    ClassAct.ANNOUNCE: "公布措施",
    ClassAct.END: "了结",
    ClassAct.MERGE: "并入另一类",
    ClassAct.ABSORB: "并进了一类",
    ClassAct.SPLIT: "拆出一部分",
    ClassAct.ADD: "加工单",
    ClassAct.CALL_OFF: "措施停一次",
    ClassAct.HOLD: "措施照常",
}


class Line(Frozen):
    at: Instant
    by: By
    what: ClassAct
    note: str = ""


class IssueClass(Frozen):
    """`members`, `reporters`, `weeks` (reports by the Monday of their week) and `topics` (members that speak of each) change with the members themselves.

    `parts`: the classes merged into this one, whose members stay where they are and count here.
    """

    id: str
    version: int = 0
    name: str
    state: State
    owner: str = ""  # staff code
    area: str = ""
    scope: str = ""
    category: str = ""
    at: Instant
    first_on: date
    members: int = 0
    reporters: int = 0
    weeks: dict[str, int] = Field(default_factory=dict)
    topics: dict[str, int] = Field(default_factory=dict)
    spot: str = ""
    crowd: bool = False  # proposed because many came from one spot, whatever each of them said
    parts: tuple[str, ...] = ()
    merged_into: str = ""
    measures: tuple[Measure, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def partitions(self) -> tuple[str, ...]:
        return (self.id, *self.parts)


def changed(cls: IssueClass, **changes: object) -> IssueClass:
    return cls.model_copy(update=changes)


def with_line(cls: IssueClass, what: ClassAct, by: By, now: datetime, note: str = "") -> IssueClass:
    line = Line(at=now, by=by, what=what, note=note)
    return changed(cls, lines=(*cls.lines, line)[-MOST_LINES:])
