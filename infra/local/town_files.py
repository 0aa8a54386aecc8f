"""`make town-files TO=folder`: the town's tables in force, from the running local cloud, as one workbook or as CSV files."""

import argparse
import sys
from pathlib import Path

from infra.local import inside

BOOK = "town.xlsx"


def write(to: Path, form: str) -> list[Path]:
    """Write them and answer where. Inside the local cloud's environment only. Raises Refusal, FileExistsError.

    A folder that holds tables already stays as it is: two copies of a table would be refused by the next import.
    """
    from chalicelib.domain.town_import import in_force
    from chalicelib.store.town import directory
    from infra.local.town import files_of

    if to.exists() and (not to.is_dir() or files_of(to)):
        raise FileExistsError(to)
    text = directory.get_text()
    files = in_force.csv_files_of(text) if form == "csv" else {BOOK: in_force.workbook_of(text)}
    to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (to / name).write_bytes(content)
    return [to / name for name in files]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("to", type=Path)
    parser.add_argument("--form", choices=("xlsx", "csv"), default="xlsx")
    chosen = parser.parse_args()
    inside.enter_or_end()
    from chalicelib.domain.errors import Refusal

    try:
        written = write(chosen.to, chosen.form)
    except FileExistsError:
        print(f"{chosen.to} 里已有表格，请换一个空文件夹", file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    print(f"已写好 {len(written)} 个文件：" + "、".join(str(file) for file in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
