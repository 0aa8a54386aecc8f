"""Whom a complaint reaches, on the sentences of the two writers that the project has: no later work may lower these counts."""

import csv
from pathlib import Path

import pytest

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


def test_of_the_projects_own_sentences_no_fewer_are_heard_and_no_more_are_wrong():
    counts, wrong = concerned.figures(rows("house"))
    assert counts["reached"] <= 2, wrong
    assert counts["misconduct"] - counts["kept"] <= 5, wrong
    assert counts["service"] - counts["desk_first"] <= 2, wrong
    assert counts["wrongly_confidential"] <= 7, wrong


GRAMMAR = [
    ("物业经理骂我", "misconduct", "property"),
    ("居委会门口有疯子骂人", "none", ""),  # where it was done
    ("在物业门口有人打我", "none", ""),
    ("物业门口的保安打我", "misconduct", "property"),
    ("我把保安骂了", "none", ""),  # whom it was done to
    ("有人偷了网格员的电动车", "none", ""),
    ("保安被业主打伤了", "none", ""),
    ("保安被我看到在偷电瓶", "misconduct", "property"),  # found out, not suffered
    ("我被保安打了", "misconduct", "property"),
    ("有人骂我，物业在几楼", "none", ""),  # anybody
    ("物业有人骂我", "misconduct", "property"),  # one of theirs
    ("广场舞那帮人霸占篮球场", "none", ""),  # a pronoun goes with whom it follows
    ("他们霸占公共的地", "misconduct", "property"),
    ("有人冒充物业收了我五百块", "none", ""),  # who pretends to be one of them
    ("物业冒充业主签名", "misconduct", "property"),
    ("保安抓住了偷电瓶的", "none", ""),  # whom they caught
    ("你们接电话的骂我，物业都知道", "misconduct", "station"),  # you, beside a name
    ("我爸是居委会书记的老同学", "none", ""),  # the writer's own family
    ("居委会书记的小舅子包了工程", "misconduct", "committee"),
]


@pytest.mark.parametrize(("text", "label", "about"), GRAMMAR)
def test_whose_act_it_is_follows_the_grammar_of_the_sentence(text, label, about):
    counts, wrong = concerned.figures([{"text": text, "label": label, "about": about}])
    assert not wrong
    assert counts["wrongly_confidential"] == counts["reached"] == 0


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
