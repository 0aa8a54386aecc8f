"""`make bench`: every budget measured on this machine, written to benchmarks/results.md.

`--quick` proves that each benchmark runs and writes nothing; `--only NAME …` runs some of them and writes nothing either.

To add a budget: a file of this folder with `run(size) -> list[Row]`, its name in NAMES. A Row says what is measured, the
budget, the figure, how it came about, and whether it is kept (None: a figure stated apart). How much it does is a field of
`Size`, whose QUICK makes it a matter of seconds: tests/test_benchmarks.py runs each file of NAMES that way.
A `World` (world.py) is the service in this process on dynoxide in town time, a `Stand` the engine with its tables alone.
"""

import argparse
import os
import platform
import subprocess
import time
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn
from rich.table import Table

from benchmarks import prices
from benchmarks.row import QUICK, Row, Size
from chalicelib import clock
from infra.local.engines import DYNOXIDE
from infra.local.place import ROOT

NAMES = (
    "cold_start",
    "package_size",
    "backup",
    "reporting",
    "load",
    "following",
    "photo",
    "idle",
    "lists",
    "detail",
    "life",
    "burst",
    "city",
    "first_paint",
    "candidates",
    "open311",
    "orders",
    "feed",
    "dashboard",
    "trends",
    "classifier",
    "replay_classes",
)
RESULTS = Path(__file__).with_name("results.md")
VERSIONS = ("chalice", "boto3", "botocore", "pydantic")


def measure(names: tuple[str, ...], size: Size) -> list[Row]:
    """One after another: they would disturb each other."""
    rows: list[Row] = []
    with Progress(SpinnerColumn(), *Progress.get_default_columns(), TimeElapsedColumn()) as progress:
        bar = progress.add_task("", total=len(names))
        for name in names:
            progress.update(bar, description=name)
            progress.stop()  # a benchmark may show its own
            rows += import_module(f"benchmarks.{name}").run(size)
            progress.start()
            progress.advance(bar)
    return rows


def show(rows: list[Row]) -> None:
    table = Table("budget", "at most / at least", "measured", "")
    for row in rows:
        table.add_row(row.what, row.budget, row.measured, row.verdict)
    Console().print(table)


def report(rows: list[Row], *, at: datetime, loads: tuple[float, float], seconds: float) -> str:
    """The text of results.md. `loads`: the machine's load average before and after; `seconds`: how long all of it took."""
    missed = [row.what for row in rows if row.passed is False]
    passed = sum(row.passed is True for row in rows)
    lines = [
        "# Measured against the budgets",
        "",
        "Written by `make bench`; do not edit. The budgets are the design's.",
        "",
        *_machine(at, loads, seconds),
        "",
        f"{passed} budgets kept, {len(missed)} missed{': ' + '; '.join(missed) if missed else ''}.",
        "",
        "| what | budget | measured | | how |",
        "|---|---|---|---|---|",
        *(f"| {row.what} | {row.budget} | {row.measured} | {row.verdict} | {row.how} |" for row in rows),
        "",
        *_prices(),
        "",
    ]
    return "\n".join(lines)


def _machine(at: datetime, loads: tuple[float, float], seconds: float) -> list[str]:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    used = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"- {at:%Y-%m-%d %H:%M} Shanghai time, commit `{commit.stdout.strip() or 'unknown'}`; took {seconds / 60:.0f} minutes",
        f"- {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}",
        f"- load average before {loads[0]:.1f}, after {loads[1]:.1f}{_crowded(loads)}",
        f"- Python {platform.python_version()}, {used}, dynoxide {DYNOXIDE}",
    ]


def _crowded(loads: tuple[float, float]) -> str:
    """The benchmarks themselves keep both of two cores busy, so only what was there before tells of others."""
    if loads[0] < (os.cpu_count() or 1) / 2:
        return ""
    return ": others were using the machine too, and times and CPU are worse than they would be alone"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), platform.machine())


def _prices() -> list[str]:
    used = [f"| {name} | {p.dollars:.10g} | {p.unit} | {p.source} |" for name, p in prices.PRICES.items()]
    fixed = [f"| {name} | {dollars:.2f} | {source} |" for name, (dollars, source) in prices.FIXED.items()]
    return [
        "## Prices",
        "",
        "US dollars, us-east-1, list price, no free tier. Not read from AWS itself: each line says where it comes from. The",
        "regions in China have their own list in yuan, of which no copy could be found (2026-11-29): multiply the amounts of a",
        "thousand lives, stated above, by it before deciding anything.",
        "",
        "| what | dollars | for one | source |",
        "|---|---|---|---|",
        *used,
        "",
        "Fixed, a month, whatever is reported:",
        "",
        "| what | dollars | source |",
        "|---|---|---|",
        *fixed,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="prove that each runs; write nothing")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    chosen = parser.parse_args()
    before, started = os.getloadavg()[0], time.monotonic()
    rows = measure(tuple(chosen.only), QUICK if chosen.quick else Size())
    show(rows)
    if not chosen.quick and tuple(chosen.only) == NAMES:
        loads, seconds = (before, os.getloadavg()[0]), time.monotonic() - started
        RESULTS.write_text(report(rows, at=clock.now(), loads=loads, seconds=seconds), encoding="utf-8")
        Console().print(f"→ {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
