"""Developers' doors read files as every other door does, and whatever the file is, they end with a sentence."""

import pytest

from benchmarks import replay_classes
from infra import replay
from infra.local.play import reports
from tests.domain.tables import zoo
from training import __main__ as training

HEAD = ["time", "title", "body", "label", "user"]
ROWS = [[f"2026/11/{day}  8:05:25", f"路灯{day}", "坏了，三天", "lamp", f"u{day}"] for day in range(10, 20)]
DOORS = {
    "replay": (lambda file: replay.read(file, replay.Columns()), replay.BadRows),
    "train": (training.read, training.BadRows),
    "demo": (reports.read_reports, reports.BadReports),
    "replay-classes": (replay_classes.read, replay_classes.BadRows),
}
door = pytest.mark.parametrize(("read", "refusal"), DOORS.values(), ids=DOORS)


@door
@pytest.mark.parametrize("make", ["UTF-8", "GB18030", "UTF-16, tabs", "CR alone", "xlsx", "xls"])
def test_a_file_of_any_make_is_read(tmp_path, read, refusal, make):
    (tmp_path / "data").write_bytes(zoo.MAKES[make]([HEAD, *ROWS]))
    assert len(read(tmp_path / "data")) == len(ROWS)


@door
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"\xff\xfe\xff",
        b'time,title,body,label,user\n2026-11-10 8:00,"a,b\n',
        b"title\na\n",
        "time,title,body,label,user\n下周,a,b,,\n".encode(),
    ],
    ids=["empty", "cut", "half", "quote", "columns", "values"],
)
def test_a_file_that_is_none_is_refused_in_words(tmp_path, read, refusal, content):
    (tmp_path / "data").write_bytes(content)
    with pytest.raises(refusal, match=r"[一-龥]"):
        read(tmp_path / "data")


@pytest.mark.parametrize(
    "text", ["2019/2/28 11:25:05", "11/28/2025 01:23:45 AM", "2026-11-03 08:05", "2026-11-03T08:05:00+08:00"]
)
def test_times_with_and_without_a_zone_stand_in_one_file(tmp_path, text):
    (tmp_path / "data").write_bytes(zoo.text([["time"], [text], ["2026-11-22T10:00:00Z"]]))
    assert len(replay.read(tmp_path / "data", replay.Columns())) == 2


def test_the_words_of_a_town_may_have_chinese_heads_and_commas(tmp_path):
    rows = [
        ["编码", "上级编码", "名称", "关键词"],
        ["F", "", "设施", ""],
        ["F1", "F", "路灯", "灯坏，不亮;黑"],
    ]
    (tmp_path / "data").write_bytes(zoo.text(rows, encoding="gb18030"))
    assert [row.body for row in training.read_words(tmp_path / "data")] == ["路灯", "灯坏", "不亮", "黑"]
