"""From one local cloud to a fresh one by the very commands: the same tickets, the same searches, alarms go on, nobody told twice."""

import json
import os
import subprocess
import sys
import time

import pytest

from infra.local import deploy
from infra.local.cloud import LocalCloud
from infra.local.place import Place, to_environment
from infra.local.processes import free_port, wait_until
from tests.local.commands import call, report, run_command
from tests.local.test_chain import executions, inbox

pytestmark = [pytest.mark.local_cloud, pytest.mark.timeout(900)]
PHONE = "13700002222"


@pytest.fixture(scope="module")
def fresh(cloud, tmp_path_factory):
    """A second local cloud with nothing in it, not even a town."""
    own = Place(home=tmp_path_factory.mktemp("fresh"), port=free_port(), db_port=free_port())
    with LocalCloud(own) as running:
        yield running


def command(cloud, module, *arguments):
    return subprocess.run(
        [sys.executable, "-m", f"infra.production.{module}", *map(str, arguments)],
        env={**os.environ, **to_environment(cloud.place)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def found_by_phone(cloud):
    listed = run_command(cloud, "sign_ins").stdout.splitlines()
    desk = next(line.split()[0] for line in listed if " first_contact " in line)
    body = {"phone": PHONE, "reason": "居民来电查询进度"}
    status, answer = call(cloud, "POST", "staff/search/phone", body, desk)
    assert status == 200, answer
    return [item["id"] for item in answer["items"]]


def read_to_the_end(cloud):
    """Whether the stream was read past everything that was put back."""
    try:
        before = json.loads((cloud.place.home / "pump.json").read_text())["after"]
    except FileNotFoundError:
        return False
    time.sleep(2)
    return bool(json.loads((cloud.place.home / "pump.json").read_text())["after"] == before)


@pytest.mark.nightly
def test_a_town_moves_from_one_cloud_to_another(town, fresh, tmp_path):
    _, session = call(town, "POST", "api/sessions", {})
    token = session["token"]
    # Words that no rule dispatches: the desk owes feedback within five minutes, by night too, so the alarm is never hours away.
    ticket_id = report(
        town, token, text="想请你们来看一看，说不清是什么", contact={"name": "王阿姨", "phone": PHONE}
    )
    assert wait_until(lambda: bool(inbox(town, token, ticket_id)), seconds=60, step=0.5)

    saved = command(town, "backup", tmp_path / "b")
    assert saved.returncode == 0, saved.stderr
    told, mine = inbox(town, token, ticket_id), call(town, "GET", "api/tickets", None, token)
    put = command(fresh, "restore", tmp_path / "b")
    assert put.returncode == 0, put.stderr
    again = command(fresh, "restore", tmp_path / "b")
    assert (again.returncode, "REPLACE=1" in again.stderr) == (1, True), again.stdout + again.stderr

    assert call(fresh, "GET", "api/tickets", None, token) == mine
    assert found_by_phone(fresh) == [ticket_id]
    assert wait_until(lambda: read_to_the_end(fresh), seconds=60, step=1)
    before = [
        item for item in inbox(fresh, token, ticket_id) if item["template"] in {t["template"] for t in told}
    ]
    assert [item["at"] for item in before] == [item["at"] for item in told]
    assert f"{ticket_id}-1" not in executions(fresh, "escalation")

    def is_watched_again():
        deploy.client("lambda", fresh.place).invoke(
            FunctionName="mslj-local-sweep",
            Payload=b'{"version": "0", "id": "1", "source": "aws.events", "account": "0", "time": "2026-11-22T00:00:00Z", "region": "us-east-1", "detail-type": "Scheduled Event", "detail": {}, "resources": []}',
        )
        return any(name.startswith(ticket_id) for name in executions(fresh, "escalation"))

    assert wait_until(is_watched_again, seconds=300, step=5)
