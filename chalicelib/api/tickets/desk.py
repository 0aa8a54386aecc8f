"""/desk: what the station 民情快办工作站 and the leaders do."""

from chalice import Blueprint
from pydantic import ValidationError

from chalicelib.actions import consuming
from chalicelib.actions.identity import signing_in
from chalicelib.actions.notices import arriving, sending
from chalicelib.actions.tickets import acting, joining
from chalicelib.actions.views import ticket_pages
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ANYONE, DESK, LEADERS
from chalicelib.api.http import read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import BULK_ACTS, DESK_ACTS, STAFF_ACTS, answer, do, perform
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.views import access
from chalicelib.store.notices import dead_letters, deliveries, told_of_ticket
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory, outages

desk = Blueprint(__name__)
_DESK_AND_LEADERS = DESK | LEADERS


@desk.route("/desk/tickets/{ticket_id}/merge", methods=["POST"])
@responds(200, _DESK_AND_LEADERS)
def merge(ticket_id):
    """并案"""
    by, body = auth.caller(), read(bodies.MergeBody)
    once = idempotency(by.code)
    return answer(joining.merge(ticket_id, body.into, by=by, sure=body.sure, replay=once, now=http.now()))


@desk.route("/desk/tickets/{ticket_id}/{act}", methods=["POST"])
@responds(200, ANYONE)
def act(ticket_id, act):
    return answer(perform(DESK_ACTS, act, ticket_id))


@desk.route("/desk/bulk/{act}", methods=["POST"])
@responds(200, ANYONE)
def act_on_many(act):
    """The same for many tickets, with a result for each; `given` is the body of the single act."""
    if act not in BULK_ACTS:
        raise NotFound("没有这个批量操作")
    body = read(bodies.BulkBody)
    return {"results": acting.act_on_many(list(body.ticket_ids), _one_by_one(act, body.given))}


@desk.route("/desk/outages", methods=["GET"])
@responds(200, _DESK_AND_LEADERS)
def list_outages():
    """All that are up in the town; with `place`, what is shown there: its own and those of the places above."""
    now, code = http.now(), http.parameter("place")
    found = outages.list_outages(directory.place(code).path, now) if code else outages.list_all(now)
    return {"items": [outage.model_dump(mode="json") for outage in found], "next": None}


@desk.route("/desk/outages", methods=["POST"])
@responds(201, _DESK_AND_LEADERS)
def put_outage():
    """已知故障: a banner for everyone who scans a code below a place."""
    body, who = read(bodies.OutageBody), auth.caller()
    place = directory.place(body.place)
    return outages.put_outage(
        place.code, scrub(body.text), by=who.code, now=http.now(), until=body.until
    ).model_dump(mode="json")


@desk.route("/desk/outages/{place}/{outage_id}", methods=["DELETE"])
@responds(200, _DESK_AND_LEADERS)
def end_outage(place, outage_id):
    outages.end_outage(place, outage_id)
    return {"id": outage_id}


@desk.route("/desk/calls", methods=["GET"])
@responds(200, DESK)
def calls():
    """Messages to be told by phone, to people without a smartphone; follow-up calls are the queue "calls"."""
    who = auth.caller()
    found, following = arriving.list_calls(who.unit, after=http.parameter("after"), now=http.now())
    seen = ticket_pages.visible([delivery.ticket_id for delivery in found], by=who)
    return {"items": [_call(delivery) for delivery in found if delivery.ticket_id in seen], "next": following}


@desk.route("/desk/calls", methods=["POST"])
@responds(200, DESK)
def record_call():
    body, who = read(bodies.CallBody), auth.caller()
    sending.record_call(
        body.ticket_id,
        body.to,
        body.line,
        by=who.code,
        station_id=who.unit,
        reached=body.reached,
        now=http.now(),
    )
    return {"line": body.line}


@desk.route("/desk/staff/{code}/binding-code", methods=["POST"])
@responds(201, DESK | {Role.ADMIN})
def hand_out_code(code):
    """A one-time sign-in code that the desk hands to a member of staff in person."""
    return {"code": signing_in.hand_out_code(code, by=auth.caller(), now=http.now()), "valid_minutes": 15}


@desk.route("/desk/dead-letters", methods=["GET"])
@responds(200, DESK | {Role.ADMIN})
def list_dead_letters():
    """What could not be processed, and why."""
    letters, following = dead_letters.list_open(after=http.parameter("after"))
    return {
        "items": [letter.model_dump(mode="json", exclude={"record"}) for letter in letters],
        "next": following,
    }


@desk.route("/desk/dead-letters/{letter_id}/resend", methods=["POST"])
@responds(200, DESK | {Role.ADMIN})
def resend(letter_id):
    consuming.resend(letter_id, now=http.now())
    return {"id": letter_id}


@desk.route("/desk/dead-letters/{letter_id}/done", methods=["POST"])
@responds(200, DESK | {Role.ADMIN})
def set_dead_letter_aside(letter_id):
    """Looked at, and not to be sent again."""
    dead_letters.done(dead_letters.get(letter_id), http.now())
    return {"id": letter_id}


@desk.route("/desk/tickets/{ticket_id}/deliveries", methods=["GET"])
@responds(200, _DESK_AND_LEADERS)
def list_deliveries(ticket_id):
    """Who was told what of a ticket, by which way, and what became of it."""
    access.need_desk(tickets.get(ticket_id), auth.caller(), directory.town())
    return {"items": [_told(delivery) for delivery in told_of_ticket.list_told(ticket_id)], "next": None}


@desk.route("/desk/tickets/{ticket_id}/deliveries/resend", methods=["POST"])
@responds(200, _DESK_AND_LEADERS)
def resend_delivery(ticket_id):
    """Send a failed notice again, after what was wrong with it was put right."""
    body = read(bodies.ResendBody)
    access.need_desk(tickets.get(ticket_id), auth.caller(), directory.town())
    return {"sent": arriving.resend(ticket_id, body.to, body.line, now=http.now())}


def _one_by_one(act: str, given: dict[str, object]):
    """The single act as a function of the ticket's id; its body is checked before any ticket is touched."""
    if act == "merge":
        by, body = auth.caller(_DESK_AND_LEADERS), _checked(bodies.MergeBody, given)
        once = idempotency(by.code)
        return lambda ticket_id: joining.merge(
            ticket_id, body.into, by=by, sure=body.sure, replay=once and once.part(ticket_id), now=http.now()
        )
    if act == "comment":
        return _commenting(given)
    entry = DESK_ACTS.get(act) or STAFF_ACTS[act]
    by, body = auth.caller(entry.allowed), _checked(entry.body, given)
    once = idempotency(by.code)
    return lambda ticket_id: do(entry, ticket_id, body, by, once and once.part(ticket_id))


def _commenting(given: dict[str, object]):
    by, body = auth.caller(_DESK_AND_LEADERS), _checked(bodies.CommentBody, given)
    once = idempotency(by.code)

    def comment(ticket_id: str) -> Ticket:
        acting.comment(
            ticket_id,
            by=by,
            text=body.text,
            given_photos=body.photos,
            public=body.public,
            audience=body.audience,
            replay=once and once.part(ticket_id),
            now=http.now(),
        )
        return tickets.get(ticket_id)

    return comment


def _checked(model, given):
    try:
        return model.model_validate(given)
    except ValidationError as refused:
        raise Invalid("批量操作的内容不完整，请检查后重试", fields=http.fields_of(refused)) from refused


def _call(delivery) -> dict[str, object]:
    words = words_of(delivery.template, delivery.params)
    return {
        "to": _to(delivery),
        "line": deliveries.key_of(delivery)[1],
        "ticket_id": delivery.ticket_id,
        "number": delivery.params.get("number", ""),
        "at": delivery.at.isoformat(timespec="seconds"),
        "title": words.title,
        "text": words.text,
    }


def _told(delivery) -> dict[str, object]:
    return {
        "to": _to(delivery),
        "line": deliveries.key_of(delivery)[1],
        "may_resend": deliveries.may_send_again(delivery),
        "way": delivery.way,
        "template": delivery.template,
        "at": delivery.at.isoformat(timespec="seconds"),
        "state": delivery.state,
        "attempts": delivery.attempts,
        "detail": delivery.detail,
    }


def _to(delivery) -> str:
    """Staff by code; a resident only as such: the opaque id would tell which tickets are one person's."""
    return delivery.recipient if delivery.recipient.startswith("staff:") else "resident"
