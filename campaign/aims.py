"""What eventful lives are led to: the act that was done least so far, so that none of the registry is left out.

Many acts are offered only after others, in a stage that passes quickly, or to people who seldom look. Whoever looks at a
ticket that has an aim does that where it is offered, else what leads to it; when it is done, the next is aimed at.
"""

import random
from collections import Counter
from typing import Any

# What has to be done before, where it does not come by itself; the last first.
LEADS_TO: dict[str, tuple[str, ...]] = {
    "agree-no-danger": ("deny-danger",),
    "answer-supervision": ("supervise",),
    "close": ("exempt",),
    "decide-explanation": ("propose-explanation", "rework"),
    "decide-extension": ("ask-extension",),
    "finish-assisting": ("add-assisting",),
    "propose-explanation": ("rework",),
    "record-consent": ("confront",),
    "resident-confront": ("confront",),
    "resident-split": ("merge",),
    "resume": ("suspend",),
    "waive-assisting": ("add-assisting",),
}
# What is said with a report, without which it cannot come to that.
KEPT_AWAY, IN_DANGER = {"avoid": ["property"]}, {"danger": "gas"}
SAID_WITH: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("confront", "record-consent", "resident-confront"), KEPT_AWAY),
    **dict.fromkeys(("agree-no-danger", "call-made", "confirm-danger", "deny-danger", "spoken"), IN_DANGER),
}
# The words of a report that goes out by itself, and for how many minutes nobody may look at it before (rule 104).
UNLOOKED = frozenset({"keep-words", "release-words"})
UNHAPPY, LEFT_ALONE = "楼道灯不亮，物业一直没人来修", 6
OF_RESIDENTS = "resident-"  # before the name of an act of whoever reported it
MOST = 2  # times that what only leads to an act is done on one ticket
PATIENCE = 30  # looks at a ticket, then its aim is given up


class Aims:
    """`acted`: how often each act was done. By ticket what it is led to, and what was done on the way."""

    def __init__(self, acts: set[str], acted: dict[str, int], chance: random.Random) -> None:
        self._acts, self._acted, self._chance = sorted(acts), acted, chance
        self._of: dict[str, str] = {}
        self._done: dict[str, Counter[str]] = {}

    def draw(self) -> str:
        """The act that was done least so far and that fewest are led to."""
        under_way = Counter(self._of.values())
        times = {act: self._acted.get(act, 0) + under_way[act] for act in self._acts}
        least = min(times.values())
        return self._chance.choice([act for act in self._acts if times[act] == least])

    def begin(self, ticket_id: str, aim: str) -> None:
        self._of[ticket_id], self._done[ticket_id] = aim, Counter()

    def wanted(self, ticket_id: str) -> list[str]:
        """The aim of a ticket, then what leads to it, as far as it may still be done; empty without one."""
        aim = self._of.get(ticket_id)
        if aim is None:
            return []
        done = self._done[ticket_id]
        return [aim, *(act for act in LEADS_TO.get(aim, ()) if done[act] < MOST)]

    def done(self, ticket_id: str, act: str) -> None:
        """An act was done on it: where it was the aim, it has another now."""
        if ticket_id not in self._of:
            return
        self._done[ticket_id][act] += 1
        if self._of[ticket_id] == act:
            self._of[ticket_id] = self.draw()

    def give_up(self, ticket_id: str) -> None:
        self._of.pop(ticket_id, None)
