"""How a process that runs the deployment's functions begins: web, consumer, clock."""

import logging
import os
import sqlite3
from collections.abc import Callable

from chalicelib import logs
from infra.serve import functions, secrets, tables
from infra.serve.home import Home, NotReady, from_environment
from infra.serve.lock import only_one
from infra.serve.waiting import Messages

COUNTED = frozenset({logs.SIGN_IN_FAILED})


def begin(name: str, home: Home, *, watching: bool = True) -> None:
    """What must be there is, the environment is a function's, and its log. `watching` as `functions.prepare`. Raises NotReady."""
    secrets.check_town(home)
    secrets.check_own(home)
    os.environ.update(home.environment)
    functions.prepare(name, watching=watching)
    counting = Counting(Messages(home.folder))
    for ours in logs.OURS:
        logging.getLogger(ours).addHandler(counting)


class Counting(logging.Handler):
    """Counts the lines that AWS makes metrics of (infra/resources/alarms.yaml) and nothing else here would show."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg not in COUNTED:
            return
        try:
            self._messages.count(record.msg, record.created)
        except sqlite3.Error:
            self.handleError(record)  # a full disk: whoever signs in must not fail by what counts it


def run_alone(name: str, run: Callable[[Home], None]) -> int:
    """The `main` of a process of which there is one: `run` is for ever. Answers the exit status; says what is not ready."""
    try:
        home = from_environment()
        with only_one(home, name):
            begin(name, home)
            tables.wait(home)
            run(home)
    except NotReady as trouble:
        print(trouble, flush=True)
        return 1
    return 0
