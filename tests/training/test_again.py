"""The models that ship are what the commands make of the files in the repository: none is older than what it was learned of."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is a development dependency")

from training import __main__ as triage
from training import danger, misconduct
from training.files import ROOT, origin

WORDS = ROOT / "town" / "categories.csv"
CLOSED = ROOT / "town" / "training.csv"
MODELS = (triage.MODEL, danger.MODEL, misconduct.MODEL)


def triage_learned() -> bytes:
    content, _ = triage.train(triage.read(CLOSED), triage.read_words(WORDS), files=[CLOSED, WORDS])
    return content


LEARNED = {
    triage.MODEL: triage_learned,
    danger.MODEL: lambda: danger.learned()[0],
    misconduct.MODEL: lambda: misconduct.learned()[0],
}


@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_what_a_model_was_learned_of_has_not_changed_since(file: Path):
    """Else `make train`, `make train-danger`, `make train-misconduct`: whoever adds a sentence, a word or a mark trains anew."""
    of = origin(file)["files"]
    assert of
    assert {name: sha256((ROOT / name).read_bytes()).hexdigest() for name in of} == of


def test_a_model_that_hears_says_what_it_was_worth_on_writers_it_had_not_read():
    assert {"kept", "wrongly_confidential"} <= set(origin(misconduct.MODEL)["apart"])
    assert {"seen", "false"} <= set(origin(danger.MODEL)["apart"])


def without_the_day(content: bytes) -> tuple[dict[str, object], bytes]:
    head, _, body = content.partition(b"\n")
    said = json.loads(head)
    del said["provenance"]["trained"]
    return said, body


@pytest.mark.nightly
@pytest.mark.timeout(1800)  # a model is learned from some thousand sentences, writer by writer
@pytest.mark.parametrize("file", MODELS, ids=lambda file: file.stem)
def test_a_model_learned_again_is_the_same_to_the_bit(file: Path):
    assert without_the_day(LEARNED[file]()) == without_the_day(file.read_bytes())


def test_nothing_is_taught_both_as_misconduct_and_as_a_complaint_of_nobody():
    """What the town files under complaints tells of misconduct as often as not, and no row of it says which."""
    rows = misconduct.lines(misconduct.SENTENCES)
    taught = set(misconduct.beside(rows))
    assert taught
    assert taught.isdisjoint(row["text"] for row in rows if row["label"] == misconduct.MISCONDUCT)
    filed = misconduct.lines(misconduct.TOWN / "training.csv")
    assert taught.isdisjoint(row["body"] for row in filed if row["label"].startswith(misconduct.COMPLAINTS))
