"""The theme 主题 that holds reports together, so that two matters of one place do not become one class (rules 66, 67). Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.domain.classes.issue_class import Member

HALF = 0.5  # a topic that more than half of some reports speak of is their theme


def topics_in(members: Iterable[Member]) -> Counter[str]:
    """How many of the members speak of each topic."""
    return Counter(topic for member in members for topic in member.topics)


def themes(topics: Mapping[str, int], members: int) -> frozenset[str]:
    """The topics that more than half of so many members speak of."""
    return frozenset(topic for topic, count in topics.items() if count > HALF * members)


def fits(topics: Mapping[str, int], members: int, asked: Iterable[str], *, by_words: bool) -> bool:
    """Whether a report belongs to so many members of which so many speak of each topic: it shares their theme.

    Where one of the two has nothing of the town's list to go by, words that are alike decide.
    """
    said, held = set(asked), themes(topics, members)
    return bool(said & held) or (by_words and not (said and held))
