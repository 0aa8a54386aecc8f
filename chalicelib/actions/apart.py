"""A workbook is opened in a process of its own: what its library takes of time and memory ends with that, and nobody else.

`python -m chalicelib.actions.apart`: a file on the way in, its packed grids on the way out. The library aborts its process
where it is not given memory: an old workbook of 5 KB and an ODS of 1 KB can ask for more than there is, for they say how
far a sheet reaches or how often a cell is repeated, and no part of them is large. It has no secret of ours to read.
"""

import os
import resource
import sys

from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.packed_grids import is_packed, pack
from chalicelib.domain.tables.workbook import grids_of_workbook

MOST_MEMORY = 800 * 1024 * 1024  # of `run_job`'s gigabyte; 50,000 rows of nine columns take a quarter of it
MOST_SECONDS = 20  # of CPU; the API waits 25
_MOST_WAITED = 60  # on a busy machine
_TOO_MUCH = "表格太大，或没有保存完整；请删去多余的行和列，或分成几个文件，另存为 XLSX 后再试"


def opened(content: bytes) -> bytes:
    """The grids of a workbook, packed, or packed why there are none."""
    import subprocess

    if is_packed(content):  # ours alone pack so, and never send it here
        return pack(Unreadable(_TOO_MUCH))
    command = [sys.executable, "-m", "chalicelib.actions.apart"]
    path = {"PYTHONPATH": os.pathsep.join(filter(None, [os.getcwd(), *sys.path]))}
    try:
        done = subprocess.run(command, input=content, capture_output=True, env=path, timeout=_MOST_WAITED)
    except subprocess.TimeoutExpired:
        return pack(Unreadable(_TOO_MUCH))
    return done.stdout if done.returncode == 0 and is_packed(done.stdout) else pack(Unreadable(_TOO_MUCH))


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    content = sys.stdin.buffer.read()
    try:
        answer = pack(grids_of_workbook(content))
    except Unreadable as unreadable:
        answer = pack(unreadable)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main()
