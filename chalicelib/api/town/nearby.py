"""What was done near a place, for everybody, and the places that a resident watches."""

from typing import TYPE_CHECKING

from chalice import Blueprint

from chalicelib.actions.town import nearby as actions
from chalicelib.api import auth, bodies, http
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.store.requests import limits
from chalicelib.store.town import place_watches

if TYPE_CHECKING:
    from chalicelib.actions.town.schemas import DoneNearby, WatchedPlace
    from chalicelib.domain.schemas import Id, Items

nearby = Blueprint(__name__)


class WatchBody(RequestBody):
    place: bodies.Code


@nearby.route("/api/places/{place}/done", methods=["GET"])
@responds()
def show_done(place: str) -> "DoneNearby":
    """办结公示: what was done around a place in the last 30 days, as the desk published it."""
    return actions.done(place, http.now())


@nearby.route("/api/watches", methods=["GET"])
@responds(200, auth.resident)
def my_watches() -> "Items[WatchedPlace]":
    """The places that the caller watches."""
    return {"items": actions.watched(auth.resident().subject)}


@nearby.route("/api/watches", methods=["POST"])
@responds(201, auth.resident, reads=WatchBody)
def watch() -> "WatchedPlace":
    """关注: one message a day at most of what is published there."""
    who, body = auth.resident(), read(WatchBody)
    limits.count(limits.COMMENTS_BY_PERSON, who.subject, http.now())
    return actions.watch(body.place, by=who.subject, channel=who.channel, now=http.now())


@nearby.route("/api/watches/{place}", methods=["DELETE"])
@responds(200, auth.resident)
def unwatch(place: str) -> "Id":
    """取消关注; also where it was not watched."""
    place_watches.unwatch(place, auth.resident().subject)
    return {"id": place}
