"""What waits on a town hall's own machine: executions of workflows, and messages that wake a function. Two SQLite files.

Executions are kept as AWS keeps them: what was started is started over any power cut (each change is synced). A message
only wakes (its truth is an item of a table, or a file that lies there): it outlives every kill, and a power cut may cost it.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Data = dict[str, Any]
BUSY = 30.0  # seconds that a writer waits for another one
LEASE = 120.0  # seconds until what a dead clock held is taken by the next; a task has sixty
KEPT = 90 * 86_400.0  # seconds that the name of an ended execution stays taken, as on AWS
VISIBLE_AGAIN = 180.0  # seconds until a message that nobody finished comes again
SPAN = 600  # seconds: what is counted is counted by ten minutes, as the alarms of AWS add up
SPANS_KEPT = 24 * 6  # a day
MOST_RECEIVED = 20  # then it is set aside, as maxReceiveCount of the queues says

_EXECUTIONS = """
CREATE TABLE IF NOT EXISTS executions (
    workflow TEXT, name TEXT, state TEXT NOT NULL, data TEXT NOT NULL, wakes_at REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, held_until REAL NOT NULL DEFAULT 0, ended_at REAL, how TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workflow, name)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS due ON executions (wakes_at) WHERE ended_at IS NULL;
"""
_MESSAGES = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body TEXT NOT NULL,
    visible_at REAL NOT NULL, received INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS next ON messages (queue, visible_at);
CREATE TABLE IF NOT EXISTS dead (
    id INTEGER PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS ran (name TEXT PRIMARY KEY, minute INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS counted (name TEXT, span INTEGER, number INTEGER NOT NULL, PRIMARY KEY (name, span)) WITHOUT ROWID;
"""


class _File:
    """One connection for each thread of each process."""

    def __init__(self, file: Path, made: str, *, synchronous: str) -> None:
        self._file, self._made, self._synchronous = file, made, synchronous
        self._of_thread = threading.local()

    @property
    def _db(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._of_thread, "db", None)
        if found is None:
            found = self._of_thread.db = sqlite3.connect(self._file, timeout=BUSY, isolation_level=None)
            found.execute("PRAGMA journal_mode = WAL")
            found.execute(f"PRAGMA synchronous = {self._synchronous}")
            found.executescript(self._made)
        return found

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = self._db
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


@dataclass(frozen=True)
class Execution:
    """`tries` counts how often its present state was taken up, this time included."""

    workflow: str
    name: str
    state: str
    data: Data
    tries: int


class Executions(_File):
    """Of both workflows."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "executions.db", _EXECUTIONS, synchronous="FULL")

    def start(self, workflow: str, name: str, state: str, data: Data, wakes_at: float) -> bool:
        """False, and nothing happens, for a name that was used."""
        with self._writing() as db:
            said = "INSERT OR IGNORE INTO executions (workflow, name, state, data, wakes_at) VALUES (?, ?, ?, ?, ?)"
            return db.execute(said, (workflow, name, state, json.dumps(data), wakes_at)).rowcount == 1

    def stop(self, workflow: str, name: str, how: str, now: float) -> None:
        """It enters no state any more, whoever holds it. Nothing to stop is fine."""
        with self._writing() as db:
            said = "UPDATE executions SET ended_at = ?, how = ? WHERE workflow = ? AND name = ? AND ended_at IS NULL"
            db.execute(said, (now, how, workflow, name))

    def claim(self, now: float, most: int) -> list[Execution]:
        """What is due and nobody holds, the longest due first; held by the caller from now on."""
        due = "ended_at IS NULL AND wakes_at <= ? AND held_until <= ?"
        if not self._db.execute(f"SELECT 1 FROM executions WHERE {due} LIMIT 1", (now, now)).fetchone():
            return []
        with self._writing() as db:
            asked = f"""SELECT workflow, name, state, data, tries + 1 FROM executions WHERE {due}
                        ORDER BY wakes_at LIMIT ?"""
            rows = db.execute(asked, (now, now, most)).fetchall()
            held = "UPDATE executions SET held_until = ?, tries = tries + 1 WHERE workflow = ? AND name = ?"
            db.executemany(held, [(now + LEASE, row[0], row[1]) for row in rows])
        return [Execution(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in rows]

    def save(self, gone_on: Execution, wakes_at: float, *, held_until: float = 0) -> bool:
        """Where it is now. False for one that was stopped meanwhile: it stays stopped."""
        with self._writing() as db:
            said = """UPDATE executions SET state = ?, data = ?, wakes_at = ?, tries = ?, held_until = ?
                      WHERE workflow = ? AND name = ? AND ended_at IS NULL"""
            where = (gone_on.workflow, gone_on.name)
            values = (gone_on.state, json.dumps(gone_on.data), wakes_at, gone_on.tries, held_until)
            return db.execute(said, values + where).rowcount == 1

    def let_go(self) -> None:
        """At the start of the one clock: nobody else lives who held anything."""
        with self._writing() as db:
            db.execute("UPDATE executions SET held_until = 0 WHERE held_until > 0")

    def forget(self, now: float) -> None:
        with self._writing() as db:
            db.execute("DELETE FROM executions WHERE ended_at < ?", (now - KEPT,))

    def next_at(self) -> float | None:
        """When the next one is due, whoever holds it; None while nothing waits."""
        found = self._db.execute("SELECT min(wakes_at) FROM executions WHERE ended_at IS NULL").fetchone()
        return None if found[0] is None else float(found[0])

    def counts(self) -> dict[str, int]:
        """How many wait, and how many ended, by how."""
        asked = "SELECT CASE WHEN ended_at IS NULL THEN 'waiting' ELSE how END, count(*) FROM executions GROUP BY 1"
        return dict(self._db.execute(asked).fetchall())


@dataclass(frozen=True)
class Message:
    id: int
    body: str
    received: int


class Messages(_File):
    """Of the queues send, jobs and photos; which schedule ran in which minute; and how often something odd was, by ten minutes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "messages.db", _MESSAGES, synchronous="NORMAL")

    def put(self, queue: str, bodies: Sequence[str], *, at: float | None = None) -> None:
        visible = time.time() if at is None else at
        with self._writing() as db:
            said = "INSERT INTO messages (queue, body, visible_at) VALUES (?, ?, ?)"
            db.executemany(said, [(queue, body, visible) for body in bodies])

    def claim(self, queue: str, most: int, now: float) -> list[Message]:
        """The oldest that nobody is at; they come again when they are not done in time. Too often received: set aside."""
        due = "queue = ? AND visible_at <= ?"
        if not self._db.execute(f"SELECT 1 FROM messages WHERE {due} LIMIT 1", (queue, now)).fetchone():
            return []
        with self._writing() as db:
            late = db.execute(
                f"""DELETE FROM messages WHERE {due} AND received >= ? RETURNING id, queue, body""",
                (queue, now, MOST_RECEIVED),
            ).fetchall()
            db.executemany(
                "INSERT INTO dead (id, queue, body, at) VALUES (?, ?, ?, ?)", [(*row, now) for row in late]
            )
            asked = f"SELECT id, body, received + 1 FROM messages WHERE {due} ORDER BY id LIMIT ?"
            rows = db.execute(asked, (queue, now, most)).fetchall()
            held = "UPDATE messages SET visible_at = ?, received = received + 1 WHERE id = ?"
            db.executemany(held, [(now + VISIBLE_AGAIN, row[0]) for row in rows])
        return [Message(*row) for row in rows]

    def done(self, ids: Sequence[int]) -> None:
        with self._writing() as db:
            db.executemany("DELETE FROM messages WHERE id = ?", [(each,) for each in ids])

    def let_go(self) -> None:
        """At the start of the one consumer: what the one before it had in hand comes at once."""
        with self._writing() as db:
            db.execute("UPDATE messages SET visible_at = 0 WHERE received > 0")

    def begin_minute(self, name: str, minute: int) -> bool:
        """Whether a schedule is to run in this minute (since 1970): once, over any restart."""
        with self._writing() as db:
            said = """INSERT INTO ran (name, minute) VALUES (?, ?) ON CONFLICT (name)
                      DO UPDATE SET minute = excluded.minute WHERE minute < excluded.minute"""
            return db.execute(said, (name, minute)).rowcount == 1

    def last_minute(self, name: str) -> datetime | None:
        """The minute in which a schedule ran last; None before it ever did."""
        found = self._db.execute("SELECT minute FROM ran WHERE name = ?", (name,)).fetchone()
        return datetime.fromtimestamp(found[0] * 60, UTC) if found else None

    def counts(self) -> dict[str, int]:
        """How many wait in each queue; set aside: with `-dead`."""
        asked = "SELECT queue, count(*) FROM messages GROUP BY 1 UNION ALL SELECT queue || '-dead', count(*) FROM dead GROUP BY 1"
        return dict(self._db.execute(asked).fetchall())

    def count(self, name: str, at: float) -> None:
        """It was once more."""
        span = int(at // SPAN)
        with self._writing() as db:
            db.execute("DELETE FROM counted WHERE span < ?", (span - SPANS_KEPT,))
            said = """INSERT INTO counted (name, span, number) VALUES (?, ?, 1)
                      ON CONFLICT (name, span) DO UPDATE SET number = number + 1"""
            db.execute(said, (name, span))

    def most_counted(self, name: str, since: float) -> tuple[int, datetime | None]:
        """The worst ten minutes of those that were not over at `since`: how often, and when they began."""
        asked = "SELECT number, span FROM counted WHERE name = ? AND span >= ? ORDER BY number DESC, span DESC LIMIT 1"
        found = self._db.execute(asked, (name, int(since // SPAN))).fetchone()
        return (found[0], datetime.fromtimestamp(found[1] * SPAN, UTC)) if found else (0, None)
