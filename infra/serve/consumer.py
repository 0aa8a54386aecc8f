"""`python -m infra.serve.consumer`: hands new lines of the tables' streams, and messages that wake a function, to the functions.

Streams in order, at least once; where each was read to is kept after success only. Messages until they are done.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from infra import package
from infra.local import deploy, pump
from infra.local.stream import AT_ONCE, Checkpoint, Record, Stream
from infra.serve import functions
from infra.serve.beginning import run_alone
from infra.serve.files import notice, waiting_uploads
from infra.serve.home import Home, table
from infra.serve.waiting import Messages

IDLE, LONG_IDLE = 0.05, 0.25  # seconds between two looks where nothing came, at first and after a while
log = logging.getLogger("mslj")


class Queue(NamedTuple):
    """As infra/resources say: which function, how many messages at once, how many of it side by side."""

    function: str
    batch: int
    threads: int


QUEUES = {"send": Queue("send", 10, 2), "jobs": Queue("run_job", 1, 1), "photos": Queue("photos", 1, 1)}


def run(home: Home) -> None:
    """For ever: each stream and each queue in threads of its own."""
    messages = Messages(home.folder)
    messages.let_go()
    if lying := [notice(key) for key in waiting_uploads(home)]:
        messages.put("photos", lying)  # twice is once: whoever comes second finds nothing there
    built = package.resources()
    loops = [partial(_follow, home, pump.mapping_of(built, name), name) for name in pump.MAPPINGS]
    for name, queue in QUEUES.items():
        loops += [partial(_serve, messages, name, queue)] * queue.threads
    threads = [threading.Thread(target=_or_end, args=(loop,), daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _or_end(loop: Callable[[], None]) -> None:
    """A loop that cannot go on takes the process with it, which is started anew: no half of it is ever missing."""
    try:
        loop()
    except BaseException:
        log.exception("a loop of the consumer ended")
        os._exit(1)


# --- streams ----------------------------------------------------------------------------------------------------------


def places(home: Home) -> dict[str, Path]:
    """Where each stream's reader keeps how far it is."""
    return {name: home.folder / "read" / f"{name}.json" for name in pump.MAPPINGS}


def _follow(home: Home, mapping: pump.Mapping, name: str) -> None:
    function = mapping.function.rpartition("-")[2]
    checkpoint = Checkpoint(places(home)[name])
    checkpoint.file.parent.mkdir(exist_ok=True, mode=0o700)
    source = table(mapping.table.rpartition("-")[2])
    stream = Stream(deploy.client("dynamodbstreams", home.place), source, AT_ONCE, checkpoint)
    reader = pump.Pump(mapping, checkpoint, lambda records: _invoked(function, records), _never_given_up)
    reader.follow(stream, pump.Pauses(IDLE, LONG_IDLE, 0.5))


def _invoked(function: str, records: list[Record]) -> int | None:
    """The index of the first record that failed, None for success."""
    try:
        return pump.first_failure(records, functions.run(function, {"Records": records}))
    except Exception as fault:
        log.error("%s failed on %d records: %s", function, len(records), type(fault).__name__)
        return 0


def _never_given_up(record: Record) -> None:
    """The mappings try for ever; one that does not must be thought about first."""
    raise NotImplementedError(record["dynamodb"]["SequenceNumber"])


# --- queues -----------------------------------------------------------------------------------------------------------


def _serve(messages: Messages, name: str, queue: Queue) -> None:
    pause = IDLE
    while True:
        batch = messages.claim(name, queue.batch, time.time())
        if not batch:
            time.sleep(pause)
            pause = min(pause * 1.1, LONG_IDLE)
            continue
        pause = IDLE
        records = [{"messageId": str(each.id), "body": each.body} for each in batch]
        try:
            answer: Any = functions.run(queue.function, {"Records": records})
        except Exception as fault:
            log.error("%s failed: %s", queue.function, type(fault).__name__)
            continue  # all of them come again
        failed = {each["itemIdentifier"] for each in (answer or {}).get("batchItemFailures", [])}
        messages.done([each.id for each in batch if str(each.id) not in failed])


def main() -> int:
    return run_alone("consumer", run)


if __name__ == "__main__":
    raise SystemExit(main())
