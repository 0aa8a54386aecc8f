"""What a report is about, by the town's topics: so that six wordings of one stopped lift meet (rule 66)."""

from collections.abc import Iterable

from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import EverydayWords
from chalicelib.domain.understanding.phrases import flat

LONGEST = 500  # characters in which a report says what it is about
_kept: list[tuple[Town, Words]] = []  # the last one compiled: a process serves one town


def topics_of(text: str, names: Iterable[str], town: Town) -> tuple[str, ...]:
    """Codes of the topics that a text speaks of, none where it is a matter of its writer alone.

    `names` of the place say where it is and not what about: the canteen's name makes no report one about food.
    """
    plain = flat(text[:LONGEST])
    for name in sorted(names, key=len, reverse=True):
        plain = plain.replace(flat(name), "。") if name else plain
    found = _words_of(town).meant(plain)
    personal = {topic.code for topic in town.topics if topic.personal}
    return () if personal & set(found) else found


def _words_of(town: Town) -> Words:
    """Compiled anew only when the topics were imported anew."""
    if not _kept or _kept[0][0].topics is not town.topics:
        rows = (EverydayWords(term=topic.code, everyday=topic.words) for topic in town.topics)
        _kept[:] = [(town, Words(rows))]
    return _kept[0][1]
