"""What stands around every route: its answer as JSON, its refusals as HTTP, who may come in, and the key that makes it once."""

import functools
from collections.abc import Callable
from typing import Any

from chalice import Response

from chalicelib.api import auth, http
from chalicelib.domain.errors import Invalid, NotFound, Refusal
from chalicelib.store.requests.idempotency import Replay, replay


def responds(
    status: int = 200, allowed: frozenset[Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Decorates a route: its result becomes JSON, a Refusal its own status; anything else a 500 that tells nothing.

    `allowed` are the staff roles that may come in; None leaves signing in to the route. Refusals are mapped here because
    Chalice turns a view's exception into a 500 before any middleware sees it.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def respond(*args: Any, **parameters: Any) -> Response:
            try:
                if allowed is not None:
                    auth.caller(allowed)
                if any(len(part) > http.LONGEST for part in parameters.values()):
                    raise NotFound("没有这个地址，请检查后重试")
                result = view(*args, **parameters)
                return result if isinstance(result, Response) else http.as_json(result, status)
            except Refusal as refusal:
                return http.refused(refusal)
            except Exception as fault:
                return http.fault(fault, view.__name__)

        return respond

    return decorate


def idempotency(who: str, *, required: bool = False) -> Replay | None:
    """The request's Idempotency-Key, scoped to who sends it and to the path. Raises Invalid when it is missing or too long."""
    key = http.header("Idempotency-Key").strip()
    if not key and not required:
        return None
    if not 8 <= len(key) <= 100 or not key.isascii() or not key.isprintable():
        raise Invalid(
            "缺少有效的 Idempotency-Key（8到100个字符）；请刷新页面后重试", fields=["Idempotency-Key"]
        )
    asked = http.request()
    content = f"{asked.method} {asked.path}\n".encode() + (asked.raw_body or b"")
    return replay(who, key, content, http.now())
