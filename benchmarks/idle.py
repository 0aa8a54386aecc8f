"""What the local cloud of `make run` costs a machine on which nobody does anything: CPU of all its processes, each second.

Its workers are those of the minute's schedules; on AWS nothing of it runs. A process that ended is counted by its parent.
"""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.row import Row, Size
from infra.local.cloud import LocalCloud
from infra.local.place import Place
from infra.local.processes import children, free_port

MOST_MS = 60
SETTLING = 75  # seconds: the first of each schedule starts its worker
WATCHED = 60
_TICK = os.sysconf("SC_CLK_TCK")


def run(size: Size) -> list[Row]:
    settling, watched = (SETTLING, WATCHED) if size.processes > 1 else (0, 1)
    with tempfile.TemporaryDirectory(prefix="mslj-idle-") as home:
        place = Place(Path(home), free_port(), free_port(), phones_port=free_port())
        with LocalCloud(place) as cloud:
            time.sleep(settling)
            before = _spent(cloud)
            time.sleep(watched)
            after = _spent(cloud)
    each = {name: (after[name] - before[name]) * 1000 / watched for name in after}
    total = sum(each.values())
    parts = ", ".join(
        f"{name} {spent:.0f}" for name, spent in sorted(each.items(), key=lambda kept: -kept[1])
    )
    return [
        Row(
            "local cloud: idle",
            f"≤ {MOST_MS} ms CPU a second",
            f"{total:.0f} ms ({parts})",
            f"an empty town, {watched} s after {settling} s; engines, Lambda workers, pump, phones; without a follower of its log",
            total <= MOST_MS,
        )
    ]


def _spent(cloud: LocalCloud) -> dict[str, float]:
    """Seconds of CPU so far, by part."""
    return {name: sum(map(_cpu, _family(pid))) for name, pid in cloud.pids().items()}


def _family(pid: int) -> list[int]:
    return [pid, *(each for child in children(pid) for each in _family(child))]


def _cpu(pid: int) -> float:
    """User and system, its ended children's too; 0 for one that has just ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15])) / _TICK
