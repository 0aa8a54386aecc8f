"""Observations of sensors: what partners send, and the evidence of a ticket (docs/feed.md)."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions.feed import observing
from chalicelib.api import auth, http, signed
from chalicelib.api.auth import ANYONE
from chalicelib.api.bodies import Code, Short
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.feed.observations import Observation
from chalicelib.domain.model import Instant
from chalicelib.domain.views.ticket_view import plain

if TYPE_CHECKING:
    from chalicelib.api.feed.schemas import ObservationsTaken
    from chalicelib.domain.schemas import Page

observation_routes = Blueprint(__name__)
Link = Annotated[str, StringConstraints(max_length=300, pattern=r"^(https://[!-~]+)?$")]


class ObservationBody(RequestBody):
    """`at` with its zone. `evidence` is a link."""

    id: Code
    sensor: Code
    kind: Code
    at: Instant
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None
    note: Short = ""
    evidence: Link = ""


class ObservationsBody(RequestBody):
    observations: Annotated[tuple[ObservationBody, ...], Field(min_length=1, max_length=100)]


@observation_routes.route("/partners/{name}/observations", methods=["POST"])
@responds(201, reads=ObservationsBody)
def push_observations(name: str) -> "ObservationsTaken":
    """All of them or none; the same again counts once."""
    partner, body = signed.partner(name), read(ObservationsBody)
    found = [Observation(**dict(each)) for each in body.observations]
    taken = observing.take_in(partner, found, now=http.now())
    return {"received": taken.received, "tickets": taken.tickets, "unknown": taken.unknown}


@observation_routes.route("/staff/tickets/{ticket_id}/observations", methods=["GET"])
@responds(200, ANYONE, asks=("after",))
def list_observations(ticket_id: str) -> "Page[Observation]":
    """What sensors saw of it, oldest first: what made the ticket, and what came while it was open."""
    found, following = observing.of_ticket(ticket_id, by=auth.caller(), after=http.cursor())
    return {"items": [plain(each.model_dump()) for each in found], "next": following}
