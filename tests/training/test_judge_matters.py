"""`make judge WHAT=matters`: proposals by the stream's own code (rules 66, 67)."""

import csv
from pathlib import Path

import pytest

from training.judge import matters, place

TEXTS = (
    "刷脸机老是认不出我",
    "人脸识别太慢，后面排一串人",
    "门禁换了以后进不了家",
    "能不能恢复刷卡",
    "闸机把业主拦在外面",
)
ROWS = [{"matter": "gate", "place": "南门", "text": text} for text in TEXTS]
SINGLE = {"matter": "", "place": "南门", "text": "谢谢值班的师傅，真负责任"}


def test_five_wordings_of_one_matter_are_gathered_and_thanks_are_not_among_them():
    counts, wrong = matters.figures([*ROWS[:3], SINGLE, *ROWS[3:]])
    assert (counts["gathered"], counts["of"], counts["proposals"], counts["wrong"]) == (1, 1, 1, 0)
    assert wrong == []


def test_four_rows_are_too_few_to_be_gathered():
    counts, _ = matters.figures(ROWS[:4])
    assert (counts["gathered"], counts["wrong"]) == (0, 0)


def test_a_proposal_of_things_that_are_no_matter_is_wrong():
    counts, wrong = matters.figures([row | {"matter": ""} for row in ROWS])
    assert (counts["gathered"], counts["proposals"], counts["wrong"]) == (0, 1, 1)
    assert "南门" in wrong[0]


@pytest.mark.nightly
def test_most_matters_of_other_voices_are_gathered_and_single_things_are_not():
    with Path(__file__).with_name("matters.csv").open(encoding="utf-8", newline="") as lines:
        counts, wrong = matters.figures(list(csv.DictReader(lines)))
    assert counts["gathered"] >= 0.9 * counts["of"], wrong
    assert counts["wrong"] <= 0.1 * counts["proposals"], wrong


def test_what_was_asked_of_the_sample_town_before_changes_nothing():
    assert place.where().path
    test_five_wordings_of_one_matter_are_gathered_and_thanks_are_not_among_them()
