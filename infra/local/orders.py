"""`make import-orders FILE=… PARTNER=…`: a partner's export into the running local cloud, as one job with its progress.

Good rows are taken in, every other is told. Killed, the job goes on by itself; `--job ID` watches it again.
"""

import argparse
import sys
import time
from pathlib import Path

from infra.local import inside, partners, running


def start(file: Path, partner: str) -> str:
    """The job's id; what was read is told. Raises Refusal where no row can be taken in."""
    from chalicelib import clock
    from chalicelib.actions.partners import orders
    from chalicelib.ids import new_id

    read, job_id = orders.read_file(partner, file.read_bytes()), new_id()
    orders.import_file(partner, read, by="command", known_as=job_id, now=clock.now())
    first, last = read.orders[0][1].number, read.orders[-1][1].number
    print(f"读到 {read.rows} 行，导入 {len(read.orders)} 行，第一条 {first}，最后一条 {last}")
    for passed in read.passed:
        print(f"  第 {passed.line} 行跳过：{passed.why}")
    for name in read.beside:
        print(f"  工作表“{name}”没有读，请另存为单独的文件再导入", file=sys.stderr)
    for trouble in read.to_check:
        print(f"  第 {trouble.row} 行待核：{trouble.message}", file=sys.stderr)
    print(f"作业 {job_id}；中断后用 --job {job_id} 接着看")
    return job_id


def watch(job_id: str) -> None:
    """Its progress until it is through."""
    from chalicelib.store import jobs

    while True:
        progress = jobs.find(job_id)
        done = len(progress.done)
        print(f"\r{done}/{progress.job.chunks} 段 {dict(progress.counts)}", end="", flush=True)
        if progress.finished_at is not None:
            break
        time.sleep(1)
    print()
    after = None
    while True:
        troubles, after = jobs.list_troubles(job_id, after=after)
        for trouble in troubles:
            print(f"  第 {trouble.row} 行没有导入：{trouble.message}", file=sys.stderr)
        if after is None:
            return


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--partner", default="")
    parser.add_argument("--job", default="")
    chosen = parser.parse_args()
    if not chosen.job and (chosen.file is None or not chosen.file.is_file()):
        print("请指定要导入的文件，例如 make import-orders FILE=orders.xlsx PARTNER=hotline", file=sys.stderr)
        return 1
    inside.enter_or_end()
    from chalicelib.domain.errors import Refusal

    try:
        partners.know(running.place_of(running.get()))
        watch(chosen.job or start(chosen.file, chosen.partner))
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        for fault in refusal.fields:
            if isinstance(fault, dict):
                print(f"  第 {fault['row']} 行：{fault['message']}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
