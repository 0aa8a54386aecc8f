"""Deliveries in the work table: their states, what is still to be sent, and whom the desk is to call: one query each.

The keys are deterministic, so writing the same delivery twice changes nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from chalicelib import logs
from chalicelib.domain.model import stamp
from chalicelib.domain.notices.deliveries import (
    FAILED,
    FINAL,
    MAY_HAVE_ARRIVED,
    SKEW,
    Delivery,
    Outcome,
    State,
)
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store import documents, keys
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Key,
    Table,
    batch_get,
    put,
    put_each,
    query,
    query_all,
    update,
)
from chalicelib.store.table import (
    get as get_item,
)

KEPT_FOR = timedelta(days=365)
PAGE = 100  # of a shard in one request
Created = Item  # a delivery as it will stand, for `create_all`
LEASE = timedelta(minutes=2)  # twice the time limit of `send`; after it, a send counts as killed
_TOLD_APART = {"state", "attempts", "detail", "members", "correlation_id"}


def key_of(delivery: Delivery) -> keys.Key:
    """One outward message for each (event, recipient) whatever the channel; an inbox line for each notice."""
    whose = delivery.recipient, delivery.at, delivery.event_key
    return keys.inbox_line(*whose, delivery.n) if delivery.way is Channel.INBOX else keys.delivery(*whose)


def create(delivery: Delivery) -> bool:
    """An outward delivery, due at `not_before`. False when it stands already, whatever became of it."""
    return put(Table.WORK, as_created(delivery), if_absent=True)


def as_created(delivery: Delivery) -> Created:
    """For who creates several at once, by `create_all`."""
    return written(delivery) | pending(delivery)


def create_all(created: Iterable[Created], *, beside: Iterable[Item] = ()) -> set[Key]:
    """What `create` does of each, and `beside` them what else is written unless it stands. Answers the keys of what stood already."""
    return put_each(Table.WORK, [*created, *beside])


def find(key: Key) -> Delivery | None:
    item = get_item(Table.WORK, *key, consistent=True)
    return None if item is None or "document" not in item else load(item)


def list_under(line: str, recipients: Iterable[str]) -> list[Delivery]:
    """What stands under one line (a delivery's own name within its recipient) for each of these recipients."""
    found = (find(keys.Key(keys.recipient_pk(each), line)) for each in recipients)
    return [delivery for delivery in found if delivery is not None]


def claim(key: Key, now: datetime) -> Delivery | None:
    """Take a delivery for sending: `created`, `temporary_failure`, or a killed `sending` whose lease is over.

    None when it is unknown, not due, in other hands or finished. A one-time message that was once in sending is never
    taken again, for it may have arrived. It keeps its place among what is due, which would cost two write units more.
    """
    pk, sk = key
    try:
        item = update(
            Table.WORK,
            pk,
            sk,
            "SET #state = :sending, #next_at = :lease, #attempts = #attempts + :one",
            condition="#next_at <= :now AND (#state IN (:created, :failed) OR (#state = :sending AND #one_time = :no))",
            sending=State.SENDING.value,
            created=State.CREATED.value,
            failed=State.TEMPORARY_FAILURE.value,
            no=False,
            now=stamp(now + SKEW),
            lease=stamp(now + LEASE),
            one=1,
        )
    except ConditionFailed:
        return None
    return load(item)


def record(delivery: Delivery, outcome: Outcome, *, retry_at: datetime | None = None) -> bool:
    """What became of an attempt. False when another attempt has taken over meanwhile: its word counts."""
    return _move(
        delivery,
        outcome,
        retry_at,
        condition="#state = :sending AND #attempts = :attempts",
        sending=State.SENDING,
    )


def finish(delivery: Delivery, outcome: Outcome) -> bool:
    """End a delivery that nobody is sending: expired, called by the desk, reported as not arrived. False when it moved on."""
    return _move(
        delivery, outcome, None, condition="#state = :before AND #attempts = :attempts", before=delivery.state
    )


def find_sent(sent_as: str) -> Delivery | None:
    """The delivered message that the platform knows by this name. The index lags a moment behind `record`."""
    page = query(Table.WORK, keys.sent_pk(sent_as), index="GSI1", limit=1)
    return load(page[0]) if page else None


def list_due(now: datetime) -> Iterator[Delivery]:
    """What was to be sent by `now` and was not, shard by shard, oldest first in each, page after page.

    What is being sent stands among it, and counts as late only `LEASE` after it was taken.
    """
    for shard in range(keys.SHARDS):
        # "$" sorts after "#"
        due = query_all(Table.WORK, keys.due_pk(shard), index="GSI1", until=f"{stamp(now)}$", limit=PAGE)
        yield from (load(item) for item in due if item["next_at"] <= stamp(now))


def may_send_again(delivery: Delivery) -> bool:
    has_failed = delivery.state in FAILED and delivery.detail != MAY_HAVE_ARRIVED
    return has_failed and delivery.way in (Channel.WECHAT, Channel.WECOM)


def send_again(delivery: Delivery, now: datetime) -> bool:
    """Make a failed delivery due once more. False, and nothing changed, for one that did not fail, or may have arrived."""
    if not may_send_again(delivery):
        return False
    again = delivery.model_copy(update={"not_before": now})
    return _rewrite(again, ("document", "state", "attempts", "detail", "next_at"), while_it_is=delivery.state)


def list_calls(
    station_id: str, *, now: datetime | None = None, after: str | None = None, limit: int = 50
) -> tuple[list[Delivery], str | None]:
    """Whom the desk is to tell by phone, oldest first; those that are due by `now` where it is given. One query."""
    until = f"{stamp(now)}$" if now else ""  # sorts after "#"
    page = query(Table.WORK, keys.calls_pk(station_id), index="GSI1", until=until, after=after, limit=limit)
    return [load(item) for item in page], page.next


def move_calls(recipient: str, ticket_id: str, station_id: str) -> set[str]:
    """Put what this person is still to be told by phone of this ticket on that station's list. Answers whose lists it left."""
    left = set()
    for item in query_all(Table.WORK, keys.recipient_pk(recipient), begins=keys.OUTWARD, consistent=True):
        call = load(item)
        is_open = call.way is Channel.CALL and call.state is State.CREATED
        if not is_open or call.called_under != ticket_id or call.station_id == station_id:
            continue
        there = call.model_copy(update={"station_id": station_id})
        if _rewrite(there, ("document",), while_it_is=State.CREATED):  # else it was made meanwhile
            left.add(call.station_id)
    return left


def _rewrite(delivery: Delivery, names: tuple[str, ...], *, while_it_is: State) -> bool:
    """Put it back as it is to be sent, with these attributes anew and in the list where it belongs. False when it moved on."""
    fresh = written(delivery) | pending(delivery)
    names = (*names, "GSI1PK", "GSI1SK")
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in names)
    values = {name: fresh[name] for name in names}
    try:
        update(
            Table.WORK, *key_of(delivery), change, condition="#state = :before", before=while_it_is, **values
        )
    except ConditionFailed:
        return False
    return True


def has_open_call(reporter_id: str, ticket_id: str) -> bool:
    """Whether the desk is still to tell this resident something of this ticket by phone."""
    waiting = query_all(Table.WORK, keys.recipient_pk(f"reporter:{reporter_id}"), begins=keys.OUTWARD)
    return any(
        call.way is Channel.CALL and call.called_under == ticket_id and call.state is State.CREATED
        for call in map(load, waiting)
    )


def list_outward(wanted: Iterable[Key]) -> list[Delivery]:
    """The outward deliveries that exist among these keys, oldest first."""
    return sorted((load(item) for item in batch_get(Table.WORK, wanted)), key=lambda delivery: delivery.at)


def _move(
    delivery: Delivery, outcome: Outcome, retry_at: datetime | None, *, condition: str, **states: State
) -> bool:
    pk, sk = key_of(delivery)
    values: Item = {"new": outcome.state.value, "detail": outcome.detail, "attempts": delivery.attempts}
    change = "SET #state = :new, #detail = :detail"
    if outcome.sent_as:
        change += ", #GSI1PK = :sent, #GSI1SK = :place"
        values |= {"sent": keys.sent_pk(outcome.sent_as), "place": sk}
    elif outcome.state in FINAL or retry_at is None:
        change += " REMOVE #GSI1PK, #GSI1SK"
    else:
        change += ", #next_at = :next_at, #GSI1SK = :due"
        values |= {"next_at": stamp(retry_at), "due": keys.delivery_due_sk(retry_at, sk)}
    values |= {name: state.value for name, state in states.items()}
    try:
        update(Table.WORK, pk, sk, change, condition=condition, **values)
    except ConditionFailed:
        return False
    return True


def written(delivery: Delivery) -> Item:
    document = delivery.model_dump_json(exclude=_TOLD_APART, exclude_defaults=True)
    return keys.attributes(key_of(delivery)) | {
        "document": document,
        "correlation_id": delivery.correlation_id or logs.correlation_id() or None,
        "expires": epoch(delivery.at + KEPT_FOR),
    }


def pending(delivery: Delivery) -> Item:
    """What changes while it is being sent, and its place among what is due, or on the call list."""
    _, sk = key_of(delivery)
    due, is_call = delivery.not_before, delivery.way is Channel.CALL
    call = keys.to_call(delivery.station_id, due, sk)
    return keys.listing(
        call if is_call else keys.delivery_due(keys.shard_of(delivery.recipient), due, sk)
    ) | {
        "state": State.CREATED.value,
        "attempts": 0,
        "detail": "",
        "next_at": None if is_call else stamp(due),  # without one it is never taken for sending
        "one_time": delivery.is_one_time,
    }


def load(item: Item) -> Delivery:
    delivery = documents.read(Delivery, item["document"])
    if delivery.way is Channel.INBOX:
        return delivery.model_copy(update={"state": State.DELIVERED})
    told = {
        "state": State(item["state"]),
        "attempts": item["attempts"],
        "detail": item["detail"],
        "correlation_id": str(item.get("correlation_id", "")),
    }
    return delivery.model_copy(update=told | {"members": tuple(sorted(item.get("members", ())))})


def epoch(instant: datetime) -> int:
    return int(instant.timestamp())
