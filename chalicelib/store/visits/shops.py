"""What walks say of shops: the last word of each, while it stands, and every finding at one for 400 days.

State, name and last finding are items of their own, each written whole: of two walkers at one shop the later says what holds.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.town.walk_lists import Shop, Trade
from chalicelib.domain.visits.shops import Known, Overruled, Said, Seen
from chalicelib.domain.visits.walks import Finding, Walk
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, delete, put_op, query, query_all

KEPT_FOR = timedelta(days=400)
PAGE = 50
_LAST = "last"


def finding_ops(walk: Walk, finding: Finding) -> list[Item]:
    """What a finding at a shop writes beside itself: that it was the last, and its line in the shop's own list."""
    seen = Seen(at=finding.at, by=walk.who, in_order=finding.in_order, ticket_id=finding.ticket_id)
    last = keys.attributes(keys.shop_said(finding.shop, _LAST)) | {"document": seen.model_dump_json()}
    line = keys.attributes(keys.shop_found(finding.shop, finding.at, walk.id))
    line |= {"document": finding.model_dump_json(exclude_defaults=True), "expires": _epoch(finding.at)}
    return [put_op(Table.WORK, last), put_op(Table.WORK, line)]


def saying_ops(table_says: Shop, *, trade: Trade | None, name: str) -> list[Item]:
    """What a walker says of a shop, beside what the town's table says of it now."""
    said = {
        "trade": trade and Said(trade.value, table_says.trade.value),
        "name": name and Said(name, table_says.name),
    }
    return [
        put_op(Table.WORK, keys.attributes(keys.shop_said(table_says.code, field)) | each._asdict())
        for field, each in said.items()
        if each
    ]


def known_of(shop: str) -> Known:
    return list_known(shop).get(shop, Known())


def list_known(shop: str = "") -> dict[str, Known]:
    """By shop, what walks left of it, of one or of all. One partition, three small items a shop at most."""
    known: dict[str, dict[str, object]] = {}
    for item in query_all(Table.WORK, keys.SHOPS, begins=keys.said_of(shop) if shop else "", consistent=True):
        code, field = keys.shop_and_field(item["SK"])
        value = documents.read(Seen, item["document"]) if field == _LAST else Said(item["value"], item["was"])
        known.setdefault(code, {})[field] = value
    return {code: documents.built(Known, each) for code, each in known.items()}


def list_findings(shop: str, *, after: str | None = None) -> tuple[list[Finding], str | None]:
    """What was found at a shop, newest first."""
    page = query(Table.WORK, keys.shop_pk(shop), newest_first=True, limit=PAGE, after=after)
    return [documents.read(Finding, item["document"]) for item in page], page.next


def forget(overruled: Iterable[Overruled]) -> None:
    """What was said of these shops holds no more. What somebody on a walk has said since is another word, and stays."""
    for shop, field, said in overruled:
        unchanged = "#value = :value AND #was = :was"
        delete(Table.WORK, *keys.shop_said(shop, field), condition=unchanged, **said._asdict())


def _epoch(at: datetime) -> int:
    return int((at + KEPT_FOR).timestamp())
