"""The slip of a walk-in or call, and who reported for somebody else."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.counter import proxies, slips
from chalicelib.api import auth, http
from chalicelib.api.auth import DESK, HANDLERS, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.counter.slips import Holder
from chalicelib.store.requests import limits

if TYPE_CHECKING:
    from chalicelib.actions.counter.schemas import SlipPage
    from chalicelib.api.counter.schemas import Versioned
    from chalicelib.domain.schemas import Id

slip_routes = Blueprint(__name__)


class SlipBody(RequestBody):
    holder: Holder | None = None  # None: the proxy's where there is one


class ClaimBody(RequestBody):
    """`digits`: the last four of the phone that was left; asked for by a refusal that names the field."""

    code: Annotated[str, StringConstraints(min_length=30, max_length=60, pattern=r"^[0-9A-Z]+$")]
    digits: Annotated[str, StringConstraints(pattern=r"^([0-9]{4})?$")] = ""


class AskedBody(RequestBody):
    agreed: bool


@slip_routes.route("/desk/tickets/{ticket_id}/slip", methods=["POST"])
@responds(201, DESK, reads=SlipBody)
def print_slip(ticket_id: str) -> "SlipPage":
    """打印小票"""
    body = read(SlipBody)
    return slips.print_slip(ticket_id, holder=body.holder, by=auth.caller(), now=http.now())


@slip_routes.route("/api/slips", methods=["POST"])
@responds(200, auth.resident, reads=ClaimBody)
def claim_slip() -> "Id":
    """认领: the ticket of a slip becomes the caller's."""
    who, body = auth.resident(), read(ClaimBody)
    limits.count(limits.COMMENTS_BY_PERSON, f"slip:{who.subject}", http.now())
    return {"id": slips.claim_slip(body.code, body.digits, by=who, now=http.now())}


@slip_routes.route("/staff/tickets/{ticket_id}/proxy", methods=["POST"])
@responds(200, HANDLERS | LEADERS, reads=AskedBody)
def ask_about_proxy(ticket_id: str) -> "Versioned":
    """问过本人: may the proxy go on seeing it?"""
    ticket = proxies.asked(ticket_id, agreed=read(AskedBody).agreed, by=auth.caller(), now=http.now())
    return {"id": ticket.id, "version": ticket.version}


@slip_routes.route("/api/tickets/{ticket_id}/proxy/end", methods=["POST"])
@responds(200, auth.resident)
def end_proxy(ticket_id: str) -> "Id":
    """不要代办人再看: by the one whose matter it is."""
    ticket = proxies.ended(ticket_id, by=auth.resident().subject, now=http.now())
    return {"id": ticket.id}
