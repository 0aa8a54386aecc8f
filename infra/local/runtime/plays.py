"""What AWS deals out now and then and no local engine does, dealt out when told to: `PLAY="throttle=0.05 lag=2"`.

Stands where the judge stands. What AWS answers over HTTP is answered below botocore's own retries, so that they count.

throttle=0.05      the share of requests that are answered "slow down"; of a batch, some items are left undone
conflict=0.05      the share of writes that meet another's transaction
lag=2              seconds by which an index is behind its table
twice=0.2          the share of events that come once more; one of four of those after others have come (hours late)
limits=1           6 MB for what a function is given and answers, 29 seconds for what a person waits for
new_bucket=1       a bucket's host without a region redirects, which a browser's upload does not survive
lambdas=10         functions at once in the whole account (the engine's own setting; infra/local/parts.py)

Standard library only: it runs inside every Lambda worker of the local cloud.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.local.runtime import between, lagging
else:
    try:  # on a worker's path
        import between
        import lagging
    except ImportError:
        from infra.local.runtime import between, lagging

SHARES = ("throttle", "conflict", "twice")
MOST_BYTES = 6_291_556  # of an event and of an answer, as Lambda counts them
MOST_SECONDS = 29.0  # API Gateway waits no longer
KEPT_EVENTS = 100
ANSWERS = frozenset({"reveal"})  # asked by the API, which waits for the answer: no event
CONFLICTS = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"})
# How each service says it: status, code; and in which protocol.
SLOW_DOWN = {
    "dynamodb": (400, "ThrottlingException", "json"),
    "sqs": (400, "RequestThrottled", "json"),
    "ssm": (400, "ThrottlingException", "json"),
    "sfn": (400, "ThrottlingException", "json"),
    "stepfunctions": (400, "ThrottlingException", "json"),
    "athena": (400, "TooManyRequestsException", "json"),
    "lambda": (429, "TooManyRequestsException", "rest-json"),
    "s3": (503, "SlowDown", "rest-xml"),
}
BATCHES = {"BatchWriteItem": "UnprocessedItems", "BatchGetItem": "UnprocessedKeys"}


class BadPlay(Exception):
    """Not a play, or a value that it cannot have."""


@dataclass(frozen=True)
class Play:
    throttle: float = 0.0
    conflict: float = 0.0
    lag: float = 0.0
    twice: float = 0.0
    limits: float = 0.0
    new_bucket: float = 0.0
    lambdas: float = 0.0


def read(text: str) -> Play:
    """`throttle=0.05 lag=2`; empty plays nothing. Raises BadPlay."""
    known = [each.name for each in fields(Play)]
    said: dict[str, float] = {}
    for word in text.split():
        name, is_given, value = word.partition("=")
        if name not in known:
            raise BadPlay(f"没有“{name}”这一项，可用的有：{'、'.join(known)}")
        try:
            number = float(value) if is_given else float("nan")
        except ValueError:
            number = float("nan")
        most = 1.0 if name in SHARES else 1_000_000.0
        if not 0 <= number <= most or (name == "lambdas" and number != int(number)):
            raise BadPlay(f"{word}：{name} 要写成 {name}=0 到 {most:g} 之间的数")
        said[name] = number
    return Play(**said)


class Player:
    """Deals out one play. `chance` answers 0 to 1, `now` seconds; `journal` is shared by all processes of a cloud."""

    def __init__(
        self,
        play: Play,
        journal: str = ":memory:",
        chance: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.play, self.chance, self.now = play, chance, now
        self.dealt: dict[str, int] = {}
        self.paused = False
        self._index = lagging.Index(journal, play.lag, lambda: self.now()) if play.lag else None
        self._events: dict[str, list[Any]] = {}

    @contextmanager
    def pause(self) -> Iterator[None]:
        """For whoever looks from outside: a test, not the service."""
        before, self.paused = self.paused, True
        try:
            yield
        finally:
            self.paused = before

    def answer(self, request: Any, event_name: str, **_: Any) -> Any:
        """Below botocore's retries (before-send): what AWS says instead of doing it, or None."""
        service, operation = event_name.split(".")[1:]
        if self.paused:
            return None
        if service == "s3" and self.play.new_bucket and _is_global(request.url):
            self._note("new_bucket")
            return _response(
                request, 307, _xml("TemporaryRedirect", "Please re-send to the region's endpoint.")
            )
        if service in SLOW_DOWN and operation not in BATCHES and self._falls(self.play.throttle, "throttle"):
            status, code, how = SLOW_DOWN[service]
            return _refusal(request, status, code, how)
        if service == "dynamodb" and operation in CONFLICTS and self._falls(self.play.conflict, "conflict"):
            return _conflict(request, operation)
        return None

    def ask(self, call: Callable[[str, dict[str, Any]], Any], operation: str, said: dict[str, Any]) -> Any:
        """Around one request to DynamoDB: of a batch some is left undone, an index is behind."""
        if self.paused:
            return call(operation, said)
        if operation in BATCHES and self._falls(self.play.throttle, "throttle"):
            return _partly(call, operation, said)
        return self._index.ask(call, operation, said) if self._index else call(operation, said)

    def run(self, function: str, handler: Callable[[Any], Any], event: Any) -> Any:
        """One event of a function that events wake: perhaps it comes again, perhaps an older one after it."""
        kept = self._events.setdefault(function, [])
        again = deepcopy(event)
        answer = handler(event)
        if self._falls(self.play.twice, "twice"):
            older = kept[int(self.chance() * len(kept))] if kept and self.chance() < 0.25 else again
            handler(deepcopy(older))
        kept.append(again)
        del kept[:-KEPT_EVENTS]
        return answer

    def serve(self, handler: Callable[[Any], Any], event: Any) -> Any:
        """A request of a person within Lambda's and API Gateway's limits."""
        if not self.play.limits or self.paused:
            return handler(event)
        if _size(event) > MOST_BYTES:
            return self._over("limits", 413, "Request Too Long")
        began = self.now()
        answer = handler(event)
        if self.now() - began > MOST_SECONDS:
            return self._over("limits", 504, "Endpoint request timed out")
        return answer if _size(answer) <= MOST_BYTES else self._over("limits", 502, "Internal server error")

    def _over(self, what: str, status: int, message: str) -> dict[str, Any]:
        self._note(what)
        return {"statusCode": status, "headers": {}, "body": json.dumps({"message": message})}

    def _falls(self, share: float, what: str) -> bool:
        falls = share > 0 and self.chance() < share
        if falls:
            self._note(what)
        return falls

    def _note(self, what: str) -> None:
        self.dealt[what] = self.dealt.get(what, 0) + 1


def install(player: Player) -> Callable[[], None]:
    """Over every client and every function of this process. Answers what takes it out again."""
    from botocore.client import BaseClient, ClientCreator

    clients: Any = BaseClient  # its one door is private, and none that botocore promises
    makers: Any = ClientCreator
    create, call = makers.create_client, clients._make_api_call
    take_out: list[Callable[[], None]] = []

    def created(self: Any, *given: Any, **named: Any) -> Any:
        if not take_out and "chalice" in sys.modules:  # in a worker it comes later than this
            take_out.append(_install_on_functions(player))
        made = create(self, *given, **named)
        made.meta.events.register_first("before-send", player.answer)
        return made

    def asked(self: Any, operation: str, said: dict[str, Any]) -> Any:
        if self.meta.service_model.service_name != "dynamodb" or between.is_inside():
            return call(self, operation, said)
        return player.ask(lambda name, told: call(self, name, told), operation, said)

    def put(creating: Any, calling: Any) -> None:
        makers.create_client, clients._make_api_call = creating, calling

    put(created, asked)
    out_of_stores = over_stores(player)

    def out() -> None:
        out_of_stores()
        put(create, call)
        for each in take_out:
            each()

    return out


def over_stores(player: Player) -> Callable[[], None]:
    """Over what the stores ask directly, of the version of the product that is loaded. Answers what takes it out again."""
    out: Callable[[], None] = between.add(_Dealing(player))
    return out


class _Dealing(between.Between):
    """Into what the stores ask DynamoDB directly."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def ask(self, call: Callable[..., Any], operation: str, request: dict[str, Any]) -> Any:
        return self._player.ask(between.inside(call), operation, request)

    def post(self, operation: str, body: bytes) -> tuple[int, bytes] | None:
        request = SimpleNamespace(url="https://dynamodb.invalid/", body=body)
        answer = self._player.answer(request, f"before-send.dynamodb.{operation}")
        return None if answer is None else (answer.status_code, answer.content)


def _install_on_functions(player: Player) -> Callable[[], None]:
    from chalice.app import Chalice, EventSourceHandler

    apps: Any = Chalice
    handlers: Any = EventSourceHandler
    serve, run = apps.__call__, handlers.__call__

    def served(self: Any, event: Any, context: Any) -> Any:
        return player.serve(lambda given: serve(self, given, context), event)

    def woken(self: Any, event: Any, context: Any) -> Any:
        name = getattr(self.func, "_original_func", self.func).__name__
        if name in ANSWERS:
            return run(self, event, context)
        return player.run(name, lambda given: run(self, given, context), event)

    def put(serving: Any, running: Any) -> None:
        apps.__call__, handlers.__call__ = serving, running

    put(served, woken)
    return lambda: put(serve, run)


def install_in_worker(text: str, journal: str) -> None:
    install(Player(read(text), journal))
    print(f"play: {text} in {os.environ.get('AWS_LAMBDA_FUNCTION_NAME', '')}", file=sys.stderr)


def _partly(call: Callable[[str, dict[str, Any]], Any], operation: str, said: dict[str, Any]) -> Any:
    """The last of a batch is left undone, as DynamoDB does when it is busy. One alone is done."""
    table, wanted = next(iter(said["RequestItems"].items()))
    several = wanted["Keys"] if operation == "BatchGetItem" else wanted
    if len(several) < 2:
        return call(operation, said)

    def of(part: list[Any]) -> Any:
        return {table: wanted | {"Keys": part} if operation == "BatchGetItem" else part}

    answer = call(operation, said | {"RequestItems": said["RequestItems"] | of(several[:-1])})
    left = answer.get(BATCHES[operation]) or {}
    if table not in left:
        answer[BATCHES[operation]] = left | of(several[-1:])
    return answer


def _conflict(request: Any, operation: str) -> Any:
    ongoing = "Transaction is ongoing for the item"
    if operation != "TransactWriteItems":
        return _refusal(request, 400, "TransactionConflictException", "json", message=ongoing)
    count = len(json.loads(request.body)["TransactItems"])
    reasons = [{"Code": "TransactionConflict", "Message": ongoing}, *[{"Code": "None"}] * (count - 1)]
    told = f"please refer cancellation reasons for specific reasons [{', '.join(each['Code'] for each in reasons)}]"
    more = {"Message": f"Transaction cancelled, {told}", "CancellationReasons": reasons}
    return _refusal(request, 400, "TransactionCanceledException", "json", **more)


def _refusal(request: Any, status: int, code: str, how: str, **more: Any) -> Any:
    if how == "rest-xml":
        return _response(request, status, _xml(code, "Please reduce your request rate."))
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "Rate exceeded"} | more
    return _response(request, status, json.dumps(body).encode(), {"x-amzn-errortype": code})


def _xml(code: str, message: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


def _response(request: Any, status: int, body: bytes, headers: dict[str, str] | None = None) -> Any:
    from botocore.awsrequest import AWSResponse
    from botocore.compat import HTTPHeaders

    return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers or {}), _Raw(body))


class _Raw(BytesIO):
    """As urllib3's answer: read in pieces."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        while piece := self.read(65_536):
            yield piece


def _is_global(url: str) -> bool:
    host = url.partition("//")[2].partition("/")[0]
    return host.endswith("s3.amazonaws.com")


def _size(value: Any) -> int:
    return len(json.dumps(value, default=str).encode())
