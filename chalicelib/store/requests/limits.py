"""Limits that keep an open door open: sharded counters outside the transaction; over them a clear 429, never silence."""

import secrets
from datetime import datetime, timedelta

from chalicelib.domain.errors import TooMany
from chalicelib.domain.model import Frozen
from chalicelib.store import keys
from chalicelib.store.table import Table, update


class Limit(Frozen):
    """At most `most` of `kind` per subject in each window. With shards, each holds its part, so the limit is approximate."""

    kind: str
    most: int
    window: timedelta
    shards: int = 1


REPORTS_BY_PERSON = Limit(kind="report-person", most=10, window=timedelta(hours=1))
REPORTS_AT_POINT = Limit(kind="report-point", most=200, window=timedelta(hours=1), shards=2)
REPORTS_FROM_ADDRESS = Limit(kind="report-address", most=300, window=timedelta(hours=1), shards=2)
SESSIONS_FROM_ADDRESS = Limit(kind="session-address", most=600, window=timedelta(hours=1), shards=4)
# A whole office signs in behind one address at the change of shifts.
CODES_FROM_ADDRESS = Limit(kind="code-address", most=40, window=timedelta(minutes=10))
CODES_TO_PERSON = Limit(kind="code-person", most=1, window=timedelta(minutes=1))
CODES_TO_PERSON_IN_AN_HOUR = Limit(kind="code-person-hour", most=5, window=timedelta(hours=1))
# Only what failed counts, and a right code is never refused for the wrong ones of the office: each code bears five tries.
FAILED_SIGN_INS_FROM_ADDRESS = Limit(kind="failed-sign-in", most=40, window=timedelta(minutes=10))
QUESTIONS_AT_POINT = Limit(kind="question-point", most=200, window=timedelta(hours=1), shards=2)
COMMENTS_BY_PERSON = Limit(kind="comment-person", most=60, window=timedelta(hours=1))
UPLOADS_BY_PERSON = Limit(kind="upload-person", most=60, window=timedelta(hours=1))


# What needs a second person's yes, taken at once in an emergency: so that one lapses before the next.
EMERGENCY_GRANTS = Limit(kind="emergency-grant", most=1, window=timedelta(hours=24))
# Over these it is allowed still, and told to the head: whose a phone is that staff enter or an order names, a look at a contact.
PERSONS_ASKED_BY_STAFF = Limit(kind="person-staff", most=60, window=timedelta(hours=1))
PERSONS_ASKED_BY_PARTNER = Limit(kind="person-partner", most=1000, window=timedelta(hours=1))
REVEALS_BY_PERSON = Limit(kind="reveal-person", most=15, window=timedelta(hours=1))


def count_report(person: str, address: str, point: str, now: datetime, *, phone: str = "") -> None:
    """One more report of a person, and of either its address or its point ("" for none). Raises TooMany.

    Which of the two is drawn by lot and counted double: right on the average, and one request fewer for every report.
    """
    count(REPORTS_BY_PERSON, person, now, phone=phone)
    crowds = [(REPORTS_FROM_ADDRESS, address), (REPORTS_AT_POINT, point)]
    asked = [(limit, subject) for limit, subject in crowds if subject]
    if asked:
        limit, subject = secrets.choice(asked)
        count(limit, subject, now, phone=phone, by=len(asked))


def count(limit: Limit, subject: str, now: datetime, *, phone: str = "", by: int = 1) -> None:
    """One more, or `by`. Raises TooMany, with when to try again and whom to call instead, when the window is full."""
    if not subject:
        return
    seconds = limit.window.total_seconds()
    window = int(now.timestamp() // seconds)
    counted = tally(limit, subject, now, by=by)
    if counted * limit.shards > limit.most * _slack(limit):
        wait = max(1, int((window + 1) * seconds - now.timestamp()))
        call = f"；着急请拨打 {phone}" if phone else ""
        raise TooMany(
            f"提交太频繁了，请{-(-wait // 60)}分钟后再试{call}", retry_after_seconds=wait, phone=phone
        )


def tally(limit: Limit, subject: str, now: datetime, *, by: int = 1) -> int:
    """One more, or `by`: how many there are in this window (in one shard, where there are several). Refuses nothing."""
    seconds = limit.window.total_seconds()
    window = int(now.timestamp() // seconds)
    item = update(
        Table.WORK,
        *keys.limit(limit.kind, subject, window, secrets.randbelow(limit.shards)),
        "ADD #counted :by SET #expires = :expires",
        by=by,
        expires=int((window + 2) * seconds),
    )
    return int(item["counted"])


def _slack(limit: Limit) -> float:
    """Shards fill unevenly: one may hold half as much again before the whole counts as full."""
    return 1.0 if limit.shards == 1 else 1.5
