"""Fair turns 轮流: long work in small steps, so that no part starves another and none outlives its function.

A part is a generator: it does one thing, says how far it is, and goes on when it is asked again. What is left when time is
up is left in order: whoever runs next goes on.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import NamedTuple

from chalicelib import logs

SLICE = 1.0  # seconds of a turn; a step that takes longer ends it
clock = time.monotonic  # seconds; a benchmark puts its own in this place
_log = logging.getLogger(__name__)


class Step(NamedTuple):
    """What a part has just done. `cursor` is where another run may go on; "" where it begins anew, and finds only what is left."""

    done: int = 0
    cursor: str = ""


Steps = Iterator[Step]
Part = Callable[[], Steps]


class Turns:
    """The parts of one run by name. After `take`: `done` by part, `finished`, where the others stand, and what failed."""

    def __init__(self, parts: dict[str, Part]) -> None:
        self.waiting = parts
        self.done: dict[str, int] = dict.fromkeys(parts, 0)
        self.cursors: dict[str, str] = {}
        self.finished: list[str] = []
        self.faults: list[Exception] = []

    def take(self, until: float) -> None:
        """Turn by turn until all is done or `until` (of `clock`) has come. A part that fails holds up no other."""
        running = deque((name, _begun(part)) for name, part in self.waiting.items())
        self.waiting = {}
        while running and clock() < until:
            name, steps = running.popleft()
            try:
                if self._turn(name, steps, min(until, clock() + SLICE)):
                    running.append((name, steps))
                else:
                    self.finished.append(name)
            except Exception as fault:
                _log.exception("a part failed", extra=logs.about(part=name))
                self.faults.append(fault)
        for name, steps in running:
            steps.close()
            _log.warning("not finished", extra=logs.about(part=name, done=self.done[name]))

    def _turn(self, name: str, steps: Steps, until: float) -> bool:
        """Whether more may be to do."""
        for step in steps:
            self.done[name] += step.done
            self.cursors[name] = step.cursor
            if clock() >= until:
                return True
        return False


def at_once(act: Callable[[], int]) -> Part:
    """A part of one step: short, or worth nothing in pieces."""

    def part() -> Steps:
        yield Step(act())

    return part


def whole(steps: Iterable[Step]) -> int:
    """All of it, whatever it takes. Answers how many were done."""
    return sum(step.done for step in steps)


def _begun(part: Part) -> Generator[Step, None, None]:
    """Begins when it has its first turn; closing it gives back what it holds (a lease)."""
    yield from part()
