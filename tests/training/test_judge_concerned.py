"""Whom a complaint reaches, on the sentences of the two writers that the project has: no later work may lower these counts."""

import csv
from pathlib import Path

from chalicelib.domain.tickets.readings import NOBODY
from training.judge import concerned

SENTENCES = Path(__file__).resolve().parents[2] / "training" / "concerns.csv"


def rows(*writers):
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["writer"] in writers]


def test_nobody_of_the_party_is_reached_and_a_person_sees_every_complaint_first():
    counts, wrong = concerned.figures(rows("1", "2"))
    assert counts["misconduct"] == counts["service"] == counts["none"] == 40
    assert counts["reached"] == 0, wrong
    assert counts["kept"] >= 40, wrong
    assert counts["desk_first"] >= 40, wrong
    assert counts["wrongly_confidential"] <= 1, wrong


def test_a_row_of_a_party_without_a_unit_counts_nowhere_else(monkeypatch):
    monkeypatch.setattr(concerned, "party_of", lambda *_: ())
    counts, _ = concerned.figures(rows("1")[:1])
    assert {name: n for name, n in counts.items() if n and name != "what"} == {"no_unit": 1}


def test_a_complaint_that_was_read_as_nothing_reaches_whoever_reads_every_report(monkeypatch):
    """The judge itself can find a fault."""
    monkeypatch.setattr("chalicelib.domain.understanding.reading.concerned", lambda *_, **__: NOBODY)
    counts, wrong = concerned.figures(
        [{"text": "工作站的人骂我神经病", "label": "misconduct", "about": "station"}]
    )
    assert counts["reached"] == 1
    assert wrong
