"""A linear text classifier in plain Python: what a report is probably about, how sure that is, and by which words (rule 60).

Sums of integer weights over hashed character 1–3-grams, each field's sum divided by the square root of its length, after
Joulin et al., "Bag of Tricks for Efficient Text Classification" (2016) and Weinberger et al., "Feature Hashing" (2009). All
labels' weights of one gram lie side by side in one long integer, so that a gram costs one addition however many labels there are.
Training is `training/`; it counts grams with the very functions below.
"""

import unicodedata
from math import sqrt
from typing import NamedTuple
from zlib import crc32

from chalicelib.domain.model import Frozen

_WIDTH = 32  # bits a label: 2,000 characters make 6,000 grams of at most 255, far below 2**32
_MASK = (1 << _WIDTH) - 1
_BIAS = 128  # weights are kept as 0..255, so that no label borrows from its neighbour
_CHARACTER = 4  # bytes of a character in UTF-32
LONGEST = 3  # characters of a gram
MOST_WORDS = 3
MOST_CHOICES = 3
LONG = 80  # characters of a normal text from which it is a letter and no short report; their margins mean different things
_SURE_BY = 1.96  # standard deviations: nineteen of twenty


PROPOSED_FROM = 0.6  # rule 60: of ten texts like this the first choice was right in six


class Choice(Frozen):
    """One of the likeliest labels. `share`: how often it was the right one of such texts, never 1; None where nobody has measured.

    `error`: how far the share may be off, nineteen times of twenty.
    """

    label: str
    share: float | None = None
    error: float = 0.0


class Guess(Frozen):
    """`confidence`: the share of the first choice, 0 where it is not known. `words` decided for it, the heaviest first."""

    label: str
    confidence: float
    words: tuple[str, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def is_proposed(self) -> bool:
        """Whether the first choice is put forward by itself; below, a person chooses among all (rule 60)."""
        return self.confidence >= PROPOSED_FROM


class Step(NamedTuple):
    """From this margin on, the first label was right with this frequency, and those after it with `others`, of `rows` texts."""

    margin: float
    accuracy: float
    others: tuple[float, ...] = ()
    rows: int = 0


def normal(text: str) -> str:
    """What is counted of a text: letters, digits and characters, full width as half width, small."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))


def grams(text: str) -> list[int]:
    """The hashes of all character 1–3-grams of a normal text, repeated ones repeated; four bytes each."""
    raw = text.encode("utf-32-le")
    return [
        crc32(raw[start : start + size])
        for size in range(_CHARACTER, (LONGEST + 1) * _CHARACTER, _CHARACTER)
        for start in range(0, len(raw) - size + _CHARACTER, _CHARACTER)
    ]


def packed(weights: bytes, labels: int) -> list[int]:
    """Each gram's weights (signed bytes, one a label) as one integer, with a 1 above them that counts the grams added."""
    each = _WIDTH // 8
    size = each * labels + 1
    spread = bytearray(len(weights) // labels * size)
    biased = weights.translate(bytes((value + _BIAS) % 256 for value in range(256)))
    for label in range(labels):
        spread[label * each :: size] = biased[label::labels]
    spread[size - 1 :: size] = b"\x01" * (len(weights) // labels)
    return [int.from_bytes(spread[at : at + size], "little") for at in range(0, len(spread), size)]


class TextModel:
    """`weights`: packed, by the hash of the gram. `intercepts`: one a label. `steps`: rising margins of short texts.

    `long_steps`: those of texts from `LONG` characters on. Of a length that has no steps no share is told.
    """

    def __init__(
        self,
        labels: tuple[str, ...],
        intercepts: tuple[float, ...],
        weights: dict[int, int],
        steps: tuple[Step, ...],
        title_weight: float,
        long_steps: tuple[Step, ...] = (),
    ) -> None:
        self.labels = labels
        self._intercepts = intercepts
        self._weights = weights
        self._steps = steps
        self._title_weight = title_weight
        self._long_steps = long_steps

    @property
    def margins(self) -> tuple[float, ...]:
        """Where its steps begin, in their order."""
        return tuple(step.margin for step in self._steps)

    def with_steps(self, steps: tuple[Step, ...]) -> "TextModel":
        """The same weights, read by other margins."""
        return TextModel(self.labels, self._intercepts, self._weights, steps, self._title_weight)

    def guess(self, title: str, body: str) -> Guess | None:
        """The likeliest label. None when nothing in the text was ever seen in training, or there is nothing to read."""
        read = [_Read.of(title, self._title_weight), _Read.of(body, 1.0)]
        known, scores = self._score(read)
        if not known:
            return None
        ranked = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
        margin = scores[ranked[0]] - scores[ranked[1]]
        choices = self._choices(ranked, margin, sum(len(field.text) for field in read))
        return Guess(
            label=self.labels[ranked[0]],
            confidence=choices[0].share or 0.0,
            words=self._words(read, ranked[0]),
            choices=choices,
        )

    def scores(self, title: str, body: str) -> list[float]:
        """One a label, in their order: only their differences mean something."""
        return self._score([_Read.of(title, self._title_weight), _Read.of(body, 1.0)])[1]

    def confidence(self, margin: float) -> float:
        """How often guesses with at least this margin, and less than the next step's, were right."""
        reached = [step.accuracy for step in self._steps if margin >= step.margin]
        return reached[-1] if reached else 0.0

    def _choices(self, ranked: list[int], margin: float, length: int) -> tuple[Choice, ...]:
        """The likeliest labels with how often each place was right at this margin, of texts of about this length."""
        steps = self._long_steps if length >= LONG else self._steps
        reached = [step for step in steps if margin >= step.margin]
        first = ranked[:MOST_CHOICES]
        if not reached:
            return tuple(Choice(label=self.labels[each]) for each in first)
        shares = (reached[-1].accuracy, *reached[-1].others)
        return tuple(
            Choice(label=self.labels[each], share=share, error=_error(share, reached[-1].rows))
            for each, share in zip(first, shares, strict=False)
        )

    def _score(self, read: "list[_Read]") -> tuple[int, list[float]]:
        scores = list(self._intercepts)
        known = 0
        get = self._weights.get
        for field in read:
            total = sum([get(gram, 0) for gram in field.grams])
            count = total >> (_WIDTH * len(scores))
            known += count
            for label in range(len(scores)):
                scores[label] += field.factor * (((total >> (_WIDTH * label)) & _MASK) - _BIAS * count)
        return known, scores

    def _words(self, read: "list[_Read]", label: int) -> tuple[str, ...]:
        """The pieces of two and three characters that spoke most for the label; none lies within another."""
        get, shift = self._weights.get, _WIDTH * label
        weighed: dict[str, int] = {}
        for field in read:
            for place, gram in enumerate(field.grams[len(field.text) :]):
                weight = ((get(gram, _BIAS << shift) >> shift) & _MASK) - _BIAS
                if weight > 0:
                    weighed[field.piece(place)] = weight
        chosen: list[str] = []
        for piece in sorted(weighed, key=lambda p: (-weighed[p], p)):
            if not any(piece in other or other in piece for other in chosen):
                chosen.append(piece)
            if len(chosen) == MOST_WORDS:
                break
        return tuple(chosen)


def _error(share: float, rows: int) -> float:
    """Half of the interval in which a share of so many lies (Agresti and Coull 1998)."""
    return round(_SURE_BY * sqrt(share * (1 - share) / (rows + 4)), 3)


class _Read(NamedTuple):
    """One field as it is counted; `grams`: those of one character, then of two, then of three."""

    text: str
    grams: list[int]
    factor: float

    @classmethod
    def of(cls, text: str, weight: float) -> "_Read":
        text = normal(text)
        return cls(text, grams(text), weight / sqrt(len(text) or 1))

    def piece(self, place: int) -> str:
        """The piece at a place of those of two and more characters."""
        pairs = max(len(self.text) - 1, 0)
        return self.text[place : place + 2] if place < pairs else self.text[place - pairs : place - pairs + 3]
