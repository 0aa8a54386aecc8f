"""One reading of every text, at every time (design: meaning is read in every text, and may only raise care; rule 80)."""

from typing import NamedTuple

from chalicelib.domain.tickets.dangers import HEARD
from chalicelib.domain.tickets.readings import Candidate, Grievance, Reading
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.understanding.concerned import concerned
from chalicelib.domain.understanding.danger import Seen, seen
from chalicelib.domain.understanding.lexicon import lexicon_of
from chalicelib.domain.understanding.matters import matters
from chalicelib.domain.understanding.phrases import calm
from chalicelib.domain.understanding.text_model import TextModel

LONGEST = 2000  # characters read at once: a report holds no more, a partner's order ten times as many
OVERLAP = 100  # of two pieces, so that no sentence is cut in both
MOST_CANDIDATES = 3


class Trained(NamedTuple):
    """What was learned from texts: what a report is about, and whether it speaks of danger."""

    categories: TextModel | None = None
    danger: TextModel | None = None
    misconduct: TextModel | None = None


def understand(text: str, *, town: Town, place: Where, model: Trained | None) -> Reading:
    """Read a text before anything is decided about it: once, by everything the town knows, and to its end.

    `text` as it was written, `place` where it is about. Without a `model` the signs of the town's lexicons go on alone.
    """
    pieces = [text[at : at + LONGEST] for at in range(0, max(len(text) - OVERLAP, 1), LONGEST - OVERLAP)]
    return _joined([_of_piece(piece, town, place, model or Trained()) for piece in pieces])


def _of_piece(text: str, town: Town, place: Where, trained: Trained) -> Reading:
    plain = calm(text)
    danger = seen(plain, lexicon_of(town), trained.danger)
    candidates = _candidates(text, trained.categories)
    return Reading(
        danger=danger.danger,
        kinds=danger.kinds,
        words=danger.words,
        signs=danger.signs,
        category=danger.category,
        doubt=danger.doubt or (danger.danger is Danger.NONE and _is_urgent(candidates[:1], town)),
        concerned=concerned(plain, place, town=town, model=trained.misconduct, is_danger=_is_said(danger)),
        candidates=candidates,
        matters=matters(plain, town),
        lexicon=town.version,
    )


def _joined(read: list[Reading]) -> Reading:
    """The pieces of a long text as one: the gravest danger and complaint of any; what it is about is said at its beginning."""
    gravest = max(read, key=lambda each: [*Danger].index(each.danger))
    accusing = max((each.concerned for each in read), key=lambda each: [*Grievance].index(each.grievance))
    parties = (
        party
        for each in read
        if each.concerned.grievance is accusing.grievance
        for party in each.concerned.parties
    )
    return gravest.model_copy(
        update={
            "kinds": tuple(dict.fromkeys(kind for each in (gravest, *read) for kind in each.kinds)),
            "doubt": any(each.doubt for each in read),
            "concerned": accusing.model_copy(update={"parties": tuple(dict.fromkeys(parties))}),
            "candidates": read[0].candidates,
            "matters": max(each.matters for each in read),
        }
    )


def said_to_be(reading: Reading, kind: DangerKind, town: Town) -> Reading:
    """The same text, whose writer says in so many words that somebody is in danger: sure, whatever the words say."""
    category = next((sign.category for sign in town.danger if sign.kind is kind and sign.category), "")
    kinds = dict.fromkeys((kind, *reading.kinds))
    return reading.model_copy(
        update={"danger": Danger.SURE, "kinds": tuple(kinds), "category": category or reading.category}
    )


def _is_said(danger: Seen) -> bool:
    """Whether words of the text say the danger: what only sounds like one may be a complaint as well."""
    return danger.danger is not Danger.NONE and HEARD not in danger.signs


def _is_urgent(candidates: tuple[Candidate, ...], town: Town) -> bool:
    """What is most like matters of an urgent category is looked at, though no sign says danger."""
    found = [town.find_category(candidate.category) for candidate in candidates]
    return any(category is not None and category.urgent for category in found)


def _candidates(text: str, model: TextModel | None) -> tuple[Candidate, ...]:
    """What the trained model takes it for, at most three, each with how often it was right of such texts; 0 where unknown."""
    guess = model.guess("", text) if model else None
    choices = guess.choices if guess else ()
    return tuple(Candidate(category=each.label, share=each.share or 0.0) for each in choices)
