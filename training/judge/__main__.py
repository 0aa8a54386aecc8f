"""`python -m training.judge danger FILE [NAME=value …]`: prints the rows it gets wrong and, as its last line, JSON."""

import csv
import json
import sys
from pathlib import Path
from types import ModuleType

from training.judge import concerned, danger, identity, knowledge, matters

JUDGES: dict[str, ModuleType] = {
    "concerned": concerned,
    "danger": danger,
    "identity": identity,
    "knowledge": knowledge,
    "matters": matters,
}


def main() -> int:
    if len(sys.argv) < 3 or sys.argv[1] not in JUDGES:
        print(f"用法：make judge WHAT={'|'.join(JUDGES)} DATA=文件.csv", file=sys.stderr)
        return 2
    judge, file = JUDGES[sys.argv[1]], Path(sys.argv[2])
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as fault:
        print(f"读不了 {file}：{fault}", file=sys.stderr)
        return 1
    if missing := set(judge.COLUMNS) - set(rows[0] if rows else ()):
        print(f"{file.name}：缺少列 {'、'.join(sorted(missing))}，或没有一行", file=sys.stderr)
        return 1
    options = dict(argument.split("=", 1) for argument in sys.argv[3:])
    counts, wrong = judge.figures(rows, **options)
    print("\n".join(wrong))
    print(json.dumps(counts, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
