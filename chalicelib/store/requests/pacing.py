"""So many a minute to one receiver and no more: what goes beyond, WeCom drops without a word."""

from datetime import datetime, timedelta

from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Table, update

WINDOW = timedelta(minutes=1)


def take(receiver: str, most: int, now: datetime) -> bool:
    """Take one of `most` places of this minute; False when they are taken."""
    window = int(now.timestamp() // WINDOW.total_seconds())
    try:
        update(
            Table.WORK,
            *keys.pace(receiver, window),
            "SET #expires = :expires ADD #taken :one",
            condition="attribute_not_exists(#taken) OR #taken < :most",
            one=1,
            most=most,
            expires=int((window + 2) * WINDOW.total_seconds()),
        )
    except ConditionFailed:
        return False
    return True


def until_next(now: datetime) -> timedelta:
    """How long the next minute is away; more than nothing."""
    return WINDOW - timedelta(seconds=now.timestamp() % WINDOW.total_seconds())
