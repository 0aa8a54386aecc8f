"""/desk/classes: issue classes 一类事."""

from datetime import date
from typing import Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions.classes import announcing
from chalicelib.actions.classes import classes as acts
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.classes.views import row, whole
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.classes.members import MOST_AT_ONCE
from chalicelib.store.classes.splits import MOST_SPLIT

classes = Blueprint(__name__)
_SEEN_BY = DESK | LEADERS
_HEADS = LEADERS | {Role.STATION_HEAD}
_Name = Annotated[bodies.Words, StringConstraints(max_length=60)]
_Some = Annotated[tuple[bodies.Code, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


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
    what: Annotated[bodies.Words, StringConstraints(max_length=200)]
    place: Annotated[bodies.Words, StringConstraints(max_length=60)]
    schedule: Annotated[bodies.Words, StringConstraints(max_length=60)]
    unit: bodies.Code
    from_: Annotated[date, Field(alias="from")]


@classes.route("/desk/classes", methods=["GET"])
@responds(200, _SEEN_BY)
def list_classes():
    """?area, ?state=past, ?after: most distinct reporters first."""
    past, area = http.parameter("state") == "past", http.parameter("area")
    found, following = acts.list_for(area, past=past, after=http.parameter("after"), by=auth.caller())
    now = http.now()
    return {"items": [row(cls, now) for cls in found], "next": following}


@classes.route("/desk/classes", methods=["POST"])
@responds(201, _SEEN_BY)
def begin_class():
    body, who = read(BeginBody), auth.caller()
    cls = acts.begin(scrub(body.name), body.ticket_ids, key=_key(who.code), by=who, now=http.now())
    return whole(cls, http.now())


@classes.route("/desk/classes/{class_id}", methods=["GET"])
@responds(200, _SEEN_BY)
def get_class(class_id):
    return whole(acts.get(class_id, by=auth.caller()), http.now())


@classes.route("/desk/classes/{class_id}/members", methods=["GET"])
@responds(200, _SEEN_BY)
def list_members(class_id):
    found, hidden, following = acts.members(class_id, after=http.parameter("after") or "", by=auth.caller())
    return {"items": found, "hidden": hidden, "next": following or None}


@classes.route("/desk/classes/{class_id}/members", methods=["POST"])
@responds(200, _SEEN_BY)
def add_members(class_id):
    body, now = read(TicketsBody), http.now()
    return whole(acts.add(class_id, body.ticket_ids, by=auth.caller(), now=now), now)


@classes.route("/desk/classes/{class_id}/confirm", methods=["POST"])
@responds(200, _SEEN_BY)
def confirm(class_id):
    body, now = read(NameBody), http.now()
    cls = acts.confirm(class_id, name=scrub(body.name), owner=body.owner, by=auth.caller(), now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/rename", methods=["POST"])
@responds(200, _SEEN_BY)
def rename(class_id):
    body, now = read(NameBody), http.now()
    cls = acts.rename(class_id, name=scrub(body.name), owner=body.owner, by=auth.caller(), now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/discard", methods=["POST"])
@responds(200, _SEEN_BY)
def discard(class_id):
    reason, now = scrub(read(ReasonBody).reason), http.now()
    return whole(acts.discard(class_id, reason=reason, by=auth.caller(), now=now), now)


@classes.route("/desk/classes/{class_id}/split", methods=["POST"])
@responds(201, _SEEN_BY)
def split(class_id):
    body, who, now = read(SplitBody), auth.caller(), http.now()
    key = _key(who.code)
    cls = acts.split(class_id, body.ticket_ids, scrub(body.name), key=key, by=who, now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/merge", methods=["POST"])
@responds(200, _SEEN_BY)
def merge(class_id):
    """并入; where the other has a measure, who comes to it is told by a job."""
    into, who, now = read(IntoBody).into, auth.caller(), http.now()
    cls = acts.merge(class_id, into, by=who, now=now)
    announcing.tell_absorbed(class_id, cls, by=who, now=now)
    return whole(cls, now)


@classes.route("/desk/classes/{class_id}/announce", methods=["POST"])
@responds(200, _HEADS)
def announce(class_id):
    """公布措施; everyone of the class is told by a job."""
    given, who, now = _given(read(MeasureBody)), auth.caller(), http.now()
    cls, measure = acts.announce(class_id, given, key=_key(who.code), by=who, now=now)
    return whole(announcing.start(cls, measure, by=who, now=now), now)


@classes.route("/desk/classes/{class_id}/preview", methods=["POST"])
@responds(200, _HEADS)
def preview(class_id):
    """What everyone of the class would be told of this measure; nothing is kept, and nobody told."""
    given, who = _given(read(MeasureBody)), auth.caller()
    cls = acts.get(class_id, by=who)
    words = announcing.preview(cls, acts.measure_of(given, key="", by=who, now=http.now()))
    return {"title": words.title, "text": words.text, "reporters": cls.reporters, "members": cls.members}


@classes.route("/desk/classes/{class_id}/end", methods=["POST"])
@responds(200, _HEADS)
def end(class_id):
    note, now = scrub(read(ReasonBody).reason), http.now()
    return whole(acts.end(class_id, note=note, by=auth.caller(), now=now), now)


def _key(who: str) -> str:
    """Raises Invalid without a key: sent twice, a class must not be begun twice."""
    key = http.header("Idempotency-Key").strip()
    if not 8 <= len(key) <= 100:
        raise Invalid(
            "缺少有效的 Idempotency-Key（8到100个字符）；请刷新页面后重试", fields=["Idempotency-Key"]
        )
    return f"{who} {http.request().path} {key}"


def _given(body: MeasureBody) -> acts.Given:
    return acts.Given(
        what=scrub(body.what),
        place=scrub(body.place),
        schedule=scrub(body.schedule),
        unit_id=body.unit,
        from_on=body.from_,
    )
