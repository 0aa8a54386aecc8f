"""Budget: the resident's page is at most 120 kB gzipped. How soon it paints on the local cloud is stated apart."""

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

MOST_KB = 120
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
    sent = [
        file for file in clients.folder(ROOT, "browser").iterdir() if file.suffix in (".html", ".js", ".css")
    ]
    size = sum(len(gzip.compress(file.read_bytes(), 9)) for file in sent) / 1000
    how = "page, script and style sheet, each gzipped, as the host compresses them"
    return Row("the resident's page", f"≤ {MOST_KB} kB", f"{size:.0f} kB", how, size <= MOST_KB)


def _paints(times: int) -> list[Row]:
    with _a_cloud() as url:
        done = subprocess.run(
            ["node", str(E2E / "paint.js"), url, str(times)],
            cwd=E2E,
            capture_output=True,
            text=True,
            check=True,
        )
    seen = json.loads(done.stdout)
    how = f"headless Chromium, nothing cached, median of {times}; the local cloud answers uncompressed on loopback"
    return [
        Row("first contentful paint of a scanned code", "–", _milliseconds(seen, "paint"), how),
        Row("the place on the screen, after a scan", "–", _milliseconds(seen, "place"), how),
    ]


def _milliseconds(seen: list[dict[str, float]], name: str) -> str:
    return f"{median(one[name] for one in seen):.0f} ms"


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
