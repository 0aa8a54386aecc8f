"""How good the model is on messages it has not seen."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import StratifiedGroupKFold

from chalicelib.domain.understanding.text_model import Step, TextModel
from training.groups import groups
from training.learning import SEED, Counts, Row, count, learn, model

FOLDS = 5
STEPS = 10


class Judged(NamedTuple):
    """What was guessed of each row by a model that had not seen it, with the margin over the second label."""

    truth: list[str]
    guessed: list[str]
    margins: list[float]

    @property
    def macro_f1(self) -> float:
        return float(f1_score(self.truth, self.guessed, average="macro", zero_division=0))

    def report(self) -> str:
        """Precision, recall and F1 of every label."""
        return str(classification_report(self.truth, self.guessed, digits=3, zero_division=0))

    def curve(self) -> Iterator[tuple[int, float]]:
        """How many of the most confident 50, 60 … 100 % were right."""
        right = self._right_by_margin()
        for percent in range(50, 101, 10):
            yield percent, float(right[: max(1, len(right) * percent // 100)].mean())

    def steps(self) -> tuple[Step, ...]:
        """Margin → how often such guesses were right, in tenths of the rows, made to rise."""
        order = np.argsort(self.margins)
        right = np.array(self.truth) == np.array(self.guessed)
        steps: list[Step] = []
        best = 0.0
        for part in np.array_split(order, min(STEPS, len(order))):
            best = max(best, float(right[part].mean()))
            steps.append(Step(float(self.margins[part[0]]) if steps else float("-inf"), best))
        return (Step(0.0, steps[0].accuracy), *steps[1:])

    def _right_by_margin(self) -> np.ndarray:
        order = np.argsort(-np.array(self.margins), kind="stable")
        return (np.array(self.truth) == np.array(self.guessed))[order]


def judge(trained: TextModel, rows: Sequence[Row], *, titles_only: bool = False) -> Judged:
    """What a model guesses of rows that it was not trained on."""
    guessed, margins = [], []
    for row in rows:
        scores = np.array(trained.scores(row.title, "" if titles_only else row.body))
        order = np.argsort(-scores)
        guessed.append(trained.labels[order[0]])
        margins.append(float(scores[order[0]] - scores[order[1]]))
    return Judged([row.label for row in rows], guessed, margins)


def cross_validate(rows: Sequence[Row], *, beside: Sequence[Row] = (), titles_only: bool = False) -> Judged:
    """Grouped, stratified five-fold cross-validation; grams and rarities are learned anew in every fold.

    `beside`: rows that every fold learns from and none is judged by.
    """
    counts = count([*rows, *beside])
    labels = np.array([row.label for row in [*rows, *beside]])
    always = np.arange(len(rows), len(labels))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    own = labels[: len(rows)]
    judged = []
    for part_of, unseen in folds.split(own, own, groups(rows)):
        learned = np.concatenate([part_of, always])
        part = learn(Counts(counts.values[learned], counts.hashes), labels[learned])
        judged.append(judge(model(part), [rows[place] for place in unseen], titles_only=titles_only))
    return Judged(
        [label for fold in judged for label in fold.truth],
        [label for fold in judged for label in fold.guessed],
        [margin for fold in judged for margin in fold.margins],
    )
