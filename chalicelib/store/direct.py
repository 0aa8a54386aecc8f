"""The direct way to DynamoDB: one signed POST over a kept connection, in place of botocore's many steps.

A report is five requests, and botocore spends a millisecond of CPU on each, nearly all of it on what a POST to one known
address does not need; to import it and to make its client costs a cold start more than all of our own code. So it is
made when something comes out otherwise than as an answer or a refused condition (a broken connection, a fault,
throttling): then it asks the same again by itself, with its whole HTTP stack and its retries, and raises its own errors.
"""

import base64
import json
import threading
import uuid
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from chalicelib.settings import find_aws_access, go_between
from chalicelib.store import sigv4
from chalicelib.store.connection import Broken, Connection
from chalicelib.store.faults import code_of

REFUSED = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
CONNECT_SECONDS = 3
READ_SECONDS = 5
Request = dict[str, Any]
Answer = dict[str, Any]
Call = Callable[[str, Request], Answer]


class GoBetween:
    """Who stands between this process and DynamoDB: a judge, a play, a meter, an engine in its place. Nobody on AWS.

    `at_once`: with the engine behind it a transaction costs no more than its parts, as it does on AWS.
    """

    at_once = False

    def ask(self, call: Call, operation: str, request: Request) -> Answer:
        """`call` goes on to DynamoDB."""
        return call(operation, request)

    def post(self, _operation: str, _body: bytes) -> tuple[int, bytes] | None:
        """What is answered in the place of DynamoDB, below every retry; None lets it answer itself."""
        return None


GO_BETWEENS: list[GoBetween] = import_module(name).GO_BETWEENS if (name := go_between()) else []


class Refused(Exception):
    """The condition of a single write did not hold."""


class Cancelled(Exception):
    """A transaction wrote nothing. `reasons`: a code for each of its operations, "None" for those that were not why."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(f"cancelled: {reasons}")
        self.reasons = reasons


class Access(NamedTuple):
    """Where DynamoDB is asked, and as whom: `who` gives credentials that hold at the time."""

    url: str
    region: str
    who: Callable[[], Any]


class Client:
    """DynamoDB, asked as botocore's client of the same methods is; its `whole` is that client, made when it is needed.

    Raises Refused, Cancelled, and botocore's own for anything else that went wrong.
    """

    def __init__(self, make_whole: Callable[[], Any]) -> None:
        self._make_whole = make_whole
        self._made: Any = None
        self._making = threading.Lock()
        self._of_thread = threading.local()
        self._access = find_access(self)

    @property
    def whole(self) -> Any:
        with self._making:
            if self._made is None:
                self._made = self._make_whole()
            return self._made

    def get_item(self, **request: Any) -> Answer:
        return self.ask("GetItem", request)

    def batch_get_item(self, **request: Any) -> Answer:
        return self.ask("BatchGetItem", request)

    def query(self, **request: Any) -> Answer:
        return self.ask("Query", request)

    def put_item(self, **request: Any) -> Answer:
        return self.ask("PutItem", request)

    def update_item(self, **request: Any) -> Answer:
        return self.ask("UpdateItem", request)

    def delete_item(self, **request: Any) -> Answer:
        return self.ask("DeleteItem", request)

    def batch_write_item(self, **request: Any) -> Answer:
        return self.ask("BatchWriteItem", request)

    def transact_write_items(self, **request: Any) -> Answer:
        """Its token makes it the same transaction when it is asked again, so that DynamoDB does it once."""
        return self.ask("TransactWriteItems", request | {"ClientRequestToken": str(uuid.uuid4())})

    def ask(self, operation: str, request: Request) -> Answer:
        """Whatever is asked goes through here, and through whoever stands between, the last that came first."""
        call: Call = self._ask
        for between in GO_BETWEENS:
            call = partial(between.ask, call)
        return call(operation, request)

    def _ask(self, operation: str, request: Request) -> Answer:
        answer = self._directly(operation, request) if self._access else None
        return self._by_botocore(operation, request) if answer is None else answer

    def _directly(self, operation: str, request: Request) -> Answer | None:
        """None for what is no plain answer: botocore asks it again."""
        try:
            status, content = self._post(operation, _ENCODER.encode(request).encode())
            said = json.loads(content)
        except (OSError, Broken, ValueError):  # closed meanwhile, or hangs, or no JSON
            self._drop()
            return None
        if status == 200:
            return dict(said)
        _raise_refusal(str(said.get("__type", "")).rpartition("#")[2], said)
        return None

    def _by_botocore(self, operation: str, request: Request) -> Answer:
        from botocore import xform_name
        from botocore.exceptions import ClientError

        try:
            return dict(getattr(self.whole, xform_name(operation))(**request))
        except ClientError as error:
            _raise_refusal(code_of(error), dict(error.response))
            raise

    def _post(self, operation: str, body: bytes) -> tuple[int, bytes]:
        for between in reversed(GO_BETWEENS):
            if (instead := between.post(operation, body)) is not None:
                return instead
        assert self._access
        url = urlsplit(self._access.url)
        headers = {
            "host": url.netloc,
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        }
        sent = sigv4.signed(headers, body, self._access.who(), self._access.region, sigv4.timestamp())
        return self._connection(url.scheme, url.netloc).post(sent, body)

    def _connection(self, scheme: str, address: str) -> Connection:
        """One for each thread."""
        kept = self._of_thread.__dict__.get("connection")
        if kept is None or not kept.usable:
            self._drop()
            limits = {"connect_seconds": CONNECT_SECONDS, "seconds": READ_SECONDS}
            kept = self._of_thread.connection = Connection(scheme, address, **limits)
        return kept

    def _drop(self) -> None:
        kept = self._of_thread.__dict__.pop("connection", None)
        if kept is not None:
            kept.close()


def find_access(client: Client) -> Access | None:
    """As a Lambda's environment says, else as botocore finds out; None where requests must go through a proxy."""
    if (ours := find_aws_access()) is not None:
        return Access(ours.url, ours.region, lambda: ours)
    import boto3
    from botocore.utils import get_environ_proxies

    meta = client.whole.meta
    session: Any = boto3.DEFAULT_SESSION  # made by the line above
    credentials = session.get_credentials()
    if credentials is None or get_environ_proxies(meta.endpoint_url):
        return None
    return Access(meta.endpoint_url, meta.region_name, credentials.get_frozen_credentials)


def _as_base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


# What has no form in UTF-8 (half of a surrogate pair) is a ValueError, and botocore asks.
_ENCODER = json.JSONEncoder(default=_as_base64, ensure_ascii=False, separators=(",", ":"))


def _raise_refusal(code: str, said: Answer) -> None:
    if code == REFUSED:
        raise Refused(said.get("message") or said.get("Message", ""))
    if code == CANCELLED:
        raise Cancelled([reason.get("Code", "") for reason in said.get("CancellationReasons", [])])
