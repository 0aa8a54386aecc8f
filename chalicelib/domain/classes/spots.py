"""What the reports of one spot 同一地点, a building or a point in the open, have to do with each other (rule 67). Pure.

Six people say the same thing in six ways that share no word. At one spot it is enough that they speak of one topic of the town's
list; and where the list is silent, so many people from one spot within so few days are no chance: a person looks at them.
Where very many speak of many things, neither says much: of a school's gate three in thirty name the same word by chance.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations
from typing import NamedTuple

from chalicelib.domain.classes.classes import Threshold, is_class, takes, voices
from chalicelib.domain.classes.issue_class import IssueClass, Member
from chalicelib.domain.classes.themes import themes, topics_in
from chalicelib.domain.town.directory import Town

# Six in a week: of a point that sends one report a week, chance brings so many in one week of 1,700 (docs/decisions/0082).
CROWD = Threshold(reporters=6, days=7)
CROWD_LEFT = 5  # of them, without those who plainly speak of something else
CROWD_MOST = 12  # from more people on a spot is of many matters: that so many come is then no sign of one
LEAST_OF_ALL = 1 / 4  # of the people of a spot: so many must speak of what is proposed,
LEAST_KEPT = (
    1 / 6
)  # and of a proposal that nobody confirmed so many must be left as the spot goes on (docs/decisions/0137)
PLAIN = 3  # people who name a topic make it a matter of the spot
MOST_BETWEEN = 1 / 3  # of the fewer of two matters: so many people may name both
KNOWN = 5  # from so many of one theme on, who is silent about it is not of it


class Matter(NamedTuple):
    """Members to be proposed as one class. `crowd`: because so many came from the spot, not by what they say."""

    members: list[Member]
    crowd: bool = False


def matter_at(
    free: list[Member],
    threshold: Threshold,
    town: Town,
    now: datetime,
    *,
    is_first: bool,
    at_spot: Iterable[Member],
) -> Matter | None:
    """Of the reports at a spot that are in no class: those to be proposed as one, None where nothing holds enough of them.

    The topic or category that most people speak of, a quarter of the spot's at least; a broad one (topics.csv `least`) says little
    more than where, and takes more people. Else all of them, if they are a crowd and no class stands there yet (`is_first`).
    """
    people = len(voices(at_spot))
    least = {topic.code: topic.least for topic in town.topics}
    for said, _ in sorted(Counter(_labels(free)).items(), key=lambda counted: (-counted[1], counted[0])):
        of_it = [member for member in free if said in _labels([member])]
        wanted = threshold.model_copy(update={"reporters": max(threshold.reporters, least.get(said, 0))})
        if is_class(of_it, wanted, now) and len(voices(of_it)) >= LEAST_OF_ALL * people:
            shared = themes(topics_in(of_it), len(of_it))
            return Matter([m for m in free if m in of_it or shared & set(m.topics)])
    if not is_first or people > CROWD_MOST or not is_class(free, CROWD, now):
        return None
    crowd = of_one_crowd(free)
    return Matter(crowd, crowd=True) if len(voices(crowd)) >= CROWD_LEFT else None


def of_one_crowd(members: list[Member]) -> list[Member]:
    """Those of a crowd who do not plainly speak of something else: of a topic that nobody else there speaks of.

    Whoever says plainly what it is about, alone, is about something else; what a crowd has in common is hard to name.
    """
    spoken = topics_in(members)
    return [
        member for member in members if not member.topics or any(spoken[each] > 1 for each in member.topics)
    ]


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


def pulled(cls: IssueClass, member: Member, free: list[Member]) -> list[Member]:
    """Who was left out of a crowd as the only one of a topic, and is no longer, now that this report is in it."""
    return [other for other in free if cls.crowd and set(other.topics) & set(member.topics)]


def silent(cls: IssueClass, at_spot: list[Member], free: list[Member], now: datetime) -> list[Member]:
    """Those in no class who name no topic, to go into the only class of a spot where a crowd stands, and few name the theme."""
    held = themes(cls.topics, cls.members)
    if len(voices(each for each in at_spot if held & set(each.topics))) >= KNOWN and not cls.crowd:
        return []
    if len(voices([*at_spot, *free])) > CROWD_MOST:
        return []
    return [m for m in free if not m.topics] if is_class([*at_spot, *free], CROWD, now) else []


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
