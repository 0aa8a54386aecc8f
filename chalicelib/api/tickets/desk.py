"""/desk: what the station 民情快办工作站 and the leaders do."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.actions import consuming, photos
from chalicelib.actions.identity import signing_in
from chalicelib.actions.notices import arriving, sending
from chalicelib.actions.tickets import acting, joining
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ANYONE, CONFIDENTIAL, DESK, LEADERS
from chalicelib.api.http import Key, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import (
    BULK_ACTS,
    DESK_ACTS,
    DESK_BODIES,
    STAFF_ACTS,
    answer,
    checked,
    do,
    perform,
)
from chalicelib.domain.acts.words import Written
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import stamp
from chalicelib.domain.notices.arriving import CALLED_ABOUT
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.offers import possible
from chalicelib.domain.pictures import Box
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.point import Outage
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.views import access
from chalicelib.gateways import reveal
from chalicelib.store.notices import dead_letters, deliveries, told_of_ticket
from chalicelib.store.notices.dead_letters import DeadLetter
from chalicelib.store.requests.idempotency import make_once
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.town import directory, outages

if TYPE_CHECKING:
    from chalicelib.api.tickets.schemas import (
        Acted,
        Bulk,
        BulkOffer,
        CallToMake,
        DeadLetterShown,
        DeliveryShown,
        Kept,
        LineOfCall,
        Resent,
        SignInCode,
    )
    from chalicelib.domain.schemas import CoveredPhoto, Id, Link, Page

desk = Blueprint(__name__)
_DESK_AND_LEADERS = DESK | LEADERS
_MAKE_CALLS = (
    DESK | CONFIDENTIAL | {Role.AREA_LEADER}
)  # where the station is complained about, who stands in for it


@desk.route("/desk/tickets/{ticket_id}/merge", methods=["POST"])
@responds(200, _DESK_AND_LEADERS, reads=bodies.MergeBody, key=Key.OPTIONAL)
def merge(ticket_id: str) -> "Acted":
    """并案"""
    by, body = auth.caller(), read(bodies.MergeBody)
    once = idempotency(by.code)
    return answer(joining.merge(ticket_id, body.into, by=by, sure=body.sure, replay=once, now=http.now()))


@desk.route("/desk/tickets/{ticket_id}/copy", methods=["POST"])
@responds(200, _DESK_AND_LEADERS, reads=bodies.CheckedBody)
def copy(ticket_id: str) -> "Kept":
    """副本: what is kept of whoever reported it, and who looked at it, for somebody without a session (rule 45)."""
    body = read(bodies.CheckedBody)
    found: Kept = reveal.ask(Asked.COPY, auth.token(), ticket_id=ticket_id, checked=body.checked.value)
    return found


@desk.route("/desk/tickets/{ticket_id}/listen", methods=["POST"])
@responds(200, _DESK_AND_LEADERS)
def listen(ticket_id: str) -> "Link":
    """听录音: a link for five minutes; it leaves a trace, and the station alone is given one."""
    auth.caller(_DESK_AND_LEADERS)
    found: Link = reveal.ask(Asked.LISTEN, auth.token(), ticket_id=ticket_id)
    return found


@desk.route("/desk/tickets/{ticket_id}/photos/{photo_id}/cover", methods=["POST"])
@responds(200, _DESK_AND_LEADERS, reads=bodies.CoverBody)
def cover_photo(ticket_id: str, photo_id: str) -> "CoveredPhoto":
    """遮盖: faces, plates, door numbers are painted over for whoever is not the desk; no boxes take the covers away."""
    boxes = tuple(Box(**box.model_dump()) for box in read(bodies.CoverBody).boxes)
    return photos.cover(ticket_id, photo_id, boxes, by=auth.caller())


@desk.route("/desk/tickets/{ticket_id}/{act}", methods=["POST"])
@responds(200, ANYONE, reads=DESK_BODIES, key=Key.OPTIONAL)
def act(ticket_id: str, act: str) -> "Acted":
    """An act of the desk, by its name."""
    return answer(perform(DESK_ACTS, act, ticket_id))


@desk.route("/desk/bulk", methods=["POST"])
@responds(200, ANYONE, reads=bodies.ChosenBody)
def offer_for_many() -> "Page[BulkOffer]":
    """Which acts may be done for which of several tickets, as the rule of each decides; nothing is done."""
    by, town = auth.caller(), directory.town()
    chosen = lists.get_many(list(dict.fromkeys(read(bodies.ChosenBody).ticket_ids)))
    seen = [ticket for ticket in chosen if access.may_see(ticket, by, town)]
    offered = possible.for_many(seen, by, town, http.now())
    return {
        "items": [{"name": name, "ticket_ids": list(ids)} for name, ids in offered.items()],
        "next": None,
    }


@desk.route("/desk/bulk/{act}", methods=["POST"])
@responds(200, ANYONE, reads=bodies.BulkBody, key=Key.OPTIONAL)
def act_on_many(act: str) -> "Bulk":
    """The same for many tickets, with a result for each; `given` is the body of the single act."""
    if act not in BULK_ACTS:
        raise NotFound("没有这个批量操作")
    body = read(bodies.BulkBody)
    return {"results": acting.act_on_many(list(body.ticket_ids), _one_by_one(act, body.given))}


@desk.route("/desk/outages", methods=["GET"])
@responds(200, _DESK_AND_LEADERS, asks=("place",))
def list_outages() -> "Page[Outage]":
    """All that are up in the town; with `place`, what is shown there: its own and those of the places above."""
    now, code = http.now(), http.parameter("place")
    found = outages.list_outages(directory.place(code).path, now) if code else outages.list_all(now)
    return {"items": found, "next": None}


@desk.route("/desk/outages", methods=["POST"])
@responds(201, _DESK_AND_LEADERS, reads=bodies.OutageBody, key=Key.REQUIRED)
def put_outage() -> Outage:
    """已知故障: a banner for everyone who scans a code below a place."""
    body, who, now = read(bodies.OutageBody), auth.caller(), http.now()
    place, text = directory.place(body.place).code, scrub(body.text)

    def put_up(known_as: str) -> None:
        outages.put_outage(place, text, by=who.code, now=now, until=body.until, known_as=known_as)

    return outages.get_outage(place, make_once(idempotency(who.code, required=True), put_up))


@desk.route("/desk/outages/{place}/{outage_id}", methods=["DELETE"])
@responds(200, _DESK_AND_LEADERS)
def end_outage(place: str, outage_id: str) -> "Id":
    """The banner comes down."""
    outages.end_outage(place, outage_id)
    return {"id": outage_id}


@desk.route("/desk/calls", methods=["GET"])
@responds(200, _MAKE_CALLS, asks=("after",))
def calls() -> "Page[CallToMake]":
    """Messages to be told by phone, to people without a smartphone; follow-up calls are the queue "calls"."""
    who, town = auth.caller(), directory.town()
    station = access.station_of_calls(who, town)
    found, following = arriving.list_calls(station, after=http.cursor(), now=http.now())
    known = lists.get_many([delivery.called_under for delivery in found])
    own = {ticket.id: ticket for ticket in known if access.makes_calls_of(ticket, who, town)}
    items = [_call(call, own[call.called_under], town) for call in found if call.called_under in own]
    return {"items": items, "next": following}


@desk.route("/desk/calls", methods=["POST"])
@responds(200, _MAKE_CALLS, reads=bodies.CallBody)
def record_call() -> "LineOfCall":
    """What was told by phone, and whether somebody was reached."""
    body, who, town = read(bodies.CallBody), auth.caller(), directory.town()
    if not access.makes_calls_of(tickets.get(body.ticket_id), who, town):
        raise NotFound(sending.NO_CALL)
    sending.record_call(
        body.ticket_id,
        body.to,
        body.line,
        by=who.code,
        station_id=access.station_of_calls(who, town),
        reached=body.reached,
        now=http.now(),
    )
    return {"line": body.line}


@desk.route("/desk/staff/{code}/binding-code", methods=["POST"])
@responds(201, DESK | {Role.ADMIN}, reads=bodies.HandOutBody, key=Key.REQUIRED)
def hand_out_code(code: str) -> "SignInCode":
    """A one-time sign-in code that the desk hands to a member of staff in person."""
    why = read(bodies.HandOutBody).emergency if http.request().raw_body else ""
    who = auth.caller()
    once = idempotency(who.code, required=True)
    handed = signing_in.hand_out_code(code, by=who, emergency=why, once=once, now=http.now())
    return {"code": handed, "valid_minutes": 15}


@desk.route("/desk/dead-letters", methods=["GET"])
@responds(200, DESK | {Role.ADMIN}, asks=("after",))
def list_dead_letters() -> "Page[DeadLetterShown]":
    """What could not be processed, and why."""
    letters, following = dead_letters.list_open(after=http.cursor())
    return {
        "items": [_letter(letter) for letter in letters],
        "next": following,
    }


@desk.route("/desk/dead-letters/{letter_id}/resend", methods=["POST"])
@responds(200, DESK | {Role.ADMIN})
def resend(letter_id: str) -> "Id":
    """The line of history is worked through once more."""
    consuming.resend(letter_id, now=http.now())
    return {"id": letter_id}


@desk.route("/desk/dead-letters/{letter_id}/done", methods=["POST"])
@responds(200, DESK | {Role.ADMIN})
def set_dead_letter_aside(letter_id: str) -> "Id":
    """Looked at, and not to be sent again."""
    dead_letters.done(dead_letters.get(letter_id), http.now())
    return {"id": letter_id}


@desk.route("/desk/tickets/{ticket_id}/deliveries", methods=["GET"])
@responds(200, _DESK_AND_LEADERS)
def list_deliveries(ticket_id: str) -> "Page[DeliveryShown]":
    """Who was told what of a ticket, by which way, and what became of it."""
    access.need_desk(tickets.get(ticket_id), auth.caller(), directory.town())
    return {
        "items": [_delivery_view(delivery) for delivery in told_of_ticket.list_told(ticket_id)],
        "next": None,
    }


@desk.route("/desk/tickets/{ticket_id}/deliveries/resend", methods=["POST"])
@responds(200, _DESK_AND_LEADERS, reads=bodies.ResendBody)
def resend_delivery(ticket_id: str) -> "Resent":
    """Send a failed notice again, after what was wrong with it was put right."""
    body = read(bodies.ResendBody)
    access.need_desk(tickets.get(ticket_id), auth.caller(), directory.town())
    return {"sent": arriving.resend(ticket_id, body.to, body.line, now=http.now())}


def _one_by_one(act: str, given: dict[str, object]) -> Callable[[str], Ticket]:
    """The single act as a function of the ticket's id; its body is checked before any ticket is touched."""
    if act in _SPECIAL:
        return _SPECIAL[act](given)
    entry = DESK_ACTS.get(act) or STAFF_ACTS[act]
    by, body = auth.caller(possible.ACTS[act].bulk), checked(entry.body, given)
    once = idempotency(by.code)
    return lambda ticket_id: do(entry, ticket_id, body, by, once and once.part(ticket_id))


def _merging(given: dict[str, object]) -> Callable[[str], Ticket]:
    by, body = auth.caller(possible.ACTS["merge"].bulk), checked(bodies.MergeBody, given)
    once = idempotency(by.code)
    return lambda ticket_id: joining.merge(
        ticket_id, body.into, by=by, sure=body.sure, replay=once and once.part(ticket_id), now=http.now()
    )


def _commenting(given: dict[str, object]) -> Callable[[str], Ticket]:
    by, body = auth.caller(possible.ACTS["comment"].bulk), checked(bodies.CommentBody, given)
    once = idempotency(by.code)

    def comment(ticket_id: str) -> Ticket:
        acting.comment(
            ticket_id,
            Written(body.text, body.photos, body.public, body.audience),
            by=by,
            replay=once and once.part(ticket_id),
            now=http.now(),
        )
        return tickets.get(ticket_id)

    return comment


# what is no act of one ticket by a rule
_SPECIAL = {"merge": _merging, "comment": _commenting}


def _call(delivery: Delivery, ticket: Ticket, town: Town) -> "CallToMake":
    words = words_of(delivery.template, delivery.params)
    return {
        "to": _to(delivery),
        "line": deliveries.key_of(delivery)[1],
        "ticket_id": ticket.id,
        "number": ticket.number if delivery.report else delivery.params.get("number", ""),
        "at": delivery.at.isoformat(timespec="seconds"),
        "title": words.title,
        "text": words.text,
        "urgent": delivery.urgent,
        "phone": _phone(delivery, town),
    }


def _letter(letter: DeadLetter) -> "DeadLetterShown":
    return {
        "id": letter.id,
        "at": stamp(letter.at),
        "ticket_id": letter.ticket_id,
        "reason": letter.reason,
        "passes": letter.passes,
    }


def _phone(delivery: Delivery, town: Town) -> str:
    """Of staff the number to dial: what the notice names, else their unit's. A resident's is behind a reason (rule 42)."""
    if delivery.template in CALLED_ABOUT:
        return delivery.params.get("note", "")
    person = town.find_staff(delivery.recipient.removeprefix("staff:"))
    unit = town.find_unit(person.unit) if person else None
    return unit.phone if unit else ""


def _delivery_view(delivery: Delivery) -> "DeliveryShown":
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


def _to(delivery: Delivery) -> str:
    """Staff by code; a resident only as such: the opaque id would tell which tickets are one person's."""
    return delivery.recipient if delivery.recipient.startswith("staff:") else arriving.RESIDENTS
