"""/desk: the station's own tools: reusable answers, and who is on duty when."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions.identity import looking
from chalicelib.actions.town import duty
from chalicelib.api import auth, bodies, http, queries
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import Instant
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.views.ticket_view import category_name, plain
from chalicelib.store.requests.idempotency import make_once
from chalicelib.store.town import directory, ready_answers

if TYPE_CHECKING:
    from chalicelib.actions.identity.schemas import Looks
    from chalicelib.actions.town.schemas import Roster, SwapShown
    from chalicelib.api.town.schemas import ReadyAnswer
    from chalicelib.domain.schemas import Id, Page

station = Blueprint(__name__)
ROSTER_KEEPERS = DESK | ADMIN | {Role.UNIT_HEAD}
LOOKS_READERS = ADMIN | LEADERS | {Role.STATION_HEAD, Role.UNIT_HEAD}
ROSTER_READERS = ROSTER_KEEPERS | LEADERS


class AnswerBody(RequestBody):
    title: Annotated[bodies.Words, StringConstraints(max_length=60)]
    text: bodies.Words
    category: bodies.Code | None = None


@station.route("/desk/answers", methods=["GET"])
@responds(200, DESK, asks=("after",))
def list_answers() -> "Page[ReadyAnswer]":
    """常用答复 of the caller's own station."""
    found, following = ready_answers.list_answers(auth.caller().unit, after=http.cursor())
    return {"items": [_view(answer) for answer in found], "next": following}


@station.route("/desk/answers", methods=["POST"])
@responds(201, DESK, reads=AnswerBody, key=Key.REQUIRED)
def add_answer() -> "ReadyAnswer":
    """A text that the station says often; kept scrubbed."""
    who = auth.caller()
    made = make_once(
        idempotency(who.code, required=True), lambda name: ready_answers.add(who.unit, _written(name))
    )
    return _view(ready_answers.get_answer(who.unit, made))


@station.route("/desk/answers/{answer_id}", methods=["PUT"])
@responds(200, DESK, reads=AnswerBody)
def replace_answer(answer_id: str) -> "ReadyAnswer":
    """The text as it is now."""
    answer = _written(answer_id)
    ready_answers.replace(auth.caller().unit, answer)
    return _view(answer)


@station.route("/desk/answers/{answer_id}", methods=["DELETE"])
@responds(200, DESK)
def remove_answer(answer_id: str) -> "Id":
    """The text is offered no more."""
    ready_answers.remove(auth.caller().unit, answer_id)
    return {"id": answer_id}


def _written(answer_id: str) -> ready_answers.Answer:
    body, who = read(AnswerBody), auth.caller()
    if body.category and directory.town().find_category(body.category) is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
    return ready_answers.Answer(
        id=answer_id,
        title=scrub(body.title),
        text=scrub(body.text),
        category=body.category,
        by=who.code,
        at=http.now(),
    )


def _view(answer: ready_answers.Answer) -> "ReadyAnswer":
    name = category_name(answer.category, directory.town())
    shown: ReadyAnswer = plain(answer.model_dump()) | {"category_name": name}
    return shown


@station.route("/desk/looks", methods=["GET"])
@responds(200, LOOKS_READERS, asks={"day": date, "unit": str, "after": str})
def looks() -> "Looks":
    """查看记录: ?unit (the own), ?day (today): who looked at what, why, and how often."""
    who = auth.caller()
    unit, day = http.parameter("unit") or who.unit, queries.day("day") or http.now().date()
    return looking.page(unit, day, by=who, after=http.cursor())


class SwapBody(RequestBody):
    unit: bodies.Code
    role: Role
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    person: bodies.Code
    instead_of: bodies.Code | None = None
    reason: Annotated[bodies.Words, StringConstraints(max_length=200)]


@station.route("/desk/duty", methods=["GET"])
@responds(200, ROSTER_READERS, asks={"from": date, "to": date, "unit": str})
def get_duty() -> "Roster":
    """Who is on duty when; both days count."""
    first = queries.day("from") or http.now().date()
    last = queries.day("to") or first + timedelta(days=6)
    return duty.roster(http.parameter("unit") or auth.caller().unit, first, last, http.now())


@station.route("/desk/duty/swaps", methods=["POST"])
@responds(201, ROSTER_KEEPERS, reads=SwapBody, key=Key.REQUIRED)
def swap_duty() -> "SwapShown":
    """换班"""
    body, who = read(SwapBody), auth.caller()
    wanted = duty.Wanted(body.unit, body.role, body.person, body.from_, body.to, body.instead_of, body.reason)
    return duty.swap(wanted, by=who, once=idempotency(who.code, required=True), now=http.now())


@station.route("/desk/duty/swaps/{swap_id}", methods=["DELETE"])
@responds(200, ROSTER_KEEPERS)
def take_swap_back(swap_id: str) -> "Id":
    """The roster holds again."""
    duty.take_back(swap_id, by=auth.caller(), now=http.now())
    return {"id": swap_id}
