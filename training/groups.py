"""Near-duplicates belong together: the same message on both sides of a split would flatter the figures."""

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer

from training.learning import Row

ALIKE = 0.5  # cosine of TF-IDF over character 3-grams


def groups(rows: Sequence[Row]) -> list[int]:
    """For each row the number of its group: rows joined by a chain of near-duplicates have the same."""
    texts = [f"{row.title} {row.body}" for row in rows]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3)).fit_transform(texts)
    pairs = (vectors @ vectors.T).tocoo()
    parents = list(range(len(rows)))
    for one, other, alike in zip(pairs.row, pairs.col, pairs.data, strict=True):
        if one < other and alike > ALIKE:
            parents[_root(parents, one)] = _root(parents, other)
    return [_root(parents, place) for place in range(len(rows))]


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place
