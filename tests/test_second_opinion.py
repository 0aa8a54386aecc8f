"""What others know of AWS, held against what we deploy: which actions exist, what a policy says wrongly, by their tables."""

import json

import pytest

from infra.local.policies import Where, rules

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
