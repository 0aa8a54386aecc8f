"""Log lines: one JSON object each, from a request to the message that follows from it, and never who or what was written."""

import json
import logging
from datetime import datetime
from types import SimpleNamespace

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from chalice.test import Client

from chalicelib import logs, settings
from chalicelib.actions.notices import notifying, sending
from chalicelib.gateways import clients, workflows
from chalicelib.store import table
from chalicelib.store.table import Table
from tests.moto_cloud import ENVIRONMENT

NAME, PHONE, TEXT = "欧阳青禾", "13987654321", "三零二室的老伯伯昨天夜里在楼道里摔倒了"
CONTEXT = SimpleNamespace(aws_request_id="run-1", function_name="mslj-prod-send")


class Written(logging.Handler):
    """What a Lambda's handler would write, line by line."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logs.Lines())
        self.lines = []

    def emit(self, record):
        self.lines.append(json.loads(self.format(record)))

    def of(self, message):
        return [line for line in self.lines if line["message"] == message]


@pytest.fixture
def written(monkeypatch):
    """Whatever we log, and what libraries warn of, as in a Lambda."""
    settings.settings.cache_clear()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    handler, root = Written(), logging.getLogger()
    root.addHandler(handler)
    for name in logs.OURS:
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    settings.settings.cache_clear()


def ours(words, *given, **more):
    logging.getLogger("chalicelib.test").error(words, *given, **more)


def test_a_line_has_the_fields_of_powertools_and_says_whose_request_it_belongs_to(written):
    with logs.invoked(CONTEXT, "request-1"):
        ours("dead letter", extra=logs.about(id="letter-1"))
    [line] = written.of("dead letter")
    datetime.fromisoformat(line.pop("timestamp"))
    assert line.pop("location").startswith("test_logs.ours:")
    assert line == {
        "level": "ERROR",
        "message": "dead letter",
        "service": "mslj",
        "function_name": "mslj-prod-send",
        "function_request_id": "run-1",
        "correlation_id": "request-1",
        "id": "letter-1",
    }


@pytest.mark.parametrize(("asked", "named"), [("request-1", "request-1"), ("", "run-1")])
def test_what_nobody_asked_for_is_named_by_its_own_run(asked, named):
    with logs.invoked(CONTEXT, asked):
        assert logs.correlation_id() == named
        with logs.following("another"):
            assert logs.correlation_id() == "another"
        with logs.following(""):
            assert logs.correlation_id() == named
    assert logs.correlation_id() == ""


def test_a_fault_is_told_by_kind_code_and_place_and_not_in_its_own_words(written):
    refused = {"Error": {"Code": "ThrottlingException", "Message": f"too much of {PHONE}"}}
    try:
        try:
            raise ClientError(refused, "PutItem")
        except ClientError as cause:
            raise KeyError(NAME) from cause
    except KeyError:
        ours("a part failed", exc_info=True)
    [line] = written.of("a part failed")
    assert line["exception_name"] == "KeyError"
    outer, inner = line["exception"]
    assert outer.startswith("KeyError: ")
    assert inner.startswith("ClientError ThrottlingException PutItem: ")
    assert "test_logs.py:" in outer
    assert PHONE not in str(line)
    assert NAME not in str(line)


def test_a_librarys_line_is_written_without_what_it_fills_in(written):
    logging.getLogger("urllib3.connectionpool").warning("Retrying %s", f"/token?secret={PHONE}")
    [line] = written.of("Retrying %s")
    assert PHONE not in str(line)


def test_a_metric_is_a_line_that_cloudwatch_counts_by_its_dimension(written):
    ours("delivery", extra=logs.measured({"Deliveries": 1}, by=("state",), state="delivered", event="01K-1"))
    [line] = written.of("delivery")
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "mslj/test",
        "Dimensions": [["state"]],
        "Metrics": [{"Name": "Deliveries", "Unit": "Count"}],
    }
    assert (line["Deliveries"], line["state"], line["event"]) == (1, "delivered", "01K-1")
    written_at = datetime.fromisoformat(line["timestamp"])
    assert line["_aws"]["Timestamp"] == int(written_at.timestamp() * 1000)


@pytest.mark.parametrize("runs", [True, False])
def test_the_handlers_of_a_lambda_write_this_form_and_others_are_left_alone(monkeypatch, runs):
    (monkeypatch.setenv if runs else lambda *_: None)("AWS_LAMBDA_FUNCTION_NAME", "mslj-prod-api")
    handler, root = logging.StreamHandler(), logging.getLogger()
    monkeypatch.setattr(root, "handlers", [handler])
    for name in logs.OURS:
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
    logs.install()
    assert isinstance(handler.formatter, logs.Lines) is runs
    assert (logging.getLogger("chalicelib").level == logging.INFO) is runs


@pytest.mark.parametrize(
    ("code", "said", "key"),
    [
        ("AccessDeniedException", "KMS key access denied", "yes"),
        ("AccessDeniedException", "not authorized to perform: dynamodb:PutItem", "no"),
        ("KMSDisabledException", "disabled", "yes"),
    ],
)
@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_a_right_or_a_key_that_is_missing_is_counted_whoever_asks(
    service, code, said, key, written, monkeypatch
):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    table.client.cache_clear()
    clients.client.cache_clear()
    client = table.client().whole if service == "dynamodb" else clients.client(service)
    with Stubber(client) as stub:
        stub.add_client_error("list_queues" if service == "sqs" else "list_tables", code, said)
        with pytest.raises(ClientError):
            client.list_queues() if service == "sqs" else client.list_tables()
    [line] = written.of("denied")
    assert (line["Denials"], line["code"], line["key"]) == (1, code, key)
    assert said not in str(line)
    table.client.cache_clear()
    clients.client.cache_clear()


def test_a_message_belongs_to_the_request_that_it_follows_from(service, written):
    ticket_id = service.report("楼道灯坏了").body["id"]
    [answered] = [line for line in written.of("answered") if line["route"] == "/api/tickets"]
    asked = answered["correlation_id"]
    assert (answered["method"], answered["status"]) == ("POST", 201)
    assert asked
    service.settle()
    [received] = written.of("received")
    assert (received["correlation_id"], received["ticket"]) == (asked, ticket_id)
    outward = [item for item in service.items(Table.WORK) if item["SK"].startswith("out#")]
    assert outward
    for item in outward:
        sending.send((item["PK"], item["SK"]), now=service.now)
    told = written.of("delivery")
    assert {line["correlation_id"] for line in told} == {asked}
    assert {line["state"] for line in told} == {"delivered"}


def test_a_workflow_carries_the_request_from_state_to_state(service, monkeypatch):
    started = []
    states = boto3.client("stepfunctions")
    monkeypatch.setattr(states, "start_execution", lambda **asked: started.append(json.loads(asked["input"])))
    monkeypatch.setattr(workflows, "client", lambda _: states)
    with logs.following("request-1"):
        workflows._start("arn", "T-1", {"ticket_id": "01K"})
    [given] = started
    assert given == {"ticket_id": "01K", "correlation_id": "request-1"}
    with_app = Client(service.app)
    looked = with_app.lambda_.invoke("look_at_ticket", {**given, "generation": 1}).payload
    assert looked == {"ticket_id": "01K", "generation": 1, "due": "nothing", "correlation_id": "request-1"}


def test_no_line_of_a_tickets_life_holds_who_reported_or_what_was_written(service, written, monkeypatch):
    def broken(*_args, **_more):
        raise ValueError(f"{NAME} {PHONE} {TEXT}")

    contact = {"name": NAME, "phone": PHONE}
    ticket_id = service.report(TEXT, contact=contact, confidential=False).body["id"]
    service.report(TEXT, contact={"name": NAME, "phone": "不是电话"})
    service.settle()
    desk = service.staff("gglw-fc1")
    service.post("/staff/search/phone", {"phone": PHONE, "reason": "call_back"}, desk)
    service.post(
        f"/staff/tickets/{ticket_id}/reveal", {"fields": ["name", "phone", "text"], "reason": "visit"}, desk
    )
    with monkeypatch.context() as patch:
        patch.setattr(notifying, "follow", broken)
        service.report(TEXT, contact=contact)
        with pytest.raises(AssertionError):
            service.settle()
    with monkeypatch.context() as patch:
        patch.setattr("chalicelib.api.tickets.residents.reporting.report", broken)
        assert service.report(TEXT, contact=contact).status == 500
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_GATEWAYS", dict.fromkeys(sending._GATEWAYS, broken))
        for item in service.items(Table.WORK):
            if item["SK"].startswith("out#"):
                sending.send((item["PK"], item["SK"]), now=service.now)
    assert any("exception_name" in line for line in written.lines)
    kept = [line for line in written.lines if any(secret in str(line) for secret in (NAME, PHONE, TEXT))]
    assert kept == []
