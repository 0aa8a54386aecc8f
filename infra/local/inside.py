"""Lets a command run as a Lambda of the running local cloud would: the very environment that was deployed, from here."""

import os
import sys
from typing import Any

from infra.local import deploy, running
from infra.local.place import STAGE


def enter() -> dict[str, Any]:
    """Take on the API function's environment, then answer what runs. Call before importing chalicelib's stores.

    Raises NotRunning. For commands on the town's own machine (import, sign-ins, smoke), never for serving requests.
    """
    found = running.get()
    place = running.place_of(found)
    function = deploy.client("lambda", place).get_function_configuration(FunctionName=f"mslj-{STAGE}-api")
    os.environ.update({**place.endpoints, **function["Environment"]["Variables"]})
    return found


def enter_or_end() -> None:
    """The same for a command: where no local cloud runs it says so and ends with status 1."""
    try:
        enter()
    except running.NotRunning as trouble:
        print(trouble, file=sys.stderr)
        raise SystemExit(1) from None
