"""The whole service in this process on dynoxide, in town time: routes, stream, sends, workflows, each run counted."""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest import mock

from benchmarks.machines import Execution
from benchmarks.meter import Meter
from benchmarks.stand import Stand, a_stand, import_sample_town
from chalicelib.domain.model import SHANGHAI
from infra import asl
from infra.asl import Data
from infra.local import deploy
from infra.local.stream import AT_ONCE, Checkpoint, Stream

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)  # everyone at work
_KEYS = count(1)


class Refused(Exception):
    """A request of a benchmark was not answered as it should be."""


class World:
    def __init__(self, stand: Stand) -> None:
        from chalice.test import Client

        import app

        self.app = app.app
        self.http = Client(self.app).http
        self.now = MONDAY
        self.meter = Meter()
        self.runs: Counter[str] = Counter()  # invocations by function
        self.cpu: dict[str, float] = defaultdict(float)  # seconds of this process's CPU by function
        self.messages = 0  # in the send queue
        self.photos = 0  # places granted for one to be uploaded
        self.stand = stand
        self.has_workflows = True  # False: none begins, and time passes at once
        self.executions: dict[str, Execution] = {}
        self._wakes: list[Any] = []
        self._stream = open_stream(stand)
        self.codes = all_codes()

    # --- asking

    def ask(self, method: str, path: str, token: str = "", body: Any = None) -> Any:
        """The JSON that a route answers. Raises Refused for anything but success."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"bench-key-{next(_KEYS)}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self._timed("api", lambda: self.http.request(method, path, headers=headers, body=raw))
        self.photos += path == "/api/uploads"
        if answer.status_code >= 300:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.body!r}")
        return json.loads(answer.body)

    def resident(self) -> str:
        return str(self.ask("POST", "/api/sessions", body={})["token"])

    def staff(self, code: str) -> str:
        from chalicelib.store.identity.sessions import Kind, start

        with self.meter.paused():
            return start(Kind.STAFF, code, channel="console", now=self.now)

    # --- what follows by itself

    def pass_to(self, until: datetime) -> None:
        """Let the town live until then: streams, sends, and what the workflows ring on the way."""
        self.settle()
        while (sleeper := self._next()) is not None and sleeper.wakes_at <= until:
            self.now = max(self.now, sleeper.wakes_at)
            sleeper.wake()
            self.settle()
        self.now = max(self.now, until)

    def later(self, **length: float) -> None:
        self.pass_to(self.now + timedelta(**length))

    def settle(self) -> None:
        """New lines of history reach the consumer, and what it wakes is sent."""
        from chalicelib.store.tickets.stream import is_line

        while records := self.read():
            for record in filter(is_line, records):  # one by one: the dearest way in which a stream may come
                self.invoke("on_ticket_event", {"Records": [record]})
        for key in self.woken():
            self.invoke("send", {"Records": [{"messageId": "1", "body": json.dumps(key)}]})

    def read(self) -> list[Any]:
        """What the stream has, of which a source of events passes on the new lines of history."""
        with self.meter.paused():
            return self._stream.read()

    def woken(self) -> Iterator[Any]:
        """The deliveries that `send` was woken for, each once, also those that come meanwhile."""
        while self._wakes:
            yield self._wakes.pop(0)

    def _next(self) -> Any:
        waiting = [e for e in self.executions.values() if e.wakes_at is not None]
        return min(waiting, key=lambda execution: execution.wakes_at or self.now, default=None)

    def invoke(self, function: str, event: Data) -> Any:
        return self._timed(function, lambda: self.app.handler_map[function](event, None))

    def _timed(self, function: str, act: Any) -> Any:
        self.runs[function] += 1
        started, outer = time.process_time(), self.meter.worker
        self.meter.worker = function
        try:
            return act()
        finally:
            self.meter.worker = outer
            self.cpu[function] += time.process_time() - started

    # --- put in the place of AWS

    def start(self, arn: str, name: str, given: Data) -> None:
        if not self.has_workflows or f"{arn} {name}" in self.executions:
            return
        execution = Execution(arn, given, lambda task, data: self.invoke(asl.function_name(task), data))
        self.executions[f"{arn} {name}"] = execution
        execution.run()

    def stop(self, arn: str, name: str) -> None:
        if (running := self.executions.get(f"{arn} {name}")) is not None:
            running.stop()

    def wake(self, keys: list[Any]) -> int:
        self._wakes += keys
        self.messages += len(keys)
        return len(keys)

    @property
    def still(self) -> int:
        """Executions that have not ended."""
        return sum(execution.wakes_at is not None for execution in self.executions.values())

    @property
    def transitions(self) -> int:
        return sum(execution.transitions for execution in self.executions.values())


@contextmanager
def a_world() -> Iterator[World]:
    """A stand with the sample town, and everything that AWS would call, called in this process."""
    from chalicelib import clock
    from chalicelib.gateways import queue, workflows

    with a_stand() as stand:
        import_sample_town(MONDAY)
        world = World(stand)
        with (
            mock.patch.object(clock, "now", side_effect=lambda: world.now),
            mock.patch.object(workflows, "_start", world.start),
            mock.patch.object(workflows, "_stop", world.stop),
            mock.patch.object(queue, "wake", world.wake),
        ):
            yield world


def all_codes() -> list[str]:
    """Every active code of the town; reading them also brings the town into this process."""
    from chalicelib.store.town import directory, points

    return sorted(points.active_codes(place.code for place in directory.list_points()).values())


def open_stream(stand: Stand) -> Stream:
    """The stream of the tickets table, from its beginning."""
    client = deploy.client("dynamodbstreams", stand.place)
    checkpoint = Checkpoint(stand.place.home / "stream")
    return Stream(client, stand.environment["TICKETS_TABLE"], AT_ONCE, checkpoint)
