"""What every route shares: reading a request, answering, and turning refusals into HTTP in one place."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from chalice import BadRequestError, Response
from chalice.app import handle_extra_types
from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib import clock, logs
from chalicelib.api import cursors
from chalicelib.api.field_names import UNKNOWN, field_name
from chalicelib.domain.errors import BadRequest, Invalid, Refusal
from chalicelib.domain.identity.addresses import caller_address
from chalicelib.gateways import deployment
from chalicelib.store.faults import is_passing

log = logging.getLogger(__name__)
Body = TypeVar("Body", bound=BaseModel)
Responded = TypeVar("Responded")
_request: ContextVar[Any] = ContextVar("request")
AFTER = "after"  # the parameter that goes on with a list
LONGEST = 200  # characters of anything in a path or a query: all of it is looked up as a key; a cursor may be ten times that


IN_JSON = "application/json; charset=utf-8"
# No browser guesses what an answer is, and none comes back without TLS once it came with it.
GUARDED = {"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000"}


class RequestBody(BaseModel):
    """A body as the API accepts it: unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, defer_build=True, protected_namespaces=()
    )


class Key(StrEnum):
    """Whether a route heeds an Idempotency-Key: the same key again answers as the first time."""

    NONE = ""
    OPTIONAL = "optional"
    REQUIRED = "required"


class Declared(NamedTuple):
    """What a route says of itself in its decorator, `routes.responds`."""

    status: int
    allowed: frozenset[Any] | Callable[[], object] | None
    reads: tuple[type[BaseModel], ...]
    asks: Mapping[str, type]
    key: Key


class Tagged(Response, Generic[Responded]):
    """A response with a schema as JSON and its tag, or 304 to whoever has it already."""


def remember_request(request: Any, get_response: Callable[[Any], Response]) -> Response:
    """Middleware: makes the current request known to `request()` for as long as it is served, and notes how it ended."""
    token, begun = _request.set(request), time.monotonic()
    try:
        with logs.invoked(request.lambda_context, str(request.context.get("requestId", ""))):
            response = get_response(request)
            response.headers = {**GUARDED, **response.headers}
            _note(request, response, begun)
            return response
    finally:
        _request.reset(token)


def _note(request: Any, response: Response, begun: float) -> None:
    """By the route as it is written: a path as asked may name a code or a file of somebody's."""
    took = round((time.monotonic() - begun) * 1000)
    route = request.context.get("resourcePath", "")
    log.info(
        "answered", extra=logs.about(method=request.method, route=route, status=response.status_code, ms=took)
    )


def request() -> Any:
    return _request.get()


def need_declared(name: str, what: object) -> None:
    """Raises LookupError for what a route reads and does not declare: the description would not tell of it."""
    declared: Declared | None = getattr(request(), "declared", None)
    if declared is not None and what not in (*declared.reads, *declared.asks.items(), declared.key):
        raise LookupError(f"{name} is read, and the route does not declare it")


def header(name: str) -> str:
    return str(request().headers.get(name, ""))


def parameter(name: str, kind: type = str) -> str | None:
    """A query parameter as it was written; an empty one counts as absent. Raises Invalid for one that is too long."""
    need_declared(name, (name, kind))
    value = (request().query_params or {}).get(name) or None
    if value is not None and len(value) > (LONGEST * 10 if name == AFTER else LONGEST):
        raise Invalid(f"参数 {name} 太长，请检查后重试", fields=[name])
    return value


def cursor() -> str | None:
    """Where a list goes on, as `routes.responds` sealed it in the page before. Raises BadRequest for any other."""
    given = parameter(AFTER)
    return cursors.opened(given) if given else None


def source_address() -> str:
    """Whom limits count: who spoke to API Gateway, or to a proxy of the town's own."""
    peer = str(request().context.get("identity", {}).get("sourceIp", ""))
    return caller_address(peer, header("x-forwarded-for"), deployment.trusted_proxies())


def read(model: type[Body]) -> Body:
    """The body as `model`. Raises BadRequest for broken JSON, Invalid with the fields for everything else."""
    need_declared(model.__name__, model)
    try:
        body = request().json_body
    except (BadRequestError, UnicodeDecodeError, RecursionError) as broken:
        raise BadRequest("请求不是有效的 JSON，请检查后重试") from broken
    if not isinstance(body, dict):
        raise BadRequest("请求内容应为 JSON 对象")
    try:
        return model.model_validate(body)
    except ValidationError as refused:
        raise Invalid(_in_chinese(refused), fields=fields_of(refused)) from refused


def unless_seen(tag: str, body: Callable[[], Responded]) -> Tagged[Responded]:
    """304 when the caller has this very answer already (`If-None-Match`), else the answer with its tag."""
    seen = {known.strip().removeprefix("W/") for known in header("If-None-Match").split(",")}
    headers: dict[str, str | list[str]] = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    if f'"{tag}"' in seen:
        return Tagged(body="", status_code=304, headers=headers)
    return Tagged(body=dumped(body()), status_code=200, headers={"Content-Type": IN_JSON, **headers})


def refused(refusal: Refusal) -> Response:
    log.info("refused %s", refusal.code)
    body = {"code": refusal.code, "message": refusal.message} | refusal.details
    response = as_json(body, refusal.http_status)
    if "retry_after_seconds" in refusal.details:
        response.headers["Retry-After"] = str(refusal.details["retry_after_seconds"])
    return response


def now() -> datetime:
    return clock.now()


def as_json(body: Any, status: int) -> Response:
    return Response(
        body=dumped(body),
        status_code=status,
        headers={"Content-Type": IN_JSON, "Cache-Control": "no-store"},
    )


def dumped(body: Any) -> str:
    """As JSON; a model anywhere in it as its own dump."""
    return json.dumps(body, separators=(",", ":"), default=_of_model)


def _of_model(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return handle_extra_types(value)


def fault(error: Exception, view: str) -> Response:
    if is_passing(error):
        log.warning("passing fault in %s: %s", view, type(error).__name__)
        return as_json({"code": "try_again", "message": "系统繁忙，请稍后再试；紧急情况请直接拨打电话"}, 503)
    log.exception("fault in %s: %s", view, type(error).__name__)
    return as_json({"code": "internal", "message": "系统出了点问题，没有做任何改动，请稍后再试"}, 500)


def fields_of(refused: ValidationError) -> list[str]:
    return [
        ".".join(map(str, error["loc"])) for error in refused.errors(include_input=False, include_url=False)
    ]


_WORDS = {
    "missing": "还没有填",
    "string_too_short": "写得太短",
    "string_too_long": "写得太长",
    "too_long": "数量太多",
    "greater_than_equal": "数值太小",
    "less_than_equal": "数值太大",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
}


def _in_chinese(refused: ValidationError) -> str:
    """One plain sentence per field. Our own validators raise ValueError with Chinese text, which is passed on."""
    parts: list[str] = []
    for error in refused.errors(include_input=False, include_url=False):
        if error["type"] == "extra_forbidden":
            parts.append(UNKNOWN)
            continue
        name = field_name(error["loc"])
        own = str(error.get("ctx", {}).get("error", "")) if error["type"] == "value_error" else ""
        parts.append(f"{name}：{own or _WORDS.get(error['type'], '格式不对')}")
    return "；".join(dict.fromkeys(parts[:5]))
