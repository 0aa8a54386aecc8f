"""商户 as walks found them: who stands at a point, and the shops of a place with what was found at each (rule 72)."""

from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotFound
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.town.walk_lists import TRADE_NAMES, Shop, Trade
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import iso
from chalicelib.domain.visits import shops as rules
from chalicelib.domain.visits.shops import Known, Seen
from chalicelib.domain.visits.walks import Finding
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory
from chalicelib.store.visits import shops

if TYPE_CHECKING:
    from chalicelib.actions.visits.schemas import (
        FoundTicket,
        ShopAtPoint,
        ShopFinding,
        ShopPage,
        ShopSeen,
        WholeShop,
    )
    from chalicelib.domain.schemas import Named

MOST_LISTED = 200


def find(code: str) -> Shop | None:
    """A shop as it was last found."""
    row = directory.town().find_shop(code)
    return rules.in_force([row], {code: shops.known_of(code)})[0] if row else None


def list_all() -> tuple[Shop, ...]:
    """Every shop of the town as it was last found; nothing is read where the town has none."""
    town = directory.town()
    return rules.in_force(town.shops, shops.list_known()) if town.shops else ()


def at_point(path: tuple[str, ...]) -> "list[ShopAtPoint]":
    """The shops that whoever scanned a point may mean, the point's own first."""
    return [_short(shop) for shop in rules.at_point(list_all(), path)]


def list_for(place: str | None, trade: Trade | None, *, after: str | None, by: Staff) -> "ShopPage":
    """The shops of a place, of a state, with what was found last at each: never seen first, then longest ago.

    Raises NotFound for a place that there is not.
    """
    if place:
        directory.place(place)
    town, known = directory.town(), shops.list_known()
    mine = [shop for shop in rules.in_force(town.shops, known) if town.covers(by, _path(shop.place, town))]
    here = [shop for shop in mine if not place or place in _path(shop.place, town)]
    wanted = [shop for shop in here if not trade or shop.trade == trade]
    rows = sorted(wanted, key=lambda shop: _last_at(known.get(shop.code)))
    start = 1 + next((n for n, shop in enumerate(rows) if shop.code == after), -1)
    shown = rows[start : start + MOST_LISTED]
    tickets = _tickets([_seen(shop, known) for shop in shown])
    return {
        "items": [_row(shop, known.get(shop.code, Known()), tickets, by, town) for shop in shown],
        "next": shown[-1].code if len(rows) > start + MOST_LISTED else None,
        "count": len(rows),
        "trades": {name.value: sum(shop.trade is name for shop in here) for name in Trade},
        "streets": _streets(mine, town),
    }


def get(code: str, *, after: str | None, by: Staff) -> "WholeShop":
    """A shop with its findings, newest first. Raises NotFound, also for one where the caller answers for nothing."""
    town = directory.town()
    shop = find(code)
    if shop is None or not town.covers(by, _path(shop.place, town)):
        raise NotFound("没有这家商户，请刷新列表")
    found, following = shops.list_findings(code, after=after)
    tickets = _tickets(found)
    return {
        **_short(shop),
        "place_name": directory.place(shop.place).full_name,
        "findings": [_finding(one, tickets, by, town) for one in found],
        "next": following,
    }


def _streets(mine: list[Shop], town: Town) -> "list[Named]":
    """The places right below the areas in which there are shops: what the list is chosen by."""
    codes = dict.fromkeys(path[2] for shop in mine if len(path := _path(shop.place, town)) > 2)
    return [{"code": code, "name": directory.place(code).name} for code in codes]


def _path(place: str, town: Town) -> tuple[str, ...]:
    """A place's path; of a point too, from the list that the process keeps. Empty for one that is gone."""
    if known := town.find_place(place):
        return known.path
    return next((point.path for point in directory.list_points() if point.code == place), ())


def _last_at(known: Known | None) -> str:
    return known.last.at.isoformat() if known and known.last else ""


def _seen(shop: Shop, known: dict[str, Known]) -> Seen | None:
    return known[shop.code].last if shop.code in known else None


def _tickets(found: "list[Seen | None] | list[Finding]") -> dict[str, Ticket]:
    wanted = [one.ticket_id for one in found if one and one.ticket_id]
    return {ticket.id: ticket for ticket in lists.get_many(wanted)}


def _short(shop: Shop) -> "ShopAtPoint":
    return {
        "code": shop.code,
        "name": shop.name,
        "kind": shop.kind,
        "place": shop.place,
        "trade": shop.trade.value,
        "trade_name": TRADE_NAMES[shop.trade],
    }


def _row(shop: Shop, known: Known, tickets: dict[str, Ticket], by: Staff, town: Town) -> "ShopSeen":
    last = known.last
    return {
        **_short(shop),
        "place_name": directory.place(shop.place).name,
        "seen_at": iso(last.at) if last else None,
        "in_order": last.in_order if last else None,
        "ticket": _ticket(tickets.get(last.ticket_id), by, town) if last else None,
    }


def _finding(finding: Finding, tickets: dict[str, Ticket], by: Staff, town: Town) -> "ShopFinding":
    hazard = town.find_hazard(finding.hazard)
    person = town.find_staff(finding.by)
    return {
        "at": iso(finding.at),
        "by_name": person.name if person else "志愿者",
        "in_order": finding.in_order,
        "hazard_name": hazard.name if hazard else "",
        "settled": finding.settled,
        "changed": finding.changed,
        "ticket": _ticket(tickets.get(finding.ticket_id), by, town),
    }


def _ticket(ticket: Ticket | None, by: Staff, town: Town) -> "FoundTicket | None":
    if ticket is None or not access.may_see(ticket, by, town):
        return None
    return {
        "id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "stage_name": STAGE_NAMES[ticket.stage],
    }
