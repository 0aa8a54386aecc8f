"""/api: what residents do."""

from typing import Literal

from chalice import Blueprint

from chalicelib.actions.identity import signing_in
from chalicelib.actions.notices import mini_program
from chalicelib.actions.tickets import acting, lines, reporting
from chalicelib.actions.tickets import own_tickets as own
from chalicelib.actions.views import ticket_pages
from chalicelib.api import auth, bodies, http
from chalicelib.api.http import RequestBody, read
from chalicelib.api.inbox import inbox_page, mark
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.visits.volunteers import own as as_volunteer
from chalicelib.domain.acts.endangered import Answer
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.views import danger
from chalicelib.gateways import reveal
from chalicelib.store.identity.identities import Contact
from chalicelib.store.requests import limits
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory
from chalicelib.store.visits import volunteers

residents = Blueprint(__name__)


class SessionBody(RequestBody):
    channel: Literal["browser", "qr"] = "browser"
    wechat_code: bodies.Annotated[str, bodies.StringConstraints(max_length=200)] = ""  # of wx.login


class WithdrawBody(bodies.Act):
    reason: bodies.Note = ""


class RatingBody(bodies.Act):
    solved: bool
    satisfied: bool | None = None
    words: bodies.Note = ""


class ResidentCommentBody(bodies.Act):
    text: bodies.Words
    photos: bodies.Photos = ()


class DangerBody(bodies.Act):
    answer: Answer
    kind: DangerKind | None = None


class ReadUntilBody(RequestBody):
    until: str


@residents.route("/api/sessions", methods=["POST"])
@responds(201)
def start_session():
    """A session for whoever wx.login says it is, or for someone without WeChat; the token is shown once."""
    body = read(SessionBody)
    if body.wechat_code:
        return {
            "token": mini_program.sign_in(body.wechat_code, address=http.source_address(), now=http.now())
        }
    token, _ = signing_in.start_resident(
        channel="browser" if body.channel == "qr" else body.channel,
        address=http.source_address(),
        now=http.now(),
    )
    return {"token": token}


@residents.route("/api/tickets", methods=["POST"])
@responds(201)
def report():
    """上报"""
    who, body = auth.resident(), read(bodies.ReportBody)
    once = idempotency(who.subject, required=True)
    ticket = reporting.report(sent(body), by=who, replay=once, address=http.source_address(), now=http.now())
    due = clocks.find_latest(ticket, ClockKind.FEEDBACK)
    return {
        "id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "danger": danger.asked(ticket, directory.town()),
        "feedback_due_at": due.due_at.isoformat(timespec="seconds") if due else None,
    }


@residents.route("/api/tickets", methods=["GET"])
@responds()
def my_tickets():
    who, town = auth.resident(), directory.town()
    found, following = lists.list_mine(who.subject, after=http.parameter("after"))
    items = [lines.my_view(listed, town) for listed in found if not listed.part_of]
    return {"items": items, "next": following}


@residents.route("/api/tickets/{ticket_id}", methods=["GET"])
@responds()
def my_ticket(ticket_id):
    return ticket_pages.resident_ticket(ticket_id, by=auth.resident().subject, now=http.now())


@residents.route("/api/tickets/{ticket_id}/comments", methods=["POST"])
@responds(201)
def comment(ticket_id):
    who, body = auth.resident(), read(ResidentCommentBody)
    own.own(ticket_id, who.subject)
    limits.count(limits.COMMENTS_BY_PERSON, who.subject, http.now())
    acting.comment_by_resident(
        ticket_id,
        by=who.subject,
        text=body.text,
        given_photos=body.photos,
        replay=idempotency(who.subject),
        now=http.now(),
    )
    return {"id": ticket_id}


@residents.route("/api/tickets/{ticket_id}/danger", methods=["POST"])
@responds()
def answer_danger(ticket_id):
    """现在有人有危险吗？"""
    who, body = auth.resident(), read(DangerBody)
    ticket = own.answer_danger(
        ticket_id,
        by=who.subject,
        answer=body.answer,
        kind=body.kind,
        replay=idempotency(who.subject),
        now=http.now(),
    )
    return {"id": ticket.id, "stage": ticket.stage.value, "danger": danger.asked(ticket, directory.town())}


@residents.route("/api/tickets/{ticket_id}/withdraw", methods=["POST"])
@responds()
def withdraw(ticket_id):
    """撤回"""
    who, body = auth.resident(), read(WithdrawBody)
    ticket = own.withdraw(
        ticket_id, by=who.subject, reason=body.reason, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/join", methods=["POST"])
@responds()
def join(ticket_id):
    """附议"""
    who = auth.resident()
    limits.count(limits.COMMENTS_BY_PERSON, who.subject, http.now())
    ticket = own.join(ticket_id, by=who, now=http.now())
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/rating", methods=["POST"])
@responds()
def rate(ticket_id):
    """满意度"""
    who, body = auth.resident(), read(RatingBody)
    limits.count(limits.COMMENTS_BY_PERSON, who.subject, http.now())
    ticket = own.rate(
        ticket_id,
        by=who.subject,
        solved=body.solved,
        satisfied=body.satisfied,
        words=body.words,
        replay=idempotency(who.subject),
        now=http.now(),
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/reopen", methods=["POST"])
@responds()
def reopen(ticket_id):
    who, body = auth.resident(), read(bodies.ReasonBody)
    ticket = own.reopen(
        ticket_id, by=who.subject, reason=body.reason, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/split", methods=["POST"])
@responds()
def split(ticket_id):
    """不是同一件事，分开办"""
    who, body = auth.resident(), read(bodies.ReasonBody)
    ticket = own.split(
        ticket_id, by=who.subject, reason=body.reason, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/inbox", methods=["GET"])
@responds()
def my_inbox():
    return inbox_page(f"reporter:{auth.resident().subject}")


@residents.route("/api/inbox/read", methods=["POST"])
@responds()
def read_inbox():
    return mark(f"reporter:{auth.resident().subject}", read(ReadUntilBody).until)


@residents.route("/api/me", methods=["GET"])
@responds()
def export():
    """Everything kept about me."""
    who = auth.resident()
    copy = {"tickets": reveal.ask("export", auth.token())}
    if (known := volunteers.find_of(who.subject)) is None:
        return copy
    given = reveal.ask("own_sign_up", auth.token())
    return copy | {"volunteer": as_volunteer(known) | given}


@residents.route("/api/me/forget", methods=["POST"])
@responds()
def forget():
    """Remove who I am from my ended tickets."""
    auth.resident()
    return {"forgotten": reveal.ask("forget", auth.token())}


def sent(body: bodies.ReportBody) -> reporting.Sent:
    contact = Contact(name=body.contact.name, phone=body.contact.phone) if body.contact else None
    external = getattr(body, "external", None)
    fields = body.model_dump(exclude={"contact", "source", "external"})
    return reporting.Sent(**fields, contact=contact, external=external.model_dump() if external else None)
