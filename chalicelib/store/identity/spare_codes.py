"""Spare codes 备用码: one a person, used once, printed and sealed, with the head for the day a phone is dead.

Sixteen digits, since it lies there for half a year: guessing it needs no counting of tries, and nobody can use up
another's by trying.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

from chalicelib.domain.identity.locking import SPARE_CODE_LASTS
from chalicelib.domain.model import stamp
from chalicelib.store import keys
from chalicelib.store.identity.sign_in_codes import Redeemed, replaced
from chalicelib.store.table import ConditionFailed, Table, delete, get, put, update

DIGITS = 16


def issue(staff: str, now: datetime, *, made_by: str, act: str = "") -> str:
    """A new one, in the place of the one that is out. `act`: by which it was made, for `with_other_digits`."""
    digits, salt = _fresh()
    expires_at = now + SPARE_CODE_LASTS
    item = keys.attributes(keys.spare_code(staff)) | {
        "salt": salt,
        "hash": _hash(digits, salt),
        "made_by": made_by,
        "act": act,
        "expires_at": stamp(expires_at),
        "expires": int(expires_at.timestamp()),
    }
    put(Table.WORK, item)
    return f"{staff}-{digits}"


def with_other_digits(staff: str, act: str, now: datetime) -> str | None:
    """As `sign_in_codes.with_other_digits`."""
    digits, salt = _fresh()
    changed = replaced(keys.spare_code(staff), act, salt=salt, hashed=_hash(digits, salt), now=now)
    return f"{staff}-{digits}" if changed else None


def is_one(code: str) -> bool:
    """Whether something typed is written as a spare code is."""
    digits = code.strip().rpartition("-")[2]
    return len(digits) == DIGITS and digits.isascii() and digits.isdecimal()


def use(code: str, now: datetime) -> Redeemed | None:
    """Whose it is and who made it, once; None for a wrong, used or expired one."""
    staff, _, digits = code.strip().rpartition("-")
    item = get(Table.WORK, *keys.spare_code(staff), consistent=True)
    if item is None or not hmac.compare_digest(item["hash"], _hash(digits, item["salt"])):
        return None
    try:
        update(
            Table.WORK,
            *keys.spare_code(staff),
            "SET #hash = :none",
            condition="#hash = :hash AND #expires_at >= :now",
            none="",
            hash=item["hash"],
            now=stamp(now),
        )
    except ConditionFailed:
        return None
    return Redeemed(staff, item["made_by"])


def withdraw(staff: str) -> None:
    """The one that is out is good for nothing any more."""
    delete(Table.WORK, *keys.spare_code(staff))


def _fresh() -> tuple[str, str]:
    """Digits and their salt."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", secrets.token_hex(16)


def _hash(digits: str, salt: str) -> str:
    return hashlib.scrypt(digits.encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1).hex()
