"""/staff: what everyone who works does, on a phone or in a browser."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.identity import locking, looking, signing_in
from chalicelib.actions.tickets import acting, confronting, lines, reporting
from chalicelib.actions.views import beside, searching, ticket_pages
from chalicelib.api import auth, bodies, http, queries
from chalicelib.api.auth import ANYONE, CONFIDENTIAL, DESK, HANDLERS, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.inbox import mark, staff_inbox_page
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import STAFF_ACTS, STAFF_BODIES, answer, perform, preview
from chalicelib.api.tickets.board import queue_of
from chalicelib.api.tickets.locking import Secret
from chalicelib.api.tickets.residents import ReadUntilBody, sent
from chalicelib.domain.acts.words import Written
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.town.vocabulary import FOUND, Source, Staff
from chalicelib.domain.views import access, ticket_view
from chalicelib.gateways import reveal as gateway
from chalicelib.store.identity import sessions
from chalicelib.store.tickets import lists, tickets, writing
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import StatementAsked, TicketLine
    from chalicelib.actions.views.schemas import BesideTicket, ReadByResidents, StaffTicket
    from chalicelib.api.schemas import Inbox, ReadUntil
    from chalicelib.api.tickets.schemas import Acted, ContactShown, Me, MeHere, OtherWriter, SignedIn
    from chalicelib.domain.schemas import Id, Items, Message, Page
    from chalicelib.domain.views.schemas import QueueRow

staff = Blueprint(__name__)


class CodeBody(RequestBody):
    """`console`: the screen locks; `computer`: the secret of a registered one; `leaving`: the token of who sat there."""

    code: bodies.Code
    console: bool = False
    computer: Secret = ""
    leaving: Secret = ""


class StaffCodeBody(RequestBody):
    staff: bodies.Code


class PhoneBody(RequestBody):
    phone: Annotated[str, StringConstraints(min_length=5, max_length=30)]
    reason: bodies.Words


@staff.route("/staff/sessions", methods=["POST"])
@responds(201, reads=CodeBody)
def sign_in() -> "SignedIn":
    """登录 with a one-time code."""
    body, address, now = read(CodeBody), http.source_address(), http.now()
    if body.console:
        token, who = signing_in.sign_in_at_console(
            body.code, secret=body.computer, leaving=body.leaving, address=address, now=now
        )
    else:
        token, who = signing_in.sign_in_staff(body.code, channel="console", address=address, now=now)
    return {"token": token, "staff": _me(who, sessions.find(token, now))}


@staff.route("/staff/sign-in-codes", methods=["POST"])
@responds(202, reads=StaffCodeBody)
def push_code() -> "Message":
    """Push a one-time code to the phone of a member of staff; the answer does not say whether there is one."""
    signing_in.push_code(read(StaffCodeBody).staff, address=http.source_address(), now=http.now())
    return {"message": "登录码已发到您的手机，15分钟内有效"}


@staff.route("/staff/sessions/end", methods=["POST"])
@responds(200, auth.even_locked)
def sign_out() -> "Message":
    """This session ends."""
    sessions.end(auth.token())
    return {"message": "已退出登录"}


@staff.route("/staff/me", methods=["GET"])
@responds(200, ANYONE)
def me() -> "MeHere":
    """Who is signed in, and when the screen locks."""
    return _me(auth.caller(), auth.session())


@staff.route("/staff/queues/{queue}", methods=["GET"])
@responds(200, ANYONE, asks=("after",))
def queue(queue: str) -> "Page[QueueRow]":
    """A queue of the caller's: mine, unit, escalated, and at a station verify; for the desk also desk and calls."""
    who = auth.caller()
    page, town = lists.list_queue(queue_of(queue, who), after=http.cursor()), directory.town()
    rows = [ticket_view.queue_row(item, town) for item in page if access.may_list(item, who)]
    return {"items": rows, "next": page.next}


@staff.route("/staff/tickets", methods=["POST"])
@responds(201, HANDLERS, reads=bodies.EnterBody, key=Key.REQUIRED)
def enter() -> "Acted":
    """A walk-in or a call (desk only), or what was found on a round (主动发现)."""
    body = read(bodies.EnterBody)
    source = Source(body.source)
    who = auth.caller(HANDLERS if source in FOUND else DESK)
    once = idempotency(who.code, required=True)
    made = reporting.enter(sent(body), source=source, by=who, token=auth.token(), replay=once, now=http.now())
    return answer(made)


@staff.route("/staff/tickets/{ticket_id}", methods=["GET"])
@responds(200, ANYONE, asks={"keep": bool})
def ticket(ticket_id: str) -> "StaffTicket":
    """With `keep`: for a phone that keeps it for where there is no signal."""
    is_kept = queries.flag("keep")
    return ticket_pages.staff_ticket(ticket_id, by=auth.caller(), now=http.now(), is_kept=is_kept)


@staff.route("/staff/tickets/{ticket_id}/beside", methods=["GET"])
@responds(200, ANYONE)
def beside_ticket(ticket_id: str) -> "BesideTicket":
    """What may be the same matter, its class, and who else reported its danger: asked once, not whenever the ticket is read again."""
    return beside.beside(ticket_id, by=auth.caller(), now=http.now())


@staff.route("/staff/tickets/{ticket_id}/comment", methods=["POST"])
@responds(201, HANDLERS | LEADERS | CONFIDENTIAL, reads=bodies.CommentBody, key=Key.OPTIONAL)
def comment(ticket_id: str) -> "Id":
    """留言: to the reporter, to members too, or among staff."""
    who, body = auth.caller(), read(bodies.CommentBody)
    acting.comment(
        ticket_id,
        Written(body.text, body.photos, body.public, body.audience),
        by=who,
        replay=idempotency(who.code),
        now=http.now(),
    )
    return {"id": ticket_id}


@staff.route("/staff/tickets/{ticket_id}/reveal", methods=["POST"])
@responds(200, ANYONE, reads=bodies.RevealBody)
def reveal(ticket_id: str) -> "ContactShown":
    """查看身份, field by field, with a reason; the resident sees that it happened."""
    body, who = read(bodies.RevealBody), auth.caller()
    asked = {"fields": list(body.fields), "reason": body.reason, "words": body.words, "of": body.of}
    shown: ContactShown = gateway.ask(Asked.REVEAL, auth.token(), ticket_id=ticket_id, **asked)
    looking.count_reveal(who, body.reason, http.now())
    return shown


@staff.route("/staff/tickets/{ticket_id}/preview", methods=["POST"])
@responds(200, ANYONE, reads=bodies.PreviewBody)
def preview_act(ticket_id: str) -> "Page[ReadByResidents]":
    """What residents would read of an act; nothing is done."""
    body = read(bodies.PreviewBody)
    return {"items": preview(body.act, ticket_id, body.given), "next": None}


@staff.route("/staff/tickets/{ticket_id}/writing", methods=["POST"])
@responds(200, ANYONE, reads=bodies.Nothing)
def write_on(ticket_id: str) -> "OtherWriter":
    """I am writing on this ticket; answers who else is, so that two do not write the same."""
    read(bodies.Nothing)
    who, town = auth.caller(), directory.town()
    access.need_sight(tickets.get(ticket_id), who, town)
    other = writing.note(ticket_id, who.code, http.now())
    person = town.find_staff(other.by) if other else None
    return {"other": {"code": person.code, "name": person.name} if person else None}


@staff.route("/staff/tickets/{ticket_id}/{act}", methods=["POST"])
@responds(200, ANYONE, reads=STAFF_BODIES, key=Key.OPTIONAL)
def act(ticket_id: str, act: str) -> "Acted":
    """An act of staff, by its name."""
    return answer(perform(STAFF_ACTS, act, ticket_id))


@staff.route("/staff/inbox", methods=["GET"])
@responds(200, ANYONE, asks=("after",))
def my_inbox() -> "Inbox":
    """Messages to the caller, newest first; of a ticket not to be seen now only the recall is left."""
    return staff_inbox_page(auth.caller())


@staff.route("/staff/inbox/read", methods=["POST"])
@responds(200, ANYONE, reads=ReadUntilBody)
def read_inbox() -> "ReadUntil":
    """Everything until then is read."""
    return mark(f"staff:{auth.caller().code}", read(ReadUntilBody).until)


@staff.route("/staff/statements", methods=["GET"])
@responds(200, ANYONE)
def my_statements() -> "Items[StatementAsked]":
    """请您说明: what a leader has put to the caller, or the unit that the caller heads, due first; nothing of any ticket."""
    return {"items": confronting.list_asked(auth.caller(), directory.town())}


@staff.route("/staff/statements/{statement_id}", methods=["POST"])
@responds(200, ANYONE, reads=bodies.TextBody, key=Key.OPTIONAL)
def make_statement(statement_id: str) -> "Id":
    """说明: the answer goes to whoever put it, and nowhere else."""
    by, body = auth.caller(), read(bodies.TextBody)
    confronting.state(statement_id, by=by, text=body.text, replay=idempotency(by.code), now=http.now())
    return {"id": statement_id}


@staff.route("/staff/search", methods=["GET"])
@responds(
    200,
    DESK | LEADERS | {*HANDLERS},
    asks={"number": str, "external": str, "place": str, "since": date, "until": date},
)
def search() -> "Page[TicketLine]":
    """By number, external (partner:number), or place with since and until (dates)."""
    found = searching.search(
        by=auth.caller(),
        number=http.parameter("number"),
        external=http.parameter("external"),
        place=http.parameter("place"),
        since=queries.day("since"),
        until=queries.day("until"),
    )
    return {"items": found, "next": None}


@staff.route("/staff/search/phone", methods=["POST"])
@responds(200, DESK, reads=PhoneBody)
def search_by_phone() -> "Page[TicketLine]":
    """By the reporter's phone, with a reason, audited. In the body, so that no number stands in a log of URLs."""
    body = read(PhoneBody)
    ids = gateway.ask(Asked.FIND_BY_PHONE, auth.token(), phone=body.phone, reason=body.reason)
    town = directory.town()
    return {"items": [lines.short_view(ticket, town) for ticket in lists.get_many(ids)], "next": None}


def _me(who: Staff, session: sessions.Session | None) -> "MeHere":
    return {**_view(who), "lock": locking.lock_view(session, http.now()) if session else None}


def _view(who: Staff) -> "Me":
    unit = directory.town().find_unit(who.unit)
    return {
        "code": who.code,
        "name": who.name,
        "unit": who.unit,
        "unit_name": unit.name if unit else "",
        "roles": list(who.roles),
    }
