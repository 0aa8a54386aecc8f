"""What sensors saw, by the rule that counts it; what belongs to a ticket, with the ticket; and which ticket is a rule's last."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.feed.observations import Observation
from chalicelib.domain.model import Frozen
from chalicelib.store import documents, keys
from chalicelib.store.table import ConditionFailed, Item, Table, batch_write, get, query, query_all, update

COUNTED_FOR = timedelta(days=3)  # the oldest that is taken in, and the longest window, twice
EVIDENCE_KEPT = timedelta(days=400)


class LastTicket(Frozen):
    """The `count`-th ticket of a rule, its newest."""

    count: int = 0
    ticket_id: str = ""


def add(rule: str, found: Iterable[Observation], now: datetime) -> None:
    """Each once, however often it is sent."""
    batch_write(Table.WORK, puts=[_item(_counted(rule, each), each, now + COUNTED_FOR) for each in found])


def list_between(rule: str, since: datetime, until: datetime) -> list[Observation]:
    """What a rule counts of a time, both instants included, oldest first."""
    low, high = keys.seen_sk(since), keys.seen_sk(until)
    items = query_all(Table.WORK, keys.sensor_pk(rule), after_sk=low, begins=high, consistent=True)
    return [_load(item) for item in items]


def attach(ticket_id: str, evidence: Iterable[Observation], now: datetime) -> None:
    """Evidence belongs to a ticket from now on. Idempotent."""
    kept = {(each.at, each.id): each for each in evidence}
    puts = [_item(_evidence(ticket_id, each), each, now + EVIDENCE_KEPT) for each in kept.values()]
    batch_write(Table.WORK, puts=puts)


def list_of_ticket(
    ticket_id: str, *, after: str | None = None, limit: int = 100
) -> tuple[list[Observation], str | None]:
    """The evidence of a ticket, oldest first."""
    page = query(Table.WORK, keys.evidence_pk(ticket_id), after=after, limit=limit)
    return [_load(item) for item in page], page.next


def last_ticket(rule: str) -> LastTicket:
    """The newest ticket of a rule; none yet is the count 0."""
    item = get(Table.WORK, *keys.last_of_rule(rule), consistent=True)
    return LastTicket(count=item["count"], ticket_id=item["ticket_id"]) if item else LastTicket()


def set_last_ticket(rule: str, last: LastTicket) -> None:
    """A rule has a newer ticket. An older one never takes its place."""
    try:
        update(
            Table.WORK,
            *keys.last_of_rule(rule),
            "SET #count = :count, #ticket_id = :ticket",
            condition="attribute_not_exists(PK) OR #count < :count",
            count=last.count,
            ticket=last.ticket_id,
        )
    except ConditionFailed:
        return


def _item(key: keys.Key, one: Observation, expires: datetime) -> Item:
    return keys.attributes(key) | {"document": one.model_dump_json(), "expires": int(expires.timestamp())}


def _load(item: Item) -> Observation:
    return documents.read(Observation, item["document"])


def _counted(rule: str, one: Observation) -> keys.Key:
    return keys.observation(rule, one.at, one.sensor, one.id)


def _evidence(ticket_id: str, one: Observation) -> keys.Key:
    return keys.evidence(ticket_id, one.at, one.sensor, one.id)
