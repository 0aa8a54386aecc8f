"""Everyday words 平常说法: what people say when they mean a term of the offices; the town's data, everyday_words.csv."""

from collections.abc import Iterable

from chalicelib.domain.town.knowledge_entry import EverydayWords
from chalicelib.domain.understanding.phrases import Phrases, parse


class Words:
    """The town's list, compiled. A term means itself, beside all that people say for it."""

    def __init__(self, rows: Iterable[EverydayWords]) -> None:
        """Raises BadPattern; an import has refused such a row before."""
        rows = tuple(rows)
        self.terms = tuple(dict.fromkeys(row.term for row in rows))
        said = [
            (row.term, pattern)
            for row in rows
            for cell in (row.everyday, row.term)
            for pattern in parse(cell, may_be_short=True)
        ]
        self._of_pattern = tuple(term for term, _ in said)
        self._phrases = Phrases(pattern for _, pattern in said)

    def meant(self, plain: str) -> tuple[str, ...]:
        """The terms that a `flat` text means, each once."""
        return tuple(dict.fromkeys(self._of_pattern[hit.key] for hit in self._phrases.find(plain)))
