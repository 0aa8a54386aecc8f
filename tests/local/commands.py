"""What a person does to a local cloud of the tests: the Makefile's commands, requests, a report."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid

from infra.local import deploy
from infra.local.place import to_environment


def run_command(cloud, module, *arguments, seconds=280):
    """What `python -m infra.local.<module>` answers and prints."""
    return subprocess.run(
        [sys.executable, "-m", f"infra.local.{module}", *map(str, arguments)],
        env={**os.environ, **to_environment(cloud.place)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def stop(place):
    return subprocess.run(
        [sys.executable, "-m", "infra.local.stop"],
        env={**os.environ, **to_environment(place)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def import_town(cloud, folder):
    return run_command(cloud, "town", folder, "--yes")


def call(cloud, method, path, body=None, token=""):
    """Status and JSON of one request, as a resident's browser makes it."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(cloud.url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def report(cloud, token, **more):
    body = {"place_text": "盛华景苑 1号楼 1单元楼道", "text": "楼道灯坏了，晚上看不见", **more}
    status, answer = call(cloud, "POST", "api/tickets", body, token)
    assert status == 201, answer
    return answer["id"]


def signed_in(cloud):
    """A token of the first of each role."""
    lines = [line.split() for line in run_command(cloud, "sign_ins").stdout.splitlines()[1:]]
    return {role: token for token, role, *_ in lines}


SCHEDULED = {
    "version": "0",
    "id": "1",
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "detail": {},
    "resources": [],
    "account": "0",
    "region": "us-east-1",
    "time": "2026-11-22T00:00:00Z",
}


def wake(cloud, function, event):
    """A function run once, as whatever wakes it would."""
    answer = deploy.client("lambda", cloud.place).invoke(
        FunctionName=f"mslj-local-{function}", Payload=json.dumps(event)
    )
    assert "FunctionError" not in answer, answer["Payload"].read()


def wake_schedule(cloud, function):
    wake(cloud, function, SCHEDULED)
