"""What stands around every route: its answer as JSON, its refusals as HTTP, who may come in, and the key that makes it once."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Literal, overload

from chalice import Response
from pydantic import BaseModel

from chalicelib.api import auth, cursors, http
from chalicelib.api.http import Declared, Key
from chalicelib.domain.errors import Invalid, NotFound, Refusal
from chalicelib.store.requests.idempotency import Replay, replay

_declared: dict[Callable[..., Response], Declared] = {}


def responds(
    status: int = 200,
    allowed: frozenset[Any] | Callable[[], object] | None = None,
    *,
    reads: type[BaseModel] | tuple[type[BaseModel], ...] = (),
    asks: tuple[str, ...] | Mapping[str, type] = (),
    key: Key = Key.NONE,
    own_cursor: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Decorates a route: its result becomes JSON, a Refusal its own status; anything else a 500 that tells nothing.

    `allowed` are the staff roles that may come in, or how else somebody is known (`auth.resident`); None: whoever asks.
    `reads`: the model of the body, or of each act's; `asks`: the query parameters, each with its type where it
    is no text (`queries`); `key`: whether an Idempotency-Key counts.
    `own_cursor`: what a page calls `next` is part of a contract, and leaves as it is; any other is sealed.
    The description is made of these, and what is not declared cannot be read. Refusals are mapped here because Chalice
    turns a view's exception into a 500 before any middleware sees it.
    """
    typed = asks if isinstance(asks, Mapping) else dict.fromkeys(asks, str)
    declared = Declared(status, allowed, reads if isinstance(reads, tuple) else (reads,), typed, key)

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def respond(*args: Any, **parameters: Any) -> Response:
            try:
                http.request().declared = declared
                if isinstance(allowed, frozenset):
                    auth.caller(allowed)
                elif allowed is not None:
                    allowed()
                if any(len(part) > http.LONGEST for part in parameters.values()):
                    raise NotFound("没有这个地址，请检查后重试")
                result = view(*args, **parameters)
                if isinstance(result, Response):
                    return result
                return http.as_json(
                    _sealed(result) if http.AFTER in asks and not own_cursor else result, status
                )
            except Refusal as refusal:
                return http.refused(refusal)
            except Exception as fault:
                return http.fault(fault, view.__name__)

        _declared[respond] = declared
        return respond

    return decorate


def _sealed(page: Any) -> Any:
    return {**page, "next": cursors.sealed(page["next"])} if page.get("next") else page


def declared_of(route: Callable[..., Response]) -> Declared:
    """What a route says of itself."""
    return _declared[route]


@overload
def idempotency(who: str, *, required: Literal[True]) -> Replay: ...
@overload
def idempotency(who: str) -> Replay | None: ...
def idempotency(who: str, *, required: bool = False) -> Replay | None:
    """The request's Idempotency-Key, scoped to who sends it and to the path. Raises Invalid when it is missing or too long."""
    http.need_declared("Idempotency-Key", Key.REQUIRED if required else Key.OPTIONAL)
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
