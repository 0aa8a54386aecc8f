"""What sensors saw, by the rule that counts it; what belongs to a ticket, with the ticket; and which ticket is a rule's last."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.feed.observations import Observation
from chalicelib.domain.model import Frozen, stamp
from chalicelib.store.table import ConditionFailed, Item, Table, batch_write, get, query, query_all, update

COUNTED_FOR = timedelta(days=3)  # the oldest that is taken in, and the longest window, twice
EVIDENCE_KEPT = timedelta(days=400)
_LAST = "LAST"


class LastTicket(Frozen):
    """The `count`-th ticket of a rule, its newest."""

    count: int = 0
    ticket_id: str = ""


def add(rule: str, found: Iterable[Observation], now: datetime) -> None:
    """Each once, however often it is sent."""
    batch_write(Table.WORK, puts=[_item(_pk(rule), each, now + COUNTED_FOR) for each in found])


def list_between(rule: str, since: datetime, until: datetime) -> list[Observation]:
    """What a rule counts of a time, both instants included, oldest first."""
    items = query_all(
        Table.WORK, _pk(rule), after_sk=f"AT#{stamp(since)}", begins=f"AT#{stamp(until)}", consistent=True
    )
    return [_load(item) for item in items]


def attach(ticket_id: str, evidence: Iterable[Observation], now: datetime) -> None:
    """Evidence belongs to a ticket from now on. Twice is as once."""
    kept = {(each.at, each.id): each for each in evidence}
    batch_write(
        Table.WORK, puts=[_item(_of_ticket(ticket_id), each, now + EVIDENCE_KEPT) for each in kept.values()]
    )


def list_of_ticket(
    ticket_id: str, *, after: str | None = None, limit: int = 100
) -> tuple[list[Observation], str | None]:
    """The evidence of a ticket, oldest first."""
    page = query(Table.WORK, _of_ticket(ticket_id), after=after, limit=limit)
    return [_load(item) for item in page], page.next


def last_ticket(rule: str) -> LastTicket:
    """The newest ticket of a rule; none yet is the count 0."""
    item = get(Table.WORK, _pk(rule), _LAST, consistent=True)
    return LastTicket(count=item["count"], ticket_id=item["ticket_id"]) if item else LastTicket()


def set_last_ticket(rule: str, last: LastTicket) -> None:
    """A rule has a newer ticket. An older one never takes its place."""
    try:
        update(
            Table.WORK,
            _pk(rule),
            _LAST,
            "SET #count = :count, #ticket_id = :ticket",
            condition="attribute_not_exists(PK) OR #count < :count",
            count=last.count,
            ticket=last.ticket_id,
        )
    except ConditionFailed:
        return


def _item(pk: str, one: Observation, expires: datetime) -> Item:
    key = {"PK": pk, "SK": f"AT#{stamp(one.at)}#{one.sensor}#{one.id}"}
    return key | {"document": one.model_dump_json(), "expires": int(expires.timestamp())}


def _load(item: Item) -> Observation:
    return Observation.model_validate_json(item["document"])


def _pk(rule: str) -> str:
    return f"SENSOR#{rule}"


def _of_ticket(ticket_id: str) -> str:
    return f"OBSERVED#{ticket_id}"
