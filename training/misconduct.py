"""`make train-misconduct`: the model that hears misconduct where the town's words are silent (rule 21).

Of made-up sentences alone: training/concerns.csv (several writers; `OWN` are whoever built the model), and what the model of danger
learns beside. The levels lie in the file: `ASKING` and `ACCUSING` of the sentences of strangers that complain of nobody reach them when their
writer was held apart. Printed and kept in the file: what a model hears of a writer whom it has not read; printed, too, what other
levels would cost.
"""

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.town.concern_signs import ConcernRow
from chalicelib.domain.understanding.concerned import (
    DOUBT,
    FAIR,
    LIKELY,
    ODD,
    SURE,
    lexicon_of,
    weighed,
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
TOWN = HERE.parent / "town"
LEARNED_OF = (
    SENTENCES,
    HERE / "danger.csv",
    HERE / "ordinary.csv",
    HERE / "meaning.npz",
    TOWN / "training.csv",
    TOWN / "concerns.csv",  # its marks are read beside the text
)
MISCONDUCT, OTHER = "misconduct", "other"
NOBODYS = "none"
COMPLAINTS = "H"  # of the town's categories: what is filed there may well be misconduct, and says nowhere whether it is
OWN = frozenset(
    {"house", "m", "g", "h", "i"}
)  # hands of whoever built: harder than what strangers write, and unlike it
# Of who complains of nobody. Accusing costs somebody a ticket that is theirs, asking costs a look (decision 0154).
ASKING = {DOUBT: 0.25, ODD: 0.2}
ACCUSING = {FAIR: 0.1, LIKELY: 0.035, SURE: 0.025}
# With 50,000 a twentieth of what it hears of strangers is lost, with 30,000 a tenth
MOST_GRAMS = 95_000
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


def beside(rows: list[Line]) -> list[str]:
    """Texts that every model learns from as complaints of nobody: what `rows` do not say better, nor the town files as a complaint."""
    labelled = {row["text"] for row in rows}
    calm_ones = [row["text"] for row in lines(HERE / "danger.csv") if _is_calm(row)]
    calm_ones += [row["text"] for row in lines(HERE / "ordinary.csv") if row["text"] not in labelled]
    filed = [row for row in lines(TOWN / "training.csv") if not row["label"].startswith(COMPLAINTS)]
    return calm_ones + [row["body"] for row in filed]


def counted(rows: list[Line], parts: list[str]) -> Counted:
    said = [(row["text"], MISCONDUCT if row["label"] == MISCONDUCT else OTHER) for row in rows]
    said += [(text, OTHER) for text in beside(rows)]
    parts = [*parts, *[""] * (len(said) - len(parts))]
    taught = [_taught(text, label) for text, label in said]
    each = [line for lines_of in taught for line in lines_of]
    whose = [part for part, lines_of in zip(parts, taught, strict=True) for _ in lines_of]
    return Counted.of(each, whose)


class Apart(NamedTuple):
    """A sentence and how much more misconduct than not it is to the model that never read its writer."""

    row: Line
    scene: Scene
    trained: TextModel
    margin: float

    def taken_for(self, steps: tuple[Step, ...]) -> Grievance:
        """By the very code of the product."""
        return weighed(self.scene, self.trained.with_steps(steps).confidence(self.margin)).grievance


def held_apart(rows: list[Line], all_of_them: Counted) -> list[Apart]:
    """Every sentence of a stranger by a model that never read the hand that wrote it."""
    strangers = [row for row in rows if hand(row["writer"]) not in OWN]
    apart = []
    for one in sorted({hand(row["writer"]) for row in strangers}):
        trained = model(all_of_them.learned(one, MOST_GRAMS))
        scenes = [(row, _scene(row["text"])) for row in strangers if hand(row["writer"]) == one]
        apart += [Apart(row, scene, trained, margin(trained, scene)) for row, scene in scenes]
    return apart


def levels(apart: Sequence[Apart], times: float = 1.0) -> tuple[Step, ...]:
    """The margins that `ASKING`, and so many times `ACCUSING`, of those who complain of nobody reach."""
    calm = [each.margin for each in apart if each.row["label"] == NOBODYS]
    shares = ASKING | {level: share * times for level, share in ACCUSING.items()}
    return tuple(Step(float(np.quantile(calm, 1 - share)), level) for level, share in shares.items())


def measured(apart: Sequence[Apart], steps: tuple[Step, ...]) -> dict[str, int]:
    """Of misconduct what is kept from the party, or left to a person; of who complains of nobody what is wrongly kept from somebody."""
    taken = [(each.row["label"], each.taken_for(steps)) for each in apart]
    of = Counter(label for label, _ in taken)
    counts = Counter(taken)
    return {
        "kept": counts[MISCONDUCT, Grievance.MISCONDUCT],
        "asked_first": counts[MISCONDUCT, Grievance.POSSIBLE],
        "misconduct": of[MISCONDUCT],
        "wrongly_confidential": counts[NOBODYS, Grievance.MISCONDUCT],
        "none": of[NOBODYS],
    }


def learned() -> tuple[bytes, list[str]]:
    """The model's file, and what is to be said of it."""
    rows = lines(SENTENCES)
    all_of_them = counted(rows, [hand(row["writer"]) for row in rows])
    apart = held_apart(rows, all_of_them)
    steps = levels(apart)
    content = dump(
        all_of_them.learned(most=MOST_GRAMS).as_learned(),
        steps=steps,
        title_weight=TITLE_WEIGHT,
        provenance=provenance(LEARNED_OF, rows=len(rows), apart=measured(apart, steps)),
    )
    hands = {hand(each.row["writer"]) for each in apart}
    said = [f"{one} held apart: {measured(_of(apart, one), steps)}" for one in sorted(hands)]
    said += [
        f"{times} times as many: {measured(apart, levels(apart, times))}"
        for times in (0.25, 0.5, 1, 1.5, 2, 3)
    ]
    return content, said


def _of(apart: Sequence[Apart], one: str) -> list[Apart]:
    return [each for each in apart if hand(each.row["writer"]) == one]


def main() -> int:
    content, said = learned()
    MODEL.write_bytes(content)
    print("\n".join(said))
    print(f"{MODEL.name}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
