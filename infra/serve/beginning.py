"""How a process that runs the deployment's functions begins: web, consumer, clock."""

import os
from collections.abc import Callable

from infra.serve import functions, secrets, tables
from infra.serve.home import Home, NotReady, from_environment
from infra.serve.lock import only_one


def begin(name: str, home: Home, *, watching: bool = True) -> None:
    """What must be there is, the environment is a function's, and its log. `watching` as `functions.prepare`. Raises NotReady."""
    secrets.check_town(home)
    secrets.check_own(home)
    os.environ.update(home.environment)
    functions.prepare(name, watching=watching)


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
