"""`make what-if FROM=2026-10-01 UNTIL=2026-10-31 TOWN=folder [STAGE=prod]`: the past once more, under another town's rules.

TOWN holds the tables that are to be tried: clocks.csv, duty.csv, triage.csv, categories.csv or all of them; the rest is the
town in force. UNTIL is the last day. Reads the tickets once from end to end, like a backup, and writes nothing.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from chalicelib.domain.figures.facts import day_of
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.town_import.cells import CHINESE
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.in_force import csv_files_of
from chalicelib.domain.town_import.sheet import Rows
from chalicelib.domain.town_import.sources import stem_of
from infra.local.town import files_of
from infra.production import aws, first_town, whole
from infra.production.aws import Deployment, Refused
from infra.what_if.comparing import compared, said
from infra.what_if.lives import Life
from infra.what_if.ringing import ALERT

_RUNGS = {
    "desk": "工作站", "second_clerk": "第二接待", "handler": "经办人", "backup": "替补", "approver": "批准人",
    "upward": "上报", ALERT: "紧急叫响",
}  # fmt: skip
NAMES = (
    {kind.value: name for kind, name in CLOCK_NAMES.items()}
    | {stage.value: name for stage, name in STAGE_NAMES.items()}
    | dict(zip(map(str, Role), CHINESE[Role], strict=True))
    | _RUNGS
)


def lives(deployment: Deployment, first: date, last: date) -> Iterator[Life]:
    """The tickets received from the first day to the last, with their lines. Reads the table once, from end to end."""
    from chalicelib.store import keys
    from chalicelib.store.table import from_wire
    from chalicelib.store.tickets import tickets

    held: dict[str, Ticket] = {}
    lines: dict[str, list[tuple[str, Event]]] = {}
    for wired in whole.scan(deployment, "tickets"):
        pk, sk = wired["PK"]["S"], wired["SK"]["S"]
        if keys.is_ticket(pk, sk):
            ticket = tickets.load(from_wire(wired))
            if first <= day_of(ticket.received_at) <= last:
                held[pk] = ticket
        elif keys.is_event(sk):
            lines.setdefault(pk, []).append((sk, tickets.load_event(from_wire(wired))))
    for pk, ticket in sorted(held.items()):
        in_order = sorted(lines.get(pk, ()), key=lambda line: line[0])
        yield Life(ticket, tuple(event for _, event in in_order))


def other_town(folder: Path, in_force: Town, text: dict[str, Rows], today: date) -> Town:
    """The town in force with the tables of the folder in the place of its own. Raises Refused with every bad row."""
    try:
        given = files_of(folder)
    except OSError as fault:
        raise Refused(f"{folder} 读不到：{fault.strerror}") from None
    if not given:
        raise Refused(f"{folder} 里没有表格，请放入要试的 clocks.csv、duty.csv 或其他表")
    replaced = {stem_of(name) for name in given}
    ours = {name: content for name, content in csv_files_of(text).items() if stem_of(name) not in replaced}
    read = read_town(ours | given, version=in_force.version, today=today)
    if read.town is None:
        faults = "\n".join(f"{each.file} 第 {each.line} 行：{each.reason}" for each in read.errors)
        raise Refused(f"这些表还不能用，请先改正：\n{faults}")
    return read.town.model_copy(update={"swaps": in_force.swaps})


def _enter(chosen: argparse.Namespace) -> None:
    if chosen.stage == "local":
        from infra.local import inside

        inside.enter()
    else:
        first_town.enter(aws.account(chosen.region, chosen.profile), chosen.stage, chosen.profile)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first")
    parser.add_argument("last")
    parser.add_argument("town", type=Path)
    for name, usual in (("stage", "local"), ("region", ""), ("profile", "")):
        parser.add_argument(f"--{name}", default=usual)
    chosen = parser.parse_args()

    def run() -> None:
        try:
            first, last = date.fromisoformat(chosen.first), date.fromisoformat(chosen.last)
        except ValueError:
            raise Refused("日期格式应为 FROM=2026-10-01 UNTIL=2026-10-31") from None
        if last < first:
            raise Refused("UNTIL 不能早于 FROM")
        deployment = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        _enter(chosen)
        from chalicelib import clock
        from chalicelib.store.town import directory

        now = clock.now()
        in_force = directory.town()
        other = other_town(chosen.town, in_force, directory.get_text(), day_of(now))
        for line in said(compared(lives(deployment, first, last), was=in_force, other=other, now=now), NAMES):
            print(line)

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
