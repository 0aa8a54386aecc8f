"""`make train-misconduct`: the model that hears misconduct where the town's words are silent (rule 21).

Of made-up sentences alone: training/concerns.csv (several writers; `house` are the project's own), and what the model of danger
learns beside. The levels lie in the file: `SHARES` of the sentences that complain of nobody reach them when their
writer was held apart. Printed: what a model hears of a writer whom it has not read.
"""

import csv
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from chalicelib.domain.town.concern_signs import ConcernRow
from chalicelib.domain.understanding.concerned import (
    DOUBT,
    LIKELY,
    MAY_BE,
    SURE,
    described,
    lexicon_of,
    margin,
)
from chalicelib.domain.understanding.model_file import dump
from chalicelib.domain.understanding.phrases import flat
from chalicelib.domain.understanding.text_model import Step, TextModel
from training.danger import HERE
from training.judge.place import town
from training.learning import TITLE_WEIGHT, Row, Weights, count, learn, model

SENTENCES = HERE / "concerns.csv"
MODEL = Path(__file__).parents[1] / "chalicelib" / "data" / "misconduct.model"
MISCONDUCT, OTHER = "misconduct", "other"
SHARES = {DOUBT: 0.25, MAY_BE: 0.15, LIKELY: 0.08, SURE: 0.03}  # of who complains of nobody
Line = dict[str, str]


def lines(file: Path) -> list[Line]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _read(text: str) -> str:
    plain = flat(text)
    return described(plain, lexicon_of(town()).found(plain))


def _is_calm(row: Line) -> bool:
    """Whether it complains of nobody: a danger in which somebody of the place is named may tell of misconduct too."""
    return row["label"] != "danger" or not lexicon_of(town()).found(flat(row["text"]))[ConcernRow.ALIAS]


def learned(rows: list[Line]) -> Weights:
    beside = [row["text"] for row in lines(HERE / "danger.csv") if _is_calm(row)]
    beside += [row["body"] for row in lines(HERE.parent / "town" / "training.csv")]
    taught = [
        Row("", _read(row["text"]), MISCONDUCT if row["label"] == MISCONDUCT else OTHER) for row in rows
    ]
    taught += [Row("", _read(text), OTHER) for text in beside]
    machine = LogisticRegression(C=1.0, class_weight="balanced", max_iter=300)
    return learn(count(taught), [row.label for row in taught], by=machine, rarity_by=1.0)


def heard(trained: TextModel, text: str) -> float:
    plain = flat(text)
    return margin(trained, plain, lexicon_of(town()).found(plain))


def held_apart(rows: list[Line]) -> list[float]:
    """The margin of every sentence by a model that never read its writer; the house's own, a sixth at a time."""
    parts = [row["writer"] if row["writer"] != "house" else f"house{n % 6}" for n, row in enumerate(rows)]
    margins = [0.0] * len(rows)
    for part in sorted(set(parts)):
        trained = model(learned([row for row, its in zip(rows, parts, strict=True) if its != part]))
        for n, its in enumerate(parts):
            if its == part:
                margins[n] = heard(trained, rows[n]["text"])
    return margins


def main() -> int:
    rows = lines(SENTENCES)
    margins = held_apart(rows)
    calm = [m for m, row in zip(margins, rows, strict=True) if row["label"] == "none"]
    steps = tuple(Step(float(np.quantile(calm, 1 - share)), level) for level, share in SHARES.items())
    threshold = steps[2].margin
    for writer in sorted({row["writer"] for row in rows}):
        for label in (MISCONDUCT, "service", "none"):
            own = [
                m > threshold
                for m, row in zip(margins, rows, strict=True)
                if (row["writer"], row["label"]) == (writer, label)
            ]
            print(f"{writer} {label}: {sum(own)} of {len(own)}")
    weights = learned(rows)
    content = dump(
        [int(gram) for gram in weights.hashes],
        weights.values.tolist(),
        labels=weights.labels,
        intercepts=[float(value) for value in weights.intercepts],
        steps=steps,
        title_weight=TITLE_WEIGHT,
        provenance={
            "trained": datetime.now(UTC).date().isoformat(),
            "file": SENTENCES.name,
            "sha256": sha256(SENTENCES.read_bytes()).hexdigest(),
            "rows": len(rows),
        },
    )
    MODEL.write_bytes(content)
    print(f"{MODEL.name}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
