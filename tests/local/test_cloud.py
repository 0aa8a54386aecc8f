"""The local cloud itself: it starts, says when it cannot, and comes back after kill -9 of any part."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from infra.local import deploy, running
from infra.local.cloud import AlreadyRunning, LocalCloud, PortTaken
from infra.local.place import Place, to_environment
from infra.local.processes import free_port, wait_until
from tests.local.commands import run_command

pytestmark = pytest.mark.local_cloud


def get(url):
    """Status and body of one request."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def secrets_of(place):
    return json.loads((place.home / "secrets.json").read_text())


def put_line(place, ticket_id):
    """One line of history straight into the table, as an act's transaction would leave it."""
    item = {"PK": {"S": f"TICKET#{ticket_id}"}, "SK": {"S": "EVENT#000001"}, "nothing": {"S": "readable"}}
    deploy.client("dynamodb", place).put_item(TableName="mslj-local-tickets", Item=item)


def kept(place):
    try:
        return int(json.loads((place.home / "pump.json").read_text())["after"])
    except FileNotFoundError:
        return -1


def test_the_deployed_api_answers_a_page_and_a_refusal_of_its_own(cloud):
    status, page = get(f"{cloud.url}s/none")
    assert status == 200
    assert "<!doctype html>" in page.decode()
    status, refusal = get(f"{cloud.url}staff/me")
    assert status == 401
    assert json.loads(refusal)["code"] == "not_signed_in"


def test_only_loopback_listens(cloud):
    listening = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, text=True, check=False).stdout
    ports = {f"{port:04X}" for port in (cloud.place.port, cloud.place.db_port, 8883)}
    own = [line.split()[1] for line in listening.splitlines()[1:] if line.split()[3] == "0A"]
    assert {address for address in own if address.split(":")[1] in ports} <= {
        f"0100007F:{port}" for port in ports
    }


def test_secrets_can_be_read_by_their_owner_only(cloud):
    assert (cloud.place.home / "secrets.json").stat().st_mode & 0o777 == 0o600
    pages = deploy.client("ssm", cloud.place).get_paginator("get_parameters_by_path")
    found = pages.paginate(Path="/mslj/local/secrets", WithDecryption=True)
    held = {each["Name"].rpartition("/")[2]: each["Value"] for page in found for each in page["Parameters"]}
    assert (
        held.items() >= secrets_of(cloud.place).items()
    )  # beside them only what the stand-in platform knows anyway


def test_a_second_cloud_in_the_same_folder_is_told_where_the_first_one_is(cloud):
    with pytest.raises(AlreadyRunning, match=cloud.url):
        LocalCloud(cloud.place).start()
    assert get(f"{cloud.url}staff/me")[0] == 401


def test_make_run_beside_a_running_one_says_so_and_exits_1(cloud):
    done = run_command(cloud, "run", seconds=60)
    assert done.returncode == 1
    assert f"已经在运行：{cloud.url}" in done.stdout


@pytest.mark.parametrize("taken", ["port", "db_port"])
def test_a_port_that_another_program_holds_is_named(cloud, tmp_path, taken):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"port": free_port(), "db_port": free_port(), taken: other.getsockname()[1]}
        with pytest.raises(PortTaken, match=str(ports[taken])):
            LocalCloud(Place(home=tmp_path, **ports)).start()
    assert running.find(tmp_path) is None


def test_the_built_template_passes_cfn_lint(cloud):
    built = cloud.place.home / "build" / "sam.json"
    done = subprocess.run(
        [str(Path(sys.executable).parent / "cfn-lint"), str(built)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_package_is_small_enough_and_carries_no_boto3(cloud):
    code = cloud.place.home / "build" / "deployment.zip"
    assert code.stat().st_size <= 30 * 1024 * 1024
    carried = {name.split("/")[0] for name in zipfile.ZipFile(code).namelist()}
    assert {"app.py", "chalicelib", "chalice", "pydantic"} <= carried
    assert not {"boto3", "botocore"} & carried


@pytest.mark.parametrize("part", ["pump", "db", "cloud"])
def test_kill_9_of_a_part_loses_no_line_of_the_stream(cloud, part):
    before = kept(cloud.place)
    cloud.kill(part)
    assert wait_until(lambda: cloud.wait_ready(1), seconds=60)
    put_line(cloud.place, f"after-{part}")
    assert wait_until(lambda: kept(cloud.place) > before, seconds=60)
    assert get(f"{cloud.url}staff/me")[0] == 401


def test_kill_9_of_the_lambdas_is_not_noticed_by_the_next_caller(cloud):
    assert get(f"{cloud.url}staff/me")[0] == 401
    assert cloud.workers()
    for worker in cloud.workers():
        os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: get(f"{cloud.url}staff/me")[0] == 401, seconds=30)


def test_after_kill_9_of_the_supervisor_the_next_start_clears_up_and_continues(cloud, tmp_path):
    place = Place(home=tmp_path, port=free_port(), db_port=free_port())
    command = [
        sys.executable,
        "-c",
        "import time; from infra.local.cloud import LocalCloud; LocalCloud().start(); time.sleep(600)",
    ]
    supervisor = subprocess.Popen(command, env={**os.environ, **to_environment(place)})
    assert wait_until(lambda: bool((running.find(tmp_path) or {}).get("ready")), seconds=120)
    put_line(place, "kept")
    secrets, left = secrets_of(place), running.find(tmp_path)
    supervisor.kill()
    supervisor.wait()
    assert all(running.is_alive(part["pid"]) for part in left["parts"].values())
    with LocalCloud(place) as again:
        assert not any(running.is_alive(part["pid"]) for part in left["parts"].values())
        key = {"PK": {"S": "TICKET#kept"}, "SK": {"S": "EVENT#000001"}}
        assert "Item" in deploy.client("dynamodb", place).get_item(TableName="mslj-local-tickets", Key=key)
        assert secrets_of(place) == secrets
        assert get(f"{again.url}staff/me")[0] == 401
    assert running.find(tmp_path) is None
