"""/staff: what everyone who works does, on a phone or in a browser."""

from chalice import Blueprint

from chalicelib.actions.identity import looking, signing_in
from chalicelib.actions.tickets import acting, lines, reporting
from chalicelib.actions.views import searching, ticket_pages
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ANYONE, CONFIDENTIAL, DESK, HANDLERS, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.inbox import mark, staff_inbox_page
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets import possible
from chalicelib.api.tickets.acts import STAFF_ACTS, answer, perform
from chalicelib.api.tickets.board import queue_of
from chalicelib.api.tickets.residents import ReadUntilBody, sent
from chalicelib.domain.town.vocabulary import FOUND, Source, Staff
from chalicelib.domain.views import access, ticket_view
from chalicelib.gateways import reveal as revealing
from chalicelib.store.identity import sessions
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory

staff = Blueprint(__name__)


class CodeBody(RequestBody):
    code: bodies.Code


class StaffCodeBody(RequestBody):
    staff: bodies.Code


class PhoneBody(RequestBody):
    phone: bodies.Annotated[str, bodies.StringConstraints(min_length=5, max_length=30)]
    reason: bodies.Words


@staff.route("/staff/sessions", methods=["POST"])
@responds(201)
def sign_in():
    """登录 with a one-time code."""
    body = read(CodeBody)
    token, who = signing_in.sign_in_staff(
        body.code, channel="console", address=http.source_address(), now=http.now()
    )
    return {"token": token, "staff": _shown(who)}


@staff.route("/staff/sign-in-codes", methods=["POST"])
@responds(202)
def push_code():
    """Push a one-time code to the phone of a member of staff; the answer does not say whether there is one."""
    signing_in.push_code(read(StaffCodeBody).staff, address=http.source_address(), now=http.now())
    return {"message": "登录码已发到您的手机，15分钟内有效"}


@staff.route("/staff/sessions/end", methods=["POST"])
@responds(200, ANYONE)
def sign_out():
    sessions.end(auth.token())
    return {"message": "已退出登录"}


@staff.route("/staff/me", methods=["GET"])
@responds(200, ANYONE)
def me():
    return _shown(auth.caller())


@staff.route("/staff/queues/{queue}", methods=["GET"])
@responds(200, ANYONE)
def queue(queue):
    """A queue of the caller's: mine, unit, escalated, and at a station verify; for the desk also desk and calls."""
    who = auth.caller()
    page, town = lists.list_queue(queue_of(queue, who), after=http.parameter("after")), directory.town()
    rows = [ticket_view.queue_row(item, town) for item in page if access.may_list(item, who)]
    return {"items": rows, "next": page.next}


@staff.route("/staff/tickets", methods=["POST"])
@responds(201, HANDLERS)
def enter():
    """A walk-in or a call (desk only), or what was found on a round (主动发现)."""
    body = read(bodies.EnterBody)
    source = Source(body.source)
    who = auth.caller(HANDLERS if source in FOUND else DESK)
    once = idempotency(who.code, required=True)
    return answer(reporting.enter(sent(body), source=source, by=who, replay=once, now=http.now()))


@staff.route("/staff/tickets/{ticket_id}", methods=["GET"])
@responds(200, ANYONE)
def ticket(ticket_id):
    return ticket_pages.staff_ticket(ticket_id, by=auth.caller(), acts=possible.acts, now=http.now())


@staff.route("/staff/tickets/{ticket_id}/comment", methods=["POST"])
@responds(201, HANDLERS | LEADERS | CONFIDENTIAL)
def comment(ticket_id):
    who, body = auth.caller(), read(bodies.CommentBody)
    acting.comment(
        ticket_id,
        by=who,
        text=body.text,
        given_photos=body.photos,
        public=body.public,
        audience=body.audience,
        replay=idempotency(who.code),
        now=http.now(),
    )
    return {"id": ticket_id}


@staff.route("/staff/tickets/{ticket_id}/reveal", methods=["POST"])
@responds(200, ANYONE)
def reveal(ticket_id):
    """查看身份, field by field, with a reason; the resident sees that it happened."""
    body, who = read(bodies.RevealBody), auth.caller()
    asked = {"fields": list(body.fields), "reason": body.reason, "words": body.words}
    shown = revealing.ask("reveal", auth.token(), ticket_id=ticket_id, **asked)
    looking.count_reveal(who, body.reason, http.now())
    return shown


@staff.route("/staff/tickets/{ticket_id}/{act}", methods=["POST"])
@responds(200, ANYONE)
def act(ticket_id, act):
    return answer(perform(STAFF_ACTS, act, ticket_id))


@staff.route("/staff/inbox", methods=["GET"])
@responds(200, ANYONE)
def my_inbox():
    return staff_inbox_page(auth.caller())


@staff.route("/staff/inbox/read", methods=["POST"])
@responds(200, ANYONE)
def read_inbox():
    return mark(f"staff:{auth.caller().code}", read(ReadUntilBody).until)


@staff.route("/staff/search", methods=["GET"])
@responds(200, DESK | LEADERS | {*HANDLERS})
def search():
    """By number, external (partner:number), or place with since and until (dates)."""
    found = searching.search(
        by=auth.caller(),
        number=http.parameter("number"),
        external=http.parameter("external"),
        place=http.parameter("place"),
        since=http.parameter("since") or "",
        until=http.parameter("until") or "9",
    )
    return {"items": found, "next": None}


@staff.route("/staff/search/phone", methods=["POST"])
@responds(200, DESK)
def search_by_phone():
    """By the reporter's phone, with a reason, audited. In the body, so that no number stands in a log of URLs."""
    body = read(PhoneBody)
    ids = revealing.ask("find_by_phone", auth.token(), phone=body.phone, reason=body.reason)
    town = directory.town()
    return {"items": [lines.short_view(ticket, town) for ticket in lists.get_many(ids)], "next": None}


def _shown(who: Staff) -> dict[str, object]:
    unit = directory.town().find_unit(who.unit)
    return {
        "code": who.code,
        "name": who.name,
        "unit": who.unit,
        "unit_name": unit.name if unit else "",
        "roles": list(who.roles),
    }
