"""政策知识: entries beside a question at the desk, one offered to a resident before sending, and who was answered by it."""

from datetime import timedelta
from typing import Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.knowledge import asking
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.store.knowledge import self_help
from chalicelib.store.requests import limits

knowledge = Blueprint(__name__)
SHOWN = timedelta(days=90)


class QuestionBody(RequestBody):
    text: bodies.Note


class AnsweredBody(RequestBody):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


@knowledge.route("/api/knowledge", methods=["POST"])
@responds()
def ask_knowledge():
    """这条答复了您吗？ One entry with its source, or none; the report is never held up."""
    who, body = auth.resident(), read(QuestionBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"knowledge:{who.subject}", http.now())
    return {"items": asking.for_resident(body.text, now=http.now())}


@knowledge.route("/api/knowledge/answered", methods=["POST"])
@responds()
def say_answered():
    """自助解答"""
    who, body = auth.resident(), read(AnsweredBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"knowledge:{who.subject}", http.now())
    asking.answered(body.code, by=who.subject, now=http.now())
    return {"code": body.code}


@knowledge.route("/desk/knowledge", methods=["POST"])
@responds(200, DESK | LEADERS)
def find_knowledge():
    auth.caller()
    return {"items": asking.for_desk(read(QuestionBody).text, now=http.now())}


@knowledge.route("/desk/knowledge/answered", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_answered():
    """自助解答 of the last 90 days, by day and entry; no person."""
    auth.caller()
    days = self_help.list_days((http.now() - SHOWN).date().isoformat())
    return {"items": [{"day": day, "code": code, "count": count} for day, code, count in days], "next": None}
