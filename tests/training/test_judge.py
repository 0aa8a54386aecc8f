"""How danger is seen, on sentences by several writers: counts that no later work may lower (rule 80)."""

import csv
from pathlib import Path

import pytest

from chalicelib.domain.tickets.ticket import Stage
from training.danger import HOUSE, SENTENCES
from training.judge import danger, place

THEN = Path(__file__).with_name("dispatched_at_f2c1750.csv")
STILL = 0.9  # of what the machine dispatched when it did not yet ask: "always ask" does not win


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def public():
    return danger.figures([row for row in rows(SENTENCES) if row["writer"] != HOUSE])[0]


def test_danger_is_seen(public):
    assert (public["of"], public["others"], public["plain"]) == (105, 195, 105)
    assert public["seen"] >= 104
    assert public["false"] <= 2
    assert public["false_plain"] <= 1


def test_no_danger_passes_the_desk(public):
    assert public["past_the_desk"] == 0


def test_what_is_ordinary_is_still_dispatched_at_once():
    then = rows(THEN)
    still = [row for row in then if place.reported(row["text"])[0].stage is Stage.DISPATCHED]
    assert len(still) >= STILL * len(then), [row["text"] for row in then if row not in still]


@pytest.mark.parametrize(("where", "passed"), [("report", False), ("comment", True)])
def test_a_comment_that_rings_nobody_has_passed_the_desk_and_a_report_left_there_has_not(where, passed):
    row = {"text": "请问几点开门", "label": "danger", "where": where}
    assert danger.judged(row).passed is passed
