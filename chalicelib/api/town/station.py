"""/desk: the station's own tools: reusable answers, and who is on duty when."""

from datetime import date, timedelta
from typing import Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions.identity import looking
from chalicelib.actions.town import duty
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import Instant
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.views.ticket_view import category_name, plain
from chalicelib.store.town import directory
from chalicelib.store.town import ready_answers as kept

station = Blueprint(__name__)
ROSTER_KEEPERS = DESK | ADMIN | {Role.UNIT_HEAD}
LOOKS_READERS = ADMIN | LEADERS | {Role.STATION_HEAD, Role.UNIT_HEAD}
ROSTER_READERS = ROSTER_KEEPERS | LEADERS


class AnswerBody(RequestBody):
    title: Annotated[bodies.Words, StringConstraints(max_length=60)]
    text: bodies.Words
    category: bodies.Code | None = None


@station.route("/desk/answers", methods=["GET"])
@responds(200, DESK)
def list_answers():
    found, following = kept.list_answers(auth.caller().unit, after=http.parameter("after"))
    return {"items": [_shown(answer) for answer in found], "next": following}


@station.route("/desk/answers", methods=["POST"])
@responds(201, DESK)
def add_answer():
    answer = _written(kept.new_id())
    kept.add(auth.caller().unit, answer)
    return _shown(answer)


@station.route("/desk/answers/{answer_id}", methods=["PUT"])
@responds(200, DESK)
def replace_answer(answer_id):
    answer = _written(answer_id)
    kept.replace(auth.caller().unit, answer)
    return _shown(answer)


@station.route("/desk/answers/{answer_id}", methods=["DELETE"])
@responds(200, DESK)
def remove_answer(answer_id):
    kept.remove(auth.caller().unit, answer_id)
    return {"id": answer_id}


def _written(answer_id: str) -> kept.Answer:
    body, who = read(AnswerBody), auth.caller()
    if body.category and directory.town().find_category(body.category) is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
    return kept.Answer(
        id=answer_id,
        title=scrub(body.title),
        text=scrub(body.text),
        category=body.category,
        by=who.code,
        at=http.now(),
    )


def _shown(answer: kept.Answer) -> dict[str, object]:
    shown: dict[str, object] = plain(answer.model_dump())
    return shown | {"category_name": category_name(answer.category, directory.town())}


@station.route("/desk/looks", methods=["GET"])
@responds(200, LOOKS_READERS)
def looks():
    """查看记录: ?unit (the own), ?day (today): who looked at what, why, and how often."""
    who = auth.caller()
    unit, day = http.parameter("unit") or who.unit, _day("day", http.now().date())
    return looking.page(unit, day, by=who, after=http.parameter("after"))


class SwapBody(RequestBody):
    unit: bodies.Code
    role: Role
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    person: bodies.Code
    instead_of: bodies.Code | None = None
    reason: Annotated[bodies.Words, StringConstraints(max_length=200)]


@station.route("/desk/duty", methods=["GET"])
@responds(200, ROSTER_READERS)
def get_duty():
    """Who is on duty when; both days count."""
    today = http.now().date()
    first = _day("from", today)
    last = _day("to", first + timedelta(days=6))
    return duty.roster(http.parameter("unit") or auth.caller().unit, first, last, http.now())


@station.route("/desk/duty/swaps", methods=["POST"])
@responds(201, ROSTER_KEEPERS)
def swap_duty():
    """换班"""
    body = read(SwapBody)
    wanted = duty.Wanted(body.unit, body.role, body.person, body.from_, body.to, body.instead_of, body.reason)
    return duty.swap(wanted, by=auth.caller(), now=http.now())


@station.route("/desk/duty/swaps/{swap_id}", methods=["DELETE"])
@responds(200, ROSTER_KEEPERS)
def take_swap_back(swap_id):
    duty.take_back(swap_id, by=auth.caller(), now=http.now())
    return {"id": swap_id}


def _day(name: str, otherwise: date) -> date:
    given = http.parameter(name)
    try:
        day = date.fromisoformat(given) if given else otherwise
        if 2000 <= day.year < 3000:
            return day
    except ValueError:
        pass
    raise Invalid("日期应写成 2026-11-23 这样", fields=[name])
