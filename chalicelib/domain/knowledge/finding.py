"""Entries found by everyday words: the letters of what was asked beside the town's own words for what people mean (rule 82).

Two things speak for an entry: pairs of characters that it shares with the question, weighed as BM25 does, and terms that the
question means by the town's list of everyday words. A term counts as much as it is rare among the entries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from math import log, sqrt
from typing import NamedTuple

from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.patterns import regex
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry
from chalicelib.domain.understanding.phrases import flat

MOST_FOUND = 3
LONGEST_QUESTION = 500  # characters that are read
# Weights and the line below which the machine is silent: found by cross-validation over writers' questions (decision 0080).
OF_TERM = 5.0
SURE_ENOUGH = 9.5
_SATURATION, _LENGTH = 1.2, 0.5  # BM25's k1 and b
_IN_TITLE, _IN_ALIASES, _IN_ANSWER = 1.2, 0.6, 0.25  # how much an entry is about a term that stands there
_RUNS = regex(r"[一-鿿]+|[a-z0-9]+")


class Found(NamedTuple):
    """An entry, how strongly it speaks to the question, and by which of the town's terms."""

    entry: KnowledgeEntry
    score: float
    terms: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether a resident may be offered it unasked: below, the machine is silent."""
        return self.score >= SURE_ENOUGH


class Library:
    """The entries of a town, ready to be asked. Built once a version of the town's data; immutable after."""

    def __init__(self, entries: Iterable[KnowledgeEntry], words: Words) -> None:
        self._entries = tuple(entries)
        self._words = words
        self._terms = [_terms_of(entry, words) for entry in self._entries]
        texts = ["\n".join((entry.title, *entry.aliases, entry.answer)) for entry in self._entries]
        self._grams = _weighed([Counter(grams(text)) for text in texts])
        self._rarity = _rarity(self._terms)

    def find(self, question: str, *, today: date, only_verified: bool = False) -> list[Found]:
        """At most three entries in force, the best first; an empty list when no word meets."""
        plain = flat(question[:LONGEST_QUESTION])
        meant = self._words.meant(plain)
        scores = self._by_letters(plain)
        for term in meant:
            for index, about in enumerate(self._terms):
                if term in about:
                    scores[index] += OF_TERM * self._rarity[term] * about[term]
        allowed = [
            index
            for index in scores
            if self._entries[index].is_in_force(today)
            and (self._entries[index].verified or not only_verified)
        ]
        best = sorted(allowed, key=lambda index: (-scores[index], index))[:MOST_FOUND]
        return [
            Found(self._entries[index], scores[index], tuple(t for t in meant if t in self._terms[index]))
            for index in best
        ]

    def _by_letters(self, plain: str) -> defaultdict[int, float]:
        scores: defaultdict[int, float] = defaultdict(float)
        for gram in set(grams(plain)):
            for index, weight in self._grams.get(gram, ()):
                scores[index] += weight
        return scores


def grams(text: str) -> Iterable[str]:
    """Every Chinese character and pair of neighbours in it; Latin words and numbers whole."""
    for run in _RUNS.findall(flat(text)):
        if run.isascii():
            yield run
            continue
        yield from run
        yield from (run[at : at + 2] for at in range(len(run) - 1))


def _weighed(texts: list[Counter[str]]) -> Mapping[str, list[tuple[int, float]]]:
    """For each gram, the texts that hold it and what it says for each: BM25, in shares of what the rarest gram says."""
    lengths = [text.total() for text in texts]
    mean = sum(lengths) / len(texts) if texts else 1.0
    holders = Counter(gram for text in texts for gram in text)
    weighed: dict[str, list[tuple[int, float]]] = {}
    for index, text in enumerate(texts):
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths[index] / mean)
        for gram, count in text.items():
            says = _share(holders[gram], len(texts)) * sqrt(len(gram)) * (_SATURATION + 1)
            weighed.setdefault(gram, []).append((index, says * count / (count + damping)))
    return weighed


def _terms_of(entry: KnowledgeEntry, words: Words) -> dict[str, float]:
    """How much an entry is about each term of the town's list."""
    about: dict[str, float] = {}
    places = ((_IN_ANSWER, entry.answer), (_IN_ALIASES, "。".join(entry.aliases)), (1.0, entry.title))
    for weight, text in places:
        about.update(dict.fromkeys(words.meant(flat(text)), weight))
    named = flat("。".join((entry.title, *entry.aliases)))
    return about | {term: _IN_TITLE for term in words.terms if flat(term) in named}


def _rarity(terms: list[dict[str, float]]) -> Mapping[str, float]:
    about = Counter(term for entry in terms for term, weight in entry.items() if weight >= _IN_ALIASES)
    return {term: _share(about[term], len(terms)) for term in {term for entry in terms for term in entry}}


def _share(holders: int, of: int) -> float:
    """What one of `of` (at least 1) says that `holders` of them have: 1 where a single one has it, towards 0 where all do."""
    return log((of + 1) / (holders + 0.5)) / log((of + 1) / 1.5)
