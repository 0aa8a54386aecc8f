"""/desk/classes: issue classes 一类事."""

from datetime import date, datetime
from typing import Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions import announcing
from chalicelib.actions import classes as acts
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.http import RequestBody, answers, read
from chalicelib.domain import class_acts
from chalicelib.domain.classes import STATE_NAMES, IssueClass
from chalicelib.domain.errors import Invalid
from chalicelib.domain.measures_taken import Measure, check
from chalicelib.domain.moves import named
from chalicelib.domain.scrub import scrub
from chalicelib.domain.showing import category_name, plain, unit_name
from chalicelib.domain.town import Role
from chalicelib.store import directory
from chalicelib.store.classes import MOST_AT_ONCE

classes = Blueprint(__name__)
_SEEN_BY = DESK | LEADERS
_HEADS = LEADERS | {Role.STATION_HEAD}
_Name = Annotated[bodies.Words, StringConstraints(max_length=60)]
_Some = Annotated[tuple[bodies.Code, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]


class TicketsBody(RequestBody):
    ticket_ids: _Some


class BeginBody(TicketsBody):
    name: _Name


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
@answers(200, _SEEN_BY)
def list_classes():
    """?area, ?state=past, ?after: most distinct reporters first."""
    past, area = http.parameter("state") == "past", http.parameter("area")
    found, following = acts.list_for(area, past=past, after=http.parameter("after"), by=auth.caller())
    return {"items": [_row(cls) for cls in found], "next": following}


@classes.route("/desk/classes", methods=["POST"])
@answers(201, _SEEN_BY)
def begin_class():
    body, who = read(BeginBody), auth.caller()
    cls = acts.begin(scrub(body.name), body.ticket_ids, key=_key(who.code), by=who, now=http.now())
    return _shown(cls, http.now())


@classes.route("/desk/classes/{class_id}", methods=["GET"])
@answers(200, _SEEN_BY)
def get_class(class_id):
    return _shown(acts.get(class_id, by=auth.caller()), http.now())


@classes.route("/desk/classes/{class_id}/members", methods=["GET"])
@answers(200, _SEEN_BY)
def list_members(class_id):
    found, hidden, following = acts.members(class_id, after=http.parameter("after") or "", by=auth.caller())
    return {"items": found, "hidden": hidden, "next": following or None}


@classes.route("/desk/classes/{class_id}/members", methods=["POST"])
@answers(200, _SEEN_BY)
def add_members(class_id):
    return _shown(acts.add(class_id, read(TicketsBody).ticket_ids, by=auth.caller()), http.now())


@classes.route("/desk/classes/{class_id}/confirm", methods=["POST"])
@answers(200, _SEEN_BY)
def confirm(class_id):
    body, now = read(NameBody), http.now()
    cls = acts.confirm(class_id, name=scrub(body.name), owner=body.owner, by=auth.caller(), now=now)
    return _shown(cls, now)


@classes.route("/desk/classes/{class_id}/rename", methods=["POST"])
@answers(200, _SEEN_BY)
def rename(class_id):
    body, now = read(NameBody), http.now()
    cls = acts.rename(class_id, name=scrub(body.name), owner=body.owner, by=auth.caller(), now=now)
    return _shown(cls, now)


@classes.route("/desk/classes/{class_id}/discard", methods=["POST"])
@answers(200, _SEEN_BY)
def discard(class_id):
    reason, now = scrub(read(ReasonBody).reason), http.now()
    return _shown(acts.discard(class_id, reason=reason, by=auth.caller(), now=now), now)


@classes.route("/desk/classes/{class_id}/split", methods=["POST"])
@answers(201, _SEEN_BY)
def split(class_id):
    body, who, now = read(BeginBody), auth.caller(), http.now()
    key = _key(who.code)
    cls = acts.split(class_id, body.ticket_ids, scrub(body.name), key=key, by=who, now=now)
    return _shown(cls, now)


@classes.route("/desk/classes/{class_id}/merge", methods=["POST"])
@answers(200, _SEEN_BY)
def merge(class_id):
    now = http.now()
    return _shown(acts.merge(class_id, read(IntoBody).into, by=auth.caller(), now=now), now)


@classes.route("/desk/classes/{class_id}/announce", methods=["POST"])
@answers(200, _HEADS)
def announce(class_id):
    """公布措施; everyone of the class is told by a job."""
    body, who, now = read(MeasureBody), auth.caller(), http.now()
    given = acts.Given(
        what=scrub(body.what),
        place=scrub(body.place),
        schedule=scrub(body.schedule),
        unit_id=body.unit,
        from_on=body.from_,
    )
    cls, measure = acts.announce(class_id, given, key=_key(who.code), by=who, now=now)
    return _shown(announcing.start(cls, measure, by=who, now=now), now)


@classes.route("/desk/classes/{class_id}/end", methods=["POST"])
@answers(200, _HEADS)
def end(class_id):
    note, now = scrub(read(ReasonBody).reason), http.now()
    return _shown(acts.end(class_id, note=note, by=auth.caller(), now=now), now)


def _key(who: str) -> str:
    """Raises Invalid without a key: sent twice, a class must not be begun twice."""
    key = http.header("Idempotency-Key").strip()
    if not 8 <= len(key) <= 100:
        raise Invalid(
            "缺少有效的 Idempotency-Key（8到100个字符）；请刷新页面后重试", fields=["Idempotency-Key"]
        )
    return f"{who} {http.request().path} {key}"


def _row(cls: IssueClass) -> dict[str, object]:
    town = directory.town()
    place, area = town.find_place(cls.scope), town.find_place(cls.area)
    return {
        "id": cls.id,
        "name": cls.name,
        "state": cls.state.value,
        "state_name": STATE_NAMES[cls.state],
        "owner": cls.owner,
        "owner_name": named(cls.owner, town),
        "area": cls.area,
        "area_name": area.name if area else "",
        "place": cls.scope,
        "place_name": place.name if place else "",
        "category": cls.category,
        "category_name": category_name(cls.category, town),
        "members": cls.members,
        "reporters": cls.reporters,
        "first_on": cls.first_on.isoformat(),
        "merged_into": cls.merged_into or None,
    }


def _shown(cls: IssueClass, now: datetime) -> dict[str, object]:
    return _row(cls) | {
        "acts": class_acts.allowed(cls),
        "weeks": [{"monday": monday, "count": count} for monday, count in sorted(cls.weeks.items())],
        "measures": [_measure(measure, cls, now) for measure in cls.measures],
        "history": [
            plain(line.model_dump()) | {"by_name": named(line.by, directory.town())} for line in cls.lines
        ],
    }


def _measure(measure: Measure, cls: IssueClass, now: datetime) -> dict[str, object]:
    checked = check(cls.weeks, measure.from_on, cls.first_on, now.date())
    shown: dict[str, object] = plain(measure.model_dump(exclude={"from_on"}))
    return shown | {
        "from": measure.from_on.isoformat(),
        "unit_name": unit_name(measure.unit_id, directory.town()),
        "check": {
            "verdict": checked.verdict.value,
            "before": [{"monday": week.monday.isoformat(), "count": week.reports} for week in checked.before],
            "after": [{"monday": week.monday.isoformat(), "count": week.reports} for week in checked.after],
        },
    }
