"""A walk 一趟: one going-out on a visit or patrol, from the first point scanned to its end, and what is found on it."""

from datetime import datetime, timedelta

from chalicelib.domain.errors import Invalid, NotAllowed, TooLate
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.visit_plans import VisitPlan, holds
from chalicelib.domain.town.vocabulary import Role, Source
from chalicelib.domain.town.walk_lists import TRADE_NAMES, Hazard, Shop, Trade

LONGEST = timedelta(hours=12)  # rule 72: a walk that nobody ended is over by itself


class Walker(Frozen):
    """Who goes out: a member of staff, or a volunteer whom a station approved.

    `code` stands on tickets and walks; `owner` is the session's subject, whose photos they are. A volunteer has no `unit`
    and only goes within `area`.
    """

    code: str
    name: str
    roles: tuple[Role, ...]
    owner: str
    unit: str = ""
    area: str = ""


class Walk(Frozen):
    """`id` is the phone's own, so that a walk begun without a signal is begun once. `plan` "": gone without one."""

    id: str
    who: str
    source: Source
    plan: str = ""
    place: str  # where it began
    started_at: Instant
    ended_at: Instant | None = None


class Finding(Frozen):
    """What was said of a place: in order 正常, or a ticket. `settled`: closed on the spot, with photos before and after."""

    at: Instant
    place: str
    place_name: str
    in_order: bool = False
    ticket_id: str = ""
    hazard: str = ""
    settled: bool = False
    shop: str = ""
    by: str = ""
    changed: str = ""  # what it says of the shop that was not so before: 改为停业


class Found(Frozen):
    """What the walker sends from the spot, already scrubbed. `after` and `how` only where it was settled there."""

    point: str
    in_order: bool = False
    hazard: str = ""
    category: str | None = None
    text: str = ""
    photos: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    how: str = ""
    shop: str = ""  # of the point's shops, the one that is meant
    trade: Trade | None = None  # as it stands there now
    shop_name: str = ""  # as its sign says now

    @property
    def is_settled(self) -> bool:
        return bool(self.after or self.how)


def begin(walk_id: str, plan: VisitPlan | None, *, at: Where, by: Walker, now: datetime) -> Walk:
    """A walk from the point that was scanned. Raises NotAllowed for a plan of another role, Invalid outside its places."""
    if plan is not None and plan.role not in by.roles:
        raise NotAllowed("这个计划由其他岗位走访，请选您自己的计划")
    if plan is not None and not holds(plan, at.path):
        raise Invalid(
            f"这个点位不在“{plan.name}”的范围里，请到计划里的地点扫码，或不选计划", fields=["point"]
        )
    need_own_area(by, at.path)
    source = plan.source if plan else Source.VOLUNTEER if by.unit == "" else Source.PATROL
    return Walk(
        id=walk_id,
        who=by.code,
        source=source,
        plan=plan.code if plan else "",
        place=at.place or "",
        started_at=now,
    )


def need_own_area(by: Walker, path: tuple[str, ...]) -> None:
    """Raises Invalid for a volunteer outside the area of the station that approved him or her."""
    if by.area and by.area not in path:
        raise Invalid("这个点位不在您登记的片区，请在本片区巡察", fields=["point"])


def is_open(walk: Walk, now: datetime) -> bool:
    """Its last instant still counts."""
    return walk.ended_at is None and now - walk.started_at <= LONGEST


def need_open(walk: Walk, now: datetime) -> None:
    """Raises TooLate for one that was ended, or went on for too long."""
    if not is_open(walk, now):
        raise TooLate("这一趟已经结束，请扫码开始新的一趟")


def check_shop(found: Found, shop: Shop | None, path: tuple[str, ...]) -> None:
    """Raises Invalid where what is said of a shop names none, or none of where the walker stands."""
    if found.shop and (shop is None or shop.place not in path):
        raise Invalid("这个点位没有这家商户，请刷新后重选", fields=["shop"])
    if not found.shop and (found.trade or found.shop_name):
        raise Invalid("请先选是哪一家商户", fields=["shop"])


def changes_of(found: Found, shop: Shop) -> str:
    """In words, what the walker says of a shop that was not so before."""
    parts = [f"改名“{found.shop_name}”"] if found.shop_name and found.shop_name != shop.name else []
    if found.trade and found.trade is not shop.trade:
        parts.append(f"{TRADE_NAMES[shop.trade]}改为{TRADE_NAMES[found.trade]}")
    return "，".join(parts)


def check_found(found: Found, hazard: Hazard | None) -> None:
    """Raises Invalid, naming what is missing: a finding needs a photo and words; what is settled, another photo and how."""
    if found.in_order:
        if found.hazard or found.category or found.text or found.photos or found.is_settled:
            raise Invalid("记为正常时，不要再填隐患、说明和照片；有问题请按发现问题上报", fields=["in_order"])
        return
    if found.hazard and hazard is None:
        raise Invalid("隐患清单里没有这一项，请刷新后重选", fields=["hazard"])
    if hazard is None and len(found.text) < 2:
        raise Invalid("请选一项隐患，或写几个字说明看到了什么", fields=["text"])
    if not found.photos:
        wanted = hazard.photograph if hazard else ""
        raise Invalid("请拍一张现场照片" + (f"：{wanted}" if wanted else ""), fields=["photos"])
    if found.is_settled:
        _check_settled(found)


def _check_settled(found: Found) -> None:
    if not found.after:
        raise Invalid("当场处置好的，请再拍一张处置后的照片", fields=["after"])
    if len(found.how) < 2:
        raise Invalid("请写几个字说明怎么处置的", fields=["how"])
    if set(found.after) & set(found.photos):
        raise Invalid("处置前和处置后要用两张不同的照片", fields=["after"])
