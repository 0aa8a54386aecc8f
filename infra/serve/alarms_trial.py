"""`make serve-alarms FOLDER=… [TICKETS=1000]`: so many alarms due at one instant, through a running machine; how late each rang.

The reports are written past the web, all received at one instant a while ahead, so that what rings then is the clock's
work alone. Prints how late the reminders' lines are, the CPU of every process, and the memory that all of them held.
"""

import argparse
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.tickets.actors import Actor
from infra.local.processes import wait_until
from infra.serve import functions
from infra.serve.home import NotReady, open_home
from infra.serve.run import answers
from infra.serve.trial import ROWS, held, spent
from infra.serve.waiting import Executions

LATE = 30.0  # seconds; issue 21
PATIENCE = 900.0
TEXT = "楼道里第{}盏灯有时亮有时不亮，不知道该归哪里管。"


class Rang(NamedTuple):
    """`late`: seconds from the instant that was due to the line of history, None where it never rang."""

    ticket_id: str
    late: float | None


def report(n: int, received_at: datetime) -> str:
    """One report, as the web would write it. Answers its ticket's id."""
    from chalicelib.actions.tickets.reporting import Came, Sent, make_ticket
    from chalicelib.domain.tickets.where import at_place
    from chalicelib.domain.town.vocabulary import ResidentChannel, Source
    from chalicelib.store.requests.idempotency import Replay
    from chalicelib.store.town import directory

    places = directory.town().places
    where = at_place(places[n % len(places)])
    who = f"alarms-{received_at:%H%M%S}-{n}"
    came = Came(where, Source.BROWSER, reporter_id=who, reachable=ResidentChannel.IN_APP)
    replay = Replay(who=who, key=who, content=who, at=received_at)
    return make_ticket(Sent(text=TEXT.format(n)), came, (), replay=replay, now=received_at).id


def rang(ticket_id: str) -> Rang:
    """The first ring of whatever rings first."""
    from chalicelib.store.tickets import tickets

    ticket = tickets.get(ticket_id)
    due = min(rung.at for clock in ticket.clocks for rung in clock.rungs)
    rings = [e.at for _, e in tickets.list_events(ticket_id) if e.by == Actor.MACHINE and "rung" in e.details]
    return Rang(ticket_id, (min(rings) - due).total_seconds() if rings else None)


def run(folder: Path, count: int, lead: float, row: str) -> int:
    home = open_home(folder)
    os.environ.update(home.environment)
    os.environ.pop("AWS_LAMBDA_FUNCTION_NAME")  # a command, no function
    if not wait_until(lambda: answers(home), seconds=60, step=0.5):
        raise NotReady(f"{home.url} 没有应答，请先启动：make serve FOLDER={home.folder}")
    functions.be("web")  # the vault lets no other write who reported
    from chalicelib import clock

    received_at = clock.now().replace(microsecond=0) + timedelta(seconds=lead)
    waiting = Executions(home.folder).counts().get("waiting", 0)
    made = [report(n, received_at) for n in range(count)]
    armed = wait_until(
        lambda: Executions(home.folder).counts().get("waiting", 0) >= waiting + count,
        seconds=PATIENCE,
        step=1,
    )
    left = (received_at - clock.now()).total_seconds()
    print(f"{count} 件已写好，{'都有' if armed else '没有都有'}工作流在等，离收到的时刻还有 {left:.0f} 秒")
    before = spent(home)
    wait_until(lambda: all(rang(each).late is not None for each in made), seconds=PATIENCE, step=5)
    found = sorted(each.late for each in map(rang, made) if each.late is not None)
    costs = {name: seconds - before.get(name, 0) for name, seconds in spent(home).items()}
    memory = sum(held(home).values())
    load = os.getloadavg()[1]
    told = "、".join(f"{name} {each:.0f}" for name, each in sorted(costs.items()) if each >= 0.5)
    print(f"CPU {sum(costs.values()):.0f} 秒（{told}），内存 {memory:.0f} MB，机器负载 {load:.1f}")
    if not found:
        print("✗ 一个都没有响")
        return 1
    middle, last = found[len(found) // 2], found[-1]
    print(f"响了 {len(found)} 个，晚 {middle:.1f} 秒（中位）、{last:.1f} 秒（最晚）")
    if row:
        _keep(row, count, (middle, last), sum(costs.values()), memory, load)
    return 0 if len(found) == count and last <= LATE and left > 0 else 1


HEAD = """
## A thousand alarms at one instant

Each row was written by `make serve-alarms … ROW=name`: tickets whose first rung is due at the same instant. CPU is of
all processes of the machine, from then on until the last rang, with what it told people. `late`: of the line of history.

| row | alarms | late, median | late, last | CPU | memory | load of the machine |
|---|---|---|---|---|---|---|
"""


def _keep(row: str, count: int, late: tuple[float, float], cpu: float, memory: float, load: float) -> None:
    text = ROWS.read_text(encoding="utf-8")
    if "## A thousand alarms" not in text:
        text += HEAD
    kept = [line for line in text.splitlines() if not line.startswith(f"| {row} | {count} |")]
    figures = f"{late[0]:.1f} s | {late[1]:.1f} s | {cpu:.0f} s | {memory:.0f} MB | {load:.1f}"
    kept.append(f"| {row} | {count} | {figures} |")
    ROWS.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument(
        "--lead",
        type=float,
        default=300,
        help="seconds for which the reports lie ahead; they must be written by then",
    )
    parser.add_argument(
        "--row", default="", help="keep what was measured under this name in benchmarks/serving.md"
    )
    chosen = parser.parse_args()
    try:
        return run(chosen.folder, chosen.tickets, chosen.lead, chosen.row)
    except NotReady as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
