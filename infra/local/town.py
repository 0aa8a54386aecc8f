"""`make town TOWN=folder`: import a folder of tables into the running local cloud, whole or not at all.

What it would do is told first and holds after a yes; `YES=1` says it beforehand.
`HAND_OVER="old=new other=new"` names successors of people who leave while they hold open tickets.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from chalicelib.domain.town_import.plan import Plan
from chalicelib.domain.town_import.sources import KINDS
from infra.local import inside, partners
from infra.local.place import ROOT, from_environment

SAMPLE = ROOT / "town"
NOT_TOWN = {"sample_reports.csv", "training.csv"}  # what the demo reports, what the triage model learns from


def files_of(folder: Path) -> dict[str, bytes]:
    """The folder's tables by name, as bytes, of any make; or the one workbook. Temporary files of Excel stay out."""
    files = [folder] if folder.is_file() else sorted(file for file in folder.iterdir() if file.is_file())
    return {
        file.name: file.read_bytes()
        for file in files
        if file.suffix.lower() in KINDS and file.name.lower() not in NOT_TOWN and file.name[0] not in "~."
    }


def import_folder(
    folder: Path, hand_over_to: Mapping[str, str], says_yes: Callable[[Plan], bool] = lambda _: True
) -> None:
    """Import and print what happened. Inside the local cloud's environment only. Raises Refusal with every bad row."""
    from chalicelib import clock
    from chalicelib.actions.town.importing import check, put_in_force

    files = files_of(folder)
    if folder.resolve() == SAMPLE:
        files = partners.subscribed(files, from_environment())
    checked = check(files, hand_over_to=hand_over_to, now=clock.now())
    report = checked.report
    if checked.plan is not None:
        if not says_yes(checked.plan):
            print("没有改动")
            return
        report = put_in_force(checked, by="make town", now=clock.now())
    told = "与现行资料相同，未改动" if report.unchanged else f"已生效，新发点位码 {report.new_codes} 个"
    print(f"{folder}：{report.places} 个地点、{report.points} 个点位、{report.staff} 名人员，{told}")


def import_sample() -> None:
    """The sample town, unless some town is in force already: a town of one's own outlives the next start."""
    from chalicelib.store.town import directory

    if directory.find_pointer() is None:
        import_folder(SAMPLE, {})


def ask(plan: Plan) -> bool:
    """Tell the plan and wait for a yes; where more than a handful of rows go, for their number."""
    for line in plan.lines:
        print(line)
    wanted = str(plan.removes) if plan.must_say else "yes"
    said = f"要删去 {plan.removes} 行，输入 {wanted} 确认" if plan.must_say else "输入 yes 生效"
    return input(f"{said}，其他放弃：").strip().lower() == wanted


def tell(plan: Plan) -> bool:
    """A yes that was said beforehand."""
    print("\n".join(plan.lines))
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hand-over", default="", help="old=new, several separated by spaces")
    parser.add_argument("--yes", action="store_true", help="put in force without asking")
    chosen = parser.parse_args()
    if not chosen.folder.exists() or not files_of(chosen.folder):
        print(f"{chosen.folder} 里没有表格文件，请检查文件夹路径", file=sys.stderr)
        return 1
    inside.enter_or_end()
    from chalicelib.domain.errors import Refusal

    try:
        successors = dict(pair.split("=", 1) for pair in chosen.hand_over.split())
        import_folder(chosen.folder, successors, tell if chosen.yes else ask)
    except EOFError:
        print("没有回答，没有改动；用 YES=1 可以事先确认", file=sys.stderr)
        return 1
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
