"""What walks say of the shops 商户 of a place, beside what the town's table says of them (rule 72). Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.walk_lists import Shop, Trade


class Seen(Frozen):
    """How a shop was last found: `by` whom, in order or a ticket."""

    at: Instant
    by: str
    in_order: bool
    ticket_id: str = ""


class Said(NamedTuple):
    """Another name or state than the table's, said on a walk. `was`: what the table said then."""

    value: str
    was: str


class Known(Frozen):
    """All that walks left of a shop."""

    last: Seen | None = None
    trade: Said | None = None
    name: Said | None = None


def in_force(shops: Iterable[Shop], known: Mapping[str, Known]) -> tuple[Shop, ...]:
    """The shops as whoever stood there last found them; a row that was changed in the table since is the newer word."""
    return tuple(_as_said(shop, known.get(shop.code, Known())) for shop in shops)


class Overruled(NamedTuple):
    """What was said of a shop, and holds no more."""

    shop: str
    field: str
    said: Said


def overruled(shops: Iterable[Shop], known: Mapping[str, Known]) -> list[Overruled]:
    """What holds no more: the table says otherwise now, or the same, or has no such shop."""
    rows = {shop.code: shop for shop in shops}
    return [
        Overruled(code, field, said)
        for code, each in known.items()
        for field, said in (("trade", each.trade), ("name", each.name))
        if said and (code not in rows or str(getattr(rows[code], field)) != said.was)
    ]


def come_back(old: Iterable[Shop], new: Iterable[Shop], known: Mapping[str, Known]) -> list[Shop]:
    """Shops of the new table which the old one had not, and which walks know all the same: retired once, and again there."""
    before = {shop.code for shop in old}
    return [shop for shop in new if shop.code not in before and shop.code in known]


def at_point(shops: Iterable[Shop], path: tuple[str, ...]) -> list[Shop]:
    """The shops that whoever scanned a point may mean: of the point itself, or of a place above it. Closest first."""
    near = [shop for shop in shops if shop.place in path]
    return sorted(near, key=lambda shop: -path.index(shop.place))


def _as_said(shop: Shop, known: Known) -> Shop:
    changes: dict[str, object] = {}
    if known.trade and known.trade.was == shop.trade:
        changes["trade"] = Trade(known.trade.value)
    if known.name and known.name.was == shop.name:
        changes["name"] = known.name.value
    return shop.model_copy(update=changes) if changes else shop
