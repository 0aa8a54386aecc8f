"""The consent ledger 订阅次数: how many messages of a template a person has allowed. One accept is one message.

The person is the opaque hash of the openid. WeChat sends an event again when our answer is late, and in no order: each
counts once, and one from before the last refusal does not count.
"""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Item, Table, batch_write, get, query_all, update


def accept(person: str, template_id: str, *, event: str, at: datetime) -> bool:
    """One more message is allowed. False when `event` was counted already, or the person refused at that time or later."""
    try:
        update(
            Table.WORK,
            *keys.consent(person, template_id),
            "ADD #left :one, #events :event",
            condition="(attribute_not_exists(#events) OR NOT contains(#events, :name))"
            " AND (attribute_not_exists(#refused_at) OR #refused_at < :at)",
            one=1,
            event={event},
            name=event,
            at=stamp(at),
        )
    except ConditionFailed:
        return False
    return True


def refuse(person: str, template_id: str, *, at: datetime) -> bool:
    """Nothing of this template any more (43101, or switched off in the settings). False when a later refusal is known."""
    try:
        update(
            Table.WORK,
            *keys.consent(person, template_id),
            "SET #left = :none, #refused_at = :at REMOVE #events",  # what came before does not count any more
            condition="attribute_not_exists(#refused_at) OR #refused_at < :at",
            none=0,
            at=stamp(at),
        )
    except ConditionFailed:
        return False
    return True


def spend(person: str, template_id: str) -> bool:
    """Take one away before it is sent: who is killed in between loses one rather than sends twice. False when none is left."""
    try:
        update(
            Table.WORK,
            *keys.consent(person, template_id),
            "ADD #left :minus_one",
            condition="#left >= :one",
            minus_one=-1,
            one=1,
        )
    except ConditionFailed:
        return False
    return True


def give_back(person: str, template_id: str) -> None:
    """What was taken for a message that was never sent."""
    update(Table.WORK, *keys.consent(person, template_id), "ADD #left :one", one=1)


def balance(person: str, template_id: str) -> int:
    item = _find(person, template_id)
    return int(item["left"]) if item else 0


def has_refused(person: str, template_id: str) -> bool:
    """Whether the last word was no. Asked for long-term templates, whose balance does not matter."""
    item = _find(person, template_id)
    return item is not None and item["left"] == 0 and "refused_at" in item


def forget(person: str) -> None:
    """Remove what someone allowed, when he or she asks to be forgotten."""
    items = query_all(Table.WORK, keys.consents_pk(person))
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in items])


def _find(person: str, template_id: str) -> Item | None:
    return get(Table.WORK, *keys.consent(person, template_id), consistent=True)
