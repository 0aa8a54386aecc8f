"""危险: whether a text says that somebody is in danger now, of what kind, and by which words (rule 80).

Signs of the town's lexicon first; each is taken back by the setting it stands in. In doubt a person is asked.
"""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from chalicelib.domain.patterns import regex
from chalicelib.domain.tickets.dangers import HEARD
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.understanding.idioms import HIDDEN, masked
from chalicelib.domain.understanding.lexicon import Found, Lexicon
from chalicelib.domain.understanding.phrases import Hit, Span, says_nothing
from chalicelib.domain.understanding.setting import (
    Setting,
    asks_a_rule,
    clause_of,
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
# What takes back the sign alone, not the rest of its sentence.
_SAYS_LITTLE = (None, Setting.UNDONE)
# What smokes or smells every day is a nuisance; a man who beats his wife every day is none, nor is gas.
_HABITS = frozenset({DangerKind.FIRE, DangerKind.CHEMICAL})
# "As if dead" is how somebody lies there.
_LIKENED_IS_SO = frozenset({DangerKind.PERSON, DangerKind.SELF_HARM, DangerKind.CHILD})
# What befalls an animal alone is no danger of these kinds; a dog that a lamp post killed is one of another.
_OF_PEOPLE = frozenset(DangerKind) - {
    DangerKind.ELECTRIC,
    DangerKind.FIRE,
    DangerKind.GAS,
    DangerKind.CHEMICAL,
}
MOST_WORDS = 3
LONGEST_WORDS = 40  # characters of a piece that is shown as what decided
DANGER = "danger"  # the label of the model that hears it
_PIECE = regex(r"[^。！？!?\n;；…]+")
_LONG = 200  # characters: the whole of a longer text says less than its sentences
_LEAST = 5  # characters: of a shorter text the model says nothing
_SHORT = 12  # characters: a shorter piece says little without what stands beside it


class Bounds(NamedTuple):
    """Margins of the model's file: below `unlikely` a sign that is only possible is in doubt, below `ordinary` a sure one, and
    the other is nothing; above `doubt` a text without a sign is, and above `plainly` it is heard whatever takes its signs back."""

    ordinary: float
    unlikely: float
    doubt: float
    plainly: float


_UNKNOWN = Bounds(-inf, -inf, 0.0, inf)


def pieces(text: str) -> list[str]:
    """A flat text, and each of its sentences where it has several: a danger named last among five matters is one still."""
    sentences = [piece for piece in _PIECE.findall(text) if len(piece) >= _SHORT]
    if len(text) < _LEAST or says_nothing(text):
        return []
    if len(sentences) < 2:
        return [text]
    return sentences if len(text) > _LONG else [text, *sentences]


HARDLY_MORE = 4  # letters beside the signs of a text
HARDLY_MORE_OF_A_CLAUSE = 3


class Seen(NamedTuple):
    """What the signs of a text come to; the words as they stand in the flat text."""

    danger: Danger
    kinds: tuple[DangerKind, ...] = ()
    words: tuple[str, ...] = ()
    category: str = ""
    signs: tuple[str, ...] = ()  # the rows of danger.csv that decided; HEARD where the model did
    # None is heard, and still it sounds unlike an ordinary matter: a person sees it first
    doubt: bool = False


SAFE = Seen(Danger.NONE)


def seen(text: str, lexicon: Lexicon, model: TextModel | None = None) -> Seen:
    """Read a flat text by the town's signs; where they are silent, by what the model has heard of others.

    A weak sign in a text that is otherwise ordinary is in doubt: seen first, and nobody is rung.
    """
    if is_advert(text):
        return SAFE
    clean = masked(text, lexicon.cuts)
    found, excluded = lexicon.sorted_out(clean)
    holding = [one for one in found if _holds(clean, one)]
    if not holding:
        aside = (*excluded, *(one.hit for one in found if setting_of(clean, one.hit) not in _SAYS_LITTLE))
        return _heard(text, clean, aside, model) if model else SAFE
    level, doubt = _level(text, clean, holding, model)
    if level is Danger.NONE:
        return SAFE._replace(doubt=doubt)
    kinds = tuple(dict.fromkeys(found.sign.kind for found in _strongest(holding) if found.sign.kind))
    category = next((found.sign.category for found in _strongest(holding) if found.sign.category), "")
    codes = dict.fromkeys(found.sign.code for found in _strongest(holding))
    return Seen(level, kinds, _words(text, holding), category, tuple(codes)[:MOST_WORDS])


def _heard(text: str, clean: str, aside: Sequence[Hit], model: TextModel) -> Seen:
    """Possible, where the model takes a piece of the text for danger and nothing in it says drill, denied, supposed or over.

    A piece whose only signs are excluded or set aside, that speaks in a figure or of an animal, is in doubt at most, unless
    the model hears it plainly.
    """
    margins, bounds = _margins(clean, model), _bounds(model)
    for margin, piece in margins:
        at = clean.index(piece)
        said = Hit(0, (Span(at, at + len(piece)),))
        if margin > bounds.plainly or (margin > 0 and _may_be(clean, said, aside)):
            return Seen(Danger.POSSIBLE, (), (text[at : at + len(piece)][:LONGEST_WORDS],), signs=(HEARD,))
    return SAFE._replace(doubt=any(margin > bounds.doubt for margin, _ in margins))


def _level(text: str, clean: str, holding: Sequence[Found], model: TextModel | None) -> tuple[Danger, bool]:
    """How far the signs of a text are believed, and whether a person is to look first where they are not.

    A sure sign in a text that the model takes for as ordinary as can be is in doubt (学平险里溺水赔不赔), one that is only
    possible in doubt sooner, or nothing; but not where the text says hardly more than the sign (孩子被困), of which the model
    can have heard nothing.
    """
    is_sure = any(found.sign.sure for found in holding)
    level = Danger.SURE if is_sure else Danger.POSSIBLE
    if model is None or _says_hardly_more(text, holding) or (is_sure and _is_a_cry(text, holding)):
        return level, False
    margins, bounds = _margins(clean, model), _bounds(model)
    most = max(margins)[0] if margins else 0.0
    if most >= (bounds.ordinary if is_sure else bounds.unlikely):
        return level, False
    return Danger.NONE, is_sure or most >= bounds.ordinary


def _says_hardly_more(text: str, holding: Sequence[Found]) -> bool:
    return len(_rest(holding, text, 0, len(text))) <= HARDLY_MORE


def _is_a_cry(text: str, holding: Sequence[Found]) -> bool:
    """Whether a clause of the text is a sure sign and next to nothing else: 电梯困人, whatever the rest complains of."""
    sure = [found for found in holding if found.sign.sure]
    clauses = [clause_of(text, found.hit) for found in sure]
    return any(
        len(_rest(sure, text, clause.start, clause.end)) <= HARDLY_MORE_OF_A_CLAUSE for clause in clauses
    )


def _rest(holding: Sequence[Found], text: str, start: int, end: int) -> list[str]:
    """The letters between two places of a text that stand in none of the signs."""
    said = {at for found in holding for span in found.hit.words for at in range(span.start, span.end)}
    return [text[at] for at in range(start, end) if at not in said and text[at].isalnum()]


def _margins(clean: str, model: TextModel) -> list[tuple[float, str]]:
    """How much more danger than not, of each piece of the text."""
    danger = model.labels.index(DANGER)
    return [
        (scores[danger] - scores[1 - danger], piece)
        for piece in pieces(clean)
        for scores in [model.scores("", piece)]
    ]


def _bounds(model: TextModel) -> Bounds:
    return Bounds(*model.margins) if len(model.margins) == len(Bounds._fields) else _UNKNOWN


def _may_be(text: str, said: Hit, aside: Sequence[Hit]) -> bool:
    piece = text[said.start : said.end]
    if asks_a_rule(text, said) or is_set_aside(text, said) or is_of_animals(piece) or HIDDEN in piece:
        return False
    return not any(said.start <= hit.start < said.end for hit in aside)


def _holds(text: str, found: Found) -> bool:
    if found.sign.kind in _OF_PEOPLE and is_of_animals(sentence_of(text, found.hit)):
        return False
    setting = setting_of(text, found.hit)
    if setting is Setting.FEARED and found.sign.kind in _FEARED_IS_NOW:
        return True
    if setting is Setting.HABIT and found.sign.kind not in _HABITS:
        return True
    if setting is Setting.LIKENED and found.sign.kind in _LIKENED_IS_SO:
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
