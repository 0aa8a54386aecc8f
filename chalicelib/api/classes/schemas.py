"""Schemas of issue classes 一类事."""

from typing_extensions import TypedDict

from chalicelib.actions.tickets.schemas import MemberLine
from chalicelib.actions.views.schemas import ClassBrief
from chalicelib.domain.classes.issue_class import ClassAct
from chalicelib.domain.classes.offers import ClassOffer


class CountedWeek(TypedDict):
    """Reports of the week that begins with a Monday."""

    monday: str
    count: int


class MeasureCheck(TypedDict):
    """Whether it came less often after a measure."""

    verdict: str
    before: list[CountedWeek]
    after: list[CountedWeek]


_From = TypedDict("_From", {"from": str})


class MeasureDay(TypedDict):
    """A day of a measure that recurs. `off`: why it is not held, "" where it is; `called_off` by a person, who may take it back."""

    day: str
    name: str
    off: str
    called_off: bool


class MeasureShown(_From):
    """措施: what was done for all of a class, and whether it helped. `recurring`: how it recurs, "" where it does not; `days`: the next of them."""

    id: str
    what: str
    place: str
    schedule: str
    unit_id: str
    unit_name: str
    announced_at: str
    by: str
    told_by: str
    recurring: str
    days: list[MeasureDay]
    check: MeasureCheck


class ClassRow(ClassBrief):
    """An issue class as a line of their list."""

    owner: str
    owner_name: str
    area: str
    area_name: str
    place: str
    place_name: str
    category: str
    category_name: str
    members: int
    why: str
    first_on: str
    merged_into: str | None
    measure: MeasureShown | None


class ListedClass(ClassRow):
    """`folded`: the weaker proposals, shown when asked for. `words`: what the first reports of a proposal say, as the caller may read it."""

    folded: bool
    words: list[str]


class ClassLine(TypedDict):
    """A line of a class's history."""

    at: str
    by: str
    by_name: str
    what: ClassAct
    what_name: str
    note: str


class WholeClass(ClassRow):
    """An issue class with what may be done with it now, its weeks, its measures and its history."""

    acts: list[ClassOffer]
    weeks: list[CountedWeek]
    measures: list[MeasureShown]
    history: list[ClassLine]


class ClassMembers(TypedDict):
    """A page of a class's tickets; `hidden`: how many of the page the caller may not see."""

    items: list[MemberLine]
    next: str | None
    hidden: int


class MeasurePreview(TypedDict):
    """What everyone of a class would be told of a measure."""

    title: str
    text: str
    reporters: int
    members: int
