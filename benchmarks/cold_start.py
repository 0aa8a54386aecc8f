"""Budget: `import app` in a fresh process costs at most 1.5 times `import chalice` with a DynamoDB client made."""

import os
import subprocess
import sys
import time
from statistics import median

from benchmarks.row import Row, Size
from infra.local.place import ROOT

MOST = 1.5
APP = "import app"
FLOOR = "import chalice, boto3; boto3.client('dynamodb')"
_CPU = "import resource; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime, u.ru_maxrss)"


def run(size: Size) -> list[Row]:
    """Interleaved, so that whatever else the machine does meets both; medians; and the ratio of the two."""
    for code in (APP, FLOOR):
        _seconds(code)  # writes the compiled files: both are measured with theirs
    pairs = [(_seconds(APP), _seconds(FLOOR)) for _ in range(size.processes)]
    ours = [median(column) for column in zip(*(pair[0] for pair in pairs), strict=True)]
    floor = [median(column) for column in zip(*(pair[1] for pair in pairs), strict=True)]
    ratio = max(ours[0] / floor[0], ours[1] / floor[1])
    measured = (
        f"{ratio:.2f} × (CPU {ours[0] * 1000:.0f} to {floor[0] * 1000:.0f} ms, "
        f"wall {ours[1] * 1000:.0f} to {floor[1] * 1000:.0f} ms)"
    )
    how = f"{size.processes} fresh processes each, interleaved, medians; the larger of the CPU and the wall ratio"
    return [
        Row("`import app`, fresh process", f"≤ {MOST} × the floor", measured, how, ratio <= MOST),
        Row("memory after `import app`", "–", f"{ours[2]:.0f} MB", "the same processes, peak"),
    ]


def _seconds(code: str) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak MB of a fresh process that runs `code`; its own start is taken off by nobody."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_CPU}"], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    wall = time.perf_counter() - started
    cpu, peak_kb = done.stdout.split()
    return float(cpu), wall, float(peak_kb) / 1024
