"""/api/volunteer: a resident who wants to help; /desk/volunteers: what the station decides (rule 74)."""

from typing import TYPE_CHECKING, Annotated, Literal

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.visits import volunteering
from chalicelib.api import auth, bodies, http, queries
from chalicelib.api.auth import DESK, LEADERS
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.acts.moves import named
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.town.vocabulary import PlaceKind
from chalicelib.domain.views.looks import viewer_view
from chalicelib.domain.views.ticket_view import iso, unit_name
from chalicelib.domain.visits.volunteers import STATE_NAMES, State, Volunteer
from chalicelib.gateways import reveal as gateway
from chalicelib.store.identity import audit
from chalicelib.store.identity.identities import Contact
from chalicelib.store.town import directory
from chalicelib.store.visits import volunteers

if TYPE_CHECKING:
    from chalicelib.api.visits.schemas import (
        MySignUp,
        NameAndPhone,
        OwnVolunteer,
        VolunteerShown,
        VolunteerState,
    )
    from chalicelib.domain.schemas import Page

volunteer_routes = Blueprint(__name__)


class SignUpBody(RequestBody):
    """报名. `consent`: to the privacy notice, without which nothing is kept."""

    place: bodies.Code
    name: Annotated[bodies.Short, StringConstraints(min_length=1, max_length=40)]
    phone: Annotated[str, StringConstraints(min_length=5, max_length=30, pattern=r"^[0-9+\-\s]+$")]
    consent: Literal[True]


class WhyBody(RequestBody):
    reason: bodies.Words


class NoBody(RequestBody):
    pass


@volunteer_routes.route("/api/volunteer", methods=["GET"])
@responds(200, auth.resident)
def my_sign_up() -> "MySignUp":
    """How the own sign-up stands, and where one may sign up."""
    known, town = volunteers.find_of(auth.resident().subject), directory.town()
    homes = (place for place in town.places if place.kind in (PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK))
    traces = audit.list_traces(known.id) if known else []
    return {
        "volunteer": own(known) if known else None,
        "viewers": [viewer_view(trace, town) for trace in traces],
        "places": [{"code": place.code, "name": place.name} for place in homes],
    }


@volunteer_routes.route("/api/volunteer", methods=["POST"])
@responds(201, auth.resident, reads=SignUpBody)
def sign_up() -> "OwnVolunteer":
    """报名 as a volunteer 志愿者."""
    who, body = auth.resident(), read(SignUpBody)
    contact = Contact(name=body.name, phone=body.phone)
    return own(volunteering.sign_up(who.subject, place=body.place, contact=contact, now=http.now()))


@volunteer_routes.route("/api/volunteer/leave", methods=["POST"])
@responds(200, auth.resident, reads=NoBody)
def leave() -> "OwnVolunteer":
    """退出 at any time."""
    who, _ = auth.resident(), read(NoBody)
    return own(volunteering.leave(who.subject, now=http.now()))


@volunteer_routes.route("/desk/volunteers", methods=["GET"])
@responds(200, DESK | LEADERS, asks={"state": State, "after": str, "station": str})
def list_volunteers() -> "Page[VolunteerShown]":
    """?state (default applied), ?station for leaders, ?after: those of a station, the longest waiting first."""
    state = queries.word("state", State) or State.APPLIED
    found, following = volunteering.list_for(
        auth.caller(), state, http.cursor(), http.parameter("station") or ""
    )
    return {"items": [_view(each) for each in found], "next": following}


@volunteer_routes.route("/desk/volunteers/{volunteer_id}/approve", methods=["POST"])
@responds(200, DESK, reads=NoBody)
def approve(volunteer_id: str) -> "VolunteerShown":
    """The station lets a volunteer go out."""
    by, _ = auth.caller(), read(NoBody)
    return _view(volunteering.approve(volunteer_id, by=by, now=http.now()))


@volunteer_routes.route("/desk/volunteers/{volunteer_id}/refuse", methods=["POST"])
@responds(200, DESK, reads=WhyBody)
def refuse(volunteer_id: str) -> "VolunteerShown":
    """The station does not take the sign-up."""
    reason = read(WhyBody).reason
    return _view(volunteering.refuse(volunteer_id, by=auth.caller(), reason=reason, now=http.now()))


@volunteer_routes.route("/desk/volunteers/{volunteer_id}/end", methods=["POST"])
@responds(200, DESK, reads=WhyBody)
def end(volunteer_id: str) -> "VolunteerShown":
    """A volunteer goes out no more."""
    reason = read(WhyBody).reason
    return _view(volunteering.end(volunteer_id, by=auth.caller(), reason=reason, now=http.now()))


@volunteer_routes.route("/desk/volunteers/{volunteer_id}/reveal", methods=["POST"])
@responds(200, DESK, reads=WhyBody)
def reveal(volunteer_id: str) -> "NameAndPhone":
    """Name and phone of who signed up, for a reason; the trace is written first."""
    reason = read(WhyBody).reason
    told: NameAndPhone = gateway.ask(Asked.VOLUNTEER, auth.token(), volunteer_id=volunteer_id, reason=reason)
    return told


def own(volunteer: Volunteer) -> "OwnVolunteer":
    """What the volunteer sees: also why the station refused or ended it."""
    return {
        **_state(volunteer),
        "station_name": unit_name(volunteer.station, directory.town()),
        "note": volunteer.lines[-1].note,
    }


def _view(volunteer: Volunteer) -> "VolunteerShown":
    town = directory.town()
    return {
        **_state(volunteer),
        "id": volunteer.id,
        "station": volunteer.station,
        "history": [
            {
                "at": iso(line.at),
                "what": STATE_NAMES[line.what],
                "by_name": named(line.by, town),
                "note": line.note,
            }
            for line in volunteer.lines
        ],
    }


def _state(volunteer: Volunteer) -> "VolunteerState":
    place = directory.town().find_place(volunteer.place)
    return {
        "name": volunteer.name,
        "state": volunteer.state.value,
        "state_name": STATE_NAMES[volunteer.state],
        "place": volunteer.place,
        "place_name": place.full_name or place.name if place else "",
        "since": iso(volunteer.at),
    }
