"""`python -m infra.serve.clock`: the one clock. What the deployment schedules by the minute, and workflows that are due.

A schedule runs once in its minute, over any restart; a minute that passed while the machine was off is not made up for,
as on AWS: what a schedule looks at stands until it is looked at.
"""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from infra.serve import functions, machines
from infra.serve.beginning import run_alone
from infra.serve.files import Files
from infra.serve.home import Home
from infra.serve.waiting import Execution, Executions, Messages

STEP = 0.1  # seconds between two looks at what is due
AT_ONCE = 4  # executions; more would only wait for each other on two cores
OLD_FILES_HOUR = 19  # UTC: 03 in Shanghai
log = logging.getLogger("mslj")
_EVENT = {
    "version": "0", "account": "", "region": "", "detail": {}, "detail-type": "Scheduled Event",
    "source": "aws.events", "time": "", "id": "", "resources": [],
}  # fmt: skip


# --- schedules --------------------------------------------------------------------------------------------------------


def schedules() -> dict[str, str]:
    """Every scheduled function with its expression, as the application declares it."""
    import app

    found = {}
    for each in app.app.event_sources:
        expression = getattr(each, "schedule_expression", None)
        if expression is not None:
            found[each.name] = expression if isinstance(expression, str) else expression.to_string()
            is_due(found[each.name], datetime.now(UTC))  # one that is not understood is no schedule
    return found


def is_due(expression: str, now: datetime) -> bool:
    """Whether a function runs in this minute. Raises ValueError for what this reads nothing of."""
    if expression == "rate(1 minute)":
        return True
    kind, _, inner = expression.rstrip(")").partition("(")
    fields = inner.split()
    if kind != "cron" or len(fields) != 6 or fields[2:] != ["*", "*", "?", "*"]:
        raise ValueError(expression)
    now = now.astimezone(UTC)
    return now.minute in _field(fields[0], 60) and now.hour in _field(fields[1], 24)


def _field(text: str, end: int) -> range:
    """`7`, `18-21`, `30/10` (from 30 on, every ten), `*`. Raises ValueError."""
    if text == "*":
        return range(end)
    if "/" in text:
        first, step = text.split("/")
        return range(0 if first == "*" else int(first), end, int(step))
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


class Clock:
    def __init__(self, home: Home) -> None:
        self._messages, self._executions = Messages(home.folder), Executions(home.folder)
        self._home = home
        self._schedules = schedules()
        self._minute = 0
        self._at_it: dict[str, threading.Thread] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._in_hand = 0
        self._counting = threading.Lock()

    def run(self) -> None:
        """For ever."""
        self._executions.let_go()
        while True:
            now = datetime.now(UTC)
            self.tick(now)
            time.sleep(STEP)

    def tick(self, now: datetime) -> None:
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self._begin_minute(minute, now)
        with self._counting:
            free = 2 * AT_ONCE - self._in_hand
        if free > 0:
            for execution in self._executions.claim(now.timestamp(), free):
                with self._counting:
                    self._in_hand += 1
                self._pool.submit(self._go_on, execution)

    def _begin_minute(self, minute: int, now: datetime) -> None:
        for name, expression in self._schedules.items():
            if (
                is_due(expression, now)
                and not self._is_at_it(name)
                and self._messages.begin_minute(name, minute)
            ):
                self._at_it[name] = thread = threading.Thread(target=self._run, args=(name,), daemon=True)
                thread.start()
        if now.hour == OLD_FILES_HOUR and self._messages.begin_minute("old files", minute // 60 * 60):
            Files(self._home).forget_old(now)
            self._executions.forget(now.timestamp())

    def _is_at_it(self, name: str) -> bool:
        return name in self._at_it and self._at_it[name].is_alive()

    def _run(self, name: str) -> None:
        try:
            functions.run(name, _EVENT)
        except Exception as fault:
            log.exception("%s failed: %s", name, type(fault).__name__)

    def _go_on(self, execution: Execution) -> None:
        try:
            machines.go_on(execution, self._executions, _invoke)
        except Exception as fault:  # its hold runs out, and it is taken up again
            log.exception("an execution was left: %s", type(fault).__name__)
        finally:
            with self._counting:
                self._in_hand -= 1


def _invoke(function: str, data: dict[str, Any]) -> Any:
    return functions.run(function, data)


def main() -> int:
    return run_alone("clock", lambda home: Clock(home).run())


if __name__ == "__main__":
    raise SystemExit(main())
