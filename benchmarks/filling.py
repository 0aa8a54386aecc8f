"""Tables with very many tickets: copies of a real ticket's items written straight into the engine's SQLite file.

The engine writes a key as "S:" and its text. Through the API a million tickets would take hours. A copy differs from its model in its ids and its instants, nothing else.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from benchmarks.stand import Stand
from chalicelib.store import keys

STAMP = re.compile(r"2026-1[12]-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
LONG_AGO = datetime(2026, 11, 20, tzinfo=UTC)
_CHUNK = 20_000
_NEWEST = 2_000  # tickets whose whole document is copied too: a list reads at most those of its page


class Row(NamedTuple):
    """A row of the engine: of a table, or of its index."""

    table: str
    columns: tuple[str, ...]
    values: tuple[str | int, ...]


class Model(NamedTuple):
    """The rows of one real ticket, and the texts that are its own."""

    rows: list[Row]
    ticket_id: str
    number: str

    @property
    def reporter_id(self) -> str:
        of = f"S:{keys.reporter_pk('')}"
        return next(str(row.values[0]) for row in self.rows if str(row.values[0]).startswith(of))[len(of) :]

    @property
    def due(self) -> str:
        """The shard of the due index in which the ticket's alarm lies."""
        pks = (str(row.values[0]).removeprefix("S:") for row in self.rows)
        return next(pk for pk in pks if keys.is_due(pk))


def model(stand: Stand, ticket_id: str, number: str, *, inbox_of: str) -> Model:
    """What lists read of a ticket that was really made: itself, its entries of indexes, and the lines of one inbox.

    A query of an index reads the index's own rows, which hold the whole item; the table's are left out.
    """
    found: list[Row] = []
    with closing(sqlite3.connect(stand.file)) as db:
        for name in (stand.environment["TICKETS_TABLE"], stand.environment["WORK_TABLE"]):
            columns = ("pk", "sk", "item_json", "item_size")
            listed = f"""SELECT {", ".join(columns)} FROM "{name}" WHERE item_json LIKE ? AND
                (sk = ? OR (pk = ? AND sk LIKE ?))"""
            own, lines = f"S:{keys.ticket(ticket_id).sk}", f"S:{keys.INBOX}2%"
            of = (f"%{ticket_id}%", own, f"S:{keys.recipient_pk(inbox_of)}", lines)
            found += [Row(name, columns, row) for row in db.execute(listed, of)]
            index = f"{name}::gsi::GSI1"
            shown = ("gsi_pk", "gsi_sk", "table_pk", "table_sk", "item_json")
            asked = f'SELECT {", ".join(shown)} FROM "{index}" WHERE item_json LIKE ?'
            found += [Row(index, shown, row) for row in db.execute(asked, (f"%{ticket_id}%",))]
    return Model(found, ticket_id, number)


def fill(stand: Stand, like: Model, first: int, last: int) -> Iterator[int]:
    """Copies number `first` up to `last`, each later than the one before. Yields how many stand; the engine must be stopped."""
    with closing(sqlite3.connect(stand.file)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for start in range(first, last, _CHUNK):
            end = min(last, start + _CHUNK)
            for row in like.rows:
                of = (
                    range(max(start, last - _NEWEST), end)
                    if row.values[1] == "S:TICKET"
                    else range(start, end)
                )
                marks = ", ".join("?" * len(row.columns))
                into = f'INSERT INTO "{row.table}" ({", ".join(row.columns)}) VALUES ({marks})'
                db.executemany(into, (_copy(row, like, n) for n in of))
            db.commit()
            yield end


def _copy(row: Row, like: Model, n: int) -> list[str | int]:
    at = (LONG_AGO + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return [_changed(value, like, n, at) if isinstance(value, str) else value for value in row.values]


def _changed(text: str, like: Model, n: int, at: str) -> str:
    own = text.replace(like.ticket_id, f"01BENCH{n:019d}").replace(like.number, f"MS261120-{n:06d}-4")
    return STAMP.sub(at, own)
