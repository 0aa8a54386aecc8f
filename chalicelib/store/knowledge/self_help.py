"""自助解答: people whom an entry answered before they reported. Counted by day, and taken back; whom, for a week and as a hash."""

from datetime import datetime, timedelta

from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Table, delete_op, get, put, query_all, transact, update

TAKEN_BACK_WITHIN = timedelta(days=7)


def answered(person: str, code: str, day: str, now: datetime) -> bool:
    """Yes, this answered me. Answers whether it is new: the same person and entry within the week count once."""
    key = keys.answered_person(person, code)
    known = get(Table.WORK, *key, consistent=True)
    if known is not None and known["expires"] > now.timestamp():
        return False
    put(Table.WORK, keys.attributes(key) | {"day": day, "expires": _expires(now)})
    update(Table.WORK, *keys.self_help(day, code), "ADD #n :one", one=1)
    return True


def take_back(person: str, code: str, now: datetime) -> bool:
    """The same person reports the same after all: it had not answered. Within seven days, the last instant included."""
    key = keys.answered_person(person, code)
    known = get(Table.WORK, *key, consistent=True)
    if known is None or known["expires"] < now.timestamp():
        return False
    try:
        transact([delete_op(Table.WORK, *key, condition="attribute_exists(PK)")])
    except ConditionFailed:  # taken back by the same line of history, come again
        return False
    update(Table.WORK, *keys.self_help(known["day"], code), "ADD #n :less", less=-1)
    return True


def list_days(since: str) -> list[tuple[str, str, int]]:
    """Day, entry and number, from a day on; days on which all was taken back are left out."""
    items = query_all(Table.WORK, keys.SELF_HELP_PK, after_sk=since)
    return [(*item["SK"].split("#", 1), int(item["n"])) for item in items if item["n"] > 0]


def _expires(now: datetime) -> int:
    return int((now + TAKEN_BACK_WITHIN).timestamp())
