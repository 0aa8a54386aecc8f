"""CPU of a report with all that follows: until its lines are consumed and its messages sent, ours and the engine's.

`load` counts until the answer, as a resident waits; peers' figures hold their background work as well, so this is the one to
compare with them. Eight reports at a time, their lines as one batch,
as eight clients make them; the workflows' later ringing and the minute's schedules are not in it. The engine is asked as a town
hall's own machine asks it: a batch of writes with one sync.
"""

import csv
import json
import os
import time
from pathlib import Path
from unittest import mock

from benchmarks.row import Row, Size
from benchmarks.stand import SAMPLE
from benchmarks.world import World, a_world

MOST_MS = {"distinct texts": 18, "nine of ten alike": 20}
AT_ONCE = 8
_TICK = os.sysconf("SC_CLK_TCK")


def run(size: Size) -> list[Row]:
    return [_row(kind, _spent(size.reports // AT_ONCE * AT_ONCE or AT_ONCE, kind)) for kind in MOST_MS]


def _texts(kind: str, count: int) -> list[str]:
    with (SAMPLE / "sample_reports.csv").open(encoding="utf-8") as file:
        bodies = [row["body"] for row in csv.DictReader(file)]
    if kind == "distinct texts":
        return [f"{bodies[n % len(bodies)]}，第{n}次" for n in range(count)]
    return [bodies[n % len(bodies)] if n % 10 == 0 else bodies[0] for n in range(count)]


def _spent(count: int, kind: str) -> tuple[float, float]:
    """Milliseconds of CPU a report: this process's, and the engine's."""
    from chalicelib.store import direct
    from infra.serve.one_sync import OneSync

    with a_world() as world, mock.patch.object(direct, "GO_BETWEENS", [OneSync(), *direct.GO_BETWEENS]):
        world.has_workflows = False
        texts = _texts(kind, count + AT_ONCE)
        tokens = [world.resident() for _ in texts]
        _batch(world, texts[:AT_ONCE], tokens[:AT_ONCE], 0)  # what a process does once
        own, engine = time.process_time(), _cpu(world.stand.engine.pid)
        for first in range(AT_ONCE, len(texts), AT_ONCE):
            _batch(world, texts[first : first + AT_ONCE], tokens[first : first + AT_ONCE], first)
        own, engine = time.process_time() - own, _cpu(world.stand.engine.pid) - engine
        return own / count * 1000, engine / count * 1000


def _batch(world: World, texts: list[str], tokens: list[str], first: int) -> None:
    for n, (text, token) in enumerate(zip(texts, tokens, strict=True), start=first):
        body = {"point": world.codes[n % len(world.codes)], "text": text}
        world.ask("POST", "/api/tickets", token, body)
    from chalicelib.store.tickets.stream import is_line

    while records := world.read():
        world.invoke("on_ticket_event", {"Records": list(filter(is_line, records))})
    for body in world.woken():
        world.invoke("send", {"Records": [{"messageId": "1", "body": json.dumps(body)}]})


def _cpu(pid: int | None) -> float:
    """Seconds, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _row(kind: str, spent: tuple[float, float]) -> Row:
    total = sum(spent)
    return Row(
        f"CPU of a report with all that follows, {kind}",
        f"≤ {MOST_MS[kind]} ms",
        f"{total:.1f} ms (ours {spent[0]:.1f}, dynoxide {spent[1]:.1f})",
        "in this process on dynoxide as `make serve` asks it (a batch of writes with one sync), eight reports and their batch at a "
        "time; consumer, `send`, reading the stream; no web server",
        total <= MOST_MS[kind],
    )
