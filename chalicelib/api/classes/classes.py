"""/desk/classes: issue classes 一类事."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions.classes import announcing, recurring
from chalicelib.actions.classes import classes as actions
from chalicelib.api import auth, bodies, http, queries
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.classes.views import row, whole
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.classes import recurring as rules
from chalicelib.domain.classes.measures_taken import Recurs
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.store.classes.members import MOST_AT_ONCE
from chalicelib.store.classes.splits import MOST_SPLIT
from chalicelib.store.requests.idempotency import Replay

if TYPE_CHECKING:
    from chalicelib.api.classes.schemas import ClassMembers, ListedClass, MeasurePreview, WholeClass
    from chalicelib.domain.schemas import Page

classes = Blueprint(__name__)
_SEEN_BY = DESK | LEADERS
_HEADS = LEADERS | {Role.STATION_HEAD}
PREVIEWED = "preview"  # the id of a measure that is kept nowhere
_Name = Annotated[bodies.Words, StringConstraints(max_length=60)]
_Weekday = Annotated[int, Field(ge=1, le=7)]
_Some = Annotated[tuple[bodies.Code, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Listed(StrEnum):
    """Which classes are listed."""

    OPEN = "open"
    PAST = "past"


class TicketsBody(RequestBody):
    ticket_ids: _Some


class BeginBody(TicketsBody):
    name: _Name


class SplitBody(BeginBody):
    ticket_ids: Annotated[_Some, Field(max_length=MOST_SPLIT)]


class NameBody(RequestBody):
    name: _Name
    owner: bodies.Code


class ReasonBody(RequestBody):
    reason: bodies.Words


class IntoBody(RequestBody):
    into: bodies.Code


class MeasureBody(RequestBody):
    """`weekdays` (1 is Monday), `every` so many weeks, `hours`, `until`, `on_holidays`: a measure that recurs, whose `schedule` follows from them."""

    what: Annotated[bodies.Words, StringConstraints(max_length=200)]
    place: Annotated[bodies.Words, StringConstraints(max_length=60)]
    schedule: Annotated[bodies.Note, StringConstraints(max_length=60)] = ""
    unit: bodies.Code
    from_: Annotated[date, Field(alias="from")]
    weekdays: Annotated[tuple[_Weekday, ...], Field(max_length=7)] = ()
    every: Annotated[int, Field(ge=1, le=8)] = 1
    hours: Annotated[bodies.Note, StringConstraints(max_length=30)] = ""
    until: date | None = None
    on_holidays: bool = False


class DayBody(RequestBody):
    day: date


class OffBody(DayBody):
    """`reason` is read by everybody who scans a code there."""

    reason: Annotated[bodies.Words, StringConstraints(max_length=60)]


@classes.route("/desk/classes", methods=["GET"])
@responds(200, _SEEN_BY, asks={"area": str, "state": Listed, "after": str})
def list_classes() -> "Page[ListedClass]":
    """?area, ?state=past, ?after: most distinct reporters first."""
    past, area = queries.word("state", Listed) is Listed.PAST, http.parameter("area")
    page, now = actions.list_for(area, past=past, after=http.cursor(), by=auth.caller()), http.now()
    words = actions.quoted(page, by=auth.caller())
    return {
        "items": [
            {**row(cls, now), "folded": cls.id in page.folded, "words": words.get(cls.id, [])}
            for cls in page.found
        ],
        "next": page.next,
    }


@classes.route("/desk/classes", methods=["POST"])
@responds(201, _SEEN_BY, reads=BeginBody, key=Key.REQUIRED)
def begin_class() -> "WholeClass":
    """A person begins a class of tickets."""
    body, who, now = read(BeginBody), auth.caller(), http.now()
    cls = actions.begin(scrub(body.name), body.ticket_ids, once=_once(who), by=who, now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}", methods=["GET"])
@responds(200, _SEEN_BY)
def get_class(class_id: str) -> "WholeClass":
    """A class with its acts, weeks, measures and history."""
    return whole(actions.get(class_id, by=auth.caller()), http.now())


@classes.route("/desk/classes/{class_id}/members", methods=["GET"])
@responds(200, _SEEN_BY, asks=("after",))
def list_members(class_id: str) -> "ClassMembers":
    """The tickets of a class that the caller may see."""
    found, hidden, following = actions.members(class_id, after=http.cursor() or "", by=auth.caller())
    return {"items": found, "hidden": hidden, "next": following or None}


@classes.route("/desk/classes/{class_id}/members", methods=["POST"])
@responds(200, _SEEN_BY, reads=TicketsBody)
def add_members(class_id: str) -> "WholeClass":
    """More tickets belong to it."""
    body, now = read(TicketsBody), http.now()
    return whole(actions.add(class_id, body.ticket_ids, by=auth.caller(), now=now), now)


@classes.route("/desk/classes/{class_id}/confirm", methods=["POST"])
@responds(200, _SEEN_BY, reads=NameBody)
def confirm(class_id: str) -> "WholeClass":
    """The proposal is a class; it gets a name and an owner."""
    body, now = read(NameBody), http.now()
    cls = actions.confirm(class_id, name=scrub(body.name), owner=body.owner, by=auth.caller(), now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/rename", methods=["POST"])
@responds(200, _SEEN_BY, reads=NameBody)
def rename(class_id: str) -> "WholeClass":
    """Another name, or another owner."""
    body, now = read(NameBody), http.now()
    cls = actions.rename(class_id, name=scrub(body.name), owner=body.owner, by=auth.caller(), now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/discard", methods=["POST"])
@responds(200, _SEEN_BY, reads=ReasonBody)
def discard(class_id: str) -> "WholeClass":
    """The proposal is none."""
    reason, now = scrub(read(ReasonBody).reason), http.now()
    return whole(actions.discard(class_id, reason=reason, by=auth.caller(), now=now), now)


@classes.route("/desk/classes/{class_id}/split", methods=["POST"])
@responds(201, _SEEN_BY, reads=SplitBody, key=Key.REQUIRED)
def split(class_id: str) -> "WholeClass":
    """Some of its tickets are a class of their own, 24 at most."""
    body, who, now = read(SplitBody), auth.caller(), http.now()
    cls = actions.split(class_id, body.ticket_ids, scrub(body.name), once=_once(who), by=who, now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/merge", methods=["POST"])
@responds(200, _SEEN_BY, reads=IntoBody)
def merge(class_id: str) -> "WholeClass":
    """并入; where the other has a measure, who comes to it is told by a job."""
    into, who, now = read(IntoBody).into, auth.caller(), http.now()
    cls = actions.merge(class_id, into, by=who, now=now)
    announcing.tell_absorbed(class_id, cls, by=who, now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/announce", methods=["POST"])
@responds(200, _HEADS, reads=MeasureBody, key=Key.REQUIRED)
def announce(class_id: str) -> "WholeClass":
    """公布措施; everyone of the class is told by a job."""
    given, who, now = _given(read(MeasureBody)), auth.caller(), http.now()
    cls, measure = actions.announce(class_id, given, once=_once(who), by=who, now=now)
    return whole(announcing.start(cls, measure, by=who, now=now), now)


@classes.route("/desk/classes/{class_id}/measures/{measure_id}/call-off", methods=["POST"])
@responds(200, _HEADS, reads=OffBody)
def call_off(class_id: str, measure_id: str) -> "WholeClass":
    """停一次: a day on which a measure that recurs is not held; its unit hears it at once."""
    body, who, now = read(OffBody), auth.caller(), http.now()
    reason = scrub(body.reason)
    return whole(recurring.call_off(class_id, measure_id, body.day, reason, by=who, now=now), now)


@classes.route("/desk/classes/{class_id}/measures/{measure_id}/hold", methods=["POST"])
@responds(200, _HEADS, reads=DayBody)
def hold_after_all(class_id: str, measure_id: str) -> "WholeClass":
    """照常: a day that was called off is held after all; its unit hears it at once."""
    body, who, now = read(DayBody), auth.caller(), http.now()
    return whole(recurring.hold_after_all(class_id, measure_id, body.day, by=who, now=now), now)


@classes.route("/desk/classes/{class_id}/preview", methods=["POST"])
@responds(200, _HEADS, reads=MeasureBody)
def preview(class_id: str) -> "MeasurePreview":
    """What everyone of the class would be told of this measure; nothing is kept, and nobody told."""
    given, who = _given(read(MeasureBody)), auth.caller()
    cls = actions.get(class_id, by=who)
    words = announcing.preview(cls, actions.measure_of(given, known_as=PREVIEWED, by=who, now=http.now()))
    return {"title": words.title, "text": words.text, "reporters": cls.reporters, "members": cls.members}


@classes.route("/desk/classes/{class_id}/end", methods=["POST"])
@responds(200, _HEADS, reads=ReasonBody)
def end(class_id: str) -> "WholeClass":
    """The class is over."""
    note, now = scrub(read(ReasonBody).reason), http.now()
    return whole(actions.end(class_id, note=note, by=auth.caller(), now=now), now)


def _once(who: Staff) -> Replay:
    return idempotency(who.code, required=True)


def _given(body: MeasureBody) -> actions.Given:
    """Raises Invalid without a time, and for a last day before the first."""
    recurs = _recurs(body)
    schedule = scrub(body.schedule) or (rules.words_of(recurs) if recurs else "")
    if not schedule:
        raise Invalid("请写什么时候，或选每周哪几天", fields=["schedule"])
    return actions.Given(
        what=scrub(body.what),
        place=scrub(body.place),
        schedule=schedule,
        unit_id=body.unit,
        from_on=body.from_,
        recurs=recurs,
    )


def _recurs(body: MeasureBody) -> Recurs | None:
    if not body.weekdays:
        return None
    if body.until and body.until < body.from_:
        raise Invalid("最后一天不能早于开始的那一天", fields=["until"])
    return Recurs(
        weekdays=tuple(sorted(set(body.weekdays))),
        every=body.every,
        hours=scrub(body.hours),
        until=body.until,
        on_holidays=body.on_holidays,
    )
