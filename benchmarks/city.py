"""At how many reports a second each key and each worker would end: the real code, driven with a clock that is not the wall's.

Lives are lived whole on dynoxide, with every worker and one subscriber; each request to DynamoDB takes REQUEST_SECONDS of
the virtual clock, and a Lambda of 512 MB has CPU_SHARE of this machine's core. What is measured: requests, units, CPU. What
is reckoned: seconds, and with them the rates. The town's worst day is that of `burst`: 12 normal days in one, of which one
hour holds 20 mean hours.
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.burst import PEAK, plan
from benchmarks.feed import _subscribed
from benchmarks.life import LAMP, desk_answered, desk_unanswered, lamp_answered
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world
from chalicelib.store import direct

REQUEST_SECONDS = 0.006
CALL_SECONDS = 0.050  # a platform or a subscriber that answers
CPU_SHARE = 0.29  # of a core, for 512 MB
KEY_UNITS = 1000  # write units a second that DynamoDB gives one partition key
SHARDS = 4  # of a new table's stream
SHELVES = 8  # a city sets so many
AT_ONCE = 10  # ParallelizationFactor, infra/resources/messages.yaml
SENDERS = 2  # MaximumConcurrency of `send`, an account's beginning
CITY = 15  # reports a second: 24 million a year, and 20 times the mean
SHARES = ((lamp_answered, 0.6), (desk_answered, 0.3), (desk_unanswered, 0.1))
OWN = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{32}|MS[0-9]{6}-")  # of one ticket or person: never hot
NIGHTLY_SECONDS = 12 * 500  # infra: every ten minutes from 02:30 to 05:50


class Work(NamedTuple):
    """What one worker does for one report."""

    runs: float
    requests: float
    cpu: float

    def seconds(self, calls: float = 0.0) -> float:
        return self.requests * REQUEST_SECONDS + self.cpu / CPU_SHARE + calls * CALL_SECONDS


def run(size: Size) -> list[Row]:
    keys, work, events = _lives()
    sweep, keeping, checking = _sweeping(size), _keeping(size), _checking(size)
    day, hour = len(plan(size)), max(PEAK * len(plan(size)) // 24 // max(size.days, 1), size.storm)
    worst = f"worst day {day} reports, worst hour {hour}"
    rows = [
        _key_row(key, units, hour, worst)
        for key, units in sorted(keys.items(), key=lambda each: -each[1])[:8]
    ]
    stream, alone, full = work["on_ticket_event"], work["feed"], _feeding(size)
    fed = Work(alone.runs, alone.runs * full.requests, alone.cpu - alone.runs * (full.cpu_alone - full.cpu))
    rows += [
        _worker(
            "on_ticket_event",
            stream,
            SHARDS * AT_ONCE / stream.seconds(),
            f"{SHARDS} shards × {AT_ONCE}",
            day,
        ),
        _worker(
            "send", work["send"], SENDERS / work["send"].seconds(work["send"].runs), f"{SENDERS} at once", day
        ),
        _worker(
            f"feed with {SHELVES} shelves",
            fed,
            SHELVES / fed.seconds(events),
            f"to one subscriber, a thread a shelf; 1 shelf, a town's, an eighth of it; as at its end, when every run finds "
            f"a page full; where each change goes alone, {alone.requests:.1f} requests and {alone.cpu * 1000:.0f} ms",
            day,
        ),
        _rate(
            "sweep: late alarms rung",
            sweep * 60,
            "a minute",
            "in the 45 s that a run has; every one of them late",
        ),
        _rate("count: a day of an area counted again", *_counting(size)),
        _rate(
            "nightly: people forgotten",
            keeping * NIGHTLY_SECONDS / 2,
            "a night",
            "in its half of twelve runs of 500 s",
        ),
        _rate(
            "nightly: yesterday counted",
            checking * NIGHTLY_SECONDS / 2,
            "tickets a night",
            "in the other half",
        ),
    ]
    return rows


def _lives() -> tuple[dict[str, float], dict[str, Work], float]:
    """Of the average life: write units of every key that tickets share, what each worker does, and events sent."""
    keys: dict[str, float] = defaultdict(float)
    work: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    events = 0.0
    for live, share in SHARES:
        with a_world() as world, _subscribed(world) as partner, _every_worker(world):
            with world.meter.counting() as meter:
                live(world)
                world.later(days=30)
            for key, units in meter.keys.items():
                if not OWN.search(key):
                    keys[key] += units * share
            for name in world.runs:
                done = work[name]
                done["runs"] += world.runs[name] * share
                done["requests"] += meter.by_worker[name] * share
                done["cpu"] += world.cpu[name] * share
            events += len(partner.taken) * share
    return (
        keys,
        {name: Work(done["runs"], done["requests"], done["cpu"]) for name, done in work.items()},
        events,
    )


@contextmanager
def _every_worker(world: World) -> Iterator[None]:
    """After whatever has happened `count` and `feed` run, too: each change alone, the dearest way."""
    settle = world.settle

    def settled() -> None:
        before = world.runs["on_ticket_event"]
        settle()
        if world.runs["on_ticket_event"] > before:
            world.invoke("count", _MINUTE)
            _feed(world)

    with mock.patch.object(world, "settle", settled):
        yield


_MINUTE: dict[str, Any] = {
    "version": "0",
    "account": "",
    "region": "",
    "detail": {},
    "detail-type": "",
    "source": "",
    "time": "",
    "id": "",
    "resources": [],
}


class _Clock(direct.GoBetween):
    """Stands still but for requests."""

    def __init__(self) -> None:
        self.now = 0.0

    def ask(self, call: direct.Call, operation: str, request: direct.Request) -> direct.Answer:
        self.now += REQUEST_SECONDS
        return call(operation, request)

    def __call__(self) -> float:
        return self.now


def _a_second(act: Callable[[], float]) -> float:
    """How many a second of the virtual clock."""
    from chalicelib.actions import turns

    clock = _Clock()
    between = mock.patch.object(direct, "GO_BETWEENS", [*direct.GO_BETWEENS, clock])
    with mock.patch.object(turns, "clock", clock), between:
        done = act()
    return done / clock.now


def _reported(world: World, count: int) -> dict[str, str]:
    """Tickets, each with its resident's token."""
    from chalicelib.store.town import points

    world.has_workflows = False
    codes = sorted(points.active_codes(["SHJY-4-1", "SHJY-4-2", "YDL-EXIT"]).values())
    made = {}
    for n in range(count):
        body = {"point": codes[n % len(codes)], "text": f"{LAMP}（{n}）"}
        token = world.resident()
        made[str(world.ask("POST", "/api/tickets", token, body)["id"])] = token
        world.settle()
        world.now += timedelta(seconds=30)
    return made


def _counting(size: Size) -> tuple[float, str, str]:
    """One run of `count` over one day and area: what the minute must hold of each."""
    from chalicelib.actions.figures import counting

    with a_world() as world:
        count = len(_reported(world, min(size.reports, 60)))
        share = 1 / _a_second(lambda: float(max(len(counting.count_changed(now=world.now)), 1)))
    return (
        55 / share,
        "areas a minute",
        f"each with {count} reports so far that day; with 10,000 it reads 40 pages more",
    )


def _feed(world: World) -> None:
    """One run of `feed`. The subscriber stands in this process, in a thread of its own: its CPU is not the worker's."""
    from chalicelib.actions.feed import sending

    send_to, threads = sending._send_to, list[float]()

    def timed(*given: Any) -> int:
        began = time.thread_time()
        try:
            return send_to(*given)
        finally:
            threads.append(time.thread_time() - began)

    before, began = world.cpu["feed"], time.thread_time()
    with mock.patch.object(sending, "_send_to", timed):
        world.invoke("feed", _MINUTE)
    world.cpu["feed"] = before + time.thread_time() - began + sum(threads)


class Fed(NamedTuple):
    """What one changed ticket costs `feed`: among many, and (`cpu_alone`) by itself."""

    requests: float
    cpu: float
    cpu_alone: float


def _feeding(size: Size) -> Fed:
    """Many tickets with one change each, all waiting; then as many, each by itself."""
    count = min(size.reports, 60)
    with a_world() as world, _subscribed(world), world.meter.counting() as meter:
        _reported(world, count)
        _feed(world)
        requests, cpu = meter.by_worker["feed"] / count, world.cpu["feed"] / count
        for _ in range(count):
            _reported(world, 1)
            _feed(world)
        return Fed(requests, cpu, world.cpu["feed"] / count - cpu)


def _sweeping(size: Size) -> float:
    from chalicelib.actions import sweeping
    from chalicelib.store.tickets import tickets

    with a_world() as world:
        ids = _reported(world, min(size.reports, 60))
        before = sum(tickets.get(each).version for each in ids)
        world.now += timedelta(hours=1)

        def swept() -> float:
            sweeping.sweep(now=world.now)
            return float(sum(tickets.get(each).version for each in ids) - before)

        return _a_second(swept)


def _keeping(size: Size) -> float:
    from chalicelib.actions import nightly

    with a_world() as world:
        for ticket_id, token in _reported(world, min(size.reports, 30)).items():
            world.ask("POST", f"/api/tickets/{ticket_id}/withdraw", token, {"reason": "已经好了"})
        world.settle()
        world.now += timedelta(days=366)
        return _a_second(lambda: float(nightly.keep_no_longer(now=world.now)))


def _checking(size: Size) -> float:
    from chalicelib.actions.figures import counting

    with a_world() as world:
        count = len(_reported(world, min(size.reports, 60)))
        world.now += timedelta(days=1)

        def checked() -> float:
            for _ in counting.check_yesterday(now=world.now):
                pass
            return float(count)

        return _a_second(checked)


def _key_row(key: str, units: float, hour: int, worst: str) -> Row:
    rate = KEY_UNITS / units
    shelves = f" with {SHELVES} shelves" if key.startswith(_shelved()) else ""
    rate *= SHELVES if shelves else 1
    measured = f"{units:.1f} write units a life; ends at {rate:,.0f} reports a second{shelves}"
    how = f"{worst}: {hour * units / 3600:.2f} units a second there; a key has {KEY_UNITS}"
    return Row(f"city: key {key}", f"≥ {CITY}/s", measured, how, rate >= CITY)


def _shelved() -> tuple[str, ...]:
    """The beginnings of the keys that lie on shelves (chalicelib/settings.py, `shelves`)."""
    from chalicelib.store import keys

    listed = keys.feed_month_pk(""), keys.standing_pk("", keys.WAITING)
    return f"work {keys.to_count_pk()}", *(f"work.GSI1 {pk}" for pk in listed)


def _worker(name: str, work: Work, rate: float, how: str, day: int) -> Row:
    measured = (
        f"{work.runs:.1f} runs, {work.requests:.0f} requests, {work.cpu * 1000:.0f} ms CPU a life; "
        f"ends at {rate:.1f} reports a second"
    )
    spent = f"{how}; worst day {work.requests * day:,.0f} requests; {REQUEST_SECONDS * 1000:.0f} ms a request reckoned"
    return Row(f"city: worker {name}", f"≥ {CITY}/s", measured, spent, rate >= CITY)


def _rate(name: str, rate: float, unit: str, how: str) -> Row:
    return Row(
        f"city: {name}",
        "–",
        f"{rate:,.0f} {unit}",
        f"{how}; {REQUEST_SECONDS * 1000:.0f} ms a request reckoned",
    )
