"""Runs the deployment's functions in this process, each with the limit of time that it has on AWS."""

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from infra.local.place import ROOT
from infra.serve.home import STAGE

LONGEST = 60  # seconds of a function whose configuration names none
GRACE = 30.0  # seconds beyond its limit before the process ends: nothing can end a thread
HUNG = 70  # exit status of a process that ended itself
_log = logging.getLogger("mslj")


_process = "keeper"


def process() -> str:
    """What this process is to the vault: web, consumer, clock, vault; a command is a keeper."""
    return _process


def be(name: str) -> None:
    """From now on this process is that to the vault."""
    global _process
    _process = name


def prepare(name: str, *, watching: bool = True) -> None:
    """Log lines as on AWS, one JSON object each, and a watch over what hangs. Once a process, before any function.

    Not `watching` where somebody else ends what hangs, as gunicorn does.
    """
    be(name)
    logging.getLogger().addHandler(logging.StreamHandler(sys.stderr))
    import app  # noqa: F401  # gives the handler its form

    if watching:
        threading.Thread(target=watch, daemon=True).start()


def run(name: str, event: Any) -> Any:
    """What the function answers. Raises what it raised."""
    import app

    with timed(name):
        return app.app.handler_map[name](event, Context(name))


def asked(name: str, event: Any) -> tuple[Any, bool]:
    """As one function asks another: its answer, and whether it failed. `reveal` is asked of the vault."""
    from infra.serve.apart import VAULT

    name = name.removeprefix(f"mslj-{STAGE}-")
    if name == "reveal" and process() != "vault":
        answer, failed = VAULT.ask("reveal", event=event)
        return answer, failed
    return answered(name, event)


def answered(name: str, event: Any) -> tuple[Any, bool]:
    """Its answer through JSON, and whether it failed, which is then only named."""
    try:
        return json.loads(json.dumps(run(name, event))), False
    except Exception as fault:
        _log.exception("%s failed", name)
        return {"errorType": type(fault).__name__}, True


class Context:
    """What a function is told of its run."""

    def __init__(self, name: str) -> None:
        self.function_name = name
        self.aws_request_id = os.urandom(16).hex()


# --- limits ---------------------------------------------------------------------------------------------------------

_running: dict[int, tuple[str, float]] = {}


@cache
def limit(name: str) -> float:
    """Seconds that a function may take on AWS."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text(encoding="utf-8"))
    own = config["lambda_functions"].get(name, {})
    return float(own.get("lambda_timeout", config.get("lambda_timeout", LONGEST)))


@contextmanager
def timed(name: str) -> Iterator[None]:
    thread = threading.get_ident()
    _running[thread] = (name, time.monotonic() + limit(name) + GRACE)
    try:
        yield
    finally:
        _running.pop(thread, None)


def watch() -> None:
    """Ends the process when something in it hangs: whoever started it starts it anew, and what was begun comes again."""
    while True:
        time.sleep(1)
        if late := [name for name, until in list(_running.values()) if time.monotonic() > until]:
            _log.error("hung: %s", late[0])
            os._exit(HUNG)
