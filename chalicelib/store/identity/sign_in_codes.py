"""One-time codes that sign a member of staff in: one a person, five tries, fifteen minutes.

A code names its person (`gglw-fc1-12345678`), so that a try is a try at one person's door and guessing at everybody's at
once is none. What is stored is a slow salted hash: eight digits are soon tried where a fast one lies open.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import ConditionFailed, Table, delete, put, update

LASTS = timedelta(minutes=15)
MOST_TRIES = 5
DIGITS = 8


class Redeemed(NamedTuple):
    """Whose code it was, and who made it; "" for one that went to the person's own phone."""

    subject: str
    made_by: str
    until: datetime | None = None  # when what it begins lapses, where that is sooner than a session


def issue(
    subject: str, now: datetime, *, made_by: str = "", until: datetime | None = None, act: str = ""
) -> str:
    """A new code, in the place of one that is still out. `made_by`: who hands it out, for every trace to say so.

    `until`: no session that it begins lasts longer. `act`: by which it was made, for `with_other_digits`.
    """
    digits, salt = _fresh()
    expires_at = now + LASTS
    item = keys.attributes(keys.sign_in_code(subject)) | {
        "salt": salt,
        "hash": _hash(digits, salt),
        "tries": 0,
        "made_by": made_by,
        "act": act,
        "until": stamp(until) if until else None,
        "expires_at": stamp(expires_at),
        "expires": int(expires_at.timestamp()),
    }
    put(Table.WORK, item)
    return f"{subject}-{digits}"


def with_other_digits(subject: str, act: str, now: datetime) -> str | None:
    """The code that this act made, with digits that can be shown: the ones before are kept as a hash. Its end and tries stay.

    None where it was used or another was made since, and after its end: one act never opens a door twice.
    """
    digits, salt = _fresh()
    changed = replaced(keys.sign_in_code(subject), act, salt=salt, hashed=_hash(digits, salt), now=now)
    return f"{subject}-{digits}" if changed else None


def replaced(code: keys.Key, act: str, *, salt: str, hashed: str, now: datetime) -> bool:
    """Whether what an act made is still out, and has these digits now."""
    condition = "#act = :act AND #hash <> :none AND #expires_at >= :now"
    given = {"act": act, "none": "", "now": stamp(now), "salt": salt, "hash": hashed}
    try:
        update(Table.WORK, *code, "SET #salt = :salt, #hash = :hash", condition=condition, **given)
    except ConditionFailed:
        return False
    return True


def need_out(code: str | None) -> str:
    """Raises AlreadyDone where a code that is asked for again is out no more."""
    if code is None:
        raise AlreadyDone("这个登录码已经用过、过期，或已被新的代替；还需要请重新领取")
    return code


def redeem(code: str, now: datetime) -> str | None:
    """Whose code it is, once; None for a wrong, used or expired one, and after five tries at it."""
    used = use(code, now)
    return used.subject if used else None


def use(code: str, now: datetime) -> Redeemed | None:
    """Whose code it is and who made it, once; None as for `redeem`."""
    subject, _, digits = code.strip().rpartition("-")
    try:
        item = update(
            Table.WORK,
            *keys.sign_in_code(subject),
            "ADD #tries :one",
            condition="#tries < :most AND #expires_at >= :now",
            one=1,
            most=MOST_TRIES,
            now=stamp(now),
        )
    except ConditionFailed:
        return None
    if not hmac.compare_digest(item["hash"], _hash(digits, item["salt"])):
        return None
    until = from_stamp(item["until"]) if item.get("until") else None
    return Redeemed(subject, item.get("made_by", ""), until) if _used(subject, item["hash"]) else None


def withdraw(subject: str) -> None:
    """The code that is out for somebody is good for nothing any more."""
    delete(Table.WORK, *keys.sign_in_code(subject))


def _used(subject: str, hashed: str) -> bool:
    """Used up by this very try; False where another was quicker, or a newer code is out."""
    try:
        update(
            Table.WORK,
            *keys.sign_in_code(subject),
            "SET #tries = :most, #hash = :none",
            condition="#hash = :hash",
            most=MOST_TRIES,
            none="",
            hash=hashed,
        )
    except ConditionFailed:
        return False
    return True


def _fresh() -> tuple[str, str]:
    """Digits and their salt."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", secrets.token_hex(16)


def _hash(digits: str, salt: str) -> str:
    return hashlib.scrypt(digits.encode(), salt=bytes.fromhex(salt), n=2**12, r=8, p=1).hex()
