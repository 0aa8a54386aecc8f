"""Every kind of danger × how it is said, in a native speaker's words, through the very code that a report goes through (rule 80)."""

import csv
from pathlib import Path

import pytest

from chalicelib.domain.town.danger_signs import Danger, DangerKind
from training.judge import place

HOW = {
    "sure": {Danger.SURE},
    "possible": {Danger.POSSIBLE, Danger.SURE},
    "negated": {Danger.NONE},
    "past": {Danger.NONE},
    "hypothetical": {Danger.NONE},
    "idiom": {Danger.NONE},
}


def said() -> list[dict[str, str]]:
    with Path(__file__).with_name("danger_said.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_kind_is_said_in_every_way():
    assert {(row["kind"], row["how"]) for row in said()} == {
        (kind, how) for kind in DangerKind for how in HOW
    }


@pytest.mark.parametrize("row", said(), ids=lambda row: f"{row['kind']}-{row['how']}")
def test_danger_is_read_as_a_native_speaker_means_it(row):
    reading = place.reported(row["text"])[1].reading
    assert reading.danger in HOW[row["how"]], (row["text"], reading.words)
