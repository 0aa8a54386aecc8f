"""What goes wrong, and when: everything drawn from one seed, so that a seed is a schedule.

A killed process is played where a Lambda can die and leave something half done: at any request to a table, before it was
carried out or after, when nobody reads the answer. From then on the dead run reaches nothing and nobody.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from infra.local.runtime import plays

Answered = TypeVar("Answered")

DEADLY_REQUESTS = 24  # a run dies within its first so many requests


class Killed(BaseException):
    """The process is gone. No `except Exception` of the product catches a kill -9, so none may catch this."""


@dataclass(frozen=True)
class Rates:
    """The share of runs, requests, events or minutes that meet each fault."""

    kill: float = 0.04  # of runs
    throttle: float = 0.01  # of requests
    conflict: float = 0.01  # of writes
    twice: float = 0.05  # of events
    hold: float = 0.05  # of readings of the stream: the records come later
    lost_wake: float = 0.1  # of messages to the send queue: the sweep finds what they were for
    interleave: float = 0.03  # of requests to a table: somebody else's whole request comes between
    down: float = 0.02  # of looks at a platform: it goes down for a while, refuses, or answers too late
    again: float = 0.1  # of what people send: sent once more though it was answered
    jump: float = 0.01  # of requests of people: the clock goes ahead by minutes

    @classmethod
    def none(cls) -> "Rates":
        return cls(**{each.name: 0.0 for each in fields(cls)})


class Faults:
    """Deals out by a seed. `dealt` counts. While `paused`, for whoever looks from outside, nothing happens."""

    def __init__(self, seed: int, rates: Rates) -> None:
        self.chance = random.Random(f"faults-{seed}")
        self.rates, self.dealt = rates, Counter[str]()
        self.paused = False
        self.lives: list[Life] = []
        self._player: plays.Player | None = None

    def falls(self, what: str) -> bool:
        share: float = getattr(self.rates, what)
        fell = not self.paused and share > 0 and self.chance.random() < share
        self.dealt[what] += fell
        return fell

    def player(self, now: Any) -> plays.Player:
        """Throttling, conflicts and repeated events, by the plays of the local cloud."""
        self._player = plays.Player(self._play(), chance=self.chance.random, now=now)
        return self._player

    def end_all(self) -> None:
        """From now on nothing goes wrong any more."""
        self.rates = Rates.none()
        if self._player:
            self._player.play = self._play()

    def all_dealt(self) -> dict[str, int]:
        """How often each fault fell, those of the plays among them."""
        return dict(self.dealt + Counter(self._player.dealt if self._player else {}))

    def _play(self) -> plays.Play:
        rates = self.rates
        return plays.Play(throttle=rates.throttle, conflict=rates.conflict, twice=rates.twice)

    def begin(self) -> "Life":
        """The life of one run of one process."""
        dies = self.falls("kill")
        at = self.chance.randrange(1, DEADLY_REQUESTS) if dies else 0
        life = Life(at, is_after=self.chance.random() < 0.5 if dies else False)
        self.lives.append(life)
        return life

    def end(self, life: "Life") -> None:
        assert self.lives.pop() is life

    def request(self, ask: Callable[[], Answered]) -> Answered:
        """One request of the running process to a table or a platform. Raises Killed."""
        if self.paused or not self.lives:
            return ask()
        return self.lives[-1].request(ask)


class Life:
    """Of one process: it dies at its `dies_at`-th request (0: never), after the request was carried out or before."""

    def __init__(self, dies_at: int, *, is_after: bool) -> None:
        self.dies_at, self.is_after = dies_at, is_after
        self.requests, self.is_dead = 0, False

    def request(self, ask: Callable[[], Answered]) -> Answered:
        if self.is_dead:
            raise Killed
        self.requests += 1
        if self.requests != self.dies_at:
            return ask()
        self.is_dead = True
        if self.is_after:
            ask()
        raise Killed
