"""What every route shares: reading a request, answering, and turning refusals into HTTP in one place."""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

from chalice import BadRequestError, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib import clock
from chalicelib.api.field_names import UNKNOWN, field_name
from chalicelib.domain.errors import BadRequest, Invalid, Refusal
from chalicelib.domain.identity.addresses import caller_address
from chalicelib.gateways import deployment
from chalicelib.store.faults import is_passing

log = logging.getLogger("mslj")
Body = TypeVar("Body", bound=BaseModel)
_request: ContextVar[Any] = ContextVar("request")
LONGEST = 200  # characters of anything in a path or a query: all of it is looked up as a key; a cursor may be ten times that


class RequestBody(BaseModel):
    """A body as the API accepts it: unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, defer_build=True)


def remember_request(request: Any, get_response: Callable[[Any], Response]) -> Response:
    """Middleware: makes the current request known to `request()` for as long as it is served."""
    token = _request.set(request)
    try:
        return get_response(request)
    finally:
        _request.reset(token)


def request() -> Any:
    return _request.get()


def header(name: str) -> str:
    return str(request().headers.get(name, ""))


def parameter(name: str) -> str | None:
    """A query parameter; an empty one counts as absent. Raises Invalid for one that is too long."""
    value = (request().query_params or {}).get(name) or None
    if value is not None and len(value) > (LONGEST * 10 if name == "after" else LONGEST):
        raise Invalid(f"参数 {name} 太长，请检查后重试", fields=[name])
    return value


def source_address() -> str:
    """Whom limits count: who spoke to API Gateway, or to a proxy of the town's own."""
    peer = str(request().context.get("identity", {}).get("sourceIp", ""))
    return caller_address(peer, header("x-forwarded-for"), deployment.trusted_proxies())


def read(model: type[Body]) -> Body:
    """The body as `model`. Raises BadRequest for broken JSON, Invalid with the fields for everything else."""
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


def unless_seen(tag: str, body: Callable[[], Any]) -> Response:
    """304 when the caller has this very answer already (`If-None-Match`), else the answer with its tag."""
    seen = {known.strip().removeprefix("W/") for known in header("If-None-Match").split(",")}
    unchanged = Response(body="", status_code=304, headers={})
    response = unchanged if f'"{tag}"' in seen else as_json(body(), 200)
    response.headers |= {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
    return response


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
        body=body,
        status_code=status,
        headers={"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"},
    )


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
