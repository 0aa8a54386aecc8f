"""Learning the weights: gram counts, their rarity, a linear support vector machine, and integers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from chalicelib.domain.understanding.model_file import Learned
from chalicelib.domain.understanding.text_model import Step, TextModel, grams, normal, packed
from training.meaning import Meaning, beside

TITLE_WEIGHT = 1.5
RARITY = 1.5  # exponent of the inverse document frequency; 1.0 and 2.0 were both worse by 0.01 macro-F1
FEW = 700  # rows; below, hardly a gram comes twice, and each must be kept
MOST_GRAMS = 20_000
MOST_WEIGHTS = 250_000  # bytes
CLIP = 0.999  # quantile of the heaviest weights that 127 stands for
SEED = 20261122


class Row(NamedTuple):
    title: str
    body: str
    label: str
    writer: str = ""


class Counts(NamedTuple):
    """Messages × grams, each field's counts divided by the square root of its length; `hashes`: the columns."""

    values: Any
    hashes: np.ndarray


def count(rows: Sequence[Row]) -> Counts:
    """Count every gram of every message."""
    columns: dict[int, int] = {}
    data: list[float] = []
    indices: list[int] = []
    ends = [0]
    for row in rows:
        line: dict[int, float] = defaultdict(float)
        for text, factor in ((normal(row.title), TITLE_WEIGHT), (normal(row.body), 1.0)):
            for gram, times in Counter(grams(text)).items():
                line[columns.setdefault(gram, len(columns))] += factor * times / sqrt(len(text))
        indices.extend(line.keys())
        data.extend(line.values())
        ends.append(len(indices))
    values = sparse.csr_matrix((data, indices, ends), shape=(len(rows), len(columns)))
    return Counts(values, np.fromiter(columns, dtype=np.uint32, count=len(columns)))


class Weights(NamedTuple):
    """Integers from -127 to 127, grams × labels, and what is added to each label's sum."""

    hashes: np.ndarray
    values: np.ndarray
    intercepts: np.ndarray
    labels: tuple[str, ...]

    def as_learned(self, intercepts: Sequence[float] | None = None) -> Learned:
        """As the file of a model has them; with other `intercepts`, where what was learned is shifted."""
        added = self.intercepts if intercepts is None else intercepts
        return Learned(
            [int(gram) for gram in self.hashes],
            self.values.tolist(),
            self.labels,
            [float(value) for value in added],
        )


def learn(
    counts: Counts,
    labels: Sequence[str],
    *,
    by: Any = None,
    rarity_by: float = RARITY,
    meaning: Meaning | None = None,
    most: int = MOST_GRAMS,
) -> Weights:
    """The heaviest grams' weights, at `most` so many, by a linear machine. Raises ValueError for fewer than two labels.

    With `meaning` words that no message holds weigh what the like of them do.
    """
    seen = np.asarray((counts.values > 0).sum(axis=0)).ravel()
    # A gram of one message only says little of the next, where there are enough others.
    kept = np.flatnonzero(seen >= (2 if len(labels) >= FEW else 1))
    rarity = (np.log((1 + len(labels)) / (1 + seen[kept])) + 1) ** rarity_by
    features = counts.values[:, kept] @ sparse.diags(rarity)
    if meaning:
        features = beside(features, meaning.of(counts.values, counts.hashes))
    machine = (by or LinearSVC(C=0.1, random_state=SEED)).fit(features, list(labels))
    weights, intercepts = _all_labels(machine)
    hashes = counts.hashes[kept]
    if meaning:
        spread = meaning.spread(weights[:, len(kept) :])
        hashes, weights = _together(hashes, weights[:, : len(kept)] * rarity, meaning.hashes, spread)
    else:
        weights = weights * rarity
    weights -= weights.mean(axis=0)
    heaviest = np.argsort(-np.abs(weights).max(axis=0))[: min(most, MOST_WEIGHTS // len(weights))]
    weights = weights[:, heaviest]
    unit = np.quantile(np.abs(weights).max(axis=0), CLIP) / 127
    values = np.clip(np.round(weights / unit), -127, 127).astype(np.int8)
    return Weights(hashes[heaviest], values.T, intercepts / unit, tuple(machine.classes_))


def _together(
    hashes: np.ndarray, weights: np.ndarray, others: np.ndarray, more: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both sets of grams with their weights (labels × grams); of a gram that is in both, the sum."""
    union = np.union1d(hashes, others)
    summed = np.zeros((len(weights), len(union)))
    for grams_of, its in ((hashes, weights), (others, more)):
        np.add.at(summed.T, np.searchsorted(union, grams_of), its.T)
    return union, summed


def _all_labels(machine: Any) -> tuple[np.ndarray, np.ndarray]:
    """Of two labels the machine keeps only the second's weights; the first's are their opposite."""
    weights, intercepts = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:
        return np.vstack([-weights, weights]), np.concatenate([-intercepts, intercepts])
    return weights, intercepts


def model(weights: Weights, steps: tuple[Step, ...] = ()) -> TextModel:
    """The model as it will guess."""
    rows = packed(weights.values.tobytes(), len(weights.labels))
    table = dict(zip(map(int, weights.hashes), rows, strict=True))
    return TextModel(weights.labels, tuple(map(float, weights.intercepts)), table, steps, TITLE_WEIGHT)
