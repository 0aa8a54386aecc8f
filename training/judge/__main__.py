"""`python -m training.judge danger FILE [NAME=value …]`: prints the rows it gets wrong and, as its last line, JSON.

Before that, of what a model hears, what it was worth on writers whom it had not read: of a file that it may have learned from the
counts say less.
"""

import json
import sys
from pathlib import Path
from types import ModuleType

from chalicelib.domain.tables.grid import Unreadable
from training.files import Row, origin, rows_of
from training.judge import concerned, danger, identity, knowledge, matters

JUDGES: dict[str, ModuleType] = {
    "concerned": concerned,
    "danger": danger,
    "identity": identity,
    "knowledge": knowledge,
    "matters": matters,
}


def read(judge: ModuleType, file: Path) -> list[Row]:
    """Raises Unreadable, as a clerk is told it."""
    return rows_of(file, judge.COLUMNS, getattr(judge, "ALSO", ()))


def main() -> int:
    if len(sys.argv) < 3 or sys.argv[1] not in JUDGES:
        print(f"用法：make judge WHAT={'|'.join(JUDGES)} DATA=文件.csv", file=sys.stderr)
        return 2
    judge, file = JUDGES[sys.argv[1]], Path(sys.argv[2])
    options = dict(argument.split("=", 1) for argument in sys.argv[3:] if "=" in argument)
    try:
        counts, wrong = judge.figures(read(judge, file), **options)
    except (OSError, Unreadable) as fault:
        print(f"{file.name}：{fault}", file=sys.stderr)
        return 1
    print("\n".join(wrong))
    if hasattr(judge, "MODEL"):
        print(f"模型单独，每次留出一个写的人：{json.dumps(origin(judge.MODEL)['apart'], ensure_ascii=False)}")
    print(json.dumps(counts, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
