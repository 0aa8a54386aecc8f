"""Orders of partners: what they push, what the desk uploads, and what is owed back to them (docs/partners.md)."""

import base64
import binascii
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from chalice import Blueprint
from pydantic import Field

from chalicelib.actions import opening
from chalicelib.actions.partners import exchanging, order_lists, orders, registering
from chalicelib.api import auth, bodies, http, queries, signed
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.queries import FileForm
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.errors import Invalid
from chalicelib.domain.partners import exchanges as rules
from chalicelib.domain.partners.exchanges import Exchange, State
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.views.ticket_view import iso
from chalicelib.store.partners import partners
from chalicelib.store.requests.idempotency import make_once

if TYPE_CHECKING:
    from chalicelib.actions.partners.schemas import OrderRow
    from chalicelib.api.partners.schemas import AnswerFile, ExchangeShown, OrdersBegun, PartnerShown, Received
    from chalicelib.api.town.schemas import TownPlan
    from chalicelib.domain.schemas import Items, Page

partner_routes = Blueprint(__name__)


class Owed(StrEnum):
    """What somebody has to look after: what is stuck, or what is to be entered by hand."""

    WAITING = State.WAITING.value
    BY_HAND = State.BY_HAND.value


class OrderBody(RequestBody):
    """One order, all of it text; instants as 2026-11-22 18:00 or ISO 8601."""

    number: str
    text: str
    place: str = ""
    category: str = ""
    due_at: str = ""
    sent_at: str = ""
    name: str = ""
    phone: str = ""
    confidential: str = ""


class OrderFileBody(RequestBody):
    file: str  # base64, of a CSV or XLSX


class PartnersBody(RequestBody):
    files: dict[str, str]  # <name>.csv → base64


class PartnersYesBody(PartnersBody):
    """The same files again, with the plan that was said yes to; `removes` where more than a handful of lines go.

    `emergency`: why a second person's yes cannot be waited for.
    """

    plan: str = Field(max_length=100)
    removes: int | None = None
    emergency: bodies.Short = ""


@partner_routes.route("/partners/{name}/orders", methods=["POST"])
@responds(201, reads=OrderBody)
def push_order(name: str) -> "Received":
    """One order, as often as the partner likes: its own number makes it one ticket."""
    partner, body = signed.partner(name), read(OrderBody)
    taken = orders.push(partner, body.model_dump(), now=http.now())
    return {"received": body.number, "ticket": taken.ticket.number, "how": taken.how}


@partner_routes.route("/desk/partners", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_partners() -> "Page[PartnerShown]":
    """The partners that the town knows."""
    return {"items": [_partner(partner) for partner in partners.list_all()], "next": None}


@partner_routes.route("/desk/partners/{name}/orders", methods=["GET"])
@responds(200, DESK | LEADERS, asks=("after",))
def list_orders(name: str) -> "Page[OrderRow]":
    """外部派单, the newest first, each with both deadlines and how it stands with its partner."""
    found, following = order_lists.list_orders(name, by=auth.caller(), after=http.cursor())
    return {"items": found, "next": following}


@partner_routes.route("/desk/partners/{name}/orders", methods=["POST"])
@responds(202, DESK, reads=OrderFileBody, key=Key.REQUIRED)
def import_orders(name: str) -> "OrdersBegun":
    """A file of orders as one job: what was read, first and last, what is to be checked, and every row that is not taken."""
    body, who, now = read(OrderFileBody), auth.caller(), http.now()
    seen = orders.read_file(name, _decoded("file", body.file))

    def begin(job_id: str) -> None:
        orders.import_file(name, seen, by=who.code, unit=who.unit, known_as=job_id, now=now)

    job_id = make_once(idempotency(who.code, required=True), begin)
    return {"job": job_id, **order_lists.read_back(seen)}


@partner_routes.route("/desk/partners/{name}/answers", methods=["GET"])
@responds(200, DESK, asks={"form": FileForm})
def answer_file(name: str) -> "AnswerFile":
    """回复文件, in the partner's columns: `form=csv` (its encoding) or `xlsx` (text cells), as base64: API Gateway sends bytes only to who asks for bytes. With it the exchanges that it holds, to be marked once it is taken in there."""
    form = queries.word("form", FileForm) or FileForm.CSV
    content, held = exchanging.answer_file(
        name, by=auth.caller(), as_workbook=form is FileForm.XLSX, now=http.now()
    )
    return {"name": f"{name}.{form}", "file": base64.b64encode(content).decode(), "exchanges": held}


@partner_routes.route("/desk/exchanges", methods=["GET"])
@responds(200, DESK | LEADERS, asks={"partner": str, "after": str, "state": Owed})
def list_exchanges() -> "Page[ExchangeShown]":
    """What is stuck, and why: tried three times or more and not acknowledged. `state=by_hand`: what is to be entered."""
    who, state = auth.caller(), State(queries.word("state", Owed) or Owed.WAITING)
    wanted = http.parameter("partner")
    chosen = [partners.get(wanted)] if wanted else partners.list_all()
    items: list[ExchangeShown] = []
    following = None
    for partner in chosen:
        after = http.cursor() if wanted else None
        found, following = exchanging.look_after(partner, state, by=who, after=after)
        items += [_view(e, partner) for e in found]
    return {"items": items, "next": following if wanted else None}


@partner_routes.route("/desk/tickets/{ticket_id}/exchanges", methods=["GET"])
@responds(200, DESK | LEADERS)
def list_exchanges_of_ticket(ticket_id: str) -> "Page[ExchangeShown]":
    """往来: everything that was exchanged about a ticket's orders, oldest first."""
    found = exchanging.of_ticket(ticket_id, by=auth.caller())
    return {"items": [_view(exchange, partner) for exchange, partner in found], "next": None}


@partner_routes.route("/desk/exchanges/{exchange_id}/resend", methods=["POST"])
@responds(200, DESK | LEADERS)
def resend_exchange(exchange_id: str) -> "ExchangeShown":
    """Send again, at once."""
    exchange = exchanging.resend(exchange_id, by=auth.caller(), now=http.now())
    return _view(exchange, partners.get(exchange.partner))


@partner_routes.route("/desk/exchanges/{exchange_id}/entered", methods=["POST"])
@responds(200, DESK | LEADERS)
def exchange_entered(exchange_id: str) -> "ExchangeShown":
    """已在对方系统录入"""
    exchange = exchanging.entered(exchange_id, by=auth.caller(), now=http.now())
    return _view(exchange, partners.get(exchange.partner))


@partner_routes.route("/desk/exchanges/{exchange_id}/checked", methods=["POST"])
@responds(200, DESK | LEADERS)
def exchange_checked(exchange_id: str) -> "ExchangeShown":
    """已核对"""
    exchange = exchanging.checked(exchange_id, by=auth.caller(), now=http.now())
    return _view(exchange, partners.get(exchange.partner))


@partner_routes.route("/admin/partners/plan", methods=["POST"])
@responds(200, ADMIN, reads=PartnersBody)
def plan_partners() -> "TownPlan":
    """What these files would change, line by line, and what each removal means; nothing is changed."""
    planned = registering.plan(_files(read(PartnersBody)), now=http.now())
    if planned is None:
        return {"unchanged": True}
    shown: Any = planned.model_dump(mode="json")
    return cast("TownPlan", {**shown, "lines": planned.lines, "unchanged": False})


@partner_routes.route("/admin/partners", methods=["POST"])
@responds(201, ADMIN, reads=PartnersYesBody)
def save_partners() -> "Items[PartnerShown]":
    """Columns and codes of partners, a file each, as their plan said; all are checked before any is written."""
    body = read(PartnersYesBody)
    saved = registering.register(
        _files(body),
        plan_id=body.plan,
        removes=body.removes,
        emergency=body.emergency,
        by=auth.caller(),
        now=http.now(),
    )
    return {"items": [_partner(partner) for partner in saved]}


def _files(body: PartnersBody) -> dict[str, bytes]:
    return {name: _decoded(name, content) for name, content in body.files.items()}


def _partner(partner: Partner) -> "PartnerShown":
    return {
        "name": partner.name,
        "title": partner.title,
        "source": partner.source.value if partner.source else "",
        "upward": partner.upward,
        "has_interface": bool(partner.address),
    }


def _view(exchange: Exchange, partner: Partner | None) -> "ExchangeShown":
    return {
        "id": exchange.id,
        "partner": exchange.partner,
        "partner_title": partner.title if partner else exchange.partner,
        "number": exchange.number,
        "name": exchange.name,
        "ticket_id": exchange.ticket_id,
        "ticket_number": exchange.ticket_number,
        "state": exchange.state.value,
        "at": iso(exchange.at),
        "act": exchange.act,
        "code": exchange.code,
        "unit": exchange.unit,
        "note": exchange.note,
        "reason": exchange.reason,
        "report": exchange.report,
        "due_at": iso(exchange.due_at) if exchange.due_at else None,
        "attempts": exchange.attempts,
        "detail": exchange.detail,
        "to_check": exchange.to_check,
        "retry_at": iso(exchange.retry_at) if exchange.retry_at else None,
        "done_at": iso(exchange.done_at) if exchange.done_at else None,
        "done_by": exchange.done_by,
        "copy": rules.copy_text(exchange, partner)
        if partner and exchange.state is not State.RECEIVED
        else "",
    }


def _decoded(name: str, content: str) -> bytes:
    try:
        return opening.table(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError) as broken:
        raise Invalid(f"{name} 不是有效的 base64 内容", fields=[name]) from broken
