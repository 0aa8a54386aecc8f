"""`make campaign REPORTS=20000 SEED=1`: the town lives through a seeded schedule of faults; a checker that knows no code judges it.

Segments of SEGMENT reports are towns of their own, as many at once as there are cores (`--jobs`), each with an engine of its
own; a segment that is done is not played again, so a long campaign can be resumed, whatever ended it, and a failed one is
kept to be looked at and played again by its seed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from campaign import record
from infra.local.place import ROOT
from infra.local.processes import kill_if

SEGMENT = 250
IN_MEMORY = Path("/dev/shm")
HOME = ROOT / ".local" / "campaign"


def main() -> int:
    chosen = _arguments()
    parts = [
        (chosen.seed * 1000 + n, min(chosen.segment, chosen.reports - n * chosen.segment))
        for n in range(-(-chosen.reports // chosen.segment))
    ]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    failed, begun = 0, time.monotonic()
    with Progress(*columns) as progress, ThreadPoolExecutor(chosen.jobs) as pool:
        bar = progress.add_task("诉求", total=chosen.reports)
        waiting = {pool.submit(_segment, seed, reports, chosen.home): reports for seed, reports in parts}
        for done in as_completed(waiting):
            code, said = done.result()
            failed += bool(code)
            progress.console.print(said, markup=False, highlight=False)
            progress.advance(bar, waiting[done])
    print(_in_sum([_folder(chosen.home, *part) for part in parts], time.monotonic() - begun))
    return 1 if failed else 0


def _in_sum(folders: list[Path], seconds: float) -> str:
    """What a campaign came to, and what nobody in it has done: that is not judged."""
    from campaign.people import RESIDENTS
    from chalicelib.domain.offers.possible import ACTS

    done: list[dict[str, Any]] = [
        json.loads((each / record.SAID).read_text(encoding="utf-8"))
        for each in folders
        if (each / record.SAID).exists()
    ]
    acted = {act for said in done for act in said["acted"]}
    reports, cpu = sum(said["reports"] for said in done), sum(said["cpu"] for said in done)
    never = "、".join(sorted({*ACTS, *RESIDENTS} - acted)) or "没有"
    return (
        f"{len(done)} 段，{reports} 件诉求，本次 {seconds:.0f} 秒；每件 CPU {cpu / max(1, reports):.2f} 秒（含数据库）；"
        f"没有人做过的操作：{never}"
    )


def _folder(home: Path, seed: int, reports: int) -> Path:
    return home / f"{seed}-{reports}"


def _segment(seed: int, reports: int, home: Path) -> tuple[int, str]:
    """Play one and judge it. One that stands there whole is judged again, not played."""
    folder = _folder(home, seed, reports)
    if not (folder / record.SAID).exists():
        scratch = scratch_of(folder)
        clear(folder, scratch)
        for each in (folder, scratch):
            each.mkdir(parents=True)
        command = [sys.executable, "-m", "campaign.segment", str(seed), str(reports), str(folder)]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": "0",  # the same seed, the same order of every set
            "TMPDIR": str(scratch),
            record.RUNNER: str(os.getpid()),
        }
        with (folder / "log").open("w") as log:
            code = subprocess.run(
                command, env=environment, stdout=log, stderr=log, check=False, start_new_session=True
            ).returncode
        clear(scratch)
        if code:
            return code, f"✗ {seed}：没有演完，见 {folder / 'log'}"
    done = subprocess.run(
        [sys.executable, "-m", "campaign.checker", str(folder)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr[-2000:]


def scratch_of(folder: Path) -> Path:
    """Where the engine of a segment keeps its tables: in memory, for what a disk costs is measured elsewhere."""
    base = IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    return base / f"mslj-campaign-{sha256(str(folder).encode()).hexdigest()[:12]}"


def clear(*folders: Path) -> None:
    """What an earlier try left of a segment, also one that was killed: its processes, by their command lines, and its files."""
    for folder in folders:
        for process in Path("/proc").glob("[0-9]*"):
            kill_if(int(process.name), str(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make campaign", description=__doc__)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--segment", type=int, default=SEGMENT, help="reports of a segment")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="segments at once")
    parser.add_argument("--home", type=Path, default=HOME)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
