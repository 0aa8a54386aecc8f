"""Exchanges with partners, those about one order together, in time. What is owed stands in an index until it is done."""

from datetime import datetime

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.model import stamp
from chalicelib.domain.partners.exchanges import Exchange, State, home_of
from chalicelib.store.table import ConditionFailed, Item, Table, put, query, query_all, update
from chalicelib.store.table import get as get_item

_APART = {"state", "attempts", "detail", "retry_at", "done_at", "done_by"}


def add(exchange: Exchange) -> bool:
    """Write an exchange, once: the same again changes nothing and answers False."""
    return put(Table.WORK, _item(exchange), if_absent=True)


def get(exchange_id: str) -> Exchange:
    """Raises NotFound."""
    home, _, name = exchange_id.partition(".")
    item = get_item(Table.WORK, f"EXCHANGES#{home}", name, consistent=True) if name else None
    if item is None:
        raise NotFound("没有这条往来记录，请刷新列表")
    return _load(item)


def list_of_order(partner: str, number: str) -> list[Exchange]:
    """Everything exchanged about one order, oldest first."""
    items = query_all(Table.WORK, f"EXCHANGES#{home_of(partner, number)}", consistent=True)
    return [_load(item) for item in items]


def list_due(partner: str, now: datetime, *, limit: int = 200) -> list[Exchange]:
    """What is to be sent to a partner by now, the longest waiting first."""
    page = query(
        Table.WORK, _open_pk(partner, State.WAITING), until=f"{stamp(now)}~", index="GSI1", limit=limit
    )
    return [_load(item) for item in page]


def list_open(
    partner: str, state: State, *, after: str | None = None, limit: int = 100
) -> tuple[list[Exchange], str | None]:
    """What is owed to a partner: waiting for its acknowledgement, or for somebody to enter it there."""
    page = query(Table.WORK, _open_pk(partner, state), index="GSI1", after=after, limit=limit)
    return [_load(item) for item in page], page.next


def list_orders(
    partner: str, *, after: str | None = None, limit: int = 20
) -> tuple[list[Exchange], str | None]:
    """How each order of a partner came in, the newest first."""
    page = query(Table.WORK, f"ORDERS#{partner}", index="GSI1", newest_first=True, after=after, limit=limit)
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
            place=_sk(retry_at, exchange),
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
            place=_sk(retry_at, exchange),
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


def _change(
    exchange: Exchange, expression: str, condition: str = "attribute_exists(PK)", **values: object
) -> None:
    update(Table.WORK, f"EXCHANGES#{exchange.home}", exchange.name, expression, condition=condition, **values)


def _item(exchange: Exchange) -> Item:
    item: Item = {"PK": f"EXCHANGES#{exchange.home}", "SK": exchange.name}
    item |= {"document": exchange.model_dump_json(exclude=_APART)}
    item |= exchange.model_dump(mode="json", include=_APART)
    if exchange.is_open:
        item |= {"GSI1PK": _open_pk(exchange.partner, exchange.state)}
        item |= {"GSI1SK": _sk(exchange.retry_at or exchange.at, exchange)}
    elif exchange.began:
        item |= {"GSI1PK": f"ORDERS#{exchange.partner}", "GSI1SK": _sk(exchange.at, exchange)}
    return item


def _load(item: Item) -> Exchange:
    apart = {name: item[name] for name in _APART if item.get(name) is not None}
    document = Exchange.model_validate_json(_with_state(item["document"]))
    return Exchange.model_validate(document.model_dump() | apart)


def _with_state(document: str) -> str:
    """The document alone has no state; the item has."""
    return document[:-1] + ',"state":"waiting"}'


def _open_pk(partner: str, state: State) -> str:
    return f"EXCHANGES#{state.value}#{partner}"


def _sk(at: datetime, exchange: Exchange) -> str:
    return f"{stamp(at)}#{exchange.home}#{exchange.name}"
