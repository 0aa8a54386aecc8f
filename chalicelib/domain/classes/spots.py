"""What the reports of one spot 同一地点, a building or a point in the open, have to do with each other (rule 67). Pure.

Six people say the same thing in six ways that share no word. At one spot it is enough that they speak of one topic of the town's
list; and where the list is silent, so many people from one spot within so few days are no chance: those of them who are most alike
in topics and in what their words mean are proposed, and a person looks at them. Where very many speak of many things, neither
says much: of a school's gate three in thirty name the same word by chance.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.domain.classes.classes import Threshold, is_class, takes, voices
from chalicelib.domain.classes.issue_class import IssueClass, Member
from chalicelib.domain.classes.meaning import direction
from chalicelib.domain.classes.themes import themes, topics_in
from chalicelib.domain.town.directory import Town

# Six in a week: of a point that sends one report a week, chance brings so many in one week of 1,700 (docs/decisions/0082).
CROWD = Threshold(reporters=6, days=7)
CORE = 5  # people at least whom a proposal of a crowd holds
CORE_SHARE = 0.7  # of one matter's place so many reports are of the matter (docs/decisions/0144); but
CORE_MOST = 6  # so many are enough to say what it is about, and who is nearly as near to them is taken in
NEARLY = 0.8
SHARED_TOPIC = 0.5  # what a topic in common is worth beside the cosine of two meanings, which is 1 at most
# The mean of that over all pairs of a core; below it the people of a spot speak of many things
LEAST_ALIKE = 0.1
CROWD_MOST = 12  # from more people on a spot is of many matters: that so many come is then no sign of one
LEAST_OF_ALL = 1 / 4  # of the people of a spot: so many must speak of what is proposed,
LEAST_KEPT = (
    1 / 6
)  # and of a proposal that nobody confirmed so many must be left as the spot goes on (docs/decisions/0137)
PLAIN = 3  # people who name a topic make it a matter of the spot
MOST_BETWEEN = 1 / 3  # of the fewer of two matters: so many people may name both


class Said(NamedTuple):
    """What a report says with what residents said on it: its topics, and the direction of its words."""

    topics: tuple[str, ...]
    meaning: str


_AS_KEPT: Mapping[str, Said] = MappingProxyType({})


def matter_at(
    free: list[Member], threshold: Threshold, town: Town, now: datetime, *, at_spot: Iterable[Member]
) -> list[Member]:
    """Of the reports at a spot that are in no class: those to be proposed as one, none where nothing holds enough of them.

    The topic or category that most people speak of, a quarter of the spot's at least; a broad one (topics.csv `least`) says little
    more than where, and takes more people.
    """
    people = len(voices(at_spot))
    least = {topic.code: topic.least for topic in town.topics}
    for said, _ in sorted(Counter(_labels(free)).items(), key=lambda counted: (-counted[1], counted[0])):
        of_it = [member for member in free if said in _labels([member])]
        wanted = threshold.model_copy(update={"reporters": max(threshold.reporters, least.get(said, 0))})
        if is_class(of_it, wanted, now) and len(voices(of_it)) >= LEAST_OF_ALL * people:
            shared = themes(topics_in(of_it), len(of_it))
            return [m for m in free if m in of_it or shared & set(m.topics)]
    return []


def gathering(loose: Iterable[Member], now: datetime, *, at_spot: Iterable[Member]) -> list[Member]:
    """Those who came to a spot in a week, where they are so many that it may be a crowd; nobody where they are not.

    `loose`: those that no person has laid into a class yet. No crowd: fewer people than `CROWD` says, or more than `CROWD_MOST` of
    the whole spot.
    """
    recent = [member for member in loose if member.at >= now - timedelta(days=CROWD.days)]
    return recent if len(voices(at_spot)) <= CROWD_MOST and is_class(recent, CROWD, now) else []


def crowd_of(gathered: list[Member], said: Mapping[str, Said] = _AS_KEPT) -> list[Member]:
    """Of those who came in a week, those to be proposed as one: the core of them; none where it is not alike.

    That they name two topics says nothing: so few are of one matter more often than of two, and each side of it has its word (0147).

    `said`: by ticket, of those of whom more is known than is kept.
    """
    core, alike = core_of(gathered, said)
    return core if alike >= LEAST_ALIKE and len(voices(core)) >= CORE else []


def core_of(members: list[Member], said: Mapping[str, Said] = _AS_KEPT) -> tuple[list[Member], float]:
    """Those who are most alike, the oldest first, and how much they are: whoever is least like the others goes, one by one.

    The likeness of two: the cosine of their meanings (-1 to 1), and `SHARED_TOPIC` more where they speak of one topic. Seven in ten
    are left, `CORE_MOST` at most; with them whoever is nearly as much alike to them as they are to each other.
    """
    left = sorted(members, key=lambda member: (member.at, member.ticket_id))
    known = [said.get(each.ticket_id) or Said(each.topics, each.meaning) for each in left]
    looks = [(set(each.topics), direction(each.meaning)) for each in known]
    below = [[_alike(one, other) for other in looks[:at]] for at, one in enumerate(looks)]
    pairs = [
        [below[max(at, to)][min(at, to)] if at != to else 0.0 for to in range(len(looks))]
        for at in range(len(looks))
    ]

    def nearness(at: int, to: list[int]) -> float:
        others = [pairs[at][other] for other in to if other != at]
        return sum(others) / len(others) if others else 0.0

    kept = list(range(len(left)))
    while len(kept) > max(CORE, min(CORE_MOST, round(CORE_SHARE * len(left)))):
        kept.remove(min(kept, key=lambda at: (nearness(at, kept), -at)))
    alike = sum(nearness(at, kept) for at in kept) / len(kept) if kept else 0.0
    held = [at for at in range(len(left)) if at in kept or nearness(at, kept) >= NEARLY * alike > 0]
    return [left[at] for at in held], alike


def _alike(one: tuple[set[str], tuple[float, ...]], other: tuple[set[str], tuple[float, ...]]) -> float:
    shared = SHARED_TOPIC if one[0] & other[0] else 0.0
    return shared + sum(a * b for a, b in zip(one[1], other[1], strict=False))


def are_several(members: list[Member]) -> bool:
    """Whether the reports of a spot plainly speak of two matters: two topics of `PLAIN` people each, whom few name together.

    Then who is silent belongs to neither, and no number of people makes one crowd of them.
    """
    spoken = {topic: {m.voice for m in members if topic in m.topics} for topic in topics_in(members)}
    plain = [people for people in spoken.values() if len(people) >= PLAIN]
    return any(
        len(one & other) <= MOST_BETWEEN * min(len(one), len(other)) for one, other in combinations(plain, 2)
    )


def strangers(members: list[Member]) -> list[Member]:
    """Of a proposal at such a spot, those who do not speak of what most of it speak of; nobody where that is not plain."""
    topic, count = next(iter(topics_in(members).most_common(1)), ("", 0))
    if count < PLAIN:
        return []
    return [member for member in members if topic not in member.topics and not member.by_words]


def is_vague(cls: IssueClass, held: list[Member], at_spot: Iterable[Member]) -> bool:
    """Whether a proposal of a spot says nothing any more, as so many people now speak there of so much else.

    A crowd that still has no theme among more than `CROWD_MOST`; what fewer than a sixth of the spot's people speak of.
    Not what lies together because its words are alike. `held`: those of `at_spot` that are in it.
    """
    if not cls.spot or 2 * sum(member.by_words for member in held) >= len(held):
        return False
    people = len(voices(at_spot))
    is_crowd = cls.crowd and not themes(cls.topics, cls.members)
    return (is_crowd and people > CROWD_MOST) or cls.reporters < LEAST_KEPT * people


def joining(cls: IssueClass, member: Member) -> bool:
    """Whether a new report at the spot belongs to a class there: by its theme, or to a crowd that has none."""
    if cls.crowd and not themes(cls.topics, cls.members):
        return not member.topics or any(cls.topics.get(topic) for topic in member.topics)
    return takes(cls, member.topics, by_words=member.by_words)


def since(threshold: Threshold, now: datetime) -> datetime:
    """From when on the reports of a spot are looked at."""
    return now - timedelta(days=max(threshold.days, CROWD.days))


def _labels(members: Iterable[Member]) -> list[str]:
    """What a member may share with another of its spot, each once a member: topics, and the category where it has none."""
    return [
        said
        for member in members
        for said in (
            member.topics or filter(None, [f"category {member.category}" if member.category else ""])
        )
    ]
