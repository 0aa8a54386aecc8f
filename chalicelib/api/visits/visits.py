"""/api/walks: visits and patrols, for staff who go out and for volunteers; /desk/visits: how far the plans are covered."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.visits import covering, shops, visiting
from chalicelib.api import auth, bodies, http, queries
from chalicelib.api.auth import DESK, HANDLERS, LEADERS
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Ticket
from chalicelib.domain.town.visit_plans import VisitPlan
from chalicelib.domain.town.walk_lists import Trade
from chalicelib.domain.views.ticket_view import category_name, iso, plain
from chalicelib.domain.visits.walks import Finding, Found, Walk, Walker, is_open
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory
from chalicelib.store.visits import visits

if TYPE_CHECKING:
    from chalicelib.actions.visits.schemas import Coverage, FoundTicket, ShopAtPoint, ShopPage, WholeShop
    from chalicelib.api.visits.schemas import (
        FindingShown,
        FindingTaken,
        MyWalks,
        PlanShown,
        WalkShown,
        WalkWithFindings,
    )
    from chalicelib.domain.schemas import Page

visit_routes = Blueprint(__name__)
_GO_OUT = HANDLERS | LEADERS
_SEEN_BY = DESK | LEADERS
_Point = Annotated[str, StringConstraints(min_length=4, max_length=20)]


class WalkBody(RequestBody):
    """`id`: the phone's own, so that a walk begun without a signal is begun once."""

    id: Annotated[str, StringConstraints(min_length=16, max_length=64, pattern=r"^[0-9a-z\-]+$")]
    point: _Point
    plan: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9A-Za-z_\-]*$")] = ""


class FindingBody(RequestBody):
    """In order 正常, or what was found: a hazard of the list or words, with a photo; `after` and `how` once put right.

    `shop`: at which of the point's shops; `trade` and `shop_name`: how it stands and what its sign says now.
    """

    point: _Point
    in_order: bool = False
    hazard: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9A-Za-z_\-]*$")] = ""
    category: bodies.Code | None = None
    text: bodies.Note = ""
    photos: bodies.Photos = ()
    after: bodies.Photos = ()
    how: bodies.Note = ""
    shop: Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9A-Za-z_\-]*$")] = ""
    trade: Trade | None = None
    shop_name: Annotated[bodies.Note, StringConstraints(max_length=60)] = ""


class EndBody(RequestBody):
    pass


def _walker() -> Walker:
    """Raises NotAllowed for staff who do not go out, and for a resident whom no station approved."""
    session = auth.session()
    if session.kind is Kind.STAFF:
        auth.caller(_GO_OUT)
    return visiting.walker_of(session)


@visit_routes.route("/api/walks", methods=["GET"])
@responds(200, auth.anyone, asks=("after",))
def my_walks() -> "MyWalks":
    """Who goes out: the own plans, the checklist of hazards, the walk that is open, and those before it."""
    by, town, now = _walker(), directory.town(), http.now()
    found, following = visits.list_walks(by.code, after=http.cursor())
    last = visits.find_open(by.code)
    return {
        "name": by.name,
        "plans": [_plan(plan) for plan in covering.plans_for(by)],
        "hazards": [
            plain(hazard.model_dump()) | {"category_name": category_name(hazard.category, town)}
            for hazard in town.hazards
        ],
        "open": _walk(last) if last and is_open(last, now) else None,
        "items": [_walk(walk) for walk in found],
        "next": following,
    }


@visit_routes.route("/api/walks", methods=["POST"])
@responds(201, auth.anyone, reads=WalkBody)
def begin_walk() -> "WalkShown":
    """A walk is begun by scanning; `id` is the phone's own, by which it is begun once."""
    by, body = _walker(), read(WalkBody)
    return _walk(visiting.begin(body.id, point=body.point, plan=body.plan, by=by, now=http.now()))


@visit_routes.route("/api/walks/{walk_id}", methods=["GET"])
@responds(200, auth.anyone)
def get_walk(walk_id: str) -> "WalkWithFindings":
    """A walk of one's own with what was found on it, and how each ticket of it stands."""
    walk = visits.get_walk(walk_id, _walker().code)
    found = visits.list_findings(walk.id)
    known = {
        ticket.id: ticket for ticket in lists.get_many([one.ticket_id for one in found if one.ticket_id])
    }
    return {**_walk(walk), "findings": [_finding(one, known.get(one.ticket_id)) for one in found]}


@visit_routes.route("/api/walks/{walk_id}/findings", methods=["POST"])
@responds(201, auth.anyone, reads=FindingBody, key=Key.REQUIRED)
def add_finding(walk_id: str) -> "FindingTaken":
    """What was seen at a point: in order, or a ticket."""
    by, body = _walker(), read(FindingBody)
    once = idempotency(by.code, required=True)
    ticket = visiting.find(walk_id, Found(**body.model_dump()), by=by, replay=once, now=http.now())
    return {"in_order": ticket is None, "ticket": _ticket(ticket) if ticket else None}


@visit_routes.route("/api/walks/{walk_id}/end", methods=["POST"])
@responds(200, auth.anyone, reads=EndBody)
def end_walk(walk_id: str) -> "WalkShown":
    """The walk is over."""
    by, _ = _walker(), read(EndBody)
    return _walk(visiting.end(walk_id, by=by, now=http.now()))


@visit_routes.route("/api/shops", methods=["GET"])
@responds(200, auth.anyone, asks=("point",))
def list_shops_here() -> "Page[ShopAtPoint]":
    """?point: the shops that whoever goes out may mean at a point, as they were last found."""
    return {"items": visiting.shops_at(http.parameter("point") or "", by=_walker()), "next": None}


@visit_routes.route("/desk/shops", methods=["GET"])
@responds(200, _SEEN_BY, asks={"place": str, "trade": Trade, "after": str})
def list_shops() -> "ShopPage":
    """?place, ?trade, ?after: the shops of a street with what was found last at each."""
    trade = queries.word("trade", Trade)
    return shops.list_for(http.parameter("place"), trade, after=http.cursor(), by=auth.caller())


@visit_routes.route("/desk/shops/{shop}", methods=["GET"])
@responds(200, _SEEN_BY, asks=("after",))
def get_shop(shop: str) -> "WholeShop":
    """A shop with what was found at it, newest first."""
    return shops.get(shop, after=http.cursor(), by=auth.caller())


@visit_routes.route("/desk/visits", methods=["GET"])
@responds(200, _SEEN_BY)
def list_plans() -> "Page[PlanShown]":
    """The plans that go where the caller answers for."""
    return {"items": [_plan(plan) for plan in covering.plans_of(auth.caller())], "next": None}


@visit_routes.route("/desk/visits/{plan}", methods=["GET"])
@responds(200, _SEEN_BY, asks={"day": date, "after": str})
def coverage(plan: str) -> "Coverage":
    """?day, ?after: the period of a day (default today): who still has to be visited first."""
    day = queries.day("day") or http.now().date()
    return covering.coverage(plan, day, after=http.cursor(), by=auth.caller())


def _plan(plan: VisitPlan) -> "PlanShown":
    return {
        "code": plan.code,
        "name": plan.name,
        "source": plan.source.value,
        "each": plan.each.value,
        "times": plan.times,
        "weeks": plan.weeks,
    }


def _walk(walk: Walk) -> "WalkShown":
    town = directory.town()
    plan = next((each.name for each in town.visit_plans if each.code == walk.plan), "")
    return {
        "id": walk.id,
        "plan": walk.plan,
        "plan_name": plan,
        "source": walk.source.value,
        "place": walk.place,
        "started_at": iso(walk.started_at),
        "ended_at": iso(walk.ended_at) if walk.ended_at else None,
        "open": is_open(walk, http.now()),
    }


def _finding(finding: Finding, ticket: Ticket | None) -> "FindingShown":
    hazard = directory.town().find_hazard(finding.hazard)
    shop = directory.town().find_shop(finding.shop)
    return {
        "at": iso(finding.at),
        "place": finding.place,
        "place_name": finding.place_name,
        "in_order": finding.in_order,
        "hazard_name": hazard.name if hazard else "",
        "settled": finding.settled,
        "shop_name": shop.name if shop else "",
        "changed": finding.changed,
        "ticket": _ticket(ticket) if ticket else None,
    }


def _ticket(ticket: Ticket) -> "FoundTicket":
    """All that a volunteer ever learns of a ticket, and of own findings alone."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "stage_name": STAGE_NAMES[ticket.stage],
    }
