"""`make campaign REPORTS=20000 SEED=1`: the town lives through a seeded schedule of faults; a checker that knows no code judges it.

Segments of SEGMENT reports are towns of their own, one more at once than there are cores (`--jobs`), each with an engine of
its own; a segment that is done is not played again, so a long campaign can be resumed, whatever ended it, and a failed one is
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
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from campaign import mix, record
from campaign.faults import Rates
from infra.local.place import ROOT
from infra.local.processes import command_line, kill_if

SEGMENT = 250
IN_MEMORY = Path("/dev/shm")
JOBS = (os.cpu_count() or 1) + 1  # each waits for its engine now and then
SCRATCH = "mslj-campaign-"
LEFT_AFTER = 3600.0  # seconds
HOME = ROOT / ".local" / "campaign"


class Part(NamedTuple):
    """A segment: `eventful`, the share of such lives, belongs to its seed."""

    seed: int
    reports: int
    eventful: float


def main() -> int:
    chosen = _arguments()
    clear_left(scratch_base())
    share = mix.eventful(chosen.reports)
    parts = [
        Part(chosen.seed * 1000 + n, min(chosen.segment, chosen.reports - n * chosen.segment), share)
        for n in range(-(-chosen.reports // chosen.segment))
    ]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    failed, begun = 0, time.monotonic()
    with Progress(*columns) as progress, ThreadPoolExecutor(chosen.jobs) as pool:
        bar = progress.add_task("诉求", total=chosen.reports)
        waiting = {pool.submit(_segment, part, chosen.home): part.reports for part in parts}
        for done in as_completed(waiting):
            code, said = done.result()
            failed += bool(code)
            progress.console.print(said, markup=False, highlight=False)
            progress.advance(bar, waiting[done])
    summary, is_whole = in_sum([_folder(chosen.home, part) for part in parts], time.monotonic() - begun)
    print(summary)
    return 0 if is_whole and not failed else 1


def in_sum(folders: list[Path], seconds: float) -> tuple[str, bool]:
    """What a campaign came to: how often each act and each fault happened. False where one happened less often than is owed
    in so many reports: a claim that nothing has tried says nothing.
    """
    done: list[dict[str, Any]] = [
        json.loads((each / record.SAID).read_text(encoding="utf-8"))
        for each in folders
        if (each / record.SAID).exists()
    ]
    acted, dealt = Counter[str](), Counter[str]()
    for said in done:
        acted.update(said["acted"])
        dealt.update(said["dealt"])
    reports, cpu = sum(said["reports"] for said in done), sum(said["cpu"] for said in done)
    memory = max((said.get("memory", 0) for said in done), default=0)  # of an older version: not said
    disk = sum(file.stat().st_size for each in folders for file in each.glob("*")) / 2**20
    lines = [
        f"{len(done)} 段，{reports} 件诉求，本次 {seconds:.0f} 秒；每件 CPU {cpu / max(1, reports):.2f} 秒（含数据库）",
        f"一段最多占内存 {memory} MB（含数据库文件），记录共占磁盘 {disk:.0f} MB",
    ]
    is_whole = True
    from campaign.people import all_acts

    for what, happened, wanted in (("操作", acted, all_acts()), ("故障", dealt, _faults())):
        lines.append(f"{what}：{_listed({name: happened[name] for name in sorted(wanted)})}")
        if lacking := mix.lacking(happened, wanted, reports):
            lines.append(f"✗ 太少的{what}（应至少 {mix.owed(reports)} 次）：{_listed(lacking)}")
            is_whole = False
    return "\n".join(lines), is_whole


def _listed(counts: dict[str, int]) -> str:
    return "、".join(f"{name} {count}" for name, count in counts.items())


def _faults() -> set[str]:
    return {each.name for each in fields(Rates)}


def _folder(home: Path, part: Part) -> Path:
    return home / f"{part.seed}-{part.reports}-{part.eventful:g}"


def _segment(part: Part, home: Path) -> tuple[int, str]:
    """Play one and judge it. One that stands there whole is judged again, not played."""
    folder, seed = _folder(home, part), part.seed
    if not (folder / record.SAID).exists():
        scratch = scratch_of(folder)
        clear(folder, scratch)
        for each in (folder, scratch):
            each.mkdir(parents=True)
        command = [sys.executable, "-m", "campaign.segment", str(seed), str(part.reports), str(folder)]
        command += ["--eventful", str(part.eventful)]
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
    if not done.returncode:
        record.pack(folder)
    return done.returncode, done.stdout + done.stderr[-2000:]


def scratch_of(folder: Path) -> Path:
    """Where the engine of a segment keeps its tables: in memory, for what a disk costs is measured elsewhere."""
    return scratch_base() / f"{SCRATCH}{sha256(str(folder).encode()).hexdigest()[:12]}"


def scratch_base() -> Path:
    return IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())


def clear_left(base: Path, *, at: float | None = None) -> None:
    """What campaigns that were killed, and never called again, left in memory: nobody's engine names it, and it is an hour old."""
    at = time.time() if at is None else at
    for folder in base.glob(f"{SCRATCH}*"):
        is_old = at - folder.stat().st_mtime > LEFT_AFTER
        if is_old and not any(str(folder) in command_line(pid) for pid in process_ids()):
            shutil.rmtree(folder, ignore_errors=True)


def clear(*folders: Path) -> None:
    """What an earlier try left of a segment, also one that was killed: its processes, by their command lines, and its files."""
    for folder in folders:
        for pid in process_ids():
            kill_if(pid, str(folder))
        shutil.rmtree(folder, ignore_errors=True)


def process_ids() -> list[int]:
    return [int(each.name) for each in Path("/proc").glob("[0-9]*")]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make campaign", description=__doc__)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--segment", type=int, default=SEGMENT, help="reports of a segment")
    parser.add_argument("--jobs", type=int, default=JOBS, help="segments at once")
    parser.add_argument("--home", type=Path, default=HOME)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
