"""`make campaign REPORTS=20000 SEED=1`: the town lives through a seeded schedule of faults; a checker that knows no code judges it.

Segments of SEGMENT reports are towns of their own, as many at once as there are cores; a segment that is done is not played
again, so a long campaign can be resumed, and a failed one is kept to be looked at and played again by its seed.
"""

import argparse
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from campaign import record
from infra.local.place import ROOT

SEGMENT = 250
IN_MEMORY = Path("/dev/shm")
HOME = ROOT / ".local" / "campaign"


def main() -> int:
    chosen = _arguments()
    parts = [
        (chosen.seed * 1000 + n, min(SEGMENT, chosen.reports - n * SEGMENT))
        for n in range(-(-chosen.reports // SEGMENT))
    ]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    failed = 0
    with Progress(*columns) as progress, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        bar = progress.add_task("诉求", total=chosen.reports)
        waiting = {pool.submit(_segment, seed, reports, chosen.home): reports for seed, reports in parts}
        for done in as_completed(waiting):
            code, said = done.result()
            failed += bool(code)
            progress.console.print(said, markup=False, highlight=False)
            progress.advance(bar, waiting[done])
    return 1 if failed else 0


def _segment(seed: int, reports: int, home: Path) -> tuple[int, str]:
    """Play one and judge it. One that stands there whole is judged again, not played."""
    folder = home / f"{seed}-{reports}"
    if not (folder / record.SAID).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = [sys.executable, "-m", "campaign.segment", str(seed), str(reports), str(folder)]
        environment = {**os.environ, "PYTHONHASHSEED": "0"}  # the same seed, the same order of every set
        if IN_MEMORY.is_dir():  # what a disk costs is measured elsewhere
            environment["TMPDIR"] = str(IN_MEMORY)
        with (folder / "log").open("w") as log:
            code = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False).returncode
        if code:
            return code, f"✗ {seed}：没有演完，见 {folder / 'log'}"
    done = subprocess.run(
        [sys.executable, "-m", "campaign.checker", str(folder)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr[-2000:]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make campaign", description=__doc__)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, default=HOME)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
