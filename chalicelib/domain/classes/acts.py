"""What may be done with an issue class 一类事 in which state: one table, and the class as it is afterwards (rule 67). Pure."""

from collections import Counter
from datetime import datetime

from chalicelib.domain.classes.issue_class import (
    OPEN,
    STATE_NAMES,
    ClassAct,
    IssueClass,
    State,
    changed,
    with_line,
)
from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.errors import Invalid, WrongStage

MOST_PARTS = 50  # classes merged into one
VAGUE = "这里反映的事多，看不出这几件是一件事"
_FROM: dict[ClassAct, frozenset[State]] = {
    ClassAct.CONFIRM: frozenset({State.PROPOSED, State.DISCARDED, State.ENDED}),
    ClassAct.RENAME: OPEN | {State.ENDED},
    ClassAct.DISCARD: frozenset({State.PROPOSED, State.CONFIRMED}),
    ClassAct.ANNOUNCE: frozenset({State.CONFIRMED, State.MEASURED}),
    ClassAct.END: frozenset({State.CONFIRMED, State.MEASURED}),
    ClassAct.MERGE: OPEN,
    ClassAct.SPLIT: OPEN | {State.ENDED},
    ClassAct.ADD: OPEN,
}


def confirm(cls: IssueClass, *, name: str, owner: str, by: str, now: datetime) -> IssueClass:
    """确认: it is one class of things, and somebody answers for it. Raises WrongStage."""
    need(cls, ClassAct.CONFIRM)
    return with_line(
        changed(cls, state=State.CONFIRMED, name=name, owner=owner), ClassAct.CONFIRM, by, now, name
    )


def rename(cls: IssueClass, *, name: str, owner: str, by: str, now: datetime) -> IssueClass:
    """A name and an owner that it has already change nothing."""
    need(cls, ClassAct.RENAME)
    if (cls.name, cls.owner) == (name, owner):
        return cls
    return with_line(changed(cls, name=name, owner=owner), ClassAct.RENAME, by, now, name)


def discard(cls: IssueClass, *, reason: str, by: str, now: datetime) -> IssueClass:
    """不成一类. It is not proposed again. Raises WrongStage once a measure was announced."""
    need(cls, ClassAct.DISCARD)
    return with_line(changed(cls, state=State.DISCARDED), ClassAct.DISCARD, by, now, reason)


def withdraw(cls: IssueClass, *, by: str, now: datetime) -> IssueClass:
    """The machine takes back what it proposed and nobody has confirmed; its reports are free again. Left alone where a person came first."""
    if cls.state is not State.PROPOSED:
        return cls
    return with_line(changed(cls, state=State.DISCARDED), ClassAct.DISCARD, by, now, VAGUE)


def is_withdrawn(cls: IssueClass) -> bool:
    """Whether the machine took it back; what members it still has are to be free again."""
    return cls.state is State.DISCARDED and cls.lines[-1].note == VAGUE


def announce(cls: IssueClass, measure: Measure, *, now: datetime) -> IssueClass:
    """公布措施. The last measure is the one that is checked; one that it has already changes nothing.

    Raises WrongStage before a person has confirmed the class.
    """
    if any(each.id == measure.id for each in cls.measures):
        return cls
    need(cls, ClassAct.ANNOUNCE)
    measured = changed(cls, state=State.MEASURED, measures=(*cls.measures, measure))
    return with_line(measured, ClassAct.ANNOUNCE, measure.by, now, measure.what)


def telling(cls: IssueClass, measure_id: str, job_id: str) -> IssueClass:
    """The job that tells everyone of a measure has begun."""
    told = tuple(m.model_copy(update={"told_by": job_id}) if m.id == measure_id else m for m in cls.measures)
    return changed(cls, measures=told)


def end(cls: IssueClass, *, note: str, by: str, now: datetime) -> IssueClass:
    need(cls, ClassAct.END)
    return with_line(changed(cls, state=State.ENDED), ClassAct.END, by, now, note)


def merge(cls: IssueClass, into: IssueClass, *, by: str, now: datetime) -> tuple[IssueClass, IssueClass]:
    """并入: both as they are afterwards. No member moves; the other class counts them too, once the store has counted reporters.

    Raises WrongStage unless both are open, Invalid for a class with itself or with too many already merged.
    """
    need(cls, ClassAct.MERGE)
    need(into, ClassAct.MERGE)
    if cls.id == into.id:
        raise Invalid("不能并入自己，请选择另一类事", fields=["into"])
    if len(into.parts) + len(cls.partitions) > MOST_PARTS:
        raise Invalid("并入的类太多了，请另选一类", fields=["into"])
    gone = with_line(
        changed(cls, state=State.MERGED, merged_into=into.id), ClassAct.MERGE, by, now, into.name
    )
    whole = changed(
        into,
        parts=(*into.parts, *cls.partitions),
        members=into.members + cls.members,
        weeks=dict(Counter(into.weeks) + Counter(cls.weeks)),
        topics=dict(Counter(into.topics) + Counter(cls.topics)),
        first_on=min(into.first_on, cls.first_on),
        area=into.area if into.area == cls.area else "",
        scope=into.scope if into.scope == cls.scope else "",
    )
    return gone, with_line(whole, ClassAct.ABSORB, by, now, cls.name)


def split_line(cls: IssueClass, *, by: str, name: str, now: datetime) -> IssueClass:
    need(cls, ClassAct.SPLIT)
    return with_line(cls, ClassAct.SPLIT, by, now, name)


def need(cls: IssueClass, act: ClassAct) -> None:
    """Raises WrongStage unless the class is in a state that allows the act."""
    if cls.state not in _FROM[act]:
        raise WrongStage(f"这类事{STATE_NAMES[cls.state]}，不能这样操作，请刷新后再看")


def allowed(cls: IssueClass) -> list[ClassAct]:
    """What may be done with it now, by whoever may at all."""
    return [act for act, states in _FROM.items() if cls.state in states]
