"""A client of the API as an honest phone is one: JSON over HTTP, and a lost answer is asked for again with the same key."""

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import urllib3

TIMEOUT = urllib3.Timeout(connect=3, read=31)  # an API function may run for 29 s
FIRST_PAUSE = 0.3  # seconds before asking again; doubled each time
LONGEST_PAUSE = 3.0


class Unanswered(Exception):
    """Nobody answered within the caller's patience."""


@dataclass(frozen=True)
class Answer:
    """What a request answered. `tries`: how often it was sent, so that a lost first answer can be told from none."""

    status: int
    raw: bytes
    headers: dict[str, str] = field(default_factory=dict)
    tries: int = 1

    @property
    def body(self) -> Any:
        try:
            return json.loads(self.raw)
        except ValueError:
            return {}

    @property
    def code(self) -> str:
        """The code of a refusal, "" for anything else."""
        return str(self.body.get("code", "")) if self.status >= 400 and isinstance(self.body, dict) else ""

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def again_in(self) -> float:
        """Seconds after which a refusal itself says to come again; 0 where it does not."""
        return float(self.body.get("retry_after_seconds", 0)) if self.code else 0


class Caller:
    """`url` ends in a slash. `patience`: seconds for which a lost or a passing failure is tried again; 0 for never."""

    def __init__(self, url: str, *, patience: float = 0) -> None:
        self.url, self.patience = url, patience
        self.asked_again: Counter[str] = Counter()  # by what came instead of an answer
        self._pool = urllib3.PoolManager(maxsize=32, retries=False, timeout=TIMEOUT)
        self._keys = count(1)
        self._mark = uuid4().hex[:12]

    def get(self, path: str, token: str = "") -> Answer:
        return self.ask("GET", path, token)

    def post(self, path: str, body: Any, token: str = "", key: str | None = "") -> Answer:
        """`key`: the Idempotency-Key; "" for a fresh one, None for none. `body` is sent as it is when it is bytes."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key or f"{self._mark}-{next(self._keys)}"
        return self.ask("POST", path, token, raw, headers)

    def post_twice(self, path: str, body: Any, token: str, key: str) -> tuple[Answer, str]:
        """The same request twice at once, with one key. Answers the first, and how the second differs, "" when it does not.

        A passing failure of one says nothing of the other. Raises Unanswered.
        """
        with ThreadPoolExecutor(1) as other:
            second = other.submit(self.post, path, body, token, key)
            first = self.post(path, body, token, key)
            again = second.result()
        if is_passing(first) or is_passing(again) or (first.status, first.code) == (again.status, again.code):
            return first, ""
        return first, f"{first.status} {first.code} and {again.status} {again.code}"

    def ask(
        self, method: str, path: str, token: str = "", raw: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer:
        """One request, sent again until it is answered by the service itself. Raises Unanswered."""
        sent = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        url = path if path.startswith("http") else f"{self.url}{path.lstrip('/')}"
        return self._patiently(lambda: self._pool.request(method, url, body=raw or None, headers=sent))

    def upload(self, url: str, fields: dict[str, str], data: bytes, content_type: str) -> Answer:
        """A form as a browser posts it to S3: the fields, then the file."""
        form: dict[str, Any] = {**fields, "file": ("photo.jpg", data, content_type)}
        return self._patiently(lambda: self._pool.request("POST", url, fields=form))

    def _patiently(self, send: Any) -> Answer:
        until, pause, tries = time.monotonic() + self.patience, FIRST_PAUSE, 0
        while True:
            tries += 1
            answer = self._once(send, tries)
            if answer is not None and not is_passing(answer):
                return answer
            if time.monotonic() + pause > until:
                if answer is None:
                    raise Unanswered(f"no answer after {tries} tries")
                return answer
            self.asked_again[str(answer.status) if answer else "nothing"] += 1
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _once(self, send: Any, tries: int) -> Answer | None:
        try:
            response = send()
        except urllib3.exceptions.HTTPError:
            return None
        return Answer(response.status, response.data, dict(response.headers), tries)


def is_passing(answer: Answer) -> bool:
    """5xx, and a gateway that has forgotten the API: its refusals lack the `code` that ours have."""
    if answer.status >= 500:
        return True
    is_gateway = answer.status in (403, 404) and answer.raw[:1] == b"{" and "code" not in answer.body
    return is_gateway or (answer.status == 404 and b"NoSuchBucket" in answer.raw)
