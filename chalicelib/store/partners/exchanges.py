"""Exchanges with partners, those about one order together, in time. What is owed stands in an index until it is done."""

from datetime import datetime

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.model import stamp
from chalicelib.domain.partners.exchanges import Exchange, State, home_of
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Item, Table, put, query, query_all, update
from chalicelib.store.table import get as get_item

_APART = {"state", "attempts", "detail", "retry_at", "done_at", "done_by"}


def add(exchange: Exchange) -> bool:
    """Write an exchange, once: the same again changes nothing and answers False."""
    return put(Table.WORK, _item(exchange), if_absent=True)


def get(exchange_id: str) -> Exchange:
    """Raises NotFound."""
    home, _, name = exchange_id.partition(".")
    item = get_item(Table.WORK, *keys.exchange(home, name), consistent=True) if name else None
    if item is None:
        raise NotFound("没有这条往来记录，请刷新列表")
    return _load(item)


def list_of_order(partner: str, number: str) -> list[Exchange]:
    """Everything exchanged about one order, oldest first."""
    items = query_all(Table.WORK, keys.exchanges_pk(home_of(partner, number)), consistent=True)
    return [_load(item) for item in items]


def list_due(partner: str, now: datetime, *, limit: int = 200) -> list[Exchange]:
    """What is to be sent to a partner by now, the longest waiting first."""
    page = query(
        Table.WORK, keys.owed_pk(partner, State.WAITING), until=f"{stamp(now)}~", index="GSI1", limit=limit
    )
    return [_load(item) for item in page]


def list_open(
    partner: str, state: State, *, after: str | None = None, limit: int = 100
) -> tuple[list[Exchange], str | None]:
    """What is owed to a partner: waiting for its acknowledgement, or for somebody to enter it there."""
    page = query(Table.WORK, keys.owed_pk(partner, state), index="GSI1", after=after, limit=limit)
    return [_load(item) for item in page], page.next


def list_orders(
    partner: str, *, after: str | None = None, limit: int = 20
) -> tuple[list[Exchange], str | None]:
    """How each order of a partner came in, the newest first."""
    page = query(
        Table.WORK, keys.orders_pk(partner), index="GSI1", newest_first=True, after=after, limit=limit
    )
    return [_load(item) for item in page], page.next


def claim(exchange: Exchange, retry_at: datetime) -> bool:
    """One more try begins, by this run alone; killed, the exchange comes again at `retry_at`."""
    try:
        _change(
            exchange,
            "SET #attempts = :more, #retry_at = :retry, #GSI1SK = :place",
            "#attempts = :seen AND #state = :waiting",
            more=exchange.attempts + 1,
            seen=exchange.attempts,
            waiting=State.WAITING.value,
            retry=stamp(retry_at),
            place=keys.exchange_sk(retry_at, exchange.home, exchange.name),
        )
    except ConditionFailed:
        return False
    return True


def failed(exchange: Exchange, detail: str) -> None:
    """Why a try was none, for whoever looks."""
    _change(exchange, "SET #detail = :detail", detail=detail[:200])


def put_off(exchange: Exchange, retry_at: datetime) -> None:
    """Not before the one that is before it."""
    try:
        _change(
            exchange,
            "SET #retry_at = :retry, #GSI1SK = :place",
            "#state = :waiting",
            retry=stamp(retry_at),
            place=keys.exchange_sk(retry_at, exchange.home, exchange.name),
            waiting=State.WAITING.value,
        )
    except ConditionFailed:
        return


def done(exchange: Exchange, state: State, *, by: str = "", now: datetime) -> None:
    """Acknowledged, or entered there by somebody. Raises AlreadyDone."""
    try:
        _change(
            exchange,
            "SET #state = :state, #done_at = :now, #done_by = :by, #detail = :none REMOVE #GSI1PK, #GSI1SK",
            "#state = :before",
            state=state.value,
            before=exchange.state.value,
            now=stamp(now),
            by=by,
            none="",
        )
    except ConditionFailed as elsewhere:
        raise AlreadyDone("这条已经处理过了，请刷新列表") from elsewhere


def checked(exchange: Exchange, *, by: str, now: datetime) -> None:
    """The odd cells of what came in were looked at, by the first who says so."""
    try:
        _change(
            exchange,
            "SET #done_at = :now, #done_by = :by",
            "#state = :received AND #done_by = :nobody",
            received=State.RECEIVED.value,
            nobody="",
            now=stamp(now),
            by=by,
        )
    except ConditionFailed:
        return


def rewrite(exchange: Exchange) -> None:
    """Its words as they are now, where it stands; what became of it meanwhile stays."""
    _change(
        exchange,
        "SET #document = :document, #detail = :detail",
        document=exchange.model_dump_json(exclude=_APART),
        detail=exchange.detail,
    )


def _change(
    exchange: Exchange, expression: str, condition: str = "attribute_exists(PK)", **values: object
) -> None:
    pk, sk = _key(exchange)
    update(Table.WORK, pk, sk, expression, condition=condition, **values)


def _item(exchange: Exchange) -> Item:
    item = keys.attributes(_key(exchange), _listed(exchange))
    item |= {"document": exchange.model_dump_json(exclude=_APART)}
    return item | exchange.model_dump(mode="json", include=_APART)


def _key(exchange: Exchange) -> keys.Key:
    return keys.exchange(exchange.home, exchange.name)


def _listed(exchange: Exchange) -> keys.Key | None:
    """Among what is owed while it is open; else how its order came in, for the one that says so."""
    name = exchange.home, exchange.name
    if exchange.is_open:
        return keys.owed(exchange.partner, exchange.state, exchange.retry_at or exchange.at, *name)
    return keys.order_came(exchange.partner, exchange.at, *name) if exchange.began else None


def _load(item: Item) -> Exchange:
    apart = {name: item[name] for name in _APART if item.get(name) is not None}
    document = documents.read(Exchange, _with_state(item["document"]))
    return documents.built(Exchange, document.model_dump() | apart)


def _with_state(document: str) -> str:
    """The document alone has no state; the item has."""
    return document[:-1] + ',"state":"waiting"}'
