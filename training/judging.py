"""How good the model is on messages it has not seen."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import StratifiedGroupKFold

from chalicelib.domain.understanding.text_model import LONG, MOST_CHOICES, Step, TextModel, normal
from training.groups import groups
from training.learning import SEED, Counts, Row, count, learn, model

FOLDS = 5
STEPS = 10
LEAST_ROWS = 30  # of a step: of fewer, a frequency says little
FEWEST = 60  # texts of a length, before anything is said of that length


class Seen(NamedTuple):
    """One row as a model guessed it that had not seen it. `margin`: of the first label over the second.

    `rank`: the place of the true label among the guesses, from 0. `length`: of its normal text.
    """

    truth: str
    guessed: str
    margin: float
    rank: int = 0
    length: int = 0


class Judged(NamedTuple):
    """What was guessed of each row."""

    seen: list[Seen]

    @property
    def macro_f1(self) -> float:
        return float(f1_score(*self._both(), average="macro", zero_division=0))

    def report(self) -> str:
        """Precision, recall and F1 of every label."""
        return str(classification_report(*self._both(), digits=3, zero_division=0))

    def curve(self) -> Iterator[tuple[int, float]]:
        """How many of the most confident 50, 60 … 100 % were right."""
        ordered = sorted(self.seen, key=lambda each: -each.margin)
        right = np.array([each.truth == each.guessed for each in ordered])
        for percent in range(50, 101, 10):
            yield percent, float(right[: max(1, len(right) * percent // 100)].mean())

    def within(self, first: int) -> float:
        """How often the true label was among the first guesses."""
        return sum(each.rank < first for each in self.seen) / len(self.seen)

    def of_length(self, *, is_long: bool) -> "Judged":
        """Those of its rows that are letters, or short reports."""
        return Judged([each for each in self.seen if (each.length >= LONG) is is_long])

    def steps(self) -> tuple[Step, ...]:
        """Margin → how often the first, second and third guess were right; none of fewer than `FEWEST` rows.

        Tenths of the rows, but of `LEAST_ROWS` at least; neighbours that do not rise are one (pool adjacent violators). Of n
        rows k right are (k + 1) of (n + 2): nothing was ever always right.
        """
        if len(self.seen) < FEWEST:
            return ()
        ordered = sorted(self.seen, key=lambda each: each.margin)
        ends = np.linspace(0, len(ordered), max(1, min(STEPS, len(ordered) // LEAST_ROWS)) + 1).astype(int)
        pooled: list[list[Seen]] = []
        for start, end in pairwise(ends):
            pooled.append(ordered[start:end])
            while len(pooled) > 1 and _share(pooled[-1], 0) < _share(pooled[-2], 0):
                last = pooled.pop()
                pooled[-1] += last
        return tuple(_step(part, is_first=at == 0) for at, part in enumerate(pooled))

    def _both(self) -> tuple[list[str], list[str]]:
        return [each.truth for each in self.seen], [each.guessed for each in self.seen]


def _step(part: list[Seen], *, is_first: bool) -> Step:
    others = tuple(_share(part, rank) for rank in range(1, MOST_CHOICES))
    return Step(0.0 if is_first else part[0].margin, _share(part, 0), others, len(part))


def _share(part: list[Seen], rank: int) -> float:
    return (sum(each.rank == rank for each in part) + 1) / (len(part) + 2)


def judge(trained: TextModel, rows: Sequence[Row], *, titles_only: bool = False) -> Judged:
    """What a model guesses of rows that it was not trained on."""
    return Judged([_seen(trained, row.title, "" if titles_only else row.body, row.label) for row in rows])


def _seen(trained: TextModel, title: str, body: str, truth: str) -> Seen:
    scores = np.array(trained.scores(title, body))
    order = np.argsort(-scores)
    ranked = [trained.labels[at] for at in order]
    return Seen(
        truth=truth,
        guessed=ranked[0],
        margin=float(scores[order[0]] - scores[order[1]]),
        rank=ranked.index(truth) if truth in ranked else len(ranked),
        length=len(normal(title)) + len(normal(body)),
    )


def cross_validate(rows: Sequence[Row], *, beside: Sequence[Row] = (), titles_only: bool = False) -> Judged:
    """Grouped, stratified five-fold cross-validation; grams and rarities are learned anew in every fold.

    Groups are the writers of the rows where all name one: nobody is judged by what the same hand wrote. Else near-duplicates.

    `beside`: rows that every fold learns from and none is judged by.
    """
    counts = count([*rows, *beside])
    labels = np.array([row.label for row in [*rows, *beside]])
    always = np.arange(len(rows), len(labels))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    own = labels[: len(rows)]
    judged: list[Seen] = []
    for part_of, unseen in folds.split(own, own, _groups(rows)):
        learned = np.concatenate([part_of, always])
        part = learn(Counts(counts.values[learned], counts.hashes), labels[learned])
        judged += judge(model(part), [rows[place] for place in unseen], titles_only=titles_only).seen
    return Judged(judged)


def _groups(rows: Sequence[Row]) -> list[int]:
    writers = [row.writer for row in rows]
    if not all(writers):
        return groups(rows)
    known = sorted(set(writers))
    return [known.index(writer) for writer in writers]
