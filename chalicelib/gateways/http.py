"""Asking the platforms over HTTPS: short timeouts, at most one retry, and a clear word on whether a request may have arrived."""

import json
import time
from functools import cache
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.town.addresses import is_loopback
from chalicelib.gateways import public_hosts

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
CONNECT_RETRIES = 1  # only of the connection: what was never sent may be sent again
# A platform that did not answer is left alone, so that it holds up nobody else of the batch
REST_SECONDS = 20.0
MOST_BYTES = 1_000_000

Answer = dict[str, Any]


class NotSent(Exception):
    """The request never left: no connection, or the platform is being left alone. It may be sent again."""


class NoAnswer(Exception):
    """The request left and nothing that can be understood came back: it may have been carried out."""


_resting: dict[str, float] = {}  # base URL -> until when, on the monotonic clock


def get(base: str, path: str, **parameters: str) -> Answer:
    """Raises NotSent, NoAnswer."""
    return _ask("GET", base, path, parameters, None)


def post(base: str, path: str, body: Answer, **parameters: str) -> Answer:
    """Raises NotSent, NoAnswer."""
    return _ask("POST", base, path, parameters, json.dumps(body, ensure_ascii=False).encode())


def post_bytes(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Exactly these bytes, for what is signed, to an address that was typed in: public hosts alone (rule 89).

    A host that did not answer rests as a whole. Raises NotSent, NoAnswer.
    """
    if fault := public_hosts.spelling_fault(url):
        raise NotSent(fault)
    pool = _pool() if is_loopback(url) else public_hosts.pool()
    return _asked("POST", _base(url), url, body, headers, pool)


def rests(url: str) -> bool:
    """Whether the host of an address did not answer just now, so that asking it again would not even leave."""
    return time.monotonic() < _resting.get(_base(url), 0.0)


def forget() -> None:
    """Ask every platform again at once."""
    _resting.clear()


def _base(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _ask(method: str, base: str, path: str, parameters: dict[str, str], body: bytes | None) -> Answer:
    return _asked(method, base, f"{base}{path}?{urlencode(parameters)}", body, {}, _pool())


def _asked(
    method: str, base: str, url: str, body: bytes | None, headers: dict[str, str], pool: Any
) -> Answer:
    from urllib3.exceptions import HTTPError

    if time.monotonic() < _resting.get(base, 0.0):
        raise NotSent("刚才没有应答，稍后再试")
    try:
        raw, status = _exchange(pool, method, url, body, headers)
    except HTTPError as fault:
        _resting[base] = time.monotonic() + REST_SECONDS
        raise (NotSent if _never_left(fault) else NoAnswer)(
            type(fault).__name__
        ) from None  # its text has the URL
    return _understood(raw, status)


def _exchange(
    pool: Any, method: str, url: str, body: bytes | None, more: dict[str, str]
) -> tuple[bytes, int]:
    from urllib3 import Retry, Timeout

    headers = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
    answer = pool.request(
        method,
        url,
        body=body,
        headers=headers | more,
        timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=Retry(
            total=None, connect=CONNECT_RETRIES, read=False, redirect=False, status=False, other=False
        ),
        preload_content=False,
    )
    try:
        return answer.read(MOST_BYTES), answer.status
    finally:
        answer.release_conn()


def _never_left(fault: Exception) -> bool:
    from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

    cause = fault.reason if isinstance(fault, MaxRetryError) else fault
    return isinstance(cause, (ConnectTimeoutError, NewConnectionError, ProxyError))


def _understood(raw: bytes, status: int) -> Answer:
    """The platforms label JSON as text/plain, so only the content counts. A redirect is no answer: nobody follows it."""
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise NoAnswer(f"应答不是 JSON（HTTP {status}）") from None
    if status >= 500 or 300 <= status < 400 or not isinstance(answer, dict):
        raise NoAnswer(f"应答看不懂（HTTP {status}）")
    return answer


@cache
def _pool() -> Any:
    from urllib3 import PoolManager

    return PoolManager(num_pools=4, maxsize=2)
