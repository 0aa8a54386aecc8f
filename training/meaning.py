"""What words mean: vectors of characters and words, so that a model knows of a word that it never read what the like of it say.

training/meaning.npz, written by training/distil.py (decision 0088): multilingual-e5-small (MIT) asked for each word alone. A model
learns from the sum of its text's vectors beside its grams; since both are sums over grams, what it learned of the vectors is one
number a word and is shipped as such: the service has no vectors and reads as before.

`python -m training.meaning`: chalicelib/data/meaning.model, by which reports of one spot meet that say one thing in other words
(decision 0143): of the most used words the first dimensions, weighed, less what a text of this project means on average. As a model
file whose labels are the dimensions, so that a text's direction is the sum of its grams.
"""

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse

from chalicelib.domain.understanding.model_file import Learned, dump
from chalicelib.domain.understanding.text_model import LONGEST, grams, normal

FILE = Path(__file__).with_name("meaning.npz")
SHIPPED = Path(__file__).parents[1] / "chalicelib" / "data" / "meaning.model"
WORDS, DIMENSIONS = 7_500, 32  # of those shipped; twice as many of either gathered no more
_LARGEST = 0.999  # of the weights fit in a byte; the few beyond are cut
WEIGHT = 0.5  # of the vectors beside the grams; 0.3 and 1.0 were no better


class Meaning(NamedTuple):
    """`hashes`: of words of at most `LONGEST` characters, each a gram; `vectors`: one row a word, rare words heavier."""

    hashes: np.ndarray
    vectors: np.ndarray

    def of(self, values: Any, hashes: np.ndarray) -> np.ndarray:
        """The sum of the vectors of each row of a matrix of rows × grams."""
        column = {int(gram): at for at, gram in enumerate(hashes)}
        pairs = [(column[int(gram)], at) for at, gram in enumerate(self.hashes) if int(gram) in column]
        columns, rows = zip(*pairs, strict=True) if pairs else ((), ())
        return np.asarray(values[:, list(columns)] @ self.vectors[list(rows)])

    def spread(self, learned: np.ndarray) -> np.ndarray:
        """What was learned of the vectors (labels × dimensions), as a weight of each word (labels × words)."""
        return np.asarray(learned @ self.vectors.T)


@cache
def meaning() -> Meaning:
    """The vectors in the repository, scaled to stand beside grams."""
    with np.load(FILE) as kept:
        words, vectors, weights = kept["words"].tolist().split("\n"), kept["vectors"], kept["weights"]
    scaled = vectors.astype(np.float64)
    scaled *= WEIGHT / np.sqrt((scaled**2).mean())
    return Meaning(_hashes(words), scaled * weights.astype(np.float64)[:, None])


def beside(values: Any, more: np.ndarray) -> Any:
    """A sparse matrix with dense columns after its own."""
    return sparse.hstack([values, sparse.csr_matrix(more)]).tocsr()


def _hashes(words: Sequence[str]) -> np.ndarray:
    """The gram that each word is: the last of its own grams."""
    assert all(len(word) <= LONGEST for word in words)
    return np.array([list(grams(word))[-1] for word in words], dtype=np.uint32)


def shipped() -> bytes:
    """The model file of the most used words."""
    with np.load(FILE) as kept:
        words = kept["words"].tolist().split("\n")[:WORDS]
        vectors = kept["vectors"][:WORDS, :DIMENSIONS].astype(np.float64)
        vectors *= kept["weights"][:WORDS].astype(np.float64)[:, None]
    hashes = _hashes(words).tolist()
    at = {gram: row for row, gram in enumerate(hashes)}
    read = [[at[gram] for gram in grams(normal(text)) if gram in at] for text in _texts()]
    usual = np.mean([vectors[rows].mean(axis=0) for rows in read if rows], axis=0)
    weights = vectors - usual
    unit = np.quantile(np.abs(weights), _LARGEST) / 127
    return dump(
        Learned(
            hashes,
            np.clip(np.round(weights / unit), -127, 127).astype(int).tolist(),
            labels=[f"{n}" for n in range(DIMENSIONS)],
            intercepts=[0.0] * DIMENSIONS,
        ),
        steps=(),
        title_weight=1.0,
        provenance={"file": FILE.name, "words": len(words), "texts": len(read)},
    )


def _texts() -> Iterator[str]:
    """Of every kind that a town hears."""
    with (SHIPPED.parents[2] / "town" / "training.csv").open(encoding="utf-8-sig", newline="") as lines:
        yield from (row["title"] + row["body"] for row in csv.DictReader(lines))


if __name__ == "__main__":
    SHIPPED.write_bytes(shipped())
