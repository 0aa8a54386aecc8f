"""Budget: the resident's page is at most 90 kB gzipped, without what is fetched after it.

On a slow line it paints what it says by itself within 3 s, and can be used within 6 s."""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.row import Row, Size
from infra import clients
from infra.local.place import ROOT, Place, to_environment
from infra.local.processes import free_port

MOST_KB = 90
PAINTS_WITHIN, USABLE_WITHIN = 3.0, 6.0  # seconds at 400 kbit/s and 400 ms
POINT = "SHJY-4-1"
E2E = ROOT / "clients" / "tests" / "e2e"
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def run(size: Size) -> list[Row]:
    """Both need the clients' tools, the second a browser too; what is missing is said in the row."""
    if shutil.which("node") is None:
        return [Row("the resident's page", f"≤ {MOST_KB} kB", "not measured", "Node is missing")]
    with clients.one_build_at_a_time():
        clients.build()
    rows = [_weight()]
    if not Path(CHROMIUM).exists():
        return [*rows, Row("first contentful paint", "–", "not measured", f"{CHROMIUM} is missing")]
    return [*rows, *_paints(size.paints)]


def _weight() -> Row:
    built = clients.folder(ROOT, "browser").iterdir()
    later = ("part-", "sw.")  # what is fetched while the first page is looked at
    sent = [
        file for file in built if file.suffix in (".html", ".js", ".css") and not file.name.startswith(later)
    ]
    size = sum(len(gzip.compress(file.read_bytes(), 9)) for file in sent) / 1000
    how = "page, script and style sheet, each gzipped, as the host compresses them"
    return Row("the resident's page", f"≤ {MOST_KB} kB", f"{size:.0f} kB", how, size <= MOST_KB)


def _paints(times: int) -> list[Row]:
    with _a_cloud() as url:
        seen, slow = _seen(url, times), _seen(url, times, "slow")
    how = f"headless Chromium, nothing cached, median of {times}; the local cloud answers uncompressed on loopback"
    on_slow = f"the same at 400 kbit/s and 400 ms, compressed, median of {times}"
    paint, usable = _median(slow, "paint") / 1000, _median(slow, "place") / 1000
    return [
        Row("first contentful paint of a scanned code", "–", f"{_median(seen, 'paint'):.0f} ms", how),
        Row("the place on the screen, after a scan", "–", f"{_median(seen, 'place'):.0f} ms", how),
        Row(
            "a slow line: whom to call and three buttons",
            f"≤ {PAINTS_WITHIN:.0f} s",
            f"{paint:.1f} s",
            on_slow,
            paint <= PAINTS_WITHIN,
        ),
        Row(
            "a slow line: the page can be used",
            f"≤ {USABLE_WITHIN:.0f} s",
            f"{usable:.1f} s",
            on_slow,
            usable <= USABLE_WITHIN,
        ),
    ]


def _seen(url: str, times: int, line: str = "") -> list[dict[str, float]]:
    command = ["node", str(E2E / "paint.js"), url, str(times), *([line] if line else [])]
    done = subprocess.run(command, cwd=E2E, capture_output=True, text=True, check=True)
    found: list[dict[str, float]] = json.loads(done.stdout)
    return found


def _median(seen: list[dict[str, float]], name: str) -> float:
    return median(one[name] for one in seen)


@contextmanager
def _a_cloud() -> Iterator[str]:
    """The address of a point's page on a local cloud of its own, started as the end-to-end tests start it."""
    with tempfile.TemporaryDirectory(prefix="mslj-bench-") as folder:
        place = Place(home=Path(folder), port=free_port(), db_port=free_port())
        running = subprocess.Popen(
            [sys.executable, str(E2E / "cloud.py")],
            env={**os.environ, **to_environment(place)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert running.stdout is not None
            said = next(line for line in running.stdout if line.startswith("{"))
            told = json.loads(said)
            yield f"{told['url']}s/{told['points'][POINT]}"
        finally:
            running.communicate()  # its input ends, and so does it
