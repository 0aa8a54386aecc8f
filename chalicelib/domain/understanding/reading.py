"""One reading of every text, at every time (design: meaning is read in every text, and may only raise care; rule 61)."""

from typing import Protocol

from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.understanding.concerned import NOBODY, Concerned, concerned
from chalicelib.domain.understanding.phrases import flat
from chalicelib.domain.understanding.signs import Danger, DangerKind


class Ranks(Protocol):
    """A trained model, as far as a reading asks it."""

    def ranked(self, text: str, most: int) -> "tuple[Candidate, ...]": ...


class Candidate(Frozen):
    """A category the text may be about. `share`: how often such a guess was right, 0 to 1."""

    category: str
    share: float


class Reading(Frozen):
    """What a text says. It only raises care: a person lowers it, with a reason.

    `words`: the pieces of the text that decided on danger, as they were written. `lexicon`: the version of the town's data that
    read it. `matters`: how many things are spoken of, at least 1.
    """

    danger: Danger = Danger.NONE
    kinds: tuple[DangerKind, ...] = ()
    words: tuple[str, ...] = ()
    concerned: Concerned = NOBODY
    candidates: tuple[Candidate, ...] = ()
    matters: int = 1
    lexicon: str = ""


def understand(text: str, *, town: Town, place: Where, model: Ranks | None) -> Reading:  # noqa: ARG001
    """Read a text before anything is decided about it."""
    return Reading(concerned=concerned(flat(text), place, town=town), lexicon=town.version)
