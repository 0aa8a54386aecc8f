"""`make deploy` and `make rollback` against an engine that speaks CloudFormation, all options chosen.

Without the alarms that add metrics up: ministack knows none of those; cfn-lint looks at them (tests/test_template.py).
"""

import json
import os
import shutil
import subprocess
import sys

import boto3
import pytest

from infra import package
from infra.local import engines, parts
from infra.local.place import Place
from infra.local.processes import free_port, is_taken, wait_until

pytestmark = pytest.mark.local_cloud

REGION = "cn-north-1"
OPTIONS = {
    "PublicUrl": "https://mslj.example.cn/",
    "CertificateArn": f"arn:aws-cn:acm:{REGION}:000000000000:certificate/x",
    "AlarmEmail": "it@example.cn",
    "SendSubnetIds": "subnet-1,subnet-2",
    "SendSecurityGroupIds": "sg-1",
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """ministack alone, with its own tables."""
    if not engines.are_installed():
        pytest.skip("the engines are not installed: `make test` installs them (needs Node 20)")
    place = Place(home=tmp_path_factory.mktemp("aws"), port=free_port(), db_port=free_port())
    (place.home / "tmp").mkdir()
    part = parts.describe(place)["cloud"]
    part.environment |= dict.fromkeys(
        ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS"), place.aws
    )
    # As an account that may deploy has; our own machine allows fewer
    part.environment["LAMBDA_ACCOUNT_CONCURRENCY"] = "1000"
    part.start()
    assert wait_until(lambda: is_taken(place.port), seconds=60)
    yield place.aws
    part.stop()


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """Two packages, of which the second gives the sweep more memory."""
    first, second = (tmp_path_factory.mktemp(name) for name in ("first", "second"))
    template = package.build(first)
    for name in [n for n, r in template["Resources"].items() if "Metrics" in r.get("Properties", {})]:
        del template["Resources"][name]
    (first / "sam.json").write_text(json.dumps(template))
    shutil.copy(first / "deployment.zip", second)
    template["Resources"]["Sweep"]["Properties"]["MemorySize"] = 1024
    (second / "sam.json").write_text(json.dumps(template))
    return first, second


@pytest.fixture
def command(endpoint):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }

    def run(module, *arguments, answer=""):
        return subprocess.run(
            [sys.executable, "-m", f"infra.production.{module}", *map(str, arguments), "--region", REGION],
            env=environment,
            cwd=package.ROOT,
            input=answer,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )

    return run


@pytest.fixture
def client(endpoint):
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return lambda service: boto3.client(service, endpoint_url=endpoint, region_name=REGION, **keys)


def memory(client):
    return client("lambda").get_function_configuration(FunctionName="mslj-beta-sweep")["MemorySize"]


def status(client):
    return client("cloudformation").describe_stacks(StackName="mslj-beta")["Stacks"][0]["StackStatus"]


def test_a_stage_is_deployed_upgraded_and_rolled_back_by_the_very_commands(command, client, versions):
    first, second = versions
    refused = command("deploy", "beta", "--package", first, "--yes")
    assert (refused.returncode, "PublicUrl" in refused.stderr) == (1, True), refused.stderr

    given = [word for name, value in OPTIONS.items() for word in ("--set", f"{name}={value}")]
    done = command("deploy", "beta", "--package", first, *given, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "新增  TicketsTable" in done.stdout
    assert "接口函数应答正常" in done.stdout
    policy = client("cloudformation").get_stack_policy(StackName="mslj-beta")["StackPolicyBody"]
    assert "Update:Replace" in policy
    assert memory(client) == 512
    [domain] = client("apigateway").get_domain_names()["items"]
    assert domain["domainName"] == "mslj.example.cn"

    again = command("deploy", "beta", "--package", first, "--yes")
    assert "没有需要变更" in again.stdout, again.stdout + again.stderr

    said_no = command("deploy", "beta", "--package", second, answer="n\n")
    assert "没有执行" in said_no.stdout, said_no.stdout + said_no.stderr
    assert memory(client) == 512

    upgraded = command("deploy", "beta", "--package", second, answer="y\n")
    assert "修改  Sweep" in upgraded.stdout, upgraded.stdout + upgraded.stderr
    assert (memory(client), status(client)) == (1024, "UPDATE_COMPLETE")

    back = command("rollback", "beta", "--yes")
    assert back.returncode == 0, back.stdout + back.stderr
    assert memory(client) == 512
    parameters = client("cloudformation").describe_stacks(StackName="mslj-beta")["Stacks"][0]["Parameters"]
    assert {"ParameterKey": "PublicUrl", "ParameterValue": OPTIONS["PublicUrl"]} in [
        {key: each[key] for key in ("ParameterKey", "ParameterValue")} for each in parameters
    ]
    assert "没有更早的版本" in command("rollback", "beta", "--yes").stderr
