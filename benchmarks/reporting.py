"""Budget: a report is one transaction and at most four single requests, and at most 5 ms of the process's own CPU."""

import json
import time
from collections import Counter
from statistics import median
from typing import Any, NamedTuple
from unittest import mock

from benchmarks.row import Row, Size
from benchmarks.world import World, a_world
from chalicelib.store import direct

MOST_SINGLES = 4
MOST_MS = 5.0
TEXT = "四号楼一单元楼道灯不亮，老人看不清台阶，请来修。我的电话13812345678"


class Spent(NamedTuple):
    """Medians in milliseconds of CPU: a report's own, of that DynamoDB's client's; and through the local gateway."""

    own: float
    client: float
    with_gateway: float


def run(size: Size) -> list[Row]:
    with a_world() as world:
        counted = _requests(world)
        spent = _cpu(world, size.reports)
    requests = ", ".join(f"{name} {n}" for name, n in sorted(counted.items()))
    singles = sum(counted.values()) - counted["TransactWriteItems"]
    kept = counted["TransactWriteItems"] == 1 and singles <= MOST_SINGLES
    with_all = "with a code, three photos, name and phone; the town already in memory (one request in 5 s)"
    how = f"{size.reports} reports one after another, the Lambda handler called with API Gateway's event; median"
    return [
        Row(
            "reporting: requests",
            f"1 transaction + ≤ {MOST_SINGLES}",
            f"1 + {singles} ({requests})",
            with_all,
            kept,
        ),
        Row(
            "reporting: own CPU",
            f"≤ {MOST_MS:.0f} ms median",
            f"{spent.own:.1f} ms ({spent.client:.1f} of them asking DynamoDB)",
            how,
            spent.own <= MOST_MS,
        ),
        Row(
            "reporting: own CPU with chalice's local gateway",
            "–",
            f"{spent.with_gateway:.1f} ms",
            "the same over its routing",
        ),
    ]


def _requests(world: World) -> Counter[str]:
    token = world.resident()
    world.settle()
    photos = [_photo(world, token) for _ in range(3)]
    body = a_body(world.codes[0], photos=photos)
    with world.meter.counting() as meter:
        world.ask("POST", "/api/tickets", token, body)
        return Counter(meter.requests)


def _cpu(world: World, reports: int) -> Spent:
    from chalice.local import LambdaContext

    alone, asking, through = [], [], []
    for n in range(reports):
        if n % 8 == 0:  # a person may report ten times an hour
            token = world.resident()
        body = a_body(world.codes[n % len(world.codes)])
        event = an_event(token, f"bench-cpu-{n}", body, address=f"10.0.{n % 250}.{n // 250}")
        timed = _Timed()
        with mock.patch.object(direct, "GO_BETWEENS", [timed]):
            started = time.process_time()
            answer = world.app(event, LambdaContext("api", 128))
            alone.append(time.process_time() - started)
        assert answer["statusCode"] == 201, answer
        asking.append(sum(timed.spent))
        if n % 8 == 7:
            before = world.cpu["api"]
            world.ask("POST", "/api/tickets", token, body)
            through.append(world.cpu["api"] - before)
    return Spent(median(alone) * 1000, median(asking) * 1000, median(through or [0.0]) * 1000)


class _Timed(direct.GoBetween):
    """Notes the CPU seconds of each request to DynamoDB while it stands between."""

    def __init__(self) -> None:
        self.spent: list[float] = []

    def ask(self, call: direct.Call, operation: str, request: direct.Request) -> direct.Answer:
        begun = time.process_time()
        try:
            return call(operation, request)
        finally:
            self.spent.append(time.process_time() - begun)


def an_event(token: str, key: str, body: dict[str, Any], *, address: str) -> dict[str, Any]:
    """What API Gateway sends for a report."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Idempotency-Key": key}
    context = {"httpMethod": "POST", "resourcePath": "/api/tickets", "identity": {"sourceIp": address}}
    return {
        "requestContext": context | {"path": "/api/tickets"},
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "pathParameters": None,
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "isBase64Encoded": False,
        "body": json.dumps(body),
    }


def a_body(code: str, photos: list[str] | None = None) -> dict[str, Any]:
    contact = {"name": "王阿姨", "phone": "13812345678"}
    return {"point": code, "text": TEXT, "photos": photos or [], "contact": contact}


def _photo(world: World, token: str) -> str:
    return str(
        world.ask("POST", "/api/uploads", token, {"content_type": "image/jpeg", "size": 1000})["photo_id"]
    )
