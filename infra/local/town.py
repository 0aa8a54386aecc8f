"""`make town TOWN=folder`: import a folder of CSV files into the running local cloud, whole or not at all.

`HAND_OVER="old=new other=new"` names successors of people who leave while they hold open tickets.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local import inside, partners
from infra.local.place import ROOT, from_environment

SAMPLE = ROOT / "town"
NOT_TOWN = {"sample_reports.csv", "training.csv"}  # what the demo reports, what the triage model learns from


def files_of(folder: Path) -> dict[str, bytes]:
    """The folder's CSV files by name, as bytes: whether they are UTF-8 is for the import to say."""
    return {
        file.name: file.read_bytes() for file in sorted(folder.glob("*.csv")) if file.name not in NOT_TOWN
    }


def import_folder(folder: Path, hand_over_to: Mapping[str, str]) -> None:
    """Import and print what happened. Inside the local cloud's environment only. Raises Refusal with every bad row."""
    from chalicelib import clock
    from chalicelib.actions.town.importing import import_town

    files = files_of(folder)
    if folder.resolve() == SAMPLE:
        files = partners.subscribed(files, from_environment())
    report = import_town(files, by="make town", hand_over_to=hand_over_to, now=clock.now())
    told = "与现行资料相同，未改动" if report.unchanged else f"已生效，新发点位码 {report.new_codes} 个"
    print(f"{folder}：{report.places} 个地点、{report.points} 个点位、{report.staff} 名人员，{told}")


def import_sample() -> None:
    """The sample town, unless some town is in force already: a town of one's own outlives the next start."""
    from chalicelib.store.town import directory

    if directory.find_pointer() is None:
        import_folder(SAMPLE, {})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hand-over", default="", help="old=new, several separated by spaces")
    chosen = parser.parse_args()
    if not files_of(chosen.folder):
        print(f"{chosen.folder} 里没有 CSV 文件，请检查文件夹路径", file=sys.stderr)
        return 1
    inside.enter_or_end()
    from chalicelib.domain.errors import Refusal

    try:
        import_folder(chosen.folder, dict(pair.split("=", 1) for pair in chosen.hand_over.split()))
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        for detail in refusal.details.values():
            for line in detail if isinstance(detail, list | tuple) else [detail]:
                print("  ", told(line), file=sys.stderr)
        return 1
    return 0


def told(line: object) -> str:
    if isinstance(line, Mapping):
        return "  ".join(str(value) for value in line.values())
    return str(line)


if __name__ == "__main__":
    sys.exit(main())
