"""Repeats: what a resident is shown before sending, what the desk is shown beside a ticket, and what the desk says of it."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.tickets import listening
from chalicelib.actions.views import repeats
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import answer
from chalicelib.domain.town.codes import normalise
from chalicelib.store.requests import limits

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import BesideShown
    from chalicelib.api.tickets.schemas import Acted, AlikeNearby
    from chalicelib.domain.schemas import Items

similar = Blueprint(__name__)


class AskBody(RequestBody):
    point: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    text: bodies.Note


class JudgeBody(RequestBody):
    other: bodies.Code
    same: bool
    merge: bool = False


@similar.route("/api/tickets/similar", methods=["POST"])
@responds(200, auth.resident, reads=AskBody)
def ask_similar() -> "AlikeNearby":
    """What is open near the point and reads like what was typed; nothing where it says danger, which is asked first."""
    who, body = auth.resident(), read(AskBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"similar:{who.subject}", http.now())
    limits.count(limits.QUESTIONS_AT_POINT, normalise(body.point), http.now())
    found = repeats.for_resident(body.point, body.text, now=http.now())
    is_danger = listening.sounds_like_danger(body.text)
    return {"items": [] if is_danger else found, "danger": is_danger}


@similar.route("/desk/tickets/{ticket_id}/similar", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_similar(ticket_id: str) -> "Items[BesideShown]":
    """What may be the same matter, with reasons, the likeliest first; what was judged not the same is left out."""
    return {"items": repeats.for_desk(ticket_id, by=auth.caller(), now=http.now())}


@similar.route("/desk/tickets/{ticket_id}/similar", methods=["POST"])
@responds(200, DESK | LEADERS, reads=JudgeBody, key=Key.OPTIONAL)
def judge_similar(ticket_id: str) -> "Acted":
    """是同一件事 / 不是同一件事"""
    body, who = read(JudgeBody), auth.caller()
    ticket = repeats.judge(
        ticket_id,
        body.other,
        same=body.same,
        merge=body.merge,
        by=who,
        replay=idempotency(who.code),
        now=http.now(),
    )
    return answer(ticket)
