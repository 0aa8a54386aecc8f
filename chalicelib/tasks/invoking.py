"""What every function but the API's does first: it says in the log whose request it goes on with."""

from collections.abc import Callable
from typing import Any

from chalicelib import logs


def follow(invocation: Any, run: Callable[[Any], Any]) -> Any:
    """Middleware: what is done belongs to the request that the input names, else to this run.

    A workflow hands on what a state answers, so the answer names it again.
    """
    given = getattr(invocation, "event", None)
    asked = str(given.get("correlation_id", "")) if isinstance(given, dict) else ""
    with logs.invoked(getattr(invocation, "context", None), asked):
        answer = run(invocation)
    return answer | {"correlation_id": asked} if asked and isinstance(answer, dict) else answer
