"""What may befall a cloud: any of its processes dies at any moment, as in a power cut."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from infra.local.cloud import LocalCloud, PartName

# How often each is chosen. `worker` is one warm Lambda, in the middle of whatever it does.
LIKELY: dict[str, int] = {"worker": 10, "pump": 4, "db": 3, "phones": 3, "cloud": 2}
CALM = 3.0  # seconds at least between two blows
WILD = 9.0  # seconds at most
AFTER_CLOUD = 25.0  # until the deployment stands again, else nothing would ever be done
# A Lambda is spared until it has lived so long: when one dies while it is being born, ministack kills all others of its
# function with it, which are then being born too, and so on for minutes. AWS does nothing of the kind.
GROWN_UP = 5.0


class Fate:
    """Strikes when its time has come; `chosen` is drawn by a seed, which Lambda it hits is not."""

    def __init__(self, cloud: LocalCloud, seed: int, say: Callable[[str], None]) -> None:
        self.cloud, self.say = cloud, say
        self.blows: Counter[str] = Counter()
        self._chance = Random(seed)
        self._next = time.monotonic() + WILD
        self._born: dict[int, float] = {}  # when each Lambda was first seen

    def strike(self) -> None:
        """One blow, if it is time. To be called about once a second."""
        self._look_at_workers()
        if time.monotonic() < self._next:
            return
        part = self._chance.choices(list(LIKELY), weights=list(LIKELY.values()))[0]
        wait = self._chance.uniform(CALM, WILD)
        if self._kill(part):
            self.blows[part] += 1
            self.say(f"kill -9 {part}")
        self._next = time.monotonic() + wait + (AFTER_CLOUD if part == "cloud" else 0)

    def _look_at_workers(self) -> None:
        now = time.monotonic()
        self._born = {pid: self._born.get(pid, now) for pid in self.cloud.workers()}

    def _grown_up(self) -> list[int]:
        return [pid for pid, born in self._born.items() if time.monotonic() - born >= GROWN_UP]

    def _kill(self, part: str) -> bool:
        try:
            if part == "worker":
                os.kill(self._chance.choice(self._grown_up()), signal.SIGKILL)
            else:
                self.cloud.kill(self._part(part))
        except (ProcessLookupError, IndexError):  # it is dead already, or no Lambda is warm
            return False
        return True

    @staticmethod
    def _part(name: str) -> PartName:
        parts: dict[str, PartName] = {"db": "db", "cloud": "cloud", "pump": "pump", "phones": "phones"}
        return parts[name]
