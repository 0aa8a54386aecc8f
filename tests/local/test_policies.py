"""Every AWS call that the functions make in a whole walk is allowed by their own policies; nothing enforces IAM locally."""

import json
import re
from fnmatch import fnmatchcase

import pytest

from infra.local.processes import wait_until
from infra.local.runtime.recording import calls_of
from infra.local.template import PSEUDO, resolve
from tests.local.commands import call, report, run_command, wake, wake_schedule
from tests.local.templates import policy

NAMES = {**PSEUDO, "Stage": "local"}
KIND = {
    "dynamodb": "table/{}",
    "s3": "{}",
    "sqs": "{}",
    "lambda": "function:{}",
    "states": "stateMachine:{}",
    "ssm": "parameter{}",
}


def arn(action, resource):
    service = action.partition(":")[0]
    if service == "s3":
        return f"arn:aws:s3:::{resource}"
    place = f"{NAMES['AWS::Region']}:{NAMES['AWS::AccountId']}"
    kind = "execution:{}" if action == "states:StopExecution" else KIND[service]
    return f"arn:aws:{service}:{place}:{kind.format(resource)}"


def covers(statement, action, resource):
    said, named = statement["Action"], resolve(statement["Resource"], NAMES)
    actions = said if isinstance(said, list) else [said]
    resources = named if isinstance(named, list) else [named]
    return action in actions and any(fnmatchcase(arn(action, resource), each) for each in resources)


def concerns(statement, action, resource, kind):
    """Whether a statement speaks of this call; a condition on keys counts for the kind of key."""
    keys = [key for test in statement.get("Condition", {}).values() for key in test["dynamodb:LeadingKeys"]]
    fits = not keys or any(fnmatchcase(f"{kind}#", pattern) for pattern in keys)
    return fits and covers(statement, action, resource)


def is_allowed(function, action, resource, kind):
    statements = policy("api_handler" if function == "api" else function)
    effects = {each["Effect"] for each in statements if concerns(each, action, resource, kind)}
    return effects == {"Allow"}


@pytest.mark.parametrize(
    ("function", "action", "resource", "kind", "allowed"),
    [
        ("api", "dynamodb:PutItem", "mslj-local-identities", "TICKET", True),
        ("api", "dynamodb:GetItem", "mslj-local-identities", "TICKET", False),
        ("reveal", "dynamodb:GetItem", "mslj-local-identities", "TICKET", True),
        ("api", "dynamodb:PutItem", "mslj-local-work", "AUDIT", True),
        ("api", "dynamodb:DeleteItem", "mslj-local-work", "AUDIT", False),
        ("api", "dynamodb:DeleteItem", "mslj-local-work", "SESSION", True),
        ("api", "dynamodb:DeleteItem", "mslj-prod-work", "SESSION", False),
        ("send", "dynamodb:PutItem", "mslj-local-tickets", "TICKET", False),
        ("send", "dynamodb:GetItem", "mslj-local-identities", "PERSON", True),
        ("send", "dynamodb:GetItem", "mslj-local-identities", "TICKET", False),
        ("api", "dynamodb:Query", "mslj-local-tickets/index/GSI1", "", True),
        ("api", "s3:GetObject", "mslj-local-photos-000000000000/incoming/x", "", False),
        ("photos", "s3:GetObject", "mslj-local-photos-000000000000/incoming/x", "", True),
        ("on_ticket_event", "states:StopExecution", "mslj-local-escalation:01KAT-1", "", True),
        ("on_ticket_event", "states:StopExecution", "mslj-prod-escalation:01KAT-1", "", False),
        ("api", "states:StopExecution", "mslj-local-escalation:01KAT-1", "", False),
    ],
)
def test_the_policies_draw_these_lines(function, action, resource, kind, allowed):
    assert is_allowed(function, action, resource, kind) is allowed


def test_a_transaction_counts_as_each_of_its_parts():
    said = {
        "TransactItems": [
            {"Put": {"TableName": "t", "Item": {"PK": {"S": "TICKET#1"}}}},
            {"ConditionCheck": {"TableName": "w", "Key": {"PK": {"S": "TOWN"}}}},
        ]
    }
    expected = [("dynamodb:PutItem", "t", "TICKET"), ("dynamodb:ConditionCheckItem", "w", "TOWN")]
    assert calls_of("dynamodb", "TransactWriteItems", said) == expected


def test_a_stopped_execution_is_named_after_its_state_machine():
    said = {"executionArn": "arn:aws:states:us-east-1:0:execution:mslj-local-escalation:01KAT-1"}
    expected = [("states:StopExecution", "mslj-local-escalation:01KAT-1", "")]
    assert calls_of("stepfunctions", "StopExecution", said) == expected


RINGING = {
    "remind_handler": "remind",
    "escalate_one_rung": "escalate",
    "issue_supervision_order": "supervise",
}


def recorded(town):
    """Every different (function, action, resource, kind of key) so far, the names of photos left out."""
    lines = (town.place.home / "calls.jsonl").read_text().splitlines()
    return {
        (function, action, re.sub(r"/(incoming|photos|thumbs)/.+", r"/\1/x", resource), kind)
        for function, action, resource, kind in map(json.loads, lines)
    }


def walk_through_every_function(town):
    """The smoke walk, someone's identity revealed, and every task woken once for a ticket."""
    walk = run_command(town, "smoke")
    assert walk.returncode == 0, walk.stdout + walk.stderr
    _, session = call(town, "POST", "api/sessions", {})
    ticket_id = report(town, session["token"], contact={"name": "王阿姨", "phone": "13800001111"})
    listed = run_command(town, "sign_ins").stdout.splitlines()
    desk = next(line.split()[0] for line in listed if " first_contact " in line)
    body = {"fields": ["phone"], "reason": "回访核实维修情况"}
    status, shown = call(town, "POST", f"staff/tickets/{ticket_id}/reveal", body, desk)
    assert (status, shown.get("phone")) == (200, "13800001111"), shown
    alarm = {"clock_id": "none", "rung": 0, "at": "2026-11-22T00:00:00.000Z", "act": "remind", "to": "desk"}
    watched = {"ticket_id": ticket_id, "generation": 1, "round": 1, "alarm": alarm}
    for task in (
        "look_at_ticket",
        "ask_resident",
        "look_for_answer",
        "put_on_call_list",
        "look_at_calls",
    ):
        wake(town, task, watched)
    for task, act in RINGING.items():
        wake(town, task, watched | {"alarm": alarm | {"act": act}})
    wake(town, "tell_alarm", {"Records": [{"Sns": {"Message": "{}"}}]})
    for schedule in ("sweep", "count", "nightly"):
        wake_schedule(town, schedule)


@pytest.mark.local_cloud
def test_no_function_calls_what_its_policy_does_not_allow(town):
    walk_through_every_function(town)
    woken = {
        "api",
        "on_ticket_event",
        "send",
        "photos",
        "reveal",
        "look_at_ticket",
        "sweep",
        "count",
        "nightly",
    }
    woken |= {*RINGING, "tell_alarm"}
    assert wait_until(lambda: woken <= {call[0] for call in recorded(town)}, seconds=60, step=1)
    assert not sorted(call for call in recorded(town) if not is_allowed(*call))
