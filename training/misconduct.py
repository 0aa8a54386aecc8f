"""`make train-misconduct`: the model that hears misconduct where the town's words are silent (rule 21).

Of made-up sentences alone: training/concerns.csv (several writers; `house` are the project's own), and what the model of danger
learns beside. The levels lie in the file: `SHARES` of the sentences that complain of nobody reach them when their
writer was held apart. Printed: what a model hears of a writer whom it has not read.
"""

import csv
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.town.concern_signs import ConcernRow
from chalicelib.domain.understanding.concerned import (
    DOUBT,
    FAIR,
    LIKELY,
    SURE,
    Sighting,
    lexicon_of,
    sighted,
)
from chalicelib.domain.understanding.model_file import dump
from chalicelib.domain.understanding.phrases import calm
from chalicelib.domain.understanding.scene import Scene, described, margin, scene_of
from chalicelib.domain.understanding.text_model import Step, TextModel
from training.danger import HERE, Counted, hand
from training.files import provenance
from training.judge.place import town
from training.learning import TITLE_WEIGHT, Row, model

SENTENCES = HERE / "concerns.csv"
MODEL = Path(__file__).parents[1] / "chalicelib" / "data" / "misconduct.model"
MISCONDUCT, OTHER = "misconduct", "other"
SHARES = {DOUBT: 0.3, FAIR: 0.14, LIKELY: 0.058, SURE: 0.022}  # of who complains of nobody
# With 30,000 a twentieth of what it hears of strangers is lost; more do not fit into a file
MOST_GRAMS = 50_000
Line = dict[str, str]


def lines(file: Path) -> list[Line]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _scene(text: str) -> Scene:
    return scene_of(calm(text), lexicon_of(town()))


def _taught(text: str, label: str) -> list[Row]:
    """A sentence as it will be read, and as it would be were the lexicon silent: else the model would only repeat the lexicon."""
    scene = _scene(text)
    bare = (described(scene, with_acts=False), described(scene, with_acts=False, with_kinds=False))
    return [Row("", read, label) for read in (described(scene), *bare)]


def _is_calm(row: Line) -> bool:
    """Whether it complains of nobody: a danger in which somebody of the place is named may tell of misconduct too."""
    return row["label"] != "danger" or not lexicon_of(town()).found(calm(row["text"]))[ConcernRow.ALIAS]


def _beside() -> list[str]:
    """Texts that every model learns from as complaints of nobody."""
    calm_ones = [row["text"] for row in lines(HERE / "danger.csv") if _is_calm(row)]
    return calm_ones + [row["body"] for row in lines(HERE.parent / "town" / "training.csv")]


def counted(rows: list[Line], parts: list[str]) -> Counted:
    said = [(row["text"], MISCONDUCT if row["label"] == MISCONDUCT else OTHER) for row in rows]
    said += [(text, OTHER) for text in _beside()]
    parts = [*parts, *[""] * (len(said) - len(parts))]
    taught = [_taught(text, label) for text, label in said]
    each = [line for lines_of in taught for line in lines_of]
    whose = [part for part, lines_of in zip(parts, taught, strict=True) for _ in lines_of]
    return Counted.of(each, whose)


class Apart(NamedTuple):
    """A sentence and the model that never read its writer."""

    row: Line
    trained: TextModel

    @property
    def margin(self) -> float:
        return margin(self.trained, _scene(self.row["text"]))

    def sighting(self, steps: tuple[Step, ...]) -> Sighting:
        """What it is taken for, by the very code of the product."""
        return sighted(calm(self.row["text"]), lexicon_of(town()), self.trained.with_steps(steps))


def parts_of(rows: list[Line]) -> list[str]:
    """Who is held apart with whom: each hand; of the house's own a sixth at a time."""
    return [
        hand(row["writer"]) if row["writer"] != "house" else f"house{n % 6}" for n, row in enumerate(rows)
    ]


def held_apart(rows: list[Line], all_of_them: Counted) -> list[Apart]:
    """Every sentence with a model that never read the hand that wrote it."""
    parts = parts_of(rows)
    of = {part: model(all_of_them.learned(part, MOST_GRAMS)) for part in sorted(set(parts))}
    return [Apart(row, of[part]) for row, part in zip(rows, parts, strict=True)]


def levels(apart: list[Apart]) -> tuple[Step, ...]:
    """The margins that `SHARES` of those who complain of nobody reach."""
    calm = [each.margin for each in apart if each.row["label"] == "none"]
    return tuple(Step(float(np.quantile(calm, 1 - share)), level) for level, share in SHARES.items())


def main() -> int:
    rows = lines(SENTENCES)
    all_of_them = counted(rows, parts_of(rows))
    apart = held_apart(rows, all_of_them)
    steps = levels(apart)
    for writer in sorted({row["writer"] for row in rows}):
        for label in (MISCONDUCT, "service", "none"):
            own = [
                each.sighting(steps).grievance is Grievance.MISCONDUCT
                for each in apart
                if (each.row["writer"], each.row["label"]) == (writer, label)
            ]
            print(f"{writer} {label}: {sum(own)} of {len(own)} taken for misconduct")
    weights = all_of_them.learned(most=MOST_GRAMS)
    content = dump(
        weights.as_learned(),
        steps=steps,
        title_weight=TITLE_WEIGHT,
        provenance=provenance(SENTENCES, len(rows)),
    )
    MODEL.write_bytes(content)
    print(f"{MODEL.name}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
