"""Registered computers 工作电脑, and the PINs 锁屏密码 of whoever works at them.

A computer is known by a secret that it keeps. A PIN is short, so it is hashed together with that secret: whoever reads
the table alone cannot try PINs.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identity.locking import MOST_TRIES, PIN_LASTS
from chalicelib.domain.model import Frozen, Instant, from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    batch_write,
    delete,
    get,
    put,
    query_all,
    update,
)


class Computer(Frozen):
    """A computer of a unit; `name` is what people call it, `by` who registered it."""

    id: str
    unit: str
    name: str
    by: str
    at: Instant


def register(computer: Computer) -> str:
    """A computer's secret, which is stored only as a hash and cannot be shown again. Registered anew it has another."""
    secret = secrets.token_urlsafe(32)
    item = keys.attributes(keys.computer(computer.id), keys.computer_of(computer.unit, computer.id)) | {
        "unit": computer.unit,
        "name": computer.name,
        "by": computer.by,
        "at": stamp(computer.at),
        "hash": hashlib.sha256(secret.encode()).hexdigest(),
    }
    put(Table.WORK, item)
    return f"{computer.id}.{secret}"


def find(secret: str) -> Computer | None:
    """The computer of a secret; None for a forged one, and for a computer that was removed."""
    computer_id, _, rest = secret.partition(".")
    item = get(Table.WORK, *keys.computer(computer_id), consistent=True)
    hashed = hashlib.sha256(rest.encode()).hexdigest()
    return _read(item) if item and hmac.compare_digest(item["hash"], hashed) else None


def get_computer(computer_id: str) -> Computer:
    """Raises NotFound."""
    item = get(Table.WORK, *keys.computer(computer_id), consistent=True)
    if item is None:
        raise NotFound("没有这台工作电脑，请刷新列表")
    return _read(item)


def list_computers(unit: str) -> list[Computer]:
    return [_read(item) for item in query_all(Table.WORK, keys.computers_pk(unit), index="GSI1")]


def remove(computer_id: str) -> None:
    """The computer, and then every PIN at it; who sits there is `sessions.end_at`'s to send away."""
    delete(Table.WORK, *keys.computer(computer_id))
    pins = list(query_all(Table.WORK, keys.computer_pk(computer_id), begins=keys.PINS))
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in pins])


def set_pin(secret: str, staff: str, pin: str, now: datetime) -> None:
    """In the place of the one before. `secret` is of a computer that is known."""
    salt = secrets.token_hex(16)
    item = keys.attributes(keys.pin(_id_of(secret), staff)) | {
        "salt": salt,
        "hash": _hash(pin, secret, salt),
        "tries": 0,
        "expires": _expires(now),
    }
    put(Table.WORK, item)


def has_pin(computer_id: str, staff: str, now: datetime) -> bool:
    """Whether a PIN stands that has tries left."""
    item = get(Table.WORK, *keys.pin(computer_id, staff), consistent=True)
    return item is not None and item["tries"] < MOST_TRIES and item["expires"] >= now.timestamp()


def tries_left_after(secret: str, staff: str, pin: str, now: datetime) -> int | None:
    """None for the right PIN; else how often it may still be tried, 0 where there is none or it was tried enough.

    Every try is counted before it is looked at, so that many at once are not more than there are.
    """
    key = keys.pin(_id_of(secret), staff)
    try:
        item = update(
            Table.WORK,
            *key,
            "ADD #tries :one",
            condition="#tries < :most AND #expires >= :now",
            one=1,
            most=MOST_TRIES,
            now=int(now.timestamp()),
        )
    except ConditionFailed:
        return 0
    if not hmac.compare_digest(item["hash"], _hash(pin, secret, item["salt"])):
        return MOST_TRIES - int(item["tries"])
    allow_tries(_id_of(secret), staff, now)
    return None


def allow_tries(computer_id: str, staff: str, now: datetime) -> None:
    """Whoever was known by PIN or code has every try again; nothing where there is no PIN."""
    try:
        update(
            Table.WORK,
            *keys.pin(computer_id, staff),
            "SET #tries = :none, #expires = :expires",
            condition="#expires >= :now",
            none=0,
            expires=_expires(now),
            now=int(now.timestamp()),
        )
    except ConditionFailed:
        return


def _id_of(secret: str) -> str:
    return secret.partition(".")[0]


def _expires(now: datetime) -> int:
    return int((now + PIN_LASTS).timestamp())


def _hash(pin: str, secret: str, salt: str) -> str:
    return hashlib.scrypt(f"{pin}\0{secret}".encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1).hex()


def _read(item: Item) -> Computer:
    computer_id = item["PK"].partition("#")[2]
    return Computer(
        id=computer_id, unit=item["unit"], name=item["name"], by=item["by"], at=from_stamp(item["at"])
    )
