"""How danger is seen, on sentences by several writers: counts that no later work may lower (rule 80)."""

import csv
from pathlib import Path

import pytest

from chalicelib.domain.tickets.ticket import Stage
from training.danger import SENTENCES
from training.judge import danger, place

THEN = Path(__file__).with_name("dispatched_at_f2c1750.csv")
# Written in ten voices, read by no model; whoever wrote them wrote signs too, and looked at the counts alone (decision 0031).
HELD_OUT = Path(__file__).with_name("danger_held_out.csv")
STILL = 0.9  # of what the machine dispatched when it did not yet ask: "always ask" does not win


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def public():
    return danger.figures([row for row in rows(SENTENCES) if row["writer"] in "123"])[0]


@pytest.fixture(scope="module")
def held_out():
    return danger.figures(rows(HELD_OUT))[0]


def test_danger_is_seen(public):
    assert (public["of"], public["others"], public["plain"]) == (105, 195, 105)
    assert public["seen"] >= 105
    assert public["false"] == 0
    assert public["false_plain"] == 0


def test_danger_is_seen_of_writers_whom_nobody_has_read(held_out):
    """The counts of today; those of before: 42 seen, 8 false, 4 of them plain; then 44, 4, 1, 44, 3, 0, and 45, 3, 0."""
    assert (held_out["of"], held_out["others"], held_out["plain"]) == (45, 58, 32)
    assert held_out["seen"] >= 45
    assert held_out["false"] <= 2
    assert held_out["false_plain"] == 0


def test_no_danger_passes_the_desk(public, held_out):
    assert public["past_the_desk"] == held_out["past_the_desk"] == 0


@pytest.mark.parametrize(
    ("text", "is_danger"),
    [
        ("快递员尾随我进电梯了", True),
        ("外卖员堵在门口砸门", True),
        ("装修工拿锤子堵在楼道口骂我", True),
        ("喝醉的男人拿酒瓶在楼下追人", True),
        ("快递员把件堵在门口了", False),
        ("邻居把鞋柜堵在门口", False),
        ("房东把锁撬了换新的", False),
        ("几个人围住我问路", False),
        ("保安拦住我的车不让进", False),
    ],
)
def test_who_comes_close_to_the_writer_is_heard_and_who_stands_in_the_way_is_not(text, is_danger):
    assert danger.judged({"text": text, "label": "", "where": ""}).seen is is_danger


def test_what_is_ordinary_is_still_dispatched_at_once():
    then = rows(THEN)
    still = [row for row in then if place.reported(row["text"])[0].stage is Stage.DISPATCHED]
    assert len(still) >= STILL * len(then), [row["text"] for row in then if row not in still]


def test_a_comment_in_doubt_rings_whoever_has_the_ticket():
    """Nothing says danger, and still it sounds unlike an ordinary matter: nobody is asked, and somebody looks at once."""
    doubted = next(row["text"] for row in rows(SENTENCES) if place.reported(row["text"])[1].reading.doubt)
    row = {"text": doubted, "label": "none", "where": "comment"}
    assert danger.judged(row) == danger.Verdict(seen=False, passed=False, words=())


@pytest.mark.parametrize(("where", "passed"), [("report", False), ("comment", True)])
def test_a_comment_that_rings_nobody_has_passed_the_desk_and_a_report_left_there_has_not(where, passed):
    row = {"text": "请问几点开门", "label": "danger", "where": where}
    assert danger.judged(row).passed is passed
