"""派单目录 beside a ticket, and disputes about whose duty it is."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.actions.counter import rulings
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ANYONE
from chalicelib.api.http import Key, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.api.tickets.acts import answer
from chalicelib.domain.town.vocabulary import HANDLERS, LEADERS

if TYPE_CHECKING:
    from chalicelib.actions.counter.schemas import MandateOfTicket
    from chalicelib.api.tickets.schemas import Acted

ruling_routes = Blueprint(__name__)


class RulingBody(bodies.Act):
    unit_id: bodies.Code
    ground: bodies.Words


@ruling_routes.route("/staff/tickets/{ticket_id}/mandate", methods=["GET"])
@responds(200, ANYONE)
def show_mandate(ticket_id: str) -> "MandateOfTicket":
    """Who must do it by which law, what was ruled before, what is disputed."""
    return rulings.shown(ticket_id, by=auth.caller())


@ruling_routes.route("/staff/tickets/{ticket_id}/dispute", methods=["POST"])
@responds(200, HANDLERS | LEADERS, reads=bodies.TextBody, key=Key.OPTIONAL)
def answer_dispute(ticket_id: str) -> "Acted":
    """The other side's words."""
    text, by = read(bodies.TextBody).text, auth.caller()
    once = idempotency(by.code)
    return answer(rulings.answer(ticket_id, text, by=by, replay=once, now=http.now()))


@ruling_routes.route("/desk/tickets/{ticket_id}/ruling", methods=["POST"])
@responds(200, LEADERS, reads=RulingBody, key=Key.OPTIONAL)
def rule_duty(ticket_id: str) -> "Acted":
    """裁定"""
    body, by = read(RulingBody), auth.caller()
    once = idempotency(by.code)
    return answer(rulings.rule(ticket_id, body.unit_id, body.ground, by=by, replay=once, now=http.now()))
