"""危险: whether a text says that somebody is in danger now, of what kind, and by which words (rule 80).

Signs of the town's lexicon first; each is taken back by the setting it stands in. In doubt a person is asked.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.understanding.idioms import masked
from chalicelib.domain.understanding.lexicon import Found, Lexicon
from chalicelib.domain.understanding.phrases import Hit, Span
from chalicelib.domain.understanding.setting import (
    Setting,
    asks_a_rule,
    is_advert,
    is_of_animals,
    is_set_aside,
    sentence_of,
    setting_of,
)
from chalicelib.domain.understanding.text_model import TextModel

# These are feared because they are seen to come: "I am afraid he will jump" speaks of now.
_FEARED_IS_NOW = frozenset(
    {
        DangerKind.SELF_HARM,
        DangerKind.PERSON,
        DangerKind.CHILD,
        DangerKind.VIOLENCE,
        DangerKind.FALLING,
        DangerKind.WATER,
        DangerKind.HOLE,
    }
)
# What befalls an animal alone is no danger of these kinds; a dog that a lamp post killed is one of another.
_OF_PEOPLE = frozenset(DangerKind) - {
    DangerKind.ELECTRIC,
    DangerKind.FIRE,
    DangerKind.GAS,
    DangerKind.CHEMICAL,
    DangerKind.TRAFFIC,
}
MOST_WORDS = 3
LONGEST_WORDS = 40  # characters of a piece that is shown as what decided
DANGER = "danger"  # the label of the model that hears it
_PIECE = re.compile(r"[^。！？!?\n;；…]+")
_LONG = 200  # characters: the whole of a longer text says less than its sentences
_LEAST = 5  # characters: of a shorter text the model says nothing
_SHORT = 12  # characters: a shorter piece says little without what stands beside it


def pieces(text: str) -> list[str]:
    """A flat text, and each of its sentences where it has several: a danger named last among five matters is one still."""
    sentences = [piece for piece in _PIECE.findall(text) if len(piece) >= _SHORT]
    if len(text) < _LEAST:
        return []
    if len(sentences) < 2:
        return [text]
    return sentences if len(text) > _LONG else [text, *sentences]


class Seen(NamedTuple):
    """What the signs of a text come to; the words as they stand in the flat text."""

    danger: Danger
    kinds: tuple[DangerKind, ...] = ()
    words: tuple[str, ...] = ()
    category: str = ""
    doubt: bool = (
        False  # none is heard, and still it sounds unlike an ordinary matter: a person sees it first
    )


SAFE = Seen(Danger.NONE)


def seen(text: str, lexicon: Lexicon, model: TextModel | None = None) -> Seen:
    """Read a flat text by the town's signs; where they are silent, by what the model has heard of others."""
    if is_advert(text):
        return SAFE
    clean = masked(text)
    found, excluded = lexicon.sorted_out(clean)
    holding = [one for one in found if _holds(clean, one)]
    if not holding:
        return _heard(text, clean, excluded, model) if model else SAFE
    level = Danger.SURE if any(found.sign.sure for found in holding) else Danger.POSSIBLE
    kinds = tuple(dict.fromkeys(found.sign.kind for found in _strongest(holding) if found.sign.kind))
    category = next((found.sign.category for found in _strongest(holding) if found.sign.category), "")
    return Seen(level, kinds, _words(text, holding), category)


def _heard(text: str, clean: str, excluded: Sequence[Hit], model: TextModel) -> Seen:
    """Possible, where the model takes a piece of the text for danger and nothing in it says drill, denied, supposed or over.

    A piece of which the town excludes the only sign, or that speaks of an animal, is in doubt at most.
    """
    danger = model.labels.index(DANGER)
    margins = [
        (scores[danger] - scores[1 - danger], piece)
        for piece in pieces(clean)
        for scores in [model.scores("", piece)]
    ]
    for margin, piece in margins:
        at = clean.index(piece)
        if margin > 0 and _may_be(clean, Hit(0, (Span(at, at + len(piece)),)), excluded):
            return Seen(Danger.POSSIBLE, (), (text[at : at + len(piece)][:LONGEST_WORDS],))
    return SAFE._replace(doubt=any(margin > model.least for margin, _ in margins))


def _may_be(text: str, said: Hit, excluded: Sequence[Hit]) -> bool:
    if asks_a_rule(text, said) or is_set_aside(text, said) or is_of_animals(text[said.start : said.end]):
        return False
    return not any(said.start <= hit.start < said.end for hit in excluded)


def _holds(text: str, found: Found) -> bool:
    if found.sign.kind in _OF_PEOPLE and is_of_animals(sentence_of(text, found.hit)):
        return False
    setting = setting_of(text, found.hit)
    if setting is Setting.FEARED and found.sign.kind in _FEARED_IS_NOW:
        return True
    return setting is None and (found.sign.sure or not asks_a_rule(text, found.hit))


def _strongest(holding: list[Found]) -> list[Found]:
    return sorted(holding, key=lambda found: not found.sign.sure)


def _words(text: str, holding: list[Found]) -> tuple[str, ...]:
    """The pieces that decided, the surest first; none lies within another."""
    chosen: list[str] = []
    for found in _strongest(holding):
        piece = text[found.hit.start : found.hit.end]
        if not any(piece in other or other in piece for other in chosen):
            chosen.append(piece)
    return tuple(chosen[:MOST_WORDS])
