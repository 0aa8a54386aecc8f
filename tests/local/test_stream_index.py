"""The engine finds a stream's highest sequence number without reading the whole stream, which does not grow for ever."""

import json
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


def with_records(file, table, count):
    with sqlite3.connect(file) as db:
        db.execute(TABLE.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
        rows = [(table, str(n)) for n in range(1, count + 1)]
        db.executemany("INSERT INTO _stream_records (table_name, sequence_number) VALUES (?, ?)", rows)


def left(file, table):
    with sqlite3.connect(file) as db:
        asked = "SELECT CAST(sequence_number AS INTEGER) FROM _stream_records WHERE table_name = ?"
        return sorted(n for (n,) in db.execute(asked, (table,)))


def place(folder, name, table, after):
    file = folder / name
    file.write_text(json.dumps({"stream": f"arn:aws:dynamodb:::table/{table}/stream/1", "after": str(after)}))
    return file


def test_what_every_reader_has_passed_is_forgotten_but_for_the_last_hundred(tmp_path):
    file = tmp_path / "tables.db"
    with_records(file, "tickets", 1000)
    with_records(file, "traces", 300)
    places = [
        place(tmp_path, name, table, at)
        for name, table, at in (("a", "tickets", 1000), ("b", "tickets", 600), ("c", "traces", 300))
    ]
    assert stream_index.trim(file, places) == 500 + 200
    assert left(file, "tickets") == list(range(501, 1001))
    assert left(file, "traces") == list(range(201, 301))
    assert stream_index.trim(file, places) == 0


def test_while_a_reader_has_no_place_yet_nothing_is_forgotten(tmp_path):
    file = tmp_path / "tables.db"
    with_records(file, "tickets", 1000)
    assert stream_index.trim(file, [place(tmp_path, "a", "tickets", 900), tmp_path / "none"]) == 0
    assert len(left(file, "tickets")) == 1000


def test_a_file_without_a_stream_is_left_alone(tmp_path):
    sqlite3.connect(tmp_path / "tables.db").close()
    assert stream_index.trim(tmp_path / "tables.db", [place(tmp_path, "a", "tickets", 9)]) == 0
    assert stream_index.trim(tmp_path / "none.db", []) == 0
