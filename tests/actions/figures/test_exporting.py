"""What leaves for analysis: every fact once, under its day, no identity; the same SQL as in Athena says what the counts say."""

import gzip
import json
from datetime import timedelta

import boto3
import duckdb
import pytest
import yaml

from chalicelib.actions.figures import counting, exporting
from chalicelib.domain.figures.exporting import COLUMNS, csv_of, line_of
from chalicelib.domain.figures.facts import Fact, fact_of
from chalicelib.store.tickets import tickets
from infra import package
from tests.domain.figures.test_indicators import closed, promise
from tests.domain.life import NOW, TOWN
from tests.moto_cloud import ENVIRONMENT
from tests.telling_cloud import telling_cloud

QUERIES = package.ROOT / "infra" / "analysis"
PLACES = (("HJ", "GG", "SH"), ("HJ", "HJB"), ())


@pytest.fixture
def town(monkeypatch):
    from tests.actions.figures.test_counting import Town

    with telling_cloud(monkeypatch, TOWN):
        made = Town()
        for n in range(12):
            made.receive(path=PLACES[n % 3])
            if n % 4 == 0:
                made.act(made.ids[-1], "answer")
            made.later(hours=5)
        made.settle()
        yield made


def files():
    s3 = boto3.client("s3")
    found = s3.list_objects_v2(Bucket=ENVIRONMENT["PHOTOS_BUCKET"], Prefix="analysis/").get("Contents", [])
    return {
        each["Key"]: s3.get_object(Bucket=ENVIRONMENT["PHOTOS_BUCKET"], Key=each["Key"])["Body"].read()
        for each in found
    }


@pytest.fixture
def sql(town, tmp_path):
    """DuckDB over the exported files, as Athena sees them: partitioned by day."""
    exporting.export_changed(now=town.now)
    for key, content in files().items():
        (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / key).write_bytes(content)
    types = {"string": "VARCHAR", "boolean": "BOOLEAN", "int": "INTEGER", "bigint": "BIGINT"}
    columns = ", ".join(f"'{name}': '{types[kind]}'" for name, kind in COLUMNS.items())
    database = duckdb.connect()
    database.execute(
        f"CREATE VIEW facts AS SELECT * FROM read_json('{tmp_path}/analysis/facts/*/*.json.gz', "
        f"format='newline_delimited', columns={{{columns}}}, hive_partitioning=true)"
    )
    return database


def ask(sql, name):
    return sql.execute((QUERIES / name).read_text(encoding="utf-8")).fetchall()


def test_every_ticket_is_a_line_of_its_day_and_none_twice(town):
    assert exporting.export_changed(now=town.now) == len(town.days())
    lines = {key: gzip.decompress(content).decode().splitlines() for key, content in files().items()}
    assert sorted(json.loads(line)["ticket_id"] for of in lines.values() for line in of) == sorted(town.ids)
    for key, of in lines.items():
        for line in of:
            assert f"day={json.loads(line)['received_at'][:10]}/" in key


def test_exported_twice_the_files_are_the_same_to_the_byte(town):
    exporting.export_changed(now=town.now)
    before = files()
    exporting.export_changed(now=town.now)
    assert files() == before


def test_only_what_was_counted_since_is_written_again(town):
    town.later(hours=72)
    assert exporting.changed_days(town.now - exporting.SINCE, town.now.date()) == []
    town.act(town.ids[1], "answer")
    town.settle()
    days = {town.now.date(), fact_of(tickets.get(town.ids[1])).day}
    assert days <= set(exporting.changed_days(town.now - exporting.SINCE, town.now.date()))


def test_a_removed_case_leaves_the_lines_too(town):
    first = tickets.get(town.ids[0])
    exporting.export_changed(now=town.now)
    town.later(days=3)
    counting.let_go(first)
    counting.count_marked(now=town.now)
    exporting.export_changed(now=town.now)
    assert not any(first.id in gzip.decompress(content).decode() for content in files().values())


def test_a_day_without_a_case_has_no_file(town):
    exporting.export(NOW.date() - timedelta(days=400))
    assert files() == {}


def test_sql_says_what_the_counts_say(town, sql):
    rows = ask(sql, "received_by_week.sql")
    kept = [counting.count_kept(day) for day in town.days()]
    counted = sum(by_area[area]["all"][""].get("received", 0) for by_area in kept for area in by_area)
    assert sum(row[3] for row in rows) == counted == 12
    in_time = sum(by_area[area]["all"][""].get("feedback.kept", 0) for by_area in kept for area in by_area)
    assert sum(row[4] for row in rows) == in_time > 0


@pytest.mark.parametrize("file", sorted(QUERIES.glob("*.sql")), ids=lambda file: file.stem)
def test_each_query_runs_here_as_in_athena(sql, file):
    assert isinstance(ask(sql, file.name), list)


def test_a_claim_that_proved_false_is_in_the_denominator_of_a_unit_and_a_days_answer_is_no_five_minutes(
    tmp_path,
):
    states = {"kept": "5 minutes", "disproved": "15 days", "late": "15 days"}
    facts = [
        closed(
            ticket_id=state,
            unit="OF",
            round=1 + (state == "disproved"),
            clocks=(
                promise("kept", promise=amount, by="person", met=60 if state == "kept" else 86_400),
                promise(state, "resolution", met=86_400),
            ),
        )
        for state, amount in states.items()
    ]
    file = tmp_path / "facts.json"
    file.write_text("".join(json.dumps(line_of(fact)) + "\n" for fact in facts), encoding="utf-8")
    database = duckdb.connect()
    database.execute(f"CREATE VIEW facts AS SELECT * FROM read_json('{file}', format='newline_delimited')")
    assert ask(database, "late_by_unit.sql") == [("OF", 1, 3, 1, 0, 1, 1.0)]
    (_, _, _, received, in_time, by_person, by_machine, decided, in_five_minutes) = ask(
        database, "received_by_week.sql"
    )[0]
    assert (received, in_time, by_person, by_machine, decided, in_five_minutes) == (3, 3, 3, 0, 3, 1)


def test_a_line_holds_no_identity_no_text_and_no_person():
    given = Fact(
        ticket_id="t",
        version=1,
        received_at=NOW,
        stage="closed",
        closed_at=NOW,
        source="qr",
        place="SH",
        confidential=True,
        exempted_by="head-a",
    )
    line = line_of(given)
    assert list(line) == list(COLUMNS)
    assert "head-a" not in json.dumps(line)
    assert (line["exempt"], line["place"]) == (True, "")


def test_the_table_in_glue_has_the_columns_of_the_lines():
    said = yaml.safe_load((package.ROOT / "infra/resources/analysis.yaml").read_text(encoding="utf-8"))
    table = said["Resources"]["AnalysisFacts"]["Properties"]["TableInput"]
    columns = {each["Name"]: each["Type"] for each in table["StorageDescriptor"]["Columns"]}
    assert columns == COLUMNS
    assert [each["Name"] for each in table["PartitionKeys"]] == ["day"]


NOTHING_STOPPED = dict.fromkeys(
    ("paused", "paused_now", "paused_days", "extended", "reworks", "disproved"), 0
)
PLAIN = {
    "promises": [],
    "days": {"of": 2, "median": 1, "p90": 4, "open": 1},
    "stopped": NOTHING_STOPPED | {"paused": 1, "paused_days": 9},
    "paused_by": [{"as": "area_leader", "as_name": "片区党委", "pauses": 1}],
    "beside": {"declined": 1, "forwarded": 2, "withdrawn": 3, "merged": 4, "parted": 5, "suspended": 6},
    "indicators": {
        "feedback": {"numerator": 1, "denominator": 3, "by_person": 0, "by_machine": 1, "by_typing": 0},
        "satisfied": {"numerator": 0, "denominator": 0, "asked": 2},
    },
}


def test_figures_as_csv_have_every_numerator_beside_its_denominator_and_their_percentage():
    row = PLAIN | {"key": "U", "name": "物业", "received": 3, "closed": 1}
    nothing = PLAIN["indicators"]["feedback"] | {"numerator": 0, "denominator": 0}
    none = row | {"indicators": PLAIN["indicators"] | {"feedback": nothing}}
    text = csv_of({"rows": [row, none], "total": row})
    named = "按时反馈居民（分子）,按时反馈居民（分母）,按时反馈居民（%）,满意（只算表了态的）（分子）,满意（只算表了态的）（分母）,满意（只算表了态的）（%）"
    heads, first, second, *_, last = text.splitlines()
    assert heads.startswith(
        f"\ufeff编号,名称,受理,结案,{named},居民确认解决（件）,一半在几天内,九成在几天内,"
    )
    assert first == "U,物业,3,1,1,3,33.3,0,0,,2,1,4,1,1,0,9,0,0,0,片区党委 1 次,1,2,3,4,5,6,0,1,0,2"
    assert second.startswith("U,物业,3,1,0,0,,")
    assert "合计" in last
    assert csv_of({"rows": [], "total": None}).count("\n") == 1


def test_each_promise_has_columns_of_its_own_also_where_one_row_made_none():
    promise = {"name": "5分钟内反馈居民", "numerator": 9, "denominator": 10}
    row = PLAIN | {"key": "U", "name": "物业", "received": 3, "closed": 1}
    heads, first, second = csv_of({"rows": [row | {"promises": [promise]}, row]}).splitlines()
    assert "5分钟内反馈居民（分子）,5分钟内反馈居民（分母）,5分钟内反馈居民（%）" in heads
    assert first.startswith("U,物业,3,1,9,10,90.0,")
    assert second.startswith("U,物业,3,1,0,0,,")


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@x"])
def test_no_name_is_a_formula_in_a_spreadsheet(cell):
    row = PLAIN | {"key": cell, "name": "x", "received": -1, "closed": 0}
    assert f"\r\n'{cell},x,-1,0," in csv_of({"rows": [row]})
