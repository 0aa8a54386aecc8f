"""`make partners FILES="hotline.csv …"`: partners' files into the running local cloud, a file each, whole or not at all.

What they would change is told first and holds after a yes; `YES=1` says it beforehand. What gives a partner something it
never got waits for a second person's yes here too (rule 93): they find it under 待确认, and the command is run again.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.domain.town_import.plan import Plan
from infra.local import inside
from infra.local.town import ask, tell, told

if TYPE_CHECKING:
    from chalicelib.domain.town.vocabulary import Staff


def register(files: Sequence[Path], says_yes: Callable[[Plan], bool], by: str = "") -> None:
    """Register and print what happened. Inside the local cloud's environment only. Raises Refusal with every bad row."""
    from chalicelib import clock
    from chalicelib.actions.partners import registering

    contents = {file.name: file.read_bytes() for file in files}
    planned = registering.plan(contents, now=clock.now())
    if planned is None:
        print("与现行的登记相同，未改动")
        return
    if not says_yes(planned):
        print("没有改动")
        return
    saved = registering.register(
        contents, plan_id=planned.id, removes=planned.removes, by=_who(by), now=clock.now()
    )
    print("已生效：" + "、".join(partner.title for partner in saved))


def _who(code: str) -> "Staff":
    """The administrator in whose name it is done: the one named, or the town's first. Raises NotFound for nobody."""
    from chalicelib.domain.errors import NotFound
    from chalicelib.domain.town.vocabulary import Role
    from chalicelib.store.town import directory

    admins = [person for person in directory.town().staff if Role.ADMIN in person.roles]
    found = next((person for person in admins if code in ("", person.code)), None)
    if found is None:
        raise NotFound(
            f"没有工号为 {code} 的管理员，请核对" if code else "现行资料里没有管理员，请先导入镇的资料"
        )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument(
        "--by", default="", help="an administrator's code; the town's first where none is named"
    )
    parser.add_argument("--yes", action="store_true", help="put in force without asking")
    chosen = parser.parse_args()
    if missing := [str(file) for file in chosen.files if not file.is_file()]:
        print(f"没有这个文件：{'、'.join(missing)}", file=sys.stderr)
        return 1
    inside.enter_or_end()
    from chalicelib.domain.errors import Refusal

    try:
        register(chosen.files, tell if chosen.yes else ask, chosen.by)
    except EOFError:
        print("没有回答，没有改动；用 YES=1 可以事先确认", file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        for line in refusal.fields:
            print("  ", told(line), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
