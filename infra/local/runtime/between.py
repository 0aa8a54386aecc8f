"""Where the judge and the plays of the local cloud hear what a function asks of DynamoDB without botocore (store/direct.py).

Standard library only: it runs inside every Lambda worker of the local cloud.
"""

import os
import threading
from collections.abc import Callable
from typing import Any


class Between:
    """What store/direct.py takes for a go-between: all that its own class has, which comes to a worker later than this."""

    at_once = False

    def ask(self, call: Callable[..., Any], operation: str, request: dict[str, Any]) -> Any:
        return call(operation, request)

    def post(self, _operation: str, _body: bytes) -> tuple[int, bytes] | None:
        return None


GO_BETWEENS: list[Any] = []  # of a worker, whose own code comes later than this and takes them over
_inside = threading.local()


def add(between: Any) -> Callable[[], None]:
    """`between` stands above those that came before it. Answers what takes it out again."""
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        kept = GO_BETWEENS
        os.environ["MSLJ_GO_BETWEEN"] = __name__
    else:
        from chalicelib.store import direct

        kept = direct.GO_BETWEENS
    kept.append(between)
    return lambda: kept.remove(between)


def is_inside() -> bool:
    """Whether what botocore is asked now was heard already, when it was asked directly."""
    return getattr(_inside, "asking", False)


def inside(call: Callable[..., Any]) -> Callable[..., Any]:
    """`call`, marked as heard."""

    def marked(*given: Any) -> Any:
        before, _inside.asking = is_inside(), True
        try:
            return call(*given)
        finally:
            _inside.asking = before

    return marked
