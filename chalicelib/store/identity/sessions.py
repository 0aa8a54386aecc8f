"""Sessions: opaque random tokens, hashed at rest, revocable, one read."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.model import Frozen, Instant, from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.identity import sign_in_codes
from chalicelib.store.table import Table, batch_write, delete, get, put, query_all

RESIDENT_LASTS = timedelta(days=180)
STAFF_LASTS = timedelta(days=30)


class Kind(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"


class Session(Frozen):
    """Who is asking. `subject` is a reporter_id or a staff code; `channel` is qr, mini_program, browser or console.

    `made_by`: who handed out the code it began with; "" where the person's own phone did.
    """

    kind: Kind
    subject: str
    channel: str
    expires_at: Instant
    made_by: str = ""


def start(kind: Kind, subject: str, *, channel: str, now: datetime, made_by: str = "") -> str:
    """A new session's token, which is stored only as a hash and cannot be shown again."""
    token = secrets.token_urlsafe(32)
    expires_at = now + (RESIDENT_LASTS if kind is Kind.RESIDENT else STAFF_LASTS)
    hashed = _hash(token)
    item = keys.attributes(keys.session(hashed), keys.session_of(subject, hashed)) | {
        "kind": kind.value,
        "subject": subject,
        "channel": channel,
        "made_by": made_by,
        "expires_at": stamp(expires_at),
        "expires": int(expires_at.timestamp()),
    }
    put(Table.WORK, item)
    return token


def find(token: str, now: datetime) -> Session | None:
    """The session of a token; None for an unknown, forged or expired one (its last instant still counts)."""
    item = get(Table.WORK, *keys.session(_hash(token)), consistent=True)
    if item is None or now > from_stamp(item["expires_at"]):
        return None
    return Session.model_validate(
        {name: item[name] for name in ("kind", "subject", "channel", "expires_at")}
        | {"made_by": item.get("made_by", "")}
    )


def end(token: str) -> None:
    delete(Table.WORK, *keys.session(_hash(token)))


def end_all(subject: str) -> None:
    """End every session of someone at once: a member of staff who leaves, a resident who asks to be forgotten.

    A sign-in code that is still out goes with them.
    """
    sign_in_codes.withdraw(subject)
    items = query_all(Table.WORK, keys.sessions_pk(subject), index="GSI1")
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in items])


def has_any(subject: str, now: datetime) -> bool:
    """Whether someone is still signed in anywhere."""
    items = query_all(Table.WORK, keys.sessions_pk(subject), index="GSI1")
    return any(now <= from_stamp(item["expires_at"]) for item in items)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
