"""Who is in a text and what they do in it: what the lexicon and the grammar found, as the model of misconduct reads it (rule 21)."""

from math import inf
from typing import NamedTuple

from chalicelib.domain.patterns import regex
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.town.concern_signs import ConcernRow
from chalicelib.domain.understanding.blame import (
    UNNAMED,
    Found,
    Lexicon,
    Mention,
    Row,
    blamed,
    doers,
    mentions,
)
from chalicelib.domain.understanding.outline import outline
from chalicelib.domain.understanding.phrases import Span, says_nothing
from chalicelib.domain.understanding.text_model import TextModel
from chalicelib.domain.understanding.withdrawn import goes_on, set_aside, takes_back

# What only closes a letter thanks nobody for anything: 请处理一下，谢谢.
_COURTESY = regex(r"(?:(?:谢谢|多谢|感谢|辛苦)(?:了|啦|你们|您|大家|各位|领导|站里|一下)*[。!~,]*)+$")
# How people of a part stand in what the model reads, so that a sentence about guards teaches one about clerks.
_INSIDER, _OUTSIDER, _BYSTANDER, _PRONOUN = "甲", "乙", "丙", "伊"
_PARTS = _INSIDER + _OUTSIDER + _BYSTANDER + _PRONOUN


class Scene(NamedTuple):
    """A `flat` text: the `names` in it, which of them may have done something (`doers`), and the `acts` that count."""

    text: str
    found: Found
    names: tuple[Mention, ...]
    doers: tuple[Mention, ...]
    acts: tuple[tuple[Row, str], ...]
    aside: tuple[Span, ...]
    takes_back: bool

    @property
    def insiders(self) -> tuple[str, ...]:
        """Everybody of the place who is named: a Party or a unit's code each."""
        return tuple(dict.fromkeys(m.party for m in self.names if m.party))

    @property
    def is_all_aside(self) -> bool:
        """Whether no sentence tells of anything done here."""
        return sum(span.end - span.start for span in self.aside) >= len(self.text)

    @property
    def accuses_nobody(self) -> bool:
        """Whether the text itself says so: it asks, supposes, tells of elsewhere, or takes back."""
        return self.is_all_aside or self.takes_back

    @property
    def praises(self) -> bool:
        """Whether somebody is thanked or excused, and no `but` leads on to an act."""
        acts = [at for (at, _), _ in self.acts]
        return any(not goes_on(self.text, at.end, acts) for at, _ in self.found[ConcernRow.PRAISE])


def scene_of(text: str, lexicon: Lexicon) -> Scene:
    """What stands in a `flat` text. Acts in a sentence that is set aside do not count."""
    plain = _COURTESY.sub("", text) or text
    found = lexicon.found(plain)
    names = mentions(found)
    aside = set_aside(plain)
    acts = [
        (row, whose)
        for row, whose in blamed(plain, found, names)
        if not any(span.start <= row[0].start < span.end for span in aside)
    ]
    return Scene(
        text=plain,
        found=found,
        names=tuple(names),
        doers=tuple(doers(plain, names)),
        acts=tuple(acts),
        aside=aside,
        takes_back=takes_back(plain, [at for (at, _), _ in acts]),
    )


def margin(model: TextModel, scene: Scene) -> float:
    """How much more misconduct than not; of a text that says nothing, as little as can be."""
    if says_nothing(scene.text):
        return -inf
    at = model.labels.index(Grievance.MISCONDUCT)
    scores = model.scores("", described(scene))
    return scores[at] - scores[1 - at]


def described(scene: Scene, *, with_acts: bool = True, with_kinds: bool = True) -> str:
    """What the model reads: the text, the text with people by their part in it, a mark for everything that was found, its outline.

    It learns from texts without the marks of acts and of kinds too, so that it does not only repeat the lexicon.
    """
    marks = [f"㐂{mark}" for mark, holds in _marks(scene) if holds]
    if with_kinds:
        signs = (*scene.found[ConcernRow.MISCONDUCT], *scene.found[ConcernRow.SERVICE])
        marks += [f"㐀{sign.name}" for _, sign in signs]
    if with_acts:
        marks += [f"㐁{sign.name}" for (_, sign), _ in scene.acts]
    by_part = _by_part(scene)
    return f"{scene.text}㐉{by_part}{''.join(dict.fromkeys(marks))}㐅{outline(by_part, _PARTS)}"


def _marks(scene: Scene) -> tuple[tuple[str, bool], ...]:
    may_act = any(m.party for m in scene.doers)
    return (
        ("outsider", bool(scene.found[ConcernRow.OUTSIDER])),
        ("praise", bool(scene.found[ConcernRow.PRAISE])),
        ("insider", bool(scene.insiders)),
        ("acts", may_act),
        ("suffers", bool(scene.insiders) and not may_act),
        ("allaside", scene.is_all_aside),
        ("aside", bool(scene.aside) and not scene.is_all_aside),
        ("back", scene.takes_back),
    )


def _by_part(scene: Scene) -> str:
    """The text with a letter in the place of everybody named: who may have acted, outsiders, bystanders and victims."""
    written, upto = "", 0
    for at in sorted({m.at for m in scene.names}):
        if at.start >= upto:
            written += scene.text[upto : at.start] + _letter(scene, at)
            upto = at.end
    return written + scene.text[upto:]


def _letter(scene: Scene, at: Span) -> str:
    parties = {m.party for m in scene.names if m.at == at}
    if "" in parties:
        return _OUTSIDER
    if not any(m.at == at for m in scene.doers):
        return _BYSTANDER
    return _PRONOUN if parties <= set(UNNAMED) else _INSIDER
