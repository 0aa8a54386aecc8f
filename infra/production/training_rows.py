"""`make training-rows TO=file.csv [STAGE=prod] [WHAT=danger]`: what the desk has decided, as rows for `make train DATA=file.csv`.

Read from the tickets themselves, so nothing is kept twice: a row is gone with its case. The file holds what people wrote,
without numbers that identify them, but with any name they wrote: only its owner may read it; delete it after training.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib.domain.tables import writing
from chalicelib.domain.understanding.corrections import (
    COLUMNS,
    DANGER_COLUMNS,
    Row,
    Rows,
    danger_row_of,
    is_decision,
    row_of,
    trainable,
)
from chalicelib.store import keys
from chalicelib.store.table import from_wire
from chalicelib.store.tickets import tickets
from infra.production import aws, whole
from infra.production.aws import Deployment, Refused

FEWEST_LABELS = 2  # with one there is nothing to tell apart, and training refuses


def rows(deployment: Deployment) -> Iterator[Row]:
    """One for every ticket whose category a person has decided, last decision only. Reads the tickets once, from end to end."""
    found: dict[str, Row] = {}
    decided: set[str] = set()
    for wired in whole.scan(deployment, "tickets"):
        pk, sk = wired["PK"]["S"], wired["SK"]["S"]
        if keys.is_ticket(pk, sk) and (row := row_of(tickets.load(from_wire(wired)))):
            found[pk] = row
        elif keys.is_event(sk) and is_decision(tickets.load_event(from_wire(wired))):
            decided.add(pk)
    return (row for pk, row in found.items() if pk in decided)


def write(deployment: Deployment, file: Path) -> Rows:
    """Raises Refused for a file that is there already, and where nothing can be trained on yet."""
    made = trainable(rows(deployment))
    if len({row.label for row in made.kept}) < FEWEST_LABELS:
        raise Refused("还没有足够的工单：至少两个类别，各有 5 张由工作人员定过类别的工单，请过些时候再试")
    _put(file, [COLUMNS, *made.kept])
    return made


def write_dangers(deployment: Deployment, file: Path) -> int:
    """The same of dangers that people have decided, for `make train-danger DATA=file.csv`. How many. Raises Refused likewise."""
    found = (
        danger_row_of(tickets.load(from_wire(wired)))
        for wired in whole.scan(deployment, "tickets")
        if keys.is_ticket(wired["PK"]["S"], wired["SK"]["S"])
    )
    kept = sorted(row for row in found if row)
    if not kept:
        raise Refused("还没有人确认过的危险：是，或者办完后由两个人确认的不是")
    _put(file, [DANGER_COLUMNS, *kept])
    return len(kept)


def _put(file: Path, lines: list[tuple[str, ...]]) -> None:
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise Refused(f"{file} 已存在，请换一个文件名") from None
    except OSError as fault:
        raise Refused(f"{file} 写不进去，请换一个位置：{fault.strerror}") from None
    file.write_bytes(writing.csv_of(lines))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    for name, usual in (("stage", "local"), ("region", ""), ("profile", "")):
        parser.add_argument(f"--{name}", default=usual)
    parser.add_argument("--what", choices=("category", "danger"), default="category")
    chosen = parser.parse_args()

    def run() -> None:
        if chosen.what == "danger":
            kept = write_dangers(aws.deployment(chosen.stage, chosen.region, chosen.profile), chosen.file)
            print(
                f"{chosen.file}：{kept} 条。接着执行 make train-danger DATA={chosen.file}，训练后请删除此文件。"
            )
            return
        made = write(aws.deployment(chosen.stage, chosen.region, chosen.profile), chosen.file)
        print(
            f"{chosen.file}：{len(made.kept)} 条。接着执行 make train DATA={chosen.file}，训练后请删除此文件。"
        )
        if made.few:
            print("不足 5 条、没有写入的类别：" + "、".join(f"{code}（{n}）" for code, n in made.few.items()))

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
