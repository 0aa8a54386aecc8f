"""/desk: the station's own tools: reusable answers, and who is on duty when."""

from typing import Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import DESK
from chalicelib.api.http import RequestBody, answers, read
from chalicelib.domain.errors import Invalid
from chalicelib.domain.scrub import scrub
from chalicelib.domain.showing import category_name, plain
from chalicelib.store import answers as kept
from chalicelib.store import directory

station = Blueprint(__name__)


class AnswerBody(RequestBody):
    title: Annotated[bodies.Words, StringConstraints(max_length=60)]
    text: bodies.Words
    category: bodies.Code | None = None


@station.route("/desk/answers", methods=["GET"])
@answers(200, DESK)
def list_answers():
    found, following = kept.list_answers(auth.caller().unit, after=http.parameter("after"))
    return {"items": [_shown(answer) for answer in found], "next": following}


@station.route("/desk/answers", methods=["POST"])
@answers(201, DESK)
def add_answer():
    answer = _written(kept.new_id())
    kept.add(auth.caller().unit, answer)
    return _shown(answer)


@station.route("/desk/answers/{answer_id}", methods=["PUT"])
@answers(200, DESK)
def replace_answer(answer_id):
    answer = _written(answer_id)
    kept.replace(auth.caller().unit, answer)
    return _shown(answer)


@station.route("/desk/answers/{answer_id}", methods=["DELETE"])
@answers(200, DESK)
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
