"""The direct way to DynamoDB: one signed POST over a kept connection, in place of botocore's many steps.

A report is five requests, and botocore spends a millisecond of CPU on each, nearly all of it on what a POST to one known
address does not need. It stays the client: it makes the request's body, raises its own errors, and whatever comes out
otherwise than as an answer or a refused condition (a broken connection, a fault, throttling) it asks again by itself.
"""

import json
import threading
from typing import Any
from urllib.parse import urlsplit

from chalicelib.store import sigv4
from chalicelib.store.connection import Broken, Connection
from chalicelib.store.faults import conflict_pause

OPERATIONS = frozenset(
    {
        "GetItem",
        "BatchGetItem",
        "Query",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "TransactWriteItems",
    }
)
REFUSED = frozenset({"ConditionalCheckFailedException", "TransactionCanceledException"})
CONFLICT = "TransactionConflictException"
CONFLICT_ATTEMPTS = 5
_SENT = ("Content-Type", "X-Amz-Target")
_BYTES = b'"B":'  # an attribute of bytes, which JSON holds as base64: left to botocore's own parser
Answer = tuple["_Status", dict[str, Any]]


def install(client: Any, credentials: Any) -> None:
    """Ask directly what `client` (of DynamoDB) is asked, unless requests must go through a proxy."""
    from botocore.utils import get_environ_proxies

    client.meta.events.register("needs-retry.dynamodb", _after_conflict)
    client._ruleset_resolver = None  # one address for every request, not one recalculated anew for each
    if credentials is not None and not get_environ_proxies(client.meta.endpoint_url):
        client.meta.events.register_last("before-call.dynamodb", _Way(client, credentials).ask)


def _after_conflict(response: Any, attempts: int, **_: Any) -> float | None:
    """A single write that met a transaction is asked again in a moment; botocore would give it back at once."""
    code = response[1].get("Error", {}).get("Code") if response else None
    return conflict_pause(attempts) if code == CONFLICT and attempts < CONFLICT_ATTEMPTS else None


class _Status:
    """What botocore asks of an HTTP response once it is parsed."""

    def __init__(self, status: int) -> None:
        self.status_code = status


class _Way:
    """A connection for each thread. `ask` is called by botocore when the body of a request is made."""

    def __init__(self, client: Any, credentials: Any) -> None:
        self._events, self._config = client.meta.events, client.meta.config
        self._region, self._credentials = client.meta.region_name, credentials
        self._of_thread = threading.local()

    def ask(self, model: Any, params: dict[str, Any], **_: Any) -> Answer | None:
        """The status and what DynamoDB says; None leaves the request to botocore."""
        if model.name not in OPERATIONS:
            return None
        try:
            status, content = self._stand_in(model, params) or self._post(params)
            return _understood(status, content, model)
        except (OSError, Broken, ValueError):  # closed meanwhile, or hangs, or no JSON
            self._drop()
            return None

    def _stand_in(self, model: Any, params: dict[str, Any]) -> tuple[int, bytes] | None:
        """What answers in the place of AWS, where a test has put it: asked as botocore would."""
        from botocore.awsrequest import AWSPreparedRequest

        request = AWSPreparedRequest("POST", params["url"], params["headers"], params["body"], False)
        _, answer = self._events.emit_until_response(f"before-send.dynamodb.{model.name}", request=request)
        return None if answer is None else (answer.status_code, answer.content)

    def _post(self, params: dict[str, Any]) -> tuple[int, bytes]:
        url, given, body = urlsplit(params["url"]), params["headers"], params["body"]
        headers = {"host": url.netloc} | {name.lower(): given[name] for name in _SENT}
        who = self._credentials.get_frozen_credentials()
        sent = sigv4.signed(headers, body, who, self._region, sigv4.timestamp())
        return self._connection(url.scheme, url.netloc).post(sent, body)

    def _connection(self, scheme: str, address: str) -> Connection:
        kept = self._of_thread.__dict__.get("connection")
        if kept is None or not kept.usable:
            self._drop()
            limits = {"connect_seconds": self._config.connect_timeout, "seconds": self._config.read_timeout}
            kept = self._of_thread.connection = Connection(scheme, address, **limits)
        return kept

    def _drop(self) -> None:
        kept = self._of_thread.__dict__.pop("connection", None)
        if kept is not None:
            kept.close()


def _understood(status: int, content: bytes, model: Any) -> Answer | None:
    if status == 200 and _BYTES in content:
        from botocore.parsers import create_parser

        answer = {"status_code": status, "headers": {}, "body": content, "context": {}}
        return _Status(status), create_parser("json").parse(answer, model.output_shape)
    said = json.loads(content)
    if status == 200:
        return _Status(status), said
    code = str(said.get("__type", "")).rpartition("#")[2]
    if code not in REFUSED:
        return None
    error = {"Code": code, "Message": said.get("message") or said.get("Message", "")}
    return _Status(status), said | {"Error": error}
