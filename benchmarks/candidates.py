"""Budget: what may be the same as a report is one batch read, however many tickets there are; its index ≤ 16 write units."""

import csv
import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from statistics import median, quantiles
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.meter import Meter
from benchmarks.row import Row, Size
from benchmarks.stand import SAMPLE, Stand, a_stand, import_sample_town
from chalicelib.domain.classes.similarity import KEPT, Look, look, shelves, written
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.directory import Town

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
ASKED = 200  # reports looked for
MOST_UNITS, MOST_WRITTEN, MOST_MS = 50, 16, 25
_CHUNK = 20_000
Report = tuple[Look, str]


class Asked(NamedTuple):
    """Of one number of tickets: the requests and read units of the dearest, and how long the candidates took."""

    requests: int
    units: float
    ms: float
    slow_ms: float
    found: float


def run(size: Size) -> list[Row]:
    sizes = size.tickets[:2]
    with a_stand() as stand:
        import_sample_town(NOW)
        from chalicelib.store.town import directory

        town, points = directory.town(), directory.list_points()
        paths = [point.path for point in points]
        written = _written(town, paths)
        asked = [_after(stand, town, paths, tickets) for tickets in sizes]
    return [_reads(asked, sizes), _writes(written), _speed(asked, sizes)]


def reports(town: Town, paths: list[tuple[str, ...]], tickets: int, seed: int = 1) -> Iterator[Report]:
    """So many reports of forty days: sentences of the sample's short reports, at points drawn by lot."""
    with (SAMPLE / "training.csv").open(encoding="utf-8-sig", newline="") as lines:
        texts = [(row["title"] + row["body"], row["label"]) for row in csv.DictReader(lines)]
    lot = random.Random(seed)
    for n in range(tickets):
        (one, category), (other, _) = lot.choice(texts), lot.choice(texts)
        text = f"{one}，{other}{lot.randrange(1000)}号"
        at = NOW - KEPT * (1 - n / tickets) + timedelta(seconds=1)
        yield look(f"{seed:02d}{n:024d}", lot.choice(paths), category, text, town, at), text


def _after(stand: Stand, town: Town, paths: list[tuple[str, ...]], tickets: int) -> Asked:
    stand.engine.stop()
    _fill(stand, reports(town, paths, tickets))
    stand.start()
    from chalicelib.actions.views import repeats
    from chalicelib.store.classes import similar

    meter, requests, units, seconds, found = Meter(), [], [], [], []
    for asked, text in reports(town, paths, ASKED, seed=2):
        with meter.counting():
            begun = time.perf_counter()
            known = similar.find(shelves(asked, text), NOW)
            found.append(len(repeats.ranked(asked, known, town)))
            seconds.append(time.perf_counter() - begun)
        requests.append(sum(meter.requests.values()))
        units.append(meter.read_units)
    ms = [1000 * each for each in seconds]
    return Asked(max(requests), max(units), median(ms), quantiles(ms, n=20)[-1], sum(found) / len(found))


def _fill(stand: Stand, made: Iterator[Report]) -> None:
    """As the stores write it, straight into the engine's file; a slot that is written again is replaced."""
    into = f'INSERT OR REPLACE INTO "{stand.environment["WORK_TABLE"]}" (pk, sk, item_json, item_size) VALUES (?, ?, ?, ?)'
    with closing(sqlite3.connect(stand.file)) as db:
        db.execute("PRAGMA synchronous = OFF")
        while chunk := list(islice(made, _CHUNK)):
            db.executemany(into, (row for report in chunk for row in _rows(report)))
            db.commit()


def _rows(report: Report) -> Iterator[tuple[str, str, str, int]]:
    for item in _items(report):
        text = json.dumps(_wired(item), ensure_ascii=False)
        yield f"S:{item['PK']}", f"S:{item['SK']}", text, _size(item)


def _items(report: Report) -> list[dict[str, Any]]:
    from chalicelib.store.classes import similar

    kept: list[dict[str, Any]] = []
    asked, text = report
    with mock.patch.object(similar, "batch_write", lambda _, puts: kept.extend(puts)):
        similar.write(asked, written(asked, text), asked.at)
    return kept


def _wired(item: dict[str, Any]) -> Any:
    from chalicelib.store import table

    return table._wire(item)


def _size(item: dict[str, Any]) -> int:
    return sum(len(name) + len(str(value).encode()) for name, value in item.items())


def _written(town: Town, paths: list[tuple[str, ...]]) -> float:
    """The most write units that the index of one report took."""
    from chalicelib.store.classes import similar

    meter, units = Meter(), []
    for asked, text in reports(town, paths, ASKED, seed=3):
        with meter.counting():
            similar.write(asked, written(asked, text), NOW)
        units.append(meter.write_units)
    return max(units)


def _reads(asked: list[Asked], sizes: tuple[int, ...]) -> Row:
    units = " / ".join(f"{each.units:g}" for each in asked)
    return Row(
        "what may be the same as a report: reads",
        f"1 batch read, ≤ {MOST_UNITS} read units",
        f"{max(each.requests for each in asked)} request, {units} units",
        f"the dearest of {ASKED} reports among {_told(sizes)} of the last 40 days; ReturnConsumedCapacity",
        all(each.requests == 1 and each.units <= MOST_UNITS for each in asked),
    )


def _writes(units: float) -> Row:
    how = f"the dearest of {ASKED} reports; one more when its category is changed"
    return Row(
        "a report's entries of that index",
        f"≤ {MOST_WRITTEN} write units",
        f"{units:g} units",
        how,
        units < MOST_WRITTEN,
    )


def _speed(asked: list[Asked], sizes: tuple[int, ...]) -> Row:
    ms = " / ".join(f"{each.ms:.1f} (p95 {each.slow_ms:.1f})" for each in asked)
    found = " / ".join(f"{each.found:.1f}" for each in asked)
    return Row(
        "what may be the same as a report: time",
        f"≤ {MOST_MS} ms median",
        f"{ms} ms, {found} found",
        f"read and compared, among {_told(sizes)} tickets",
        all(each.ms <= MOST_MS for each in asked),
    )


def _told(sizes: tuple[int, ...]) -> str:
    return " / ".join(f"{size:,}" for size in sizes)
