"""The engine finds a stream's highest sequence number without reading the whole stream."""

import sqlite3

from infra.local import stream_index

TABLE = "CREATE TABLE _stream_records (id INTEGER PRIMARY KEY, table_name TEXT, sequence_number TEXT)"
ASKED = "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'x'"


def test_the_engines_own_question_is_answered_by_the_index(tmp_path):
    with sqlite3.connect(tmp_path / "tables.db") as db:
        db.execute(TABLE)
        db.executemany("INSERT INTO _stream_records VALUES (?, 'x', ?)", [(1, "9"), (2, "10")])
    stream_index.add(tmp_path / "tables.db")
    stream_index.add(tmp_path / "tables.db")
    with sqlite3.connect(tmp_path / "tables.db") as db:
        assert db.execute(ASKED).fetchone() == (11,)
        assert "mslj_stream_sequence" in db.execute(f"EXPLAIN QUERY PLAN {ASKED}").fetchone()[-1]
