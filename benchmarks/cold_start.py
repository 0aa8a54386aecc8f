"""Budget: a fresh process up to its first answered GET of a point costs at most 1.5 times one that answers a GetItem with
chalice alone. Both make their DynamoDB client and ask the same engine, so both hold what a first request really waits for.
"""

import os
import subprocess
import sys
import time
from statistics import median

from benchmarks.row import Row, Size
from benchmarks.stand import Stand, a_stand, import_sample_town
from benchmarks.world import MONDAY, all_codes
from infra.local.place import ROOT

MOST = 1.5
OURS = """
import app
answer = app.app(EVENT, None)
assert answer["statusCode"] == 200, answer
"""
FLOOR = """
import os
import boto3
from chalice import Chalice
app = Chalice(app_name="floor")
client = boto3.client("dynamodb")
@app.route(ROUTE)
def get(code):
    key = {"PK": {"S": "TOWN"}, "SK": {"S": "POINTER"}}
    return client.get_item(TableName=os.environ["WORK_TABLE"], Key=key)["Item"]["PK"]
answer = app(EVENT, None)
assert answer["statusCode"] == 200, answer
"""
IMPORT = "import app"
_ROUTE = "/api/points/{code}"
_SPENT = "import resource; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime, u.ru_maxrss)"


def run(size: Size) -> list[Row]:
    """Interleaved, so that whatever else the machine does meets all; medians; the larger of the CPU and the wall ratio."""
    with a_stand() as stand:
        import_sample_town(MONDAY)
        event = _event(all_codes()[0])
        codes = [f"EVENT, ROUTE = {event!r}, {_ROUTE!r}\n{code}" for code in (OURS, FLOOR)] + [IMPORT]
        for code in codes:
            _seconds(code, stand)  # writes the compiled files: all are measured with theirs
        runs = [[_seconds(code, stand) for code in codes] for _ in range(size.processes)]
    ours, floor, imported = (
        [median(each) for each in zip(*column, strict=True)] for column in zip(*runs, strict=True)
    )
    ratio = max(ours[0] / floor[0], ours[1] / floor[1])
    measured = (
        f"{ratio:.2f} × (CPU {ours[0] * 1000:.0f} to {floor[0] * 1000:.0f} ms, "
        f"wall {ours[1] * 1000:.0f} to {floor[1] * 1000:.0f} ms)"
    )
    how = f"{size.processes} fresh processes each, interleaved, medians; GET of a point against one GetItem with chalice alone"
    return [
        Row("cold start to the first answer", f"≤ {MOST} × the floor", measured, how, ratio <= MOST),
        Row(
            "`import app`, fresh process",
            "–",
            f"CPU {imported[0] * 1000:.0f} ms",
            "the same processes' import alone",
        ),
        Row("memory after the first answer", "–", f"{ours[2]:.0f} MB", "the same processes, peak"),
    ]


def _event(code: str) -> dict[str, object]:
    """What API Gateway sends for the GET of a point."""
    context = {
        "resourcePath": _ROUTE,
        "httpMethod": "GET",
        "identity": {"sourceIp": "127.0.0.1"},
        "requestId": "bench",
    }
    return {
        "requestContext": context,
        "pathParameters": {"code": code},
        "multiValueQueryStringParameters": None,
        "headers": {},
        "body": None,
        "isBase64Encoded": False,
        "stageVariables": None,
    }


def _seconds(code: str, stand: Stand) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak MB of a fresh process that runs `code`; its own start is taken off by nobody."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | stand.environment | {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_SPENT}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    wall = time.perf_counter() - started
    cpu, peak_kb = done.stdout.split()[-2:]
    return float(cpu), wall, float(peak_kb) / 1024
