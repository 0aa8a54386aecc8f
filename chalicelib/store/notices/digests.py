"""Digests and storms as stored: who was among the first, and the one message that the others become."""

from datetime import timedelta

from chalicelib.domain.notices.deliveries import Delivery, Digest
from chalicelib.store import keys
from chalicelib.store.notices.deliveries import epoch, find, key_of, pending, written
from chalicelib.store.table import ConditionFailed, Table, update


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
