"""走访与巡查: beginning a walk, what is found on it, ending it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.actions.tickets import evidence, reporting
from chalicelib.actions.visits import shops as actions
from chalicelib.domain.acts.answering import settle
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.receiving import Report, receive
from chalicelib.domain.errors import AlreadyDone, Invalid, NotAllowed, StillOpen
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.ticket import Ticket, Where
from chalicelib.domain.town import visit_plans
from chalicelib.domain.town.codes import is_mistyped, normalise
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.walk_lists import Hazard, Shop, text_of
from chalicelib.domain.visits import volunteers, walks
from chalicelib.domain.visits.walks import Finding, Found, Walk, Walker
from chalicelib.store import photos
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.requests import limits
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.table import Operation
from chalicelib.store.tickets import report_reads, tickets
from chalicelib.store.tickets.report_reads import Known
from chalicelib.store.town import directory, points
from chalicelib.store.visits import shops, visits
from chalicelib.store.visits import volunteers as store

if TYPE_CHECKING:
    from chalicelib.actions.visits.schemas import ShopAtPoint


def walker_of(session: Session) -> Walker:
    """Who goes out with this session. Raises NotAllowed for a resident whom no station approved as a volunteer."""
    if session.kind is Kind.STAFF:
        staff = directory.town().staff_member(session.subject)
        return Walker(code=staff.code, name=staff.name, roles=staff.roles, owner=staff.code, unit=staff.unit)
    volunteer = store.find_of(session.subject)
    if volunteer is None or volunteer.state is not volunteers.State.APPROVED:
        raise NotAllowed("您还不是本片区的平安志愿者；请先报名，等工作站审核通过")
    return volunteers.walker_of(volunteer, session.subject)


def begin(walk_id: str, *, point: str, plan: str, by: Walker, now: datetime) -> Walk:
    """A walk from the scanned point. The same one sent again is answered as it stands.

    Raises StillOpen while another of this person's is open, NotFound for a retired code, and what the rules refuse.
    """
    if (known := visits.find(walk_id)) is not None:
        return _again(known, plan, by)
    town = directory.town()
    where = reporting.at_point(points.find(_code(point)))
    walk = walks.begin(walk_id, town.visit_plan(plan) if plan else None, at=where, by=by, now=now)
    if not visits.begin(walk):
        if (known := visits.find(walk_id)) is not None:
            return _again(known, plan, by)
        other = visits.find_open(by.code)
        raise StillOpen("您还有一趟没有结束，请先结束那一趟", walk_id=other.id if other else "")
    return walk


def end(walk_id: str, *, by: Walker, now: datetime) -> Walk:
    """The walk is over; again is as once. Raises NotFound."""
    walk = visits.get_walk(walk_id, by.code)
    if walk.ended_at is not None:
        return walk
    ended = walk.model_copy(update={"ended_at": now})
    visits.end(ended)
    return ended


def find(walk_id: str, found: Found, *, by: Walker, replay: Replay, now: datetime) -> Ticket | None:
    """What was seen at a point of the walk: None where it is in order, else the ticket, closed where it was settled there.

    The same sent again is answered as the first time. Raises TooLate, AlreadyDone, Invalid, NotFound.
    """
    walk, town = visits.get_walk(walk_id, by.code), directory.town()
    words = {"text": scrub(found.text), "how": scrub(found.how)}
    found = found.model_copy(update=words)
    known = report_reads.look_up(replay, point=_code(found.point), photo_ids=(*found.photos, *found.after))
    if known.done is not None:
        return None if known.done == visits.IN_ORDER else tickets.get(known.done)
    walks.need_open(walk, now)
    hazard = town.find_hazard(found.hazard)
    walks.check_found(found, hazard)
    where = reporting.at_point(known.point)
    walks.need_own_area(by, where.path)
    shop = actions.find(found.shop)
    walks.check_shop(found, shop, where.path)
    if not by.unit:
        limits.count(limits.COMMENTS_BY_PERSON, by.owner, now)
    if found.in_order:
        _note(walk, _Met(found, shop, where), by=by, replay=replay, now=now)
        return None
    return _report(walk, _Met(found, shop, where), hazard, known, by=by, replay=replay, now=now)


def shops_at(point: str, *, by: Walker) -> "list[ShopAtPoint]":
    """The shops that this person may mean at a point. Raises NotFound, Invalid for a volunteer outside the own area."""
    where = reporting.at_point(points.find(_code(point)))
    walks.need_own_area(by, where.path)
    return actions.at_point(where.path)


def _again(known: Walk, plan: str, by: Walker) -> Walk:
    if known.who != by.code or known.plan != plan:
        raise Invalid("这个编号已用于另一趟，请刷新页面后重新开始", fields=["id"])
    return known


def _code(typed: str) -> str:
    code = normalise(typed)
    if is_mistyped(code):
        raise Invalid("码的编号输错了一位，请对照码下方的编号再试", fields=["point"])
    return code


def _seen(walk: Walk, where: Where, town: Town) -> str | None:
    plan = next(
        (each for each in town.visit_plans if each.code == walk.plan), None
    )  # it may be gone meanwhile
    return visit_plans.seen_place(plan, where.path, town) if plan else None


class _Met(NamedTuple):
    """What was found, in which shop, and where."""

    found: Found
    shop: Shop | None
    where: Where


def _note(walk: Walk, met: _Met, *, by: Walker, replay: Replay, now: datetime) -> None:
    seen = _seen(walk, met.where, directory.town())
    finding = _finding(walk, met, now=now, in_order=True)
    if visits.note(walk, finding, seen, replay, _said(met.found, met.shop)):
        return
    if not walks.is_open(visits.get_walk(walk.id, by.code), now):
        raise AlreadyDone("这一趟刚刚结束，没有再记下")
    noted = [each for each in visits.list_findings(walk.id) if each.in_order and each.shop == finding.shop]
    if any(finding.shop or each.place == met.where.place for each in noted):
        raise AlreadyDone(f"这{'家商户' if finding.shop else '个点位'}这一趟已经记过正常，不用再记")
    raise StillOpen("您已在走另一趟，请先结束那一趟")


def _finding(walk: Walk, met: _Met, *, now: datetime, **more: Any) -> Finding:
    finding = Finding(at=now, place=met.where.place or "", place_name=met.where.name, **more)
    if met.shop is None:
        return finding
    changed = walks.changes_of(met.found, met.shop)
    return finding.model_copy(update={"shop": met.shop.code, "by": walk.who, "changed": changed})


def _said(found: Found, shop: Shop | None) -> list[Operation]:
    row = directory.town().find_shop(shop.code) if shop else None
    return shops.saying_ops(row, trade=found.trade, name=found.shop_name) if row else []


def _report(
    walk: Walk,
    met: _Met,
    hazard: Hazard | None,
    known: Known,
    *,
    by: Walker,
    replay: Replay,
    now: datetime,
) -> Ticket:
    """The ticket and its finding, in one transaction; closed as it is made where it was settled on the spot."""
    found, shop, where = met
    before, after = (photos.check(some, known.photos, by.owner) for some in (found.photos, found.after))
    if found.is_settled:
        evidence.received((*before, *after), by.owner)  # closed by its photos: they have to be there
    seen = _seen(walk, where, directory.town())
    finding = _finding(walk, met, now=now, hazard=found.hazard, settled=found.is_settled)
    sent = reporting.Sent(
        text=text_of(hazard, found.text, shop.name if shop else ""),
        category=hazard.category if hazard else found.category,
        urgent=bool(hazard and hazard.urgent),
    )

    def beside(ticket: Ticket) -> list[Operation]:
        of_ticket = finding.model_copy(update={"ticket_id": ticket.id})
        return visits.finding_ops(walk, of_ticket, seen, _said(found, shop))

    def settled(report: Report, *, town: Town, now: datetime) -> Changed:
        return settle(report, unit_id=by.unit, photos=after, note=found.how, town=town, now=now)

    return reporting.make_ticket(
        sent,
        reporting.Came(
            where=where,
            source=walk.source,
            entered_by=by.code,
        ),
        before,
        replay=replay,
        now=now,
        decide=settled if found.is_settled else receive,
        beside=beside,
    )
