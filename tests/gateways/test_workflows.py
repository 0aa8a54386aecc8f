"""An execution is started once under its name, and stopped where it sleeps for nothing; nothing hangs on that."""

from datetime import datetime

import boto3
import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.gateways import clients, workflows
from chalicelib.settings import settings
from tests.moto_cloud import moto_cloud

WAKE = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
SLEEPS = '{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": true}}}'


@pytest.fixture
def escalation(monkeypatch):
    with moto_cloud(monkeypatch):
        role = "arn:aws-cn:iam::123456789012:role/x"
        states = boto3.client("stepfunctions")
        made = states.create_state_machine(name="mslj-test-escalation", definition=SLEEPS, roleArn=role)
        monkeypatch.setenv("ESCALATION_ARN", made["stateMachineArn"])
        settings.cache_clear()
        yield made["stateMachineArn"]


def statuses(arn):
    found = clients.client("stepfunctions").list_executions(stateMachineArn=arn)["executions"]
    return {execution["name"]: execution["status"] for execution in found}


def test_what_is_stopped_is_that_execution_and_no_other(escalation):
    workflows.start_escalation("01KAT", 1, WAKE)
    workflows.start_escalation("01KAU", 1, WAKE)
    workflows.start_escalation("01KAT", 2, WAKE)
    workflows.stop_escalation("01KAT", 1)
    assert statuses(escalation) == {"01KAT-1": "ABORTED", "01KAT-2": "RUNNING", "01KAU-1": "RUNNING"}


def test_a_generation_started_twice_is_started_once(escalation):
    for _ in range(2):
        workflows.start_escalation("01KAT", 1, WAKE)
        workflows.stop_escalation("01KAT", 1)
    assert statuses(escalation) == {"01KAT-1": "ABORTED"}


def test_where_there_is_none_to_stop_nothing_fails(escalation):
    workflows.stop_escalation("01KAT", 1)
    workflows.stop_follow_up("01KAT", 1)
    assert statuses(escalation) == {}
