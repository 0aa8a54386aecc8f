"""Digests and storms as stored: who was among the first, and the one message that the others become."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.notices.deliveries import Delivery, Digest
from chalicelib.domain.notices.rings import ONE_RING
from chalicelib.store import keys
from chalicelib.store.notices.deliveries import epoch, find, key_of, pending, written
from chalicelib.store.table import ConditionFailed, Table, get, update


def goes_at_once(recipient: str, digest: Digest, event_key: str) -> bool:
    """Whether this event is among the first of its digest; the same answer however often it is asked."""
    try:
        update(
            Table.WORK,
            *keys.first_of_digest(recipient, digest.until, digest.key),
            "ADD #first :key SET #expires = :expires",
            condition="attribute_not_exists(PK) OR size(#first) < :most OR contains(#first, :text)",
            key={event_key},
            text=event_key,
            most=digest.at_once,
            expires=epoch(digest.until + timedelta(days=2)),
        )
    except ConditionFailed:
        return False
    return True


class Rung(NamedTuple):
    """The ring that stands: by which ticket, since when."""

    event_key: str
    ticket_id: str
    since: datetime


def rings_at_once(recipient: str, ring: str, mine: Rung, *, instead_of: str = "") -> Rung | None:
    """None where this event rings, the same however often it is asked; else the ring that stands in its place.

    `instead_of`: the event of a ring that says nothing any more.
    """
    try:
        update(
            Table.WORK,
            *keys.rung(recipient, ring),
            "SET #event = :event, #ticket_id = :ticket, #since = :since, #expires = :expires",
            condition="attribute_not_exists(PK) OR #since <= :over OR #event = :event OR #event = :instead",
            event=mine.event_key,
            instead=instead_of,
            ticket=mine.ticket_id,
            since=stamp(mine.since),
            over=stamp(mine.since - ONE_RING),
            expires=epoch(mine.since + timedelta(days=2)),
        )
    except ConditionFailed:
        standing = get(Table.WORK, *keys.rung(recipient, ring), consistent=True)
        if standing is not None:
            return Rung(standing["event"], standing["ticket_id"], from_stamp(standing["since"]))
    return None


def gather(delivery: Delivery, member: str) -> bool:
    """Add a notice to a gathered delivery, made if it is the first. False when that has been sent without it."""
    item = written(delivery) | pending(delivery)
    key = key_of(delivery)
    own = keys.attributes(key)
    fields = {name: value for name, value in item.items() if name not in own and value is not None}
    assignments = ", ".join(f"#{name} = :{name}" for name in fields)
    try:
        update(
            Table.WORK,
            *key,
            f"SET {assignments} ADD #members :member",
            condition="attribute_not_exists(PK) OR #state = :state",
            member={member},
            **fields,
        )
    except ConditionFailed:
        standing = find(key)
        return standing is not None and member in standing.members
    return True
