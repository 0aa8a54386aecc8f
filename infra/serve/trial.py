"""`make serve-trial FOLDER=… [REPORTS=100] [KILL=3]`: reports through a running machine from scan to close, then looked at one by one.

Every report that was acknowledged is there once, with a history without a gap; everybody was told each thing once; nothing
is left to do. `KILL`: seconds between two kill -9 of a process, another one each time. Prints what it cost.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

from chalicelib.domain.tickets.ticket import ENDED
from chalicelib.store import keys
from infra.local import pump
from infra.local.place import ROOT
from infra.local.play.caller import Caller
from infra.local.play.people import People, take_photo
from infra.local.play.walk import Walk
from infra.local.processes import children, command_line, wait_until
from infra.serve.apart import VAULT
from infra.serve.home import FOLDER, Home, NotReady, open_home, table
from infra.serve.run import answers
from infra.serve.waiting import Executions, Messages

AT_ONCE = 4  # residents
PATIENCE = 60.0  # seconds for which a phone asks again
SETTLED_WITHIN = 120.0
TICKS = os.sysconf("SC_CLK_TCK")
TEXT = "楼道里第{}盏灯不亮，老人看不清台阶，请来修。"


class Trial:
    def __init__(self, home: Home, seed: int) -> None:
        self.home = home
        self.caller, self.people = Caller(home.url, patience=PATIENCE), People()
        self.chance = random.Random(seed)
        self.reported: dict[str, str] = {}  # ticket by the key of its report
        self.photos: list[tuple[str, str]] = []  # with whose they are
        self.troubles: list[str] = []
        self.codes = _codes()
        self.people.sign_in_all()

    def report(self, n: int) -> None:
        """One resident's whole way: photo, report, the handler's work, and whether it is solved."""
        try:
            self._report(n)
        except Exception as fault:
            self.troubles.append(f"report {n}: {fault!r}")

    def _report(self, n: int) -> None:
        resident = self._post("/api/sessions", {}, n=n)["token"]
        photo, stored = take_photo(self.caller, resident, shade=n % 200)
        if stored.status != 201:
            raise AssertionError(f"the photo was answered {stored.status} {stored.raw[:200]!r}")
        self.photos.append((photo, resident))
        said = {"point": self.codes[n % len(self.codes)], "text": TEXT.format(n), "photos": [photo]}
        ticket = self._post("/api/tickets", said | {"contact": {"phone": f"138{n:08d}"}}, resident, n=n)
        self.reported[f"{n}"] = ticket["id"]
        handler = _handler(ticket["id"])
        if handler is None:  # left to the desk, which is not among the players
            self._post(f"/api/tickets/{ticket['id']}/withdraw", {}, resident, n=n)
            return
        token = self.people.token(handler)
        after, _ = take_photo(self.caller, token, shade=n % 190)
        for act, body in (
            ("take", {}),
            ("arrived", {}),
            ("unit-feedback", {"text": "已到现场，今天修好"}),
            ("resolve", {"note": "修好了", "photos": [after]}),
        ):
            self._post(f"/staff/tickets/{ticket['id']}/{act}", body, token, n=n)
        rating = {"solved": True, "satisfied": True, "words": "谢谢"}
        self._post(f"/api/tickets/{ticket['id']}/rating", rating, resident, n=n)

    def _post(self, path: str, body: Any, token: str = "", *, n: int) -> Any:
        """Every resident with an address of the own, as the proxy would tell it."""
        key = f"trial-{os.getpid()}-{n}-{path[-40:].replace('/', '.')}"
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key[:100],
            "X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
        }
        answer = self.caller.ask("POST", path, token, json.dumps(body).encode(), headers)
        if not answer.ok:
            raise AssertionError(f"{path}: {answer.status} {answer.code} {answer.body.get('message')}")
        return answer.body

    # --- afterwards

    def settle(self) -> float:
        """Until nothing is left to do. Answers how many seconds it took; the troubles name what is left."""
        begun = time.monotonic()
        while (left := self._left()) and time.monotonic() - begun < SETTLED_WITHIN:
            time.sleep(0.5)
        if left:
            self.troubles.append(f"still to do: {left}")
        return time.monotonic() - begun

    def _left(self) -> dict[str, int]:
        left = Messages(self.home.folder).counts() | {"unread": _unread(self.home)}
        if not any(left.values()):
            asked = (self.caller.get(f"/api/photos/{photo}", token) for photo, token in self.photos)
            left["photos"] = sum(not answer.ok for answer in asked)
        return {name: n for name, n in left.items() if n}

    def judge(self) -> None:
        from chalicelib.store.tickets import tickets

        if len(set(self.reported.values())) != len(self.reported):
            self.troubles.append("two reports became one ticket")
        for each in self.reported.values():
            ticket, events = tickets.get(each), tickets.list_events(each)
            versions = sorted({version for version, _ in events})
            if versions != list(range(1, ticket.version + 1)):
                self.troubles.append(f"{each}: the history has gaps, {versions} of {ticket.version}")
            if ticket.stage not in ENDED:
                self.troubles.append(f"{each}: it ended as {ticket.stage}")
        known = _contacts()
        for n, each in self.reported.items():
            if known.get(each) != [f"138{int(n):08d}"]:
                self.troubles.append(
                    f"{each}: the vault holds {len(known.get(each, []))} contacts, or another's"
                )
        for what, times in self._told().items():
            if times != 1:
                self.troubles.append(f"told {times} times: {what}")
        if (failed := Executions(self.home.folder).counts().get("failed", 0)) > 0:
            self.troubles.append(f"{failed} executions failed")

    def _told(self) -> Counter[tuple[str, ...]]:
        """What went out of the door, as the log channel wrote it: that is the phone here."""
        told: Counter[tuple[str, ...]] = Counter()
        for line in log_lines(self.home.folder / "logs"):
            if line.get("message") == "told":
                told[line["event"], line["to"], line["way"], line["template"]] += 1
        return told


# --- what it costs ----------------------------------------------------------------------------------------------------


def processes(home: Home) -> dict[int, str]:
    """Every process that was started for this folder, by what it is."""
    marks = {
        "infra.serve.consumer": "consumer",
        "infra.serve.clock": "clock",
        "infra.serve.vault": "vault",
        "infra.serve.door": "door",
        f"--db-path {home.tables}": "tables",
        "--db-path": "vault",
    }
    found = _web(home)
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (entry / "environ").read_bytes()
        except (OSError, ValueError):
            continue
        name = next((name for mark, name in marks.items() if mark in command), "")
        if name and f"{FOLDER}={home.folder}\0".encode() in environment + b"\0":
            found[int(entry.name)] = name
    return found


def _web(home: Home) -> dict[int, str]:
    """gunicorn and its workers, which call themselves as they like."""
    try:
        first = int((home.folder / "locks" / "web.pid").read_text())
    except (OSError, ValueError):
        return {}
    alive = [pid for pid in (first, *children(first)) if "gunicorn" in command_line(pid)]
    return dict.fromkeys(alive, "web")


def spent(home: Home) -> dict[str, float]:
    """CPU seconds by kind of process, of those that live now."""
    seconds: dict[str, float] = defaultdict(float)
    for pid, name in processes(home).items():
        with suppress(OSError):  # it died meanwhile
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            seconds[name] += (int(fields[11]) + int(fields[12])) / TICKS
    return dict(seconds)


def held(home: Home) -> dict[str, float]:
    """MB by kind of process; what several share is divided among them (PSS)."""
    megabytes: dict[str, float] = defaultdict(float)
    for pid, name in processes(home).items():
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            megabytes[name] += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
    return dict(megabytes)


def kill_at_random(home: Home, every: float, chance: random.Random, ends: Flag, killed: Counter[str]) -> None:
    while not ends.wait(every):
        found = sorted(processes(home).items())
        if not found:
            continue
        name = chance.choice(sorted({name for _, name in found}))
        pid = chance.choice([pid for pid, its in found if its == name])
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        killed[name] += 1


# --- the machine's own memory -----------------------------------------------------------------------------------------


def _codes() -> list[str]:
    from chalicelib.store.town import directory, points

    return sorted(points.active_codes(place.code for place in directory.list_points()).values())


def _handler(ticket_id: str) -> str | None:
    """Read past the API: as patient with killed tables as a phone is."""
    from chalicelib.store.faults import is_passing
    from chalicelib.store.tickets import tickets

    until = time.monotonic() + PATIENCE
    while True:
        try:
            return tickets.get(ticket_id).handler_id
        except Exception as fault:
            if not is_passing(fault) or time.monotonic() > until:
                raise
            time.sleep(0.5)


def _contacts() -> dict[str, list[str]]:
    """The phones that the vault holds, by ticket."""
    found: dict[str, list[str]] = defaultdict(list)
    request: dict[str, Any] = {"TableName": table("identities")}
    while True:
        page = VAULT.ask("table", operation="Scan", request=request)
        for item in page["Items"]:
            pk, sk = item["PK"]["S"], item["SK"]["S"]
            is_contact = keys.is_ticket_pk(pk) and sk.startswith(keys.CONTACTS)
            if is_contact and item.get("phone", {}).get("S"):
                found[keys.ticket_id_of(pk)].append(item["phone"]["S"])
        if "LastEvaluatedKey" not in page:
            return found
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _unread(home: Home) -> int:
    """How many lines of the tickets' stream the consumer has not passed yet."""
    with closing(sqlite3.connect(f"file:{home.tables}?mode=ro", uri=True, timeout=30)) as db:
        place = home.folder / "read" / f"{pump.TICKET_EVENTS}.json"
        kept = json.loads(place.read_text()) if place.exists() else {"after": "-1"}  # it has not begun
        asked = "SELECT count(*) FROM _stream_records WHERE table_name = ? AND CAST(sequence_number AS INTEGER) > ?"
        return int(db.execute(asked, (table("tickets"), int(kept["after"]))).fetchone()[0])


def log_lines(logs: Path) -> Iterator[dict[str, Any]]:
    """What the machine's processes logged, in no order over the files."""
    for file in sorted(logs.glob("*.log*")):
        for text in file.read_text(errors="replace").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict):
                yield line


def run(home: Home, reports: int, kill_every: float, seed: int, *, walks: bool, row: str = "") -> int:
    os.environ.update(home.environment)
    os.environ.pop("AWS_LAMBDA_FUNCTION_NAME")  # a command, no function
    if not wait_until(lambda: answers(home), seconds=PATIENCE, step=0.5):
        raise NotReady(f"{home.url} 没有应答，请先启动：make serve FOLDER={home.folder}")
    trial, ends, killed = Trial(home, seed), Flag(), Counter[str]()
    surprises = Walk(trial.caller, trial.people).run() if walks else 0
    before, begun = spent(home), time.monotonic()
    killer = Thread(target=kill_at_random, args=(home, kill_every, trial.chance, ends, killed))
    if kill_every:
        killer.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(trial.report, range(reports)))
    ends.set()
    if kill_every:
        killer.join()
    took = time.monotonic() - begun
    settled = trial.settle()
    trial.judge()
    _tell(home, trial, (took, settled), killed, before, row)
    return 1 if trial.troubles or surprises else 0


ROWS = ROOT / "benchmarks" / "serving.md"
HEAD = """# A town hall's own machine, measured

Each row was written by `make serve-trial … ROW=name`: reports with two photos each, from scan to close, four
residents at a time, on the machine that the row was made on ({cores} cores here). `until done`: from the last answer until
nothing was left to do. CPU is of all processes of the machine, whoever asked apart. Memory is shared out (PSS).

| row | reports | reports a second | until done | CPU a report | memory | load of the machine before |
|---|---|---|---|---|---|---|
"""


def _keep(row: str, n: int, took: tuple[float, float], cpu: float, memory: float) -> None:
    """One row a name: a new one takes the place of the old."""
    text = ROWS.read_text(encoding="utf-8") if ROWS.exists() else HEAD.format(cores=os.cpu_count())
    kept = [line for line in text.splitlines() if not line.startswith(f"| {row} |")]
    load = os.getloadavg()[1]
    kept.append(
        f"| {row} | {n} | {n / took[0]:.1f} | {took[1]:.0f} s | {1000 * cpu / n:.0f} ms | {memory:.0f} MB | {load:.1f} |"
    )
    ROWS.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _tell(
    home: Home,
    trial: Trial,
    took: tuple[float, float],
    killed: Counter[str],
    before: dict[str, float],
    row: str,
) -> None:
    n = len(trial.reported)
    print(f"{n} 件上报走完全程 {took[0]:.1f} 秒，之后 {took[1]:.1f} 秒全部做完")
    if killed:
        print("强行杀掉：" + "、".join(f"{name} {times} 次" for name, times in sorted(killed.items())))
    else:  # of processes that were killed nobody knows what they spent
        costs = {name: seconds - before.get(name, 0) for name, seconds in spent(home).items()}
        told = "、".join(f"{name} {1000 * each / max(n, 1):.0f}" for name, each in sorted(costs.items()))
        print(f"每件 CPU {1000 * sum(costs.values()) / max(n, 1):.0f} 毫秒（{told}）")
    memory = held(home)
    if row and not killed and n:
        cpu = sum(spent(home).values()) - sum(before.values())
        _keep(row, n, took, cpu, sum(memory.values()))
    told = "、".join(f"{name} {each:.0f}" for name, each in sorted(memory.items()))
    print(f"内存 {sum(memory.values()):.0f} MB（{told}）")
    for each in trial.troubles[:20]:
        print(f"✗ {each}")
    print("没有遗漏，没有重复" if not trial.troubles else f"有 {len(trial.troubles)} 处不对")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--kill", type=float, default=0, help="seconds between two kills; 0: none")
    parser.add_argument(
        "--walk", action="store_true", help="first the walk of `make smoke`, refusals and all"
    )
    parser.add_argument(
        "--row", default="", help="keep what was measured under this name in benchmarks/serving.md"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    try:
        return run(
            open_home(chosen.folder),
            chosen.reports,
            chosen.kill,
            chosen.seed,
            walks=chosen.walk,
            row=chosen.row,
        )
    except NotReady as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
