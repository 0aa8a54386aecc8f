"""Repeats: what a resident is shown before sending, what the desk is shown beside a ticket, and what the desk says of it."""

from chalice import Blueprint

from chalicelib.actions.views import repeats
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import answer
from chalicelib.domain.town.codes import normalise
from chalicelib.store.requests import limits

similar = Blueprint(__name__)


class AskBody(RequestBody):
    point: bodies.Annotated[str, bodies.StringConstraints(min_length=1, max_length=20)]
    text: bodies.Note


class JudgeBody(RequestBody):
    other: bodies.Code
    same: bool
    merge: bool = False


@similar.route("/api/tickets/similar", methods=["POST"])
@responds()
def ask_similar():
    """What is open near the point and reads like what was typed."""
    who, body = auth.resident(), read(AskBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"similar:{who.subject}", http.now())
    limits.count(limits.QUESTIONS_AT_POINT, normalise(body.point), http.now())
    return {"items": repeats.for_resident(body.point, body.text, now=http.now())}


@similar.route("/desk/tickets/{ticket_id}/similar", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_similar(ticket_id):
    return {"items": repeats.for_desk(ticket_id, by=auth.caller(), now=http.now())}


@similar.route("/desk/tickets/{ticket_id}/similar", methods=["POST"])
@responds(200, DESK | LEADERS)
def judge_similar(ticket_id):
    """是同一件事 / 不是同一件事"""
    body, who = read(JudgeBody), auth.caller()
    ticket = repeats.judge(
        ticket_id,
        body.other,
        same=body.same,
        merge=body.merge,
        by=who,
        replay=idempotency(who.code) if body.merge else None,
        now=http.now(),
    )
    return answer(ticket)
