"""志愿者 who sign up: residents who ask, a station that approves or refuses, and how either ends it (rule 74).

Name and phone lie in `identities` alone; here a volunteer is an id and a call sign. Volunteers of a unit (staff.csv) are staff.
"""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import AlreadyDone, NotYours, WrongStage
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import Role, Staff, Unit
from chalicelib.domain.visits.walks import Walker

MARK = "volunteer."  # no staff code holds a dot, so the two are never taken for one another
MOST_LINES = 30


class State(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    LEFT = "left"


STATE_NAMES = {
    State.APPLIED: "等待审核",
    State.APPROVED: "已通过",
    State.REFUSED: "未通过",
    State.LEFT: "已退出",
}
ENDED = frozenset({State.REFUSED, State.LEFT})


class Line(Frozen):
    """`by`: a staff code, or "volunteer"."""

    at: Instant
    by: str
    what: State
    note: str = ""


class Volunteer(Frozen):
    """`name` is a call sign (志愿者 3F9K). `place` is the neighbourhood or block that was named, `area` the station's."""

    id: str
    station: str
    area: str
    place: str
    name: str
    state: State
    consented_at: Instant  # to the privacy notice, at the last sign-up
    version: int = 0
    lines: tuple[Line, ...] = ()

    @property
    def at(self) -> datetime:
        """Since when it is in its state."""
        return self.lines[-1].at


def sign_up(before: Volunteer | None, new_id: str, *, station: Unit, place: str, now: datetime) -> Volunteer:
    """报名, with consent. Whoever was refused or left may ask again, as the same volunteer. Raises AlreadyDone."""
    if before is not None and before.state not in ENDED:
        raise AlreadyDone(f"您已经报名，现在是“{STATE_NAMES[before.state]}”，不用再报")
    id_ = before.id if before else f"{MARK}{new_id}"
    asked = Volunteer(
        id=id_,
        station=station.code,
        area=station.area,
        place=place,
        name=f"志愿者 {id_[-4:]}",
        state=State.APPLIED,
        consented_at=now,
        version=before.version if before else 0,
        lines=before.lines if before else (),
    )
    return _moved(asked, State.APPLIED, by="volunteer", note="", now=now)


def approve(volunteer: Volunteer, *, by: Staff, now: datetime) -> Volunteer:
    """Raises NotYours for another station, WrongStage unless it waits."""
    _need(volunteer, {State.APPLIED}, by, "通过")
    return _moved(volunteer, State.APPROVED, by=by.code, note="", now=now)


def refuse(volunteer: Volunteer, *, by: Staff, reason: str, now: datetime) -> Volunteer:
    """The reason is shown to whoever asked. Raises NotYours, WrongStage."""
    _need(volunteer, {State.APPLIED}, by, "拒绝")
    return _moved(volunteer, State.REFUSED, by=by.code, note=reason, now=now)


def end(volunteer: Volunteer, *, by: Staff, reason: str, now: datetime) -> Volunteer:
    """退出, by the station. Raises NotYours, WrongStage."""
    _need(volunteer, {State.APPROVED}, by, "退出")
    return _moved(volunteer, State.LEFT, by=by.code, note=reason, now=now)


def leave(volunteer: Volunteer, *, now: datetime) -> Volunteer:
    """退出, by himself or herself, at any time, also while waiting. Raises WrongStage when it has ended."""
    if volunteer.state in ENDED:
        raise WrongStage(f"现在是“{STATE_NAMES[volunteer.state]}”，不用再退出")
    return _moved(volunteer, State.LEFT, by="volunteer", note="", now=now)


def walker_of(volunteer: Volunteer, owner: str) -> Walker:
    """Who goes out, and only in the area of the station that approved. `owner` is the session's subject."""
    return Walker(
        code=volunteer.id, name=volunteer.name, roles=(Role.VOLUNTEER,), owner=owner, area=volunteer.area
    )


def _need(volunteer: Volunteer, states: set[State], by: Staff, act: str) -> None:
    if by.unit != volunteer.station:
        raise NotYours("这位志愿者由其他工作站管理")
    if volunteer.state not in states:
        raise WrongStage(f"这位志愿者现在是“{STATE_NAMES[volunteer.state]}”，不能{act}；请刷新列表")


def _moved(volunteer: Volunteer, to: State, *, by: str, note: str, now: datetime) -> Volunteer:
    lines = (*volunteer.lines, Line(at=now, by=by, what=to, note=note))[-MOST_LINES:]
    return volunteer.model_copy(update={"state": to, "lines": lines, "version": volunteer.version + 1})
