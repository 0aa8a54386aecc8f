"""点位: where a code hangs, and what is known to be broken around it."""

from enum import StrEnum
from typing import TypedDict

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import Place, Position


class PointState(StrEnum):
    ACTIVE = "active"
    REPLACED = "replaced"  # torn; a newer code hangs there, this one still opens the place
    RETIRED = "retired"  # taken down; the place has to be typed in


class PointAct(StrEnum):
    ISSUED = "issued"
    REPLACED = "replaced"
    RETIRED = "retired"
    REMOVED = "removed"  # with its place
    REVIVED = "revived"


class PointEvent(Frozen):
    """One line of a code's history."""

    kind: PointAct
    at: Instant
    by: str
    other: str = ""  # the code before or after it


class Point(Frozen):
    """A printed code and the place it stands for, as the town files last named it."""

    code: str
    place: str
    path: tuple[str, ...]
    name: str
    full_name: str
    inside_wall: bool
    position: Position | None = None
    state: PointState = PointState.ACTIVE
    replaced_by: str = ""
    issued_at: Instant
    history: tuple[PointEvent, ...] = ()


class Outage(Frozen):
    """已知故障: a banner for everyone who scans a code in the subtree of `place`."""

    id: str
    place: str
    text: str
    since: Instant
    until: Instant | None = None  # exclusive; None until the desk ends it
    by: str


def issue(code: str, place: Place, *, by: str, now: Instant, instead_of: str = "") -> Point:
    """A fresh, active code for a place."""
    return Point(
        code=code,
        **_as_named(place),
        issued_at=now,
        history=(PointEvent(kind=PointAct.ISSUED, at=now, by=by, other=instead_of),),
    )


def renamed(point: Point, place: Place) -> Point:
    """The same code after the town files changed the place's name or position in the tree."""
    return point.model_copy(update=_as_named(place))


class _Named(TypedDict):
    """What a point takes over from its place."""

    place: str
    path: tuple[str, ...]
    name: str
    full_name: str
    inside_wall: bool
    position: Position | None


def _as_named(place: Place) -> _Named:
    return {
        "place": place.code,
        "path": place.path,
        "name": place.name,
        "full_name": place.full_name or place.name,
        "inside_wall": place.inside_wall,
        "position": place.position,
    }


def follow(point: Point, code: str, *, by: str, now: Instant) -> tuple[Point, Point]:
    """A torn code and the one that takes its place: (old, new). The new one knows the same place."""
    line = PointEvent(kind=PointAct.REPLACED, at=now, by=by, other=code)
    old = point.model_copy(
        update={"state": PointState.REPLACED, "replaced_by": code, "history": (*point.history, line)}
    )
    issued = PointEvent(kind=PointAct.ISSUED, at=now, by=by, other=point.code)
    return old, point.model_copy(update={"code": code, "issued_at": now, "history": (issued,)})


def take_down(point: Point, *, by: str, now: Instant, with_place: bool = False) -> Point:
    """The code hangs nowhere any more; or its place is no longer among the town's, and may come back."""
    line = PointEvent(kind=PointAct.REMOVED if with_place else PointAct.RETIRED, at=now, by=by)
    return point.model_copy(update={"state": PointState.RETIRED, "history": (*point.history, line)})


def can_revive(point: Point) -> bool:
    """Whether it went with its place alone: one that was taken down by hand hangs nowhere (rule 86)."""
    return (
        point.state is PointState.RETIRED
        and bool(point.history)
        and point.history[-1].kind is PointAct.REMOVED
    )


def revive(point: Point, place: Place, *, by: str, now: Instant) -> Point:
    """Its place is among the town's again: what is printed works again."""
    line = PointEvent(kind=PointAct.REVIVED, at=now, by=by)
    return renamed(point, place).model_copy(
        update={"state": PointState.ACTIVE, "history": (*point.history, line)}
    )
