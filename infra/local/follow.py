"""Follows a local cloud: what the Lambdas log, and what the engines complain about."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import deploy
from infra.local.place import Place

NOISE = ("START ", "END ", "REPORT", "INIT_START")  # sitecustomize writes REPORT alone
COMPLAINTS = ("WARNING", "ERROR", "Traceback", "gave up", "panicked")
HARMLESS = "[kms] cryptography package not installed"  # only for signing, which nothing here does
TOLD = ("told", "delivery")  # of what goes well, what a person waits for
OF_EVERY_LINE = frozenset(
    {
        *("message", "level", "location", "timestamp", "service", "function_name", "function_request_id"),
        *("correlation_id", "_aws", "Deliveries"),
    }
)
EVERY = 3.0  # seconds; each look asks for the lines of every function


def follow(place: Place) -> Iterator[str]:
    """Lines as they come, for ever. An engine that is down is simply silent."""
    lambdas = Lambdas(place)
    files = {file: file.stat().st_size for file in sorted((place.home / "logs").glob("*.log"))}
    while True:
        yield from lambdas.new_lines()
        for file in files:
            lines, files[file] = _new_lines(file, files[file])
            yield from (f"{file.stem}: {line}" for line in lines if _is_complaint(line))
        time.sleep(EVERY)


class Lambdas:
    """What the functions logged since the last look."""

    def __init__(self, place: Place) -> None:
        self.logs = deploy.client("logs", place)
        self.since = int(time.time() * 1000)  # milliseconds
        self.seen: set[tuple[int, str, str]] = set()

    def new_lines(self) -> list[str]:
        try:
            groups = [group["logGroupName"] for group in self.logs.describe_log_groups()["logGroups"]]
            found = {line for group in groups for line in self._lines(group)}
        except (BotoCoreError, ClientError):
            return []
        fresh = sorted(found - self.seen)
        if fresh:
            self.since = fresh[-1][0]
            self.seen = {line for line in found if line[0] >= self.since}
        told = ((name, said(text)) for _, name, text in fresh if not text.startswith(NOISE))
        return [f"{name}: {words}" for name, words in told if words]

    def _lines(self, group: str) -> Iterator[tuple[int, str, str]]:
        name = group.rpartition("/")[2]
        for event in self.logs.filter_log_events(logGroupName=group, startTime=self.since)["events"]:
            yield event["timestamp"], name, event["message"].rstrip()


def said(text: str) -> str:
    """A line as a person reads it: one of ours (chalicelib/logs.py) in short, and of what is only noted what is TOLD."""
    try:
        line = json.loads(text)
    except ValueError:
        return text
    if not isinstance(line, dict) or "message" not in line:
        return text
    if line.get("level") == "INFO" and line["message"] not in TOLD:
        return ""
    about = (f"{name}={value}" for name, value in line.items() if name not in OF_EVERY_LINE)
    return " ".join([str(line["message"]), *about])


def _is_complaint(line: str) -> bool:
    return HARMLESS not in line and any(word in line for word in COMPLAINTS)


def _new_lines(file: Path, position: int) -> tuple[list[str], int]:
    with file.open(errors="replace") as log:
        log.seek(position)
        return log.read().splitlines(), log.tell()


if __name__ == "__main__":
    from infra.local import running

    for each in follow(running.place_of(running.get())):
        print(each, file=sys.stdout, flush=True)
