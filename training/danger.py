"""`make train-danger [DATA=file.csv]`: the model that hears danger where the town's signs are silent (rule 80).

Of made-up sentences alone: training/danger.csv (several writers; `house` are the project's own), training/ordinary.csv, the
complaints about service of training/concerns.csv, and the rows of town/training.csv, whose categories A01–A06 are dangers. The threshold lies in the file: `LEAN` of the plain sentences of
writers who were held apart are heard as danger, no more; `DOUBT` of them are not dispatched by the machine. `MISSED_SURE` of
their dangers sound more ordinary than the bound below which a sure sign rings nobody, `MISSED_POSSIBLE` than that of a possible one,
`PLAINLY` of all that is no danger more than the
one above which nothing takes back what is heard. Printed: what a model hears of a writer whom it has not read.
"""

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.understanding.danger import DANGER, Bounds, pieces
from chalicelib.domain.understanding.idioms import masked
from chalicelib.domain.understanding.model_file import dump
from chalicelib.domain.understanding.phrases import calm
from chalicelib.domain.understanding.text_model import Step, TextModel
from training.files import provenance, rows_of
from training.learning import TITLE_WEIGHT, Counts, Row, Weights, count, learn, model
from training.meaning import meaning

HERE = Path(__file__).parent
SENTENCES = HERE / "danger.csv"
MODEL = HERE.parent / "chalicelib" / "data" / "danger.model"
LEARNED_OF = (
    SENTENCES,
    HERE / "ordinary.csv",
    HERE / "concerns.csv",
    HERE / "meaning.npz",
    HERE.parent / "town" / "training.csv",
)
ORDINARY = "ordinary"
LEAN = 0.02
DOUBT = 0.03  # so many plain sentences are left to the desk, unrung: better looked at than sent past it
MISSED_SURE = 0.01
MISSED_POSSIBLE = 0.03
PLAINLY = 0.002
SILENT = -1e6  # of a text that is too short to be read
HOUSE = "house"
MOST_GRAMS = 30_000  # a third of them words that no sentence holds, and what the like of them weigh


class Sentence(NamedTuple):
    writer: str
    text: str
    is_danger: bool
    is_plain: bool


def sentences(*more: Path) -> list[Sentence]:
    """The project's own, and those of `more` files of the same columns."""
    return [
        Sentence(
            row["writer"],
            row["text"],
            row["label"] == "danger",
            row["label"] != "danger" and not row["trap"] and not row["kind"],
        )
        for file in (SENTENCES, *more)
        for row in rows_of(file, ("writer", "text", "label"), ("kind", "trap"))
    ]


def beside() -> list[Row]:
    """What every model learns from and none is judged by."""
    ordinary = [Row("", row["text"], ORDINARY) for row in rows_of(HERE / "ordinary.csv", ("text",))]
    complaints = rows_of(HERE / "concerns.csv", ("label", "text"))
    ordinary += [Row("", row["text"], ORDINARY) for row in complaints if row["label"] == "service"]
    town = rows_of(HERE.parent / "town" / "training.csv", ("body", "label"))
    return ordinary + [
        Row("", row["body"], DANGER if row["label"].startswith("A0") else ORDINARY) for row in town
    ]


def as_read(text: str) -> str:
    """What the model is given of a text: calm, its figures of speech out of sight, in learning as in use."""
    return masked(calm(text))


class Counted(NamedTuple):
    """Every text, counted once for all models; `parts`: with whom each is held apart, "" with nobody."""

    counts: Counts
    labels: np.ndarray
    parts: np.ndarray

    @classmethod
    def of(cls, rows: list[Row], parts: list[str]) -> "Counted":
        return cls(count(rows), np.array([row.label for row in rows]), np.array(parts))

    def learned(self, without: str | None = None, most: int = MOST_GRAMS) -> Weights:
        """A model of two labels that never read the texts of one part."""
        kept = np.flatnonzero(self.parts != without)
        counts = Counts(self.counts.values[kept], self.counts.hashes)
        return heard_by(counts, self.labels[kept].tolist(), most)


def counted(rows: list[Sentence]) -> Counted:
    taught = [Row("", row.text, DANGER if row.is_danger else ORDINARY) for row in rows]
    more = beside()
    read = [Row("", as_read(row.body), row.label) for row in (*taught, *more)]
    return Counted.of(read, [*(hand(row.writer) for row in rows), *[""] * len(more)])


def heard_by(counts: Counts, labels: list[str], most: int = MOST_GRAMS) -> Weights:
    """A model of two labels, of which one is rare and is not to be missed: danger, misconduct.

    Balanced: two thirds of what people write is no danger, and a danger missed weighs more than one asked for nothing.
    """
    machine = LogisticRegression(C=1.0, class_weight="balanced", max_iter=300)
    return learn(
        counts,
        labels,
        by=machine,
        rarity_by=1.0,
        meaning=meaning(),
        most=most,
    )


def margin(trained: TextModel, text: str) -> float:
    """How much more danger than not, of the piece of the text that says it most."""
    at = trained.labels.index(DANGER)
    scores = [trained.scores("", piece) for piece in pieces(as_read(text))]
    return max((score[at] - score[1 - at] for score in scores), default=SILENT)


def hand(writer: str) -> str:
    """Who wrote as this writer: voices of one hand (b1, b2) have more in common than a stranger would with them."""
    return writer.rstrip("0123456789") or writer


def held_apart(rows: list[Sentence], all_of_them: Counted) -> dict[str, float]:
    """The margin of every sentence by a model that never read the hand that wrote it."""
    margins: dict[str, float] = {}
    for one in sorted({hand(row.writer) for row in rows}):
        trained = model(all_of_them.learned(one))
        margins |= {row.text: margin(trained, row.text) for row in rows if hand(row.writer) == one}
    return margins


def bounds_of(rows: list[Sentence], margins: dict[str, float]) -> tuple[float, Bounds]:
    """The margin from which a text is heard, and from there the `Bounds` of the file, by margins of writers held apart."""
    plain = [margins[row.text] for row in rows if row.is_plain and row.writer != HOUSE]
    others = [margins[row.text] for row in rows if not row.is_danger]
    dangers = [margins[row.text] for row in rows if row.is_danger and row.writer != HOUSE]
    threshold = float(np.quantile(plain, 1 - LEAN))
    ends = (
        (dangers, MISSED_SURE),
        (dangers, MISSED_POSSIBLE),
        (plain, 1 - DOUBT),
        (others, 1 - PLAINLY),
    )
    return threshold, Bounds(*(float(np.quantile(values, share)) - threshold for values, share in ends))


def learned(*more: Path) -> tuple[bytes, list[str]]:
    """The model's file, and what is to be said of it. Raises Unreadable, as a clerk is told it; OSError for no file."""
    rows = sentences(*more)
    all_of_them = counted(rows)
    margins = held_apart(rows, all_of_them)
    threshold, bounds = bounds_of(rows, margins)
    weights = all_of_them.learned()
    intercepts = [float(value) for value in weights.intercepts]
    lean = threshold / 2
    shifted = [
        v - lean if label == DANGER else v + lean for v, label in zip(intercepts, weights.labels, strict=True)
    ]
    strangers = [row for row in rows if row.writer != HOUSE]
    content = dump(
        weights.as_learned(shifted),
        steps=tuple(Step(bound, 0.0) for bound in bounds),
        title_weight=TITLE_WEIGHT,
        provenance=provenance(
            (*LEARNED_OF, *more), rows=len(rows), apart=heard(strangers, margins, threshold)
        ),
    )
    said = [
        f"{writer} held apart: {heard([row for row in rows if row.writer == writer], margins, threshold)}"
        for writer in sorted({row.writer for row in rows})
    ]
    return content, [*said, "bounds: " + ", ".join(f"{bound:.0f}" for bound in bounds)]


def main() -> int:
    try:
        content, said = learned(*map(Path, sys.argv[1:]))
    except (OSError, Unreadable) as fault:
        print(fault, file=sys.stderr)
        return 1
    MODEL.write_bytes(content)
    print("\n".join(said))
    print(f"{MODEL}: {len(content)} bytes")
    return 0


def heard(rows: list[Sentence], margins: dict[str, float], threshold: float) -> dict[str, int]:
    """What the model alone hears as danger; the town's signs come beside."""
    parts = {
        ("seen", "of"): [row for row in rows if row.is_danger],
        ("false", "others"): [row for row in rows if not row.is_danger],
        ("false_plain", "plain"): [row for row in rows if row.is_plain],
    }
    return {
        name: n
        for (taken, of), part in parts.items()
        for name, n in ((taken, sum(margins[row.text] > threshold for row in part)), (of, len(part)))
    }


if __name__ == "__main__":
    sys.exit(main())
