"""/api: what residents do."""

from typing import TYPE_CHECKING, Annotated, Literal

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions import recordings
from chalicelib.actions.identity import signing_in
from chalicelib.actions.notices import mini_program
from chalicelib.actions.tickets import acting, confronting, lines, own_tickets, reporting
from chalicelib.actions.town import nearby
from chalicelib.actions.views import ticket_pages
from chalicelib.api import auth, bodies, http
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.inbox import inbox_page, mark
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.visits import volunteers as volunteer_routes
from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.views import danger
from chalicelib.gateways import reveal
from chalicelib.store.identity.identities import Contact
from chalicelib.store.requests import limits
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory
from chalicelib.store.visits import volunteers

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import TicketLine
    from chalicelib.actions.views.schemas import ResidentTicket
    from chalicelib.api.schemas import Inbox, ReadUntil
    from chalicelib.api.tickets.schemas import Forgotten, MyData, Reported, Stood, StoodInDanger, Token
    from chalicelib.api.visits.schemas import NameAndPhone
    from chalicelib.domain.schemas import Id, Page, RecordingForm

residents = Blueprint(__name__)


class SessionBody(RequestBody):
    channel: Literal["browser", "qr"] = "browser"
    wechat_code: Annotated[str, StringConstraints(max_length=200)] = ""  # of wx.login


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


class AvoidBody(bodies.Act):
    avoid: bodies.Avoid


class AgreeBody(bodies.Act):
    """`id`: of the words that were read; what was worded anew is asked anew."""

    id: bodies.Code
    agreed: bool


class ReadUntilBody(RequestBody):
    until: str


@residents.route("/api/sessions", methods=["POST"])
@responds(201, reads=SessionBody)
def start_session() -> "Token":
    """A session for whoever wx.login says it is, or for someone without WeChat; the token is shown once."""
    body = read(SessionBody)
    if body.wechat_code:
        return {
            "token": mini_program.sign_in(body.wechat_code, address=http.source_address(), now=http.now())
        }
    token, _ = signing_in.start_resident(
        channel="browser",
        address=http.source_address(),
        now=http.now(),
    )
    return {"token": token}


@residents.route("/api/recordings", methods=["POST"])
@responds(201, auth.resident, reads=bodies.RecordingBody)
def request_recording() -> "RecordingForm":
    """说: where to send what was spoken. Refused without consent."""
    who, body, now = auth.resident(), read(bodies.RecordingBody), http.now()
    limits.count(limits.UPLOADS_BY_PERSON, who.subject, now)
    return recordings.request_upload(body.content_type, body.size, body.seconds, owner=who.subject, now=now)


@residents.route("/api/tickets", methods=["POST"])
@responds(201, auth.resident, reads=bodies.ReportBody, key=Key.REQUIRED)
def report() -> "Reported":
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
@responds(200, auth.resident, asks=("after",))
def my_tickets() -> "Page[TicketLine]":
    """The tickets that the caller reported or joined."""
    who, town = auth.resident(), directory.town()
    found, following = lists.list_mine(who.subject, after=http.cursor())
    items = [lines.my_view(listed, town) for listed in found if not listed.part_of]
    return {"items": items, "next": following}


@residents.route("/api/tickets/{ticket_id}", methods=["GET"])
@responds(200, auth.resident)
def my_ticket(ticket_id: str) -> "ResidentTicket":
    """One of them, with its timeline and who viewed it."""
    return ticket_pages.resident_ticket(ticket_id, by=auth.resident().subject, now=http.now())


@residents.route("/api/tickets/{ticket_id}/comments", methods=["POST"])
@responds(201, auth.resident, reads=ResidentCommentBody, key=Key.OPTIONAL)
def comment(ticket_id: str) -> "Id":
    """留言 to whoever handles it."""
    who, body = auth.resident(), read(ResidentCommentBody)
    own_tickets.own(ticket_id, who.subject)
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
@responds(200, auth.resident, reads=DangerBody, key=Key.OPTIONAL)
def answer_danger(ticket_id: str) -> "StoodInDanger":
    """现在有人有危险吗？"""
    who, body = auth.resident(), read(DangerBody)
    ticket = own_tickets.answer_danger(
        ticket_id,
        by=who.subject,
        answer=body.answer,
        kind=body.kind,
        replay=idempotency(who.subject),
        now=http.now(),
    )
    return {"id": ticket.id, "stage": ticket.stage.value, "danger": danger.asked(ticket, directory.town())}


@residents.route("/api/tickets/{ticket_id}/avoid", methods=["POST"])
@responds(200, auth.resident, reads=AvoidBody, key=Key.OPTIONAL)
def avoid(ticket_id: str) -> "Id":
    """避开某方; nobody: 不用避开"""
    who, body = auth.resident(), read(AvoidBody)
    own_tickets.avoid(
        ticket_id, by=who.subject, avoid=body.avoid, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket_id}


@residents.route("/api/tickets/{ticket_id}/confront", methods=["POST"])
@responds(200, auth.resident, reads=AgreeBody, key=Key.OPTIONAL)
def answer_confront(ticket_id: str) -> "Id":
    """能不能转告: yes or no to the very words that would go out."""
    who, body = auth.resident(), read(AgreeBody)
    confronting.agree(
        ticket_id,
        by=who.subject,
        confrontation_id=body.id,
        agreed=body.agreed,
        replay=idempotency(who.subject),
        now=http.now(),
    )
    return {"id": ticket_id}


@residents.route("/api/tickets/{ticket_id}/withdraw", methods=["POST"])
@responds(200, auth.resident, reads=WithdrawBody, key=Key.OPTIONAL)
def withdraw(ticket_id: str) -> "Stood":
    """撤回"""
    who, body = auth.resident(), read(WithdrawBody)
    ticket = own_tickets.withdraw(
        ticket_id, by=who.subject, reason=body.reason, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/join", methods=["POST"])
@responds(200, auth.resident)
def join(ticket_id: str) -> "Stood":
    """附议"""
    who = auth.resident()
    limits.count(limits.COMMENTS_BY_PERSON, who.subject, http.now())
    ticket = own_tickets.join(ticket_id, by=who, now=http.now())
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/rating", methods=["POST"])
@responds(200, auth.resident, reads=RatingBody, key=Key.OPTIONAL)
def rate(ticket_id: str) -> "Stood":
    """满意度"""
    who, body = auth.resident(), read(RatingBody)
    limits.count(limits.COMMENTS_BY_PERSON, who.subject, http.now())
    ticket = own_tickets.rate(
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
@responds(200, auth.resident, reads=bodies.ReasonBody, key=Key.OPTIONAL)
def reopen(ticket_id: str) -> "Stood":
    """The matter goes on, within the days in which it may after its closing."""
    who, body = auth.resident(), read(bodies.ReasonBody)
    ticket = own_tickets.reopen(
        ticket_id, by=who.subject, reason=body.reason, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/tickets/{ticket_id}/split", methods=["POST"])
@responds(200, auth.resident, reads=bodies.ReasonBody, key=Key.OPTIONAL)
def split(ticket_id: str) -> "Stood":
    """不是同一件事，分开办"""
    who, body = auth.resident(), read(bodies.ReasonBody)
    ticket = own_tickets.split(
        ticket_id, by=who.subject, reason=body.reason, replay=idempotency(who.subject), now=http.now()
    )
    return {"id": ticket.id, "stage": ticket.stage.value}


@residents.route("/api/inbox", methods=["GET"])
@responds(200, auth.resident, asks=("after",))
def my_inbox() -> "Inbox":
    """Messages to the caller, newest first; `unread` of the first page: when it equals the page there may be more."""
    return inbox_page(f"reporter:{auth.resident().subject}")


@residents.route("/api/inbox/read", methods=["POST"])
@responds(200, auth.resident, reads=ReadUntilBody)
def read_inbox() -> "ReadUntil":
    """Everything until then is read."""
    return mark(f"reporter:{auth.resident().subject}", read(ReadUntilBody).until)


@residents.route("/api/me", methods=["GET"])
@responds(200, auth.resident)
def export() -> "MyData":
    """Everything kept about me."""
    who = auth.resident()
    copy: MyData = {"tickets": reveal.ask(Asked.EXPORT, auth.token()), "watches": nearby.watched(who.subject)}
    if (known := volunteers.find_of(who.subject)) is None:
        return copy
    given: NameAndPhone = reveal.ask(Asked.OWN_SIGN_UP, auth.token())
    return {**copy, "volunteer": {**volunteer_routes.own(known), **given}}


@residents.route("/api/me/forget", methods=["POST"])
@responds(200, auth.resident)
def forget() -> "Forgotten":
    """Remove who I am from my ended tickets."""
    auth.resident()
    return {"forgotten": reveal.ask(Asked.FORGET, auth.token())}


def sent(body: bodies.ReportBody) -> reporting.Sent:
    contact = Contact(name=body.contact.name, phone=body.contact.phone) if body.contact else None
    external = getattr(body, "external", None)
    behalf = Contact(name=body.on_behalf.name, phone=body.on_behalf.phone) if body.on_behalf else None
    fields = body.model_dump(exclude={"contact", "on_behalf", "source", "external"})
    return reporting.Sent(
        **fields, contact=contact, on_behalf=behalf, external=external.model_dump() if external else None
    )
