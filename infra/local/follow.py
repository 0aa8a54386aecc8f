"""Follows a local cloud: what the Lambdas log, and what the engines complain about."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import deploy
from infra.local.place import Place

NOISE = ("START ", "END ", "REPORT ", "INIT_START")
COMPLAINTS = ("WARNING", "ERROR", "Traceback", "gave up", "panicked")
EVERY = 1.0  # seconds


def follow(place: Place) -> Iterator[str]:
    """Lines as they come, for ever. An engine that is down is simply silent."""
    seen: set[str] = set()
    since = int(time.time() * 1000)
    files = {file: file.stat().st_size for file in sorted((place.home / "logs").glob("*.log"))}
    while True:
        yield from _lambda_lines(place, since, seen)
        for file in files:
            lines, files[file] = _new_lines(file, files[file])
            yield from (f"{file.stem}: {line}" for line in lines if any(word in line for word in COMPLAINTS))
        time.sleep(EVERY)


def _lambda_lines(place: Place, since: int, seen: set[str]) -> list[str]:
    logs = deploy.client("logs", place)
    try:
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        events = [
            (event["timestamp"], group.rpartition("/")[2], event["eventId"], event["message"].rstrip())
            for group in groups
            for event in logs.filter_log_events(logGroupName=group, startTime=since)["events"]
        ]
    except (BotoCoreError, ClientError):
        return []
    fresh = [event for event in sorted(events) if event[2] not in seen]
    seen.update(event[2] for event in fresh)
    return [f"{name}: {text}" for _, name, _, text in fresh if text and not text.startswith(NOISE)]


def _new_lines(file: Path, position: int) -> tuple[list[str], int]:
    with file.open(errors="replace") as log:
        log.seek(position)
        return log.read().splitlines(), log.tell()


if __name__ == "__main__":
    from infra.local import running

    for each in follow(running.place_of(running.get())):
        print(each, file=sys.stdout, flush=True)
