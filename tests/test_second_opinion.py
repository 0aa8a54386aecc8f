"""What others know of AWS, held against what we deploy: which actions exist, what a policy says wrongly, by their tables."""

import json
import subprocess

import pytest

from infra import package
from infra.local.policies import Where, rules

ASL_VALIDATOR = "asl-validator@4.0.0"  # npm; by the makers of nobody's engine

PLACES = {
    "aws": Where("prod", "123456789012", "eu-west-1"),
    "aws-cn": Where("prod", "123456789012", "cn-north-1", "aws-cn", "amazonaws.com.cn"),
}


@pytest.mark.parametrize("place", [PLACES["aws"], pytest.param(PLACES["aws-cn"], marks=pytest.mark.nightly)])
def test_parliament_finds_nothing_in_any_functions_policy(place):
    from parliament import analyze_policy_string  # 1.7 s to import

    for function, statements in rules(place).functions.items():
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        found = analyze_policy_string(document).findings
        if place.partition == "aws-cn":  # its table of resources writes arn:aws only
            found = [each for each in found if each.issue != "RESOURCE_MISMATCH"]
        assert [(each.issue, each.detail) for each in found] == [], function


def test_an_action_that_does_not_exist_would_be_found():
    from parliament import analyze_policy_string

    statement = {"Effect": "Allow", "Action": "dynamodb:PutItems", "Resource": "*"}
    found = analyze_policy_string(json.dumps({"Version": "2012-10-17", "Statement": [statement]})).findings
    assert "UNKNOWN_ACTION" in {each.issue for each in found}


def looked_at(*files):
    named = [part for file in files for part in ("--json-path", str(file))]
    command = [
        "npx",
        "--yes",
        ASL_VALIDATOR,
        "--no-arn-check",
        *named,
    ]  # the functions' ARNs are put in later
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.nightly
def test_asl_validator_finds_nothing_in_either_workflow():
    done = looked_at(*(package.ROOT / "infra" / name for name in package.WORKFLOWS.values()))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.nightly
def test_a_state_that_leads_nowhere_would_be_found(tmp_path):
    definition = json.loads((package.ROOT / "infra" / "escalation.asl.json").read_text(encoding="utf-8"))
    definition["StartAt"] = "nowhere"
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(definition), encoding="utf-8")
    assert looked_at(broken).returncode != 0
