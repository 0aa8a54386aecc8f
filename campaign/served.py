"""`make serve-judged FOLDER=… TO=…`: a trial of a town hall's own machine, judged by the campaign's checker.

Reports with photos from scan to close through the running machine, some of its processes killed meanwhile if asked for;
what was asked and answered, what its phone (the log) was told, its tables and its files are left as a campaign leaves
them. Not among it: subscribers, partners and WeChat, which this trial has none of.
"""

import argparse
import os
import re
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag
from typing import Any

from campaign import record
from campaign.checker.__main__ import main as judge
from campaign.record import Record
from chalicelib.domain.model import stamp
from infra.local.play.people import now
from infra.local.processes import wait_until
from infra.serve.home import Home, NotReady, bucket, open_home
from infra.serve.run import answers
from infra.serve.trial import AT_ONCE, PATIENCE, Trial, kill_at_random, log_lines

PATIENT = 900.0  # seconds: on a busy machine the consumer is behind, which is no claim's business
_OF_TICKET = re.compile(r"[0-9A-Z]{26}(?=-)")


class Recorded(Trial):
    """The trial, of which every request and answer is kept."""

    def __init__(self, home: Home, seed: int, kept: Record) -> None:
        super().__init__(home, seed)
        self._kept, self._one_at_a_time = kept, threading.Lock()

    def is_done(self) -> bool:
        return not self._left()

    def _post(self, path: str, body: Any, token: str = "", *, n: int) -> Any:
        who = next((code for code, held in self.people.held() if held == token), f"resident-{n}")
        with self._one_at_a_time:
            sent, at = self._kept.tick(), now()
        answer: Any = None
        status = 0
        try:
            answer = super()._post(path, body, token, n=n)
            status = 201
        except AssertionError as refused:  # what it was answered stands in its words
            status = int(str(refused).partition(": ")[2].split()[0])
            raise
        finally:
            with self._one_at_a_time:
                self._kept.note(
                    record.HISTORY,
                    who=who, method="POST", path=path, key="", body=body, sent=sent, at=stamp(at),
                    answered=self._kept.tick(), until=stamp(now()), status=status, answer=answer, met=[status],
                )  # fmt: skip
        return answer


def keep_the_rest(home: Home, numbers: range, kept: Record) -> None:
    """Who took part, what the log told, the tables and the files, as they stand now."""
    from chalicelib.store import table
    from chalicelib.store.town import directory

    for n in numbers:
        kept.note(
            record.PLANTED, who=f"resident-{n}", name=f"无名氏{n}号", phone=f"138{n:08d}", mark=f"第{n}盏灯"
        )
    phones = {}
    for person in directory.town().staff:
        phones[f"staff:{person.code}"] = person.wecom_id
        roles = [str(role) for role in person.roles]
        kept.note(record.PEOPLE, code=person.code, unit=person.unit, roles=roles, wecom=person.wecom_id)
    for line in log_lines(home.folder / "logs"):
        if line.get("message") == "told" and line["to"] in phones:
            of = _OF_TICKET.match(line["event"])
            body = {"textcard": {"url": f"/{of[0]}"}} if of else {}
            kept.note(
                record.ARRIVED,
                kind="message",
                platform=line["way"],
                to=phones[line["to"]],
                body=body,
                order=kept.tick(),
                at=line["timestamp"],
            )
    for which in (table.Table.TICKETS, table.Table.WORK, table.Table.TRACES):
        for page in table.client().whole.get_paginator("scan").paginate(TableName=which.full_name):
            for item in page["Items"]:
                kept.note(record.TABLES, table=which.value, **table.from_wire(item))
    photos = home.files / bucket("photos")
    for file in sorted(photos.rglob("*")):
        if file.is_file():
            kept.note(record.FILES, key=str(file.relative_to(photos)), bytes="")


def run(folder: Path, to: Path, numbers: range, kill_every: float, seed: int) -> int:
    home = open_home(folder)
    os.environ.update(home.environment)
    os.environ.pop("AWS_LAMBDA_FUNCTION_NAME")  # a command, no function
    if not wait_until(lambda: answers(home), seconds=PATIENCE, step=0.5):
        raise NotReady(f"{home.url} 没有应答，请先启动：make serve FOLDER={home.folder}")
    kept, ends, killed = Record(to), Flag(), Counter[str]()
    trial = Recorded(home, seed, kept)
    killer = threading.Thread(target=kill_at_random, args=(home, kill_every, trial.chance, ends, killed))
    if kill_every:
        killer.start()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(trial.report, numbers))
    ends.set()
    if kill_every:
        killer.join()
    calm = now()
    wait_until(trial.is_done, seconds=PATIENT, step=2)
    trial.settle()
    trial.judge()
    keep_the_rest(home, numbers, kept)
    dealt = {f"kill {name}": times for name, times in killed.items()}
    kept.say(
        seed=seed,
        reports=len(numbers),
        dealt=dealt,
        until=stamp(now()),
        calm=stamp(calm),
        subscribers=[],
        deployed=None,
    )
    kept.close()
    for each in trial.troubles[:20]:
        print(f"✗ {each}")
    return judge(to) or bool(trial.troubles)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("to", type=Path, help="where the record is left")
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--kill", type=float, default=0, help="seconds between two kills; 0: none")
    parser.add_argument(
        "--first", type=int, default=0, help="the number of the first: above those of earlier trials"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    try:
        numbers = range(chosen.first, chosen.first + chosen.reports)
        return run(chosen.folder, chosen.to, numbers, chosen.kill, chosen.seed)
    except NotReady as trouble:
        print(trouble, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
