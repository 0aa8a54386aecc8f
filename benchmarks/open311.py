"""Stated apart: GET requests of Open311 with a thousand tickets, one query; what it costs, how large it is, own CPU."""

import time
from urllib.parse import urlencode

from benchmarks import filling
from benchmarks.life import DESK, HANDLER, UNSURE
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world

PLACE, LISTED = "YDL-EXIT", 1000
TRIES = 5


def run(size: Size) -> list[Row]:
    wanted = min(LISTED, size.tickets[-1])
    with a_world() as world:
        body = {"place": PLACE, "text": UNSURE, "source": "patrol"}
        made = world.ask("POST", "/staff/tickets", world.staff(DESK), body)
        like = filling.model(world.stand, made["id"], made["number"], inbox_of=f"staff:{HANDLER}")
        world.stand.engine.stop()
        for _ in filling.fill(world.stand, like, 0, wanted):
            pass
        world.stand.start()
        return [_asked(world, suffix, wanted) for suffix in ("json", "xml")]


def _asked(world: World, suffix: str, wanted: int) -> Row:
    asked = urlencode({"start_date": "2026-10-01T00:00:00Z", "end_date": "2026-12-20T00:00:00Z"})
    took, used, large, shown = [], [], 0, 0
    for _ in range(TRIES):
        with world.meter.counting() as meter:
            began, cpu = time.perf_counter(), time.process_time()
            answer = world.http.request("GET", f"/open311/v2/requests.{suffix}?{asked}")
            took.append(time.perf_counter() - began)
            used.append(time.process_time() - cpu)
        assert answer.status_code == 200, answer.body
        large, shown = (
            len(answer.body),
            answer.body.count(b"service_request_id") // (2 if suffix == "xml" else 1),
        )
    queries = meter.requests.get("Query", 0)
    middle = TRIES // 2
    measured = (
        f"{queries} query, {meter.read_units:g} read units, {large / 1000:.0f} kB, "
        f"{sorted(took)[middle] * 1000:.0f} ms, {sorted(used)[middle] * 1000:.0f} ms own CPU ({shown} shown)"
    )
    how = f"median of {TRIES} in this process on dynoxide, {wanted:,} tickets in the list"
    return Row(f"Open311: GET requests.{suffix}", "1 query", measured, how, queries == 1)
