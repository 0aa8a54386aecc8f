"""Budgets of a partner's file taken in as one job: own CPU and writes an order, dollars per thousand; and how many a second."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.billing import bill_of
from benchmarks.prices import Bill
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world
from infra.local.partners import SAMPLES

MOST_MS = 8.0
MOST_WRITE_UNITS = 50.0
MOST_DOLLARS = 0.04
PLACES = ("盛华景苑4号楼", "盛华景苑5号楼", "望月路", "银都路隧道出口")


class Imported(NamedTuple):
    """`seconds` and `cpu` are of the job's chunks alone, the bill likewise; nothing of what the stream brings about."""

    orders: int
    seconds: float
    cpu: float
    writes: float
    bill: Bill


def run(size: Size) -> list[Row]:
    with a_world() as world, _in_memory() as woken:
        _import(world, woken, min(60, size.load), "WARM")
        done = _import(world, woken, size.load, "BENCH")
    how = f"{done.orders} orders of a CSV, place and category to be looked up, by one run_job after the other on dynoxide"
    each = done.orders
    spent, dollars = done.cpu / each * 1000, done.bill.dollars / each * 1000
    dearest = ", ".join(f"{name} {dollars / each * 1000:.4f}" for name, dollars in done.bill.parts()[:3])
    return [
        Row(
            "orders: taken in by one function",
            "–",
            f"{each / done.seconds:.0f} a second (four run at once on AWS)",
            how,
        ),
        Row(
            "orders: own CPU", f"≤ {MOST_MS:.0f} ms an order", f"{spent:.1f} ms", "the same", spent <= MOST_MS
        ),
        Row(
            "orders: write units an order",
            f"≤ {MOST_WRITE_UNITS:.0f}",
            f"{done.writes / each:.0f}",
            "as the engine charges",
            done.writes / each <= MOST_WRITE_UNITS,
        ),
        Row(
            "orders: cost of taking in a thousand",
            f"≤ {MOST_DOLLARS:.2f} dollars",
            f"{dollars:.3f} dollars ({dearest})",
            "list prices below; what follows is in the ticket's life",
            dollars <= MOST_DOLLARS,
        ),
    ]


def _import(world: World, woken: list[list[Any]], orders: int, mark: str) -> Imported:
    from chalicelib.actions.partners.orders import import_file, read_file
    from chalicelib.domain.town.partner import read_partner
    from chalicelib.store import jobs
    from chalicelib.store.partners import partners

    partners.save(read_partner("hotline", (SAMPLES / "hotline.csv").read_bytes()))
    seen = read_file("hotline", _file(orders, mark))
    import_file("hotline", seen, by="bench", known_as=mark, now=world.now)
    job = jobs.find(mark).job
    assert (job.total, seen.troubles) == (orders, [])
    world.runs.clear()
    world.cpu.clear()
    chunks = [woken.pop(0) for _ in range(job.chunks)]
    with world.meter.counting() as meter:
        started = time.perf_counter()
        for chunk in chunks:
            world.invoke("run_job", {"Records": [{"messageId": "1", "body": json.dumps(chunk)}]})
        seconds = time.perf_counter() - started
        bill = bill_of(world, meter)
    bill.add("SQS requests", 3 * job.chunks)
    bill.add("S3 reads", job.chunks)
    progress = jobs.find(job.id)
    assert (progress.finished_at, dict(progress.counts)) == (world.now, {"made": orders}), progress
    return Imported(orders, seconds, world.cpu["run_job"], meter.write_units, bill)


def _file(orders: int, mark: str) -> bytes:
    rows = [
        f"{mark}-{n},{PLACES[n % 4]}第{n}盏路灯坏了，晚上看不清路,{PLACES[n % 4]},市政设施/路灯,2026-12-01 18:00,138{n:08d}"
        for n in range(orders)
    ]
    return "\n".join(["工单编号,诉求内容,诉求地点,诉求类别,办结时限,联系电话", *rows]).encode("gb18030")


@contextmanager
def _in_memory() -> Iterator[list[list[Any]]]:
    """The job's file and queue held here, with their requests in the bill; yields what the queue holds."""
    from chalicelib.gateways import job_files, job_queue

    files: dict[str, list[Any]] = {}
    woken: list[list[Any]] = []

    def put(job_id: str, chunks: Sequence[Sequence[Any]]) -> tuple[int, ...]:
        files[job_id] = [list(rows) for rows in chunks]
        return tuple(accumulate((len(rows) for rows in chunks), initial=0))

    def wake(job_id: str, chunks: Sequence[int]) -> int:
        woken.extend([job_id, chunk] for chunk in chunks)
        return len(chunks)

    with (
        mock.patch.object(job_files, "put", put),
        mock.patch.object(job_files, "get", lambda job, chunk: files[job.id][chunk]),
        mock.patch.object(job_files, "discard", files.pop),
        mock.patch.object(job_queue, "wake", wake),
    ):
        yield woken
