"""Sessions: opaque random tokens, hashed at rest, revocable, one read."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.errors import Locked
from chalicelib.domain.model import Frozen, Instant, from_stamp, stamp
from chalicelib.store import documents, keys
from chalicelib.store.identity import sign_in_codes, spare_codes
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    batch_write,
    check_op,
    delete,
    get,
    put,
    put_op,
    query_all,
    transact,
    update,
)

RESIDENT_LASTS = timedelta(days=180)
STAFF_LASTS = timedelta(days=30)
LOST_ANSWER = timedelta(minutes=2)  # how long a token that a PIN has replaced may be tried once more


class Kind(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"


class Session(Frozen):
    """Who is asking. `subject` is a reporter_id or a staff code; `channel` is qr, mini_program, browser or console.

    `made_by`: who handed out the code it began with; "" where the person's own phone did. `locks_at`: the last instant
    at which a console's screen is open, None for a phone, which locks itself; `computer`: the registered one it is at.
    """

    kind: Kind
    subject: str
    channel: str
    expires_at: Instant
    made_by: str = ""
    locks_at: Instant | None = None
    was_locked: bool = False
    computer: str = ""

    def is_locked(self, now: datetime) -> bool:
        return self.was_locked or (self.locks_at is not None and now > self.locks_at)


class Seat(NamedTuple):
    """Where the screen locks, and at which registered computer; "" at any other."""

    locks_at: datetime
    computer: str = ""


def start(
    kind: Kind,
    subject: str,
    *,
    channel: str,
    now: datetime,
    made_by: str = "",
    until: datetime | None = None,
    seat: Seat | None = None,
) -> str:
    """A new session's token, which is stored only as a hash and cannot be shown again. `until`: it ends then at the latest.

    Where the computer was taken off its unit's list meanwhile, the session is at none.
    """
    token = secrets.token_urlsafe(32)
    expires_at = now + (RESIDENT_LASTS if kind is Kind.RESIDENT else STAFF_LASTS)
    expires_at = min(expires_at, until) if until else expires_at
    begun = Session(
        kind=kind,
        subject=subject,
        channel=channel,
        expires_at=expires_at,
        made_by=made_by,
        locks_at=seat.locks_at if seat else None,
        computer=seat.computer if seat else "",
    )
    if not begun.computer or not _put_at(begun, token):
        put(Table.WORK, _item(begun, token) | {"computer": ""})
    return token


def reopen(token: str, *, locks_at: datetime, now: datetime) -> str | None:
    """A fresh token for the same session at its computer, open again; None where it, or the computer, is gone.

    The one that lay in the browser while the screen was locked opens nothing any more, whoever took a copy of it. For
    two minutes it may still be tried with the PIN: an answer that was lost costs nobody a code.
    """
    found = find_even_locked(token, now)
    if found is None:
        return None
    fresh = secrets.token_urlsafe(32)
    if not _put_at(found.model_copy(update={"locks_at": locks_at, "was_locked": False}), fresh):
        return None
    until = min(found.expires_at, now + LOST_ANSWER)
    lasts = "SET #was_locked = :yes, #expires_at = :at, #expires = :soon"
    _changed(
        token, lasts, "attribute_exists(#subject)", yes=True, at=stamp(until), soon=int(until.timestamp())
    )
    return fresh


def _item(session: Session, token: str) -> Item:
    hashed = _hash(token)
    return keys.attributes(keys.session(hashed), keys.session_of(session.subject, hashed)) | {
        "kind": session.kind.value,
        "subject": session.subject,
        "channel": session.channel,
        "made_by": session.made_by,
        "locks_at": stamp(session.locks_at) if session.locks_at else None,
        "was_locked": False,
        "computer": session.computer,
        "expires_at": stamp(session.expires_at),
        "expires": int(session.expires_at.timestamp()),
    }


def _put_at(session: Session, token: str) -> bool:
    """The session and its seat, where the computer still is one: removing it afterwards finds both."""
    computer, item = session.computer, _item(session, token)
    stands = check_op(Table.WORK, *keys.computer(computer), "attribute_exists(PK)")
    seat = _seat(computer, _hash(token), item["expires"])
    try:
        transact([stands, put_op(Table.WORK, item), put_op(Table.WORK, seat)])
    except ConditionFailed:
        return False
    return True


def _seat(computer: str, hashed: str, expires: int) -> Item:
    return keys.attributes(keys.seat(computer, hashed)) | {"expires": expires}


def find(token: str, now: datetime) -> Session | None:
    """The session of a token; None for an unknown, forged or expired one (its last instant still counts).

    Raises Locked while its screen is locked.
    """
    found = find_even_locked(token, now)
    if found is not None and found.is_locked(now):
        raise Locked("屏幕已锁定，请输入锁屏密码，或重新登录")
    return found


def find_even_locked(token: str, now: datetime) -> Session | None:
    """The same for the few things that a locked screen does: it rings, is unlocked, and is left."""
    item = get(Table.WORK, *keys.session(_hash(token)), consistent=True)
    if item is None or now > from_stamp(item["expires_at"]) or _is_from_before_locks(item):
        return None
    return documents.built(
        Session,
        {name: item[name] for name in ("kind", "subject", "channel", "expires_at")}
        | {name: item[name] for name in ("made_by", "was_locked", "computer") if name in item}
        | {"locks_at": from_stamp(item["locks_at"]) if item.get("locks_at") else None},
    )


def _is_from_before_locks(item: Item) -> bool:
    """Whether a session of staff began before consoles locked, so that it says nothing of a lock: it is over."""
    return item["kind"] == Kind.STAFF and "was_locked" not in item


def stay(token: str, locks_at: datetime) -> bool:
    """The screen stays open until then; False where it was locked meanwhile."""
    return _changed(token, "SET #locks_at = :at", "#was_locked = :no", at=stamp(locks_at), no=False)


def lock(token: str) -> None:
    """The screen is locked now; nothing where the session has ended."""
    _changed(token, "SET #was_locked = :yes", "attribute_exists(#subject)", yes=True)


def bind(token: str, computer: str, now: datetime) -> None:
    """The session is at this registered computer."""
    if (found := find_even_locked(token, now)) is None:
        return
    put(Table.WORK, _seat(computer, _hash(token), int(found.expires_at.timestamp())))
    _changed(token, "SET #computer = :computer", "attribute_exists(#subject)", computer=computer)


def _changed(token: str, expression: str, condition: str, **values: Any) -> bool:
    try:
        update(Table.WORK, *keys.session(_hash(token)), expression, condition=condition, **values)
    except ConditionFailed:
        return False
    return True


def end_at(computer: str) -> None:
    """End every session that is open or locked at a computer. Its own item is gone before, so that none begins meanwhile."""
    hashes = [
        keys.session_at(item["SK"])
        for item in query_all(Table.WORK, keys.computer_pk(computer), begins=keys.SEATS, consistent=True)
    ]
    gone = [key for each in hashes for key in (keys.session(each), keys.seat(computer, each))]
    batch_write(Table.WORK, deletes=gone)


def end(token: str) -> None:
    delete(Table.WORK, *keys.session(_hash(token)))


def end_all(subject: str) -> None:
    """End every session of someone at once: a member of staff who leaves, a resident who asks to be forgotten.

    The codes that are still out go with them.
    """
    sign_in_codes.withdraw(subject)
    spare_codes.withdraw(subject)
    items = query_all(Table.WORK, keys.sessions_pk(subject), index="GSI1")
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in items])


def has_any(subject: str, now: datetime) -> bool:
    """Whether someone is still signed in anywhere."""
    items = query_all(Table.WORK, keys.sessions_pk(subject), index="GSI1")
    return any(now <= from_stamp(item["expires_at"]) for item in items)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
