"""What Open311's routes share: the format from the document's name, and refusals as arrays of errors."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from chalice import Response

from chalicelib.api import http
from chalicelib.domain.errors import NotFound, Refusal
from chalicelib.store.faults import is_passing
from chalicelib.web import geo_report
from chalicelib.web.geo_report import FORMATS

log = logging.getLogger("mslj")
Content = tuple[str, Any]  # the root's name and what is in it


def split(name: str) -> tuple[str, str]:
    """`services.json` as its name and format; "" for a format there is not. The name may hold dots itself."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffix) if stem and suffix in FORMATS else (name, "")


def responds(view: Callable[..., Content]) -> Callable[..., Response]:
    """Decorates a route with one document in its path: what it answers becomes XML or JSON, and so does a refusal."""

    @functools.wraps(view)
    def respond(document: str) -> Response:
        stem, suffix = split(document)
        try:
            if not suffix or len(document) > http.LONGEST:
                raise NotFound("没有这个地址；地址以 .xml 或 .json 结尾")
            return _respond(*view(stem), suffix, 200)
        except Refusal as refusal:
            return _refused(refusal, suffix)
        except Exception as fault:
            return _fault(fault, suffix)

    return respond


def _respond(root: str, content: Any, suffix: str, status: int) -> Response:
    suffix = suffix or "json"
    headers: dict[str, str | list[str]] = {
        "Content-Type": FORMATS[suffix],
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body=geo_report.document(root, content, suffix), status_code=status, headers=headers)


def _errors(status: int, description: str, suffix: str) -> Response:
    return _respond("errors", [{"code": status, "description": description}], suffix, status)


def _refused(refusal: Refusal, suffix: str) -> Response:
    """404 for what there is not, 403 for a key, 429 and 503 as they are; 400 for everything else (GeoReport v2)."""
    log.info("refused %s", refusal.code)
    status = refusal.http_status if refusal.http_status in (403, 404, 429, 503) else 400
    response = _errors(status, refusal.message, suffix)
    if "retry_after_seconds" in refusal.details:
        response.headers["Retry-After"] = str(refusal.details["retry_after_seconds"])
    return response


def _fault(fault: Exception, suffix: str) -> Response:
    if is_passing(fault):
        log.warning("passing fault in open311: %s", type(fault).__name__)
        return _errors(503, "系统繁忙，请稍后再试", suffix)
    log.exception("fault in open311: %s", type(fault).__name__)
    return _errors(500, "系统出了点问题，没有做任何改动，请稍后再试", suffix)
