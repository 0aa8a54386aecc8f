"""Every door through which a table comes × every make of file: what is read is what a person sees, or a sentence says why not.

A new reader of files is a new row of DOORS.
"""

from datetime import datetime
from typing import NamedTuple

import pytest

from benchmarks import replay_classes
from chalicelib.actions import opening
from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners.order_files import read_orders
from chalicelib.domain.partners.reports_up_files import read_answers
from chalicelib.domain.tables import packed_grids
from chalicelib.domain.tables.grid import Grid, Line, Unreadable
from chalicelib.domain.tables.workbook import is_workbook
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.partner_plan import lines_of
from infra import replay
from infra.local.play import reports
from tests.domain.tables import zoo
from tests.towns import SAMPLE, SMALL, TODAY
from training import __main__ as training
from training import danger as training_danger
from training.judge import __main__ as judging
from training.judge import knowledge

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=SHANGHAI)
HOTLINE, ABOVE = (
    read_partner(name, (SAMPLE / "partners" / f"{name}.csv").read_bytes()) for name in ("hotline", "huizhili")
)
SAID = '路灯坏了，三天；没人管, "说了"两次|𠮷祥路'
OFTEN = [[f"2026-11-{day} 08:05:25", f"第{day}天{SAID}", "lamp", f"u{day}"] for day in range(10, 20)]


class Door(NamedTuple):
    """`seen`: from a file's bytes (or the file itself), the rows as a person would read them off. `rows` have the head first."""

    rows: list[list[str]]
    seen: object
    refusal: type[Exception]
    takes_a_path: bool = False


def orders(content):
    return [[order.number, order.text, order.place] for _, order in read_orders(content, HOTLINE).orders]


def statuses(content):
    return [[one.number, one.status, one.text] for _, one in read_answers(content, ABOVE, now=NOW).answers]


def partner(content):
    lines = lines_of(read_partner("hotline", content))
    return [[kind, line.code, line.value] for kind in ("column", "category") for line in lines[kind]]


def town(content):
    small = {f"{name}.csv": text.encode() for name, text in SMALL.items() if name != "units"}
    read = read_town(small | {"units.xls": content}, version="v", today=TODAY)
    if read.town is None:
        raise Invalid("；".join(error.reason for error in read.errors))
    return [[unit.code, unit.name, unit.kind.value, unit.area, unit.phone] for unit in read.town.units]


def dangers(file):
    return [[row.writer, row.text] for row in training_danger.sentences(file)[-10:]]


def judged(what):
    return lambda file: [list(row.values()) for row in judging.read(judging.JUDGES[what], file)]


DOORS = {
    "orders 12345": Door(
        [
            ["工单编号", "诉求内容", "诉求地点"],
            *([f"2026112800000000{n:04}", f"{n}{SAID}", "望月路"] for n in range(9)),
        ],
        orders,
        Invalid,
    ),
    "statuses of the platform above": Door(
        [["工单编号", "办理状态", "办理意见"], *([f"MS-{n}", "处置中", SAID] for n in range(9))],
        statuses,
        Invalid,
    ),
    "a partner's file": Door(
        [
            ["kind", "key", "value"],
            *(["column", "number", "工单编号"], ["column", "text", "诉求内容"], ["category", SAID, "F01"]),
            *(["setting", "title", "12345"], ["setting", "source", "hotline_12345"]),
        ],
        partner,
        Invalid,
    ),
    "the town": Door([line.split(",") for line in SMALL["units"].split()], town, Invalid),
    "make replay": Door(
        [["time", "body", "label", "user"], *OFTEN],
        lambda file: [[f"{row.at:%Y-%m-%d %H:%M:%S}"] for row in replay.read(file, replay.Columns())],
        replay.BadRows,
        True,
    ),
    "make replay-classes": Door(
        [["time", "body", "label", "user"], *OFTEN],
        lambda file: [[row["time"], row["body"]] for row in replay_classes.read(file)],
        replay_classes.BadRows,
        True,
    ),
    "make train": Door(
        [["time", "body", "label", "title"], *OFTEN],
        lambda file: [["", row.body, row.label] for row in training.read(file)],
        training.BadRows,
        True,
    ),
    "make train WORDS=": Door(
        [["编码", "上级编码", "名称", "关键词"], ["F", "", "设施", ""], ["F1", "F", "路灯", "灯坏，不亮;黑"]],
        lambda file: [["", "", row.body] for row in training.read_words(file)],
        training.BadRows,
        True,
    ),
    "make demo REPORTS=": Door(
        [["time", "body", "title", "user"], *OFTEN],
        lambda file: [[row.title, row.body] for row in reports.read_reports(file)],
        reports.BadReports,
        True,
    ),
    "make train-danger": Door(
        [["writer", "text", "label"], *([f"w{n}", f"{n}{SAID}", "none"] for n in range(10))],
        dangers,
        Unreadable,
        True,
    ),
    **{
        f"make judge WHAT={what}": Door(
            [[*judge.COLUMNS], *([f"{n}{name}" for name in judge.COLUMNS] for n in range(5))],
            judged(what),
            Unreadable,
            True,
        )
        for what, judge in judging.JUDGES.items()
    },
    "make judge KNOWLEDGE=": Door(
        [["code", "title", "answer"], *([f"K{n}", f"题{n}", SAID] for n in range(5))],
        lambda file: [[entry.code, entry.title, entry.answer] for entry in knowledge.entries(file)],
        Unreadable,
        True,
    ),
}
LARGE = ("blank lines between", "xlsx, 60,000 formatted rows")  # tried once, in test_reading.py
every_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)


@pytest.fixture
def given(tmp_path):
    def through(door, content):
        if not door.takes_a_path:
            return door.seen(content)
        (tmp_path / "data").write_bytes(content)
        return door.seen(tmp_path / "data")

    return through


@every_door
@pytest.mark.parametrize("make", [make for make in zoo.MAKES if make not in LARGE])
def test_what_is_read_is_what_a_person_sees(given, door, make):
    read = given(door, zoo.MAKES[make](door.rows))
    plain = given(door, zoo.text(door.rows))
    assert read == plain
    shown = {cell for row in door.rows[1:] for cell in row}
    told = [cell for row in read for cell in row if cell]
    assert told
    assert [cell for cell in told if not any(cell in each for each in shown)] == []


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if not door.takes_a_path])
@pytest.mark.parametrize("make", [make for make in zoo.MAKES if "xls" in make and make not in LARGE])
def test_a_workbook_that_run_job_opened_reads_as_the_file_itself(name, make):
    door = DOORS[name]
    content = zoo.MAKES[make](door.rows)
    opened = opening.open_file("table", content) if is_workbook(content) else content
    assert door.seen(opened) == door.seen(content)


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if not door.takes_a_path])
@pytest.mark.parametrize("none", ["a cut workbook", "a cut old workbook", "a password"])
def test_what_run_job_could_not_open_is_told_where_it_is_read(name, none):
    door = DOORS[name]
    with pytest.raises(door.refusal) as whole:
        door.seen(NONE[none])
    with pytest.raises(door.refusal) as opened:
        door.seen(opening.open_file("table", NONE[none]))
    assert str(opened.value) == str(whole.value)


def test_a_file_that_pretends_to_be_opened_already_comes_through_no_door():
    """It would be unpacked by the function that everybody waits for."""
    forged = packed_grids.pack([Grid("", (Line(1, ("工单编号", "诉求内容")), Line(2, ("1", "甲"))))])
    for content in (forged, packed_grids.MARK):
        with pytest.raises(Unreadable, match="不是表格"):
            opening.table(content)


NONE = {
    "empty": b"",
    "what only begins as our own": packed_grids.MARK,
    "a cut workbook": b"PK\x03\x04 and no more",
    "a cut old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"),
    "half a character": b"\xff\xfe\xff",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a page to sign in": b"<html><p>Please sign in</html>",
    "XML of 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "other columns": "甲,乙,丙\n1,2,3\n".encode(),
    "blank lines": b",,,\r\n" * 9,
}


@every_door
@pytest.mark.parametrize("content", NONE.values(), ids=NONE)
def test_a_file_that_is_no_such_table_is_refused_in_a_sentence(given, door, content):
    with pytest.raises(door.refusal, match=r"[一-龥]{3}"):
        given(door, content)


@pytest.mark.parametrize("door", [door for door in DOORS.values() if door.takes_a_path])
def test_a_row_that_slipped_to_the_right_teaches_and_judges_nothing(given, door):
    head, *rows = door.rows
    with pytest.raises(door.refusal, match="第 3 行：这一行的单元格比列名多"):
        given(door, zoo.text([head, rows[0], [*rows[1], "又一格"], *rows[2:]]))


@every_door
def test_a_lonely_quote_is_refused_in_a_sentence_and_swallows_no_row(given, door):
    head, first, *rest = door.rows
    lines = [",".join(head), f'"{",".join(first)}', *(",".join(row) for row in rest)]
    with pytest.raises(door.refusal, match="引号"):
        given(door, "\n".join(lines).replace('\\"', "").encode())


@pytest.mark.parametrize(
    "text", ["2019/2/28 11:25:05", "11/28/2025 01:23:45 AM", "2026-11-03 08:05", "2026-11-03T08:05:00+08:00"]
)
def test_times_with_and_without_a_zone_stand_in_one_file(tmp_path, text):
    (tmp_path / "data").write_bytes(zoo.text([["time"], [text], ["2026-11-22T10:00:00Z"]]))
    assert len(replay.read(tmp_path / "data", replay.Columns())) == 2


def test_the_words_of_a_town_may_have_chinese_heads_and_commas(tmp_path):
    (tmp_path / "data").write_bytes(zoo.text(DOORS["make train WORDS="].rows, encoding="gb18030"))
    assert [row.body for row in training.read_words(tmp_path / "data")] == ["路灯", "灯坏", "不亮", "黑"]


def test_a_judge_ends_with_a_sentence_and_no_traceback(tmp_path, monkeypatch, capsys):
    (tmp_path / "data").write_bytes(b"PK\x03\x04")
    for more in ([], [f"KNOWLEDGE={tmp_path / 'data'}"]):
        monkeypatch.setattr("sys.argv", ["judge", "danger", str(tmp_path / "data"), *more])
        assert judging.main() == 1
        assert "没有保存完整" in capsys.readouterr().err
