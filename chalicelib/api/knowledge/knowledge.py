"""政策知识: entries beside a question at the desk, one offered to a resident before sending, and who was answered by it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.knowledge import asking, keeping
from chalicelib.actions.tickets import listening
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.knowledge import self_help
from chalicelib.store.requests import limits

if TYPE_CHECKING:
    from chalicelib.actions.knowledge.schemas import EntryFound, KnowledgeFile, Owed
    from chalicelib.api.knowledge.schemas import EntryCode, EntryOffered, SelfHelp
    from chalicelib.domain.schemas import Id, Items, Page

knowledge = Blueprint(__name__)
SHOWN = timedelta(days=90)
KEEPERS = DESK | LEADERS | ADMIN | {Role.UNIT_HEAD, Role.HANDLER}


class QuestionBody(RequestBody):
    text: bodies.Note


class MissingBody(RequestBody):
    """What was asked, and no entry answers."""

    text: bodies.Words


class DraftBody(RequestBody):
    """A draft as its keeper completes it."""

    question: bodies.Words
    answer: bodies.Note = ""
    title: bodies.Short = ""
    steps: bodies.Note = ""
    source_title: Annotated[bodies.Note, StringConstraints(max_length=200)] = ""
    source_url: Annotated[str, StringConstraints(max_length=500, pattern=r"^(https?://\S+)?$")] = ""
    source_date: date | None = None


class AnsweredBody(RequestBody):
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


@knowledge.route("/api/knowledge", methods=["POST"])
@responds(200, auth.resident, reads=QuestionBody)
def ask_knowledge() -> "EntryOffered":
    """这条答复了您吗？ One entry with its source, or none; the report is never held up."""
    who, body = auth.resident(), read(QuestionBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"knowledge:{who.subject}", http.now())
    return {
        "items": asking.for_resident(body.text, now=http.now()),
        "danger": listening.sounds_like_danger(body.text),
    }


@knowledge.route("/api/knowledge/answered", methods=["POST"])
@responds(200, auth.resident, reads=AnsweredBody)
def say_answered() -> "EntryCode":
    """自助解答"""
    who, body = auth.resident(), read(AnsweredBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"knowledge:{who.subject}", http.now())
    asking.answered(body.code, by=who.subject, now=http.now())
    return {"code": body.code}


@knowledge.route("/desk/knowledge", methods=["POST"])
@responds(200, DESK | LEADERS, reads=QuestionBody)
def find_knowledge() -> "Items[EntryFound]":
    """At most three entries of policy knowledge, unverified ones marked."""
    auth.caller()
    return {"items": asking.for_desk(read(QuestionBody).text, now=http.now())}


@knowledge.route("/desk/knowledge/answered", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_answered() -> "Page[SelfHelp]":
    """自助解答 of the last 90 days, by day and entry; no person."""
    auth.caller()
    days = self_help.list_days((http.now() - SHOWN).date().isoformat())
    return {"items": [{"day": day, "code": code, "count": count} for day, code, count in days], "next": None}


@knowledge.route("/desk/knowledge/missing", methods=["POST"])
@responds(201, DESK | LEADERS, reads=MissingBody, key=Key.REQUIRED)
def say_missing() -> "Id":
    """都没答上: no entry answers what was asked."""
    body, who = read(MissingBody), auth.caller()
    return {"id": keeping.ask(body.text, by=who, once=idempotency(who.code, required=True), now=http.now())}


@knowledge.route("/desk/tickets/{ticket_id}/draft", methods=["POST"])
@responds(201, DESK | LEADERS, reads=bodies.Nothing)
def make_draft(ticket_id: str) -> "Id":
    """记成知识: what was answered by hand becomes a draft of an entry."""
    read(bodies.Nothing)
    return {"id": keeping.draft_of_answer(ticket_id, by=auth.caller(), now=http.now())}


@knowledge.route("/staff/knowledge", methods=["GET"])
@responds(200, KEEPERS)
def list_owed() -> "Owed":
    """What the caller's unit owes to the knowledge."""
    return keeping.owed(by=auth.caller(), now=http.now())


@knowledge.route("/staff/knowledge/{draft_id}", methods=["PUT"])
@responds(200, KEEPERS, reads=DraftBody)
def change_draft(draft_id: str) -> "Id":
    """What the entry will say."""
    keeping.change(draft_id, read(DraftBody).model_dump(), by=auth.caller())
    return {"id": draft_id}


@knowledge.route("/staff/knowledge/{draft_id}", methods=["DELETE"])
@responds(200, KEEPERS)
def drop_draft(draft_id: str) -> "Id":
    """处理好了"""
    keeping.drop(draft_id, by=auth.caller())
    return {"id": draft_id}


@knowledge.route("/admin/knowledge", methods=["GET"])
@responds(200, ADMIN)
def get_knowledge_file() -> "KnowledgeFile":
    """knowledge.csv in force, with the drafts below it: to be checked, then imported like every other file."""
    return keeping.as_file()
