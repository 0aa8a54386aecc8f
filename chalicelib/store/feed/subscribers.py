"""Where each subscriber stands: with every ticket of which something was told, and as a whole."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import NotFound
from chalicelib.domain.feed.webhooks import Standing
from chalicelib.domain.model import Frozen, Instant, from_stamp, stamp
from chalicelib.settings import settings
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Item, Table, batch_get, batch_write, query, update
from chalicelib.store.table import get as get_item

KEPT = timedelta(days=400)  # as long as the feed
WAITING, DEAD = keys.WAITING, keys.DEAD


class Contacted(Frozen):
    """When a subscriber last acknowledged which event, and when it last fetched by itself."""

    event: str = ""
    acknowledged_at: Instant | None = None
    fetched_at: Instant | None = None


def list_behind(names: Iterable[str], ticket_id: str, version: int) -> list[str]:
    """The subscribers that are not yet to be sent this version of a ticket."""
    items = batch_get(Table.WORK, [keys.standing(name, ticket_id) for name in names], consistent=True)
    known = {item["PK"]: item["latest"] for item in items}
    return [name for name in names if known.get(keys.subscriber_pk(name), 0) < version]


def wake(name: str, ticket_id: str, number: str, latest: int, now: datetime) -> None:
    """There is something new for a subscriber. What is put off, or given up, stays so; an older version changes nothing."""
    listed = _waiting(name, ticket_id, now)
    _change(
        name,
        ticket_id,
        "SET #latest = :latest, #number = :number, #expires = :expires, #since = if_not_exists(#since, :at), "
        "#sent = if_not_exists(#sent, :none), #attempts = if_not_exists(#attempts, :none), "
        "#GSI1PK = if_not_exists(#GSI1PK, :shelf), #GSI1SK = if_not_exists(#GSI1SK, :place)",
        "attribute_not_exists(#latest) OR #latest < :latest",
        latest=latest,
        number=number,
        none=0,
        at=stamp(now),
        shelf=listed.pk,
        place=listed.sk,
        expires=_expires(now),
    )


def shelves() -> range:
    """Of what waits for a subscriber: each ticket is on one of them."""
    return range(settings().shelves)


def list_due(name: str, now: datetime, *, limit: int, shelf: int = 0) -> list[Standing]:
    """The tickets of a shelf of which something is to be sent to a subscriber by now, the longest waiting first."""
    pk = keys.standing_pk(name, WAITING, shelf)
    page = query(Table.WORK, pk, index="GSI1", until=f"{stamp(now)}~", limit=limit)
    return [_load(item) for item in page]


def list_waiting(name: str, *, limit: int = 100) -> tuple[list[Standing], bool]:
    """The tickets that wait for a subscriber, the first of every shelf; whether there are more."""
    pages = [
        query(Table.WORK, keys.standing_pk(name, WAITING, shelf), index="GSI1", limit=limit)
        for shelf in shelves()
    ]
    items = sorted((item for page in pages for item in page), key=lambda item: str(item["GSI1SK"]))
    return [_load(item) for item in items[:limit]], len(items) > limit or any(page.next for page in pages)


def list_dead(name: str, *, after: str | None = None, limit: int = 100) -> tuple[list[Standing], str | None]:
    """The tickets that were given up for a subscriber."""
    page = query(Table.WORK, keys.standing_pk(name, DEAD), index="GSI1", after=after, limit=limit)
    return [_load(item) for item in page], page.next


def get(name: str, ticket_id: str) -> Standing:
    """Raises NotFound."""
    item = get_item(Table.WORK, *keys.standing(name, ticket_id), consistent=True)
    if item is None or ticket_id == keys.SUBSCRIBER_STATE:
        raise NotFound("没有这条推送记录，请刷新列表")
    return _load(item)


def claim(standing: Standing, retry_at: datetime, now: datetime) -> bool:
    """A try begins, by this run alone; killed, the ticket comes again at `retry_at`."""
    listed = _waiting(standing.subscriber, standing.ticket_id, retry_at)
    return _change(
        standing.subscriber,
        standing.ticket_id,
        "SET #attempts = :more, #tried_at = :now, #GSI1PK = :shelf, #GSI1SK = :place",
        "#attempts = :seen AND #sent = :sent AND begins_with(#GSI1PK, :waiting)",
        more=standing.attempts + 1,
        seen=standing.attempts,
        sent=standing.sent,
        now=stamp(now),
        shelf=listed.pk,
        place=listed.sk,
        waiting=keys.standing_pk(standing.subscriber, WAITING),
    )


def done(standing: Standing, sent: int, now: datetime) -> bool:
    """Everything up to `sent` is acknowledged. What has come meanwhile is due at once: answers whether something has."""
    new = "SET #sent = :sent, #attempts = :none, #detail = :nothing, #expires = :expires"
    said: dict[str, Any] = {"sent": sent, "none": 0, "nothing": "", "expires": _expires(now)}
    whose = standing.subscriber, standing.ticket_id
    gone = "REMOVE #failing_since, #tried_at"
    if _change(*whose, f"{new} {gone}, #since, #GSI1PK, #GSI1SK", "#latest <= :sent", **said):
        return False
    return _change(
        *whose,
        f"{new}, #since = :at, #GSI1SK = :place {gone}",
        "attribute_exists(#GSI1PK)",
        at=stamp(now),
        place=_waiting(standing.subscriber, standing.ticket_id, now).sk,
        **said,
    )


def failed(standing: Standing, retry_at: datetime, now: datetime, *, dead: bool) -> None:
    """A try was none: `standing` says how far it came, and why. It is tried again at `retry_at`, or given up."""
    whose = standing.subscriber, standing.ticket_id
    listed = keys.standing_due(whose[0], DEAD, now, whose[1]) if dead else _waiting(*whose, retry_at)
    _change(
        standing.subscriber,
        standing.ticket_id,
        "SET #sent = :sent, #attempts = :attempts, #detail = :detail, #failing_since = :since, "
        "#GSI1PK = :shelf, #GSI1SK = :place, #expires = :expires",
        "attribute_exists(#GSI1PK)",
        sent=standing.sent,
        attempts=standing.attempts,
        detail=standing.detail[:200],
        since=stamp(standing.failing_since or now),
        shelf=listed.pk,
        place=listed.sk,
        expires=_expires(now),
    )


def revive(standing: Standing, now: datetime) -> bool:
    """A ticket that was given up, or is put off, is due at once, with three days before it. False where nothing waits."""
    listed = _waiting(standing.subscriber, standing.ticket_id, now)
    return _change(
        standing.subscriber,
        standing.ticket_id,
        "SET #GSI1PK = :shelf, #GSI1SK = :place REMOVE #failing_since",
        "attribute_exists(#GSI1PK)",
        shelf=listed.pk,
        place=listed.sk,
    )


def forget_ticket(names: Iterable[str], ticket_id: str) -> None:
    """Nothing is left of a ticket whose case is removed."""
    batch_write(Table.WORK, deletes=[keys.standing(name, ticket_id) for name in names])


def acknowledged(name: str, event: str, now: datetime) -> None:
    """The last event that a run got through."""
    update(
        Table.WORK,
        *keys.subscriber_state(name),
        "SET #event = :event, #acknowledged_at = :at",
        event=event,
        at=stamp(now),
    )


def fetched(name: str, now: datetime) -> None:
    """A subscriber has fetched events by itself."""
    update(Table.WORK, *keys.subscriber_state(name), "SET #fetched_at = :at", at=stamp(now))


def contacted(names: Iterable[str]) -> dict[str, Contacted]:
    """By subscriber; one that was never heard of is there too."""
    items = batch_get(Table.WORK, map(keys.subscriber_state, names))
    found = {item["PK"]: {key: item[key] for key in Contacted.model_fields if key in item} for item in items}
    return {name: documents.built(Contacted, found.get(keys.subscriber_pk(name), {})) for name in names}


def _waiting(name: str, ticket_id: str, at: datetime) -> keys.Key:
    return keys.standing_due(name, WAITING, at, ticket_id, keys.shelf_of(ticket_id, settings().shelves))


def _change(name: str, ticket_id: str, expression: str, condition: str, **values: Any) -> bool:
    """False, and nothing written, where the condition does not hold."""
    try:
        update(Table.WORK, *keys.standing(name, ticket_id), expression, condition=condition, **values)
    except ConditionFailed:
        return False
    return True


def _load(item: Item) -> Standing:
    place = str(item.get("GSI1SK", ""))
    return Standing(
        **{key: item[key] for key in Standing.model_fields if key in item},
        subscriber=keys.subscriber_of(item["PK"]),
        ticket_id=item["SK"],
        retry_at=from_stamp(place.partition("#")[0]) if place else None,
        dead=keys.is_dead(str(item.get("GSI1PK", ""))),
    )


def _expires(now: datetime) -> int:
    return int((now + KEPT).timestamp())
