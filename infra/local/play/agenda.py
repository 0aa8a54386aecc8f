"""An agenda: things to do later, done by a few hands. An act that fails stops nothing and is told at the end."""

import heapq
import threading
import time
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any


class Agenda:
    """`hands` threads do what is due, in the order of its time."""

    def __init__(self, hands: int = 8) -> None:
        self.faults: list[str] = []
        self._due: list[tuple[float, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._order = count()
        self._changed = threading.Condition()
        self._ended = False
        self._busy = 0
        self._hands = [threading.Thread(target=self._work, daemon=True) for _ in range(hands)]
        for hand in self._hands:
            hand.start()

    def later(self, seconds: float, act: Callable[..., Any], *given: Any) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), act, given))
            self._changed.notify()

    @property
    def is_empty(self) -> bool:
        with self._changed:
            return not self._due and not self._busy

    def end(self) -> None:
        """Forget what is still due; wait for what is being done."""
        with self._changed:
            self._ended = True
            self._due.clear()
            self._changed.notify_all()
        for hand in self._hands:
            hand.join()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            act, given = job
            try:
                act(*given)
            except Exception as fault:
                last = traceback.extract_tb(fault.__traceback__)[-1]
                where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
                self.faults.append(f"{type(fault).__name__} at {where}: {fault}"[:300])
            finally:
                with self._changed:
                    self._busy -= 1

    def _next(self) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
        with self._changed:
            while not self._ended:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    _, _, act, given = heapq.heappop(self._due)
                    self._busy += 1
                    return act, given
                self._changed.wait(wait)
            return None
