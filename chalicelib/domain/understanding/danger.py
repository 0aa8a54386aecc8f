"""危险: whether a text says that somebody is in danger now, of what kind, and by which words (rule 80).

Signs of the town's lexicon first; each is taken back by the setting it stands in. In doubt a person is asked.
"""

import re
from typing import NamedTuple

from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.understanding.idioms import masked
from chalicelib.domain.understanding.lexicon import Found, Lexicon
from chalicelib.domain.understanding.setting import Setting, of_the_whole, setting_of

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
MOST_WORDS = 3
DANGER = "danger"  # the label of the model that hears it
_PIECE = re.compile(r"[^。！？!?\n;；…]+")
_SHORT = 12  # characters: a shorter piece says little without what stands beside it


def pieces(text: str) -> list[str]:
    """A flat text, and each of its sentences where it has several: a danger named last among five matters is one still."""
    sentences = [piece for piece in _PIECE.findall(text) if len(piece) >= _SHORT]
    return [text, *sentences] if len(sentences) > 1 or len(text) > 2 * len("".join(sentences[:1])) else [text]


class Seen(NamedTuple):
    """What the signs of a text come to; the words as they stand in the flat text."""

    danger: Danger
    kinds: tuple[DangerKind, ...] = ()
    words: tuple[str, ...] = ()
    category: str = ""


SAFE = Seen(Danger.NONE)


def seen(text: str, lexicon: Lexicon) -> Seen:
    """Read a flat text by the town's signs."""
    whole = of_the_whole(text)
    if whole is Setting.ADVERT:
        return SAFE
    clean = masked(text)
    holding = [found for found in lexicon.find(clean) if _holds(clean, found, whole)]
    if not holding:
        return SAFE
    level = Danger.SURE if any(found.sign.sure for found in holding) else Danger.POSSIBLE
    kinds = tuple(dict.fromkeys(found.sign.kind for found in _strongest(holding) if found.sign.kind))
    category = next((found.sign.category for found in _strongest(holding) if found.sign.category), "")
    return Seen(level, kinds, _words(clean, holding), category)


def _holds(text: str, found: Found, whole: Setting | None) -> bool:
    setting = setting_of(text, found.hit)
    if setting is Setting.FEARED and found.sign.kind in _FEARED_IS_NOW:
        return True
    if setting is None and whole is Setting.RULE:
        return found.sign.sure
    return setting is None


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
