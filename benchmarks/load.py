"""Budgets under load: CPU of all services a report, reports a second at eight clients, memory of a worker."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from benchmarks.reporting import a_body
from benchmarks.row import Row, Size
from benchmarks.stand import Stand, a_stand, import_sample_town
from benchmarks.world import all_codes
from chalicelib import clock
from infra.local.place import ROOT
from infra.local.processes import free_port, is_taken, wait_until

WORKERS = 2
CLIENTS = 8
OF_A_PERSON = 8  # reports; ten an hour are allowed
MOST_CPU_MS = 13
FEWEST_A_SECOND = 140
MOST_MB = 90
TICKS = os.sysconf("SC_CLK_TCK")
Request = tuple[bytes, dict[str, str]]


class Measured(NamedTuple):
    """`workers` and `engine` in CPU milliseconds a report; `rate` a second; `memory` of the largest worker in MB."""

    workers: float
    engine: float
    rate: float
    memory: float


def run(size: Size) -> list[Row]:
    with a_stand() as stand:
        import_sample_town(clock.now())
        measured = _measure(stand, size.load)
    cpu = measured.workers + measured.engine
    how = (
        f"{size.load} reports by {CLIENTS} clients to Chalice's LocalDevServer, {WORKERS} worker processes, dynoxide with one "
        f"fsync a write, clients on the same {os.cpu_count()} cores"
    )
    split = f"workers {measured.workers:.1f}, dynoxide {measured.engine:.1f}"
    return [
        Row(
            "all services' CPU a report, until its answer",
            f"≤ {MOST_CPU_MS} ms",
            f"{cpu:.1f} ms ({split})",
            how,
            cpu <= MOST_CPU_MS,
        ),
        Row(
            f"reports a second at {CLIENTS} clients",
            f"≥ {FEWEST_A_SECOND}",
            f"{measured.rate:.0f}",
            "the same run",
            measured.rate >= FEWEST_A_SECOND,
        ),
        Row(
            "memory of a worker",
            f"≤ {MOST_MB} MB",
            f"{measured.memory:.0f} MB",
            "the same run, resident at the end",
            measured.memory <= MOST_MB,
        ),
    ]


def _measure(stand: Stand, reports: int) -> Measured:
    with ExitStack() as stack:
        ports = [free_port() for _ in range(WORKERS)]
        workers = [stack.enter_context(_worker(stand, port)) for port in ports]
        for port in (
            ports
        ):  # a Lambda serves one request at a time: its client is made once, not by four threads at once
            _send([port], _requests(1, f"first-{port}"))
        _send(ports, _requests(max(CLIENTS, reports // 20), "warm"))  # validators, the town, connections
        load = _requests(reports, "load")
        before = [_cpu_seconds(pid) for pid in (*workers, stand.engine.pid)]
        started = time.perf_counter()
        _send(ports, load)
        seconds = time.perf_counter() - started
        after = [_cpu_seconds(pid) for pid in (*workers, stand.engine.pid)]
        spent = [(end - start) * 1000 / reports for start, end in zip(before, after, strict=True)]
        memory = max(_resident_mb(pid) for pid in workers)
    return Measured(sum(spent[:-1]), spent[-1], reports / seconds, memory)


@contextmanager
def _worker(stand: Stand, port: int) -> Iterator[int]:
    environment = {**os.environ, **stand.environment, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.worker", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert wait_until(lambda: is_taken(port), seconds=30), "a worker did not start"
        yield process.pid
    finally:
        process.kill()
        process.wait()


def _requests(reports: int, name: str) -> list[Request]:
    """Made beforehand: sessions of as many people as are needed, points in turn."""
    from chalicelib.store.identity.sessions import Kind, start

    codes, made = all_codes(), []
    for n in range(reports):
        if n % OF_A_PERSON == 0:
            token = start(Kind.RESIDENT, f"{name}-{n}", channel="browser", now=clock.now())
        body = json.dumps(a_body(codes[n % len(codes)])).encode()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{name}-key-{n}"}
        made.append((body, headers | {"Content-Type": "application/json"}))
    return made


def _send(ports: list[int], requests: list[Request]) -> None:
    """Eight clients, each waiting for its answer before it sends the next. Raises for any answer but 201."""
    refused: list[str] = []

    def client(n: int) -> None:
        connection = HTTPConnection("127.0.0.1", ports[n % len(ports)], timeout=60)
        for body, headers in requests[n::CLIENTS]:
            connection.request("POST", "/api/tickets", body, headers)
            answer = connection.getresponse()
            if (text := answer.read()) and answer.status != 201:
                refused.append(f"{answer.status} {text!r}")
        connection.close()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused, f"{len(refused)} of {len(requests)}: {refused[0]}"


def _cpu_seconds(pid: int | None) -> float:
    """User and system time of a process, in steps of a clock tick (10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _resident_mb(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line)
    return int(line.split()[1]) / 1024
