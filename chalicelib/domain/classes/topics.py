"""What a report is about, by the town's topics: so that six wordings of one stopped lift meet (rule 66)."""

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import EverydayWords
from chalicelib.domain.understanding.phrases import flat

LONGEST = 500  # characters in which a report says what it is about
_kept: list[tuple[Town, Words]] = []  # the last one compiled: a process serves one town


class Spoken(NamedTuple):
    """What a text speaks of: codes of topics; `personal`: a matter of its writer alone, and so of none."""

    topics: tuple[str, ...]
    personal: bool = False


def topics_of(text: str, names: Iterable[str], town: Town) -> Spoken:
    """The topics that a text speaks of.

    `names` of the place say where it is and not what about: the canteen's name makes no report one about food.
    """
    plain = flat(text[:LONGEST])
    for name in sorted(names, key=len, reverse=True):
        plain = plain.replace(flat(name), "。") if name else plain
    found = _words_of(town).meant(plain)
    personal = {topic.code for topic in town.topics if topic.personal}
    return Spoken((), personal=True) if personal & set(found) else Spoken(found)


def _words_of(town: Town) -> Words:
    """Compiled anew only when the topics were imported anew."""
    if not _kept or _kept[0][0].topics is not town.topics:
        rows = (EverydayWords(term=topic.code, everyday=topic.words) for topic in town.topics)
        _kept[:] = [(town, Words(rows))]
    return _kept[0][1]
