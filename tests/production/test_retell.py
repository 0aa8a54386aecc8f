"""What the stream gave up is told from the history, once."""

import io
import json
from datetime import datetime, timedelta

import pytest

from chalicelib.actions import consuming
from chalicelib.domain.model import SHANGHAI
from infra.production import retell
from infra.production.aws import Deployment, Refused
from tests.production.test_backup import told


class Consumer:
    """The deployed function, which is the project's own consumer; `fails` first so many times."""

    def __init__(self, service, fails=0):
        self.service, self.fails, self.given = service, fails, []

    def invoke(self, FunctionName, Payload):
        assert FunctionName == "mslj-test-on_ticket_event"
        records = json.loads(Payload)["Records"]
        self.given += [record["eventID"] for record in records]
        again = records[0]["dynamodb"]["SequenceNumber"] if self.fails > 0 else None
        self.fails -= 1
        again = again or consuming.consume(records, now=self.service.now)
        failures = [{"itemIdentifier": again}] if again else []
        return {"Payload": io.BytesIO(json.dumps({"batchItemFailures": failures}).encode())}


def through(deployment, consumer):
    client = deployment.client
    return Deployment("test", deployment.bucket, lambda name: consumer if name == "lambda" else client(name))


@pytest.mark.parametrize("fails", [0, 2])
def test_what_was_never_told_is_told_and_what_was_told_is_not_told_twice(service, deployment, fails):
    service.report("楼道灯坏了")
    service.settle()
    before = told(service)
    service.report("电梯不动了")  # and the stream forgets it
    consumer = Consumer(service, fails)
    assert retell.retell(through(deployment, consumer), service.now - timedelta(days=1)) >= 2
    after = told(service)
    assert after > before
    retell.retell(through(deployment, consumer), service.now - timedelta(days=1))
    assert told(service) == after


def test_only_what_is_younger_is_told_and_that_instant_counts(service, deployment):
    service.report("楼道灯坏了")
    for since, some in ((service.now, True), (service.now + timedelta(seconds=1), False)):
        consumer = Consumer(service)
        assert (retell.retell(through(deployment, consumer), since) > 0) is some


def test_a_consumer_that_never_takes_it_is_told_to_whoever_asked(service, deployment):
    service.report("楼道灯坏了")
    with pytest.raises(Refused, match="不会重复通知"):
        retell.retell(through(deployment, Consumer(service, 10_000)), service.now)


def test_a_time_without_a_zone_is_shanghais():
    assert retell.read_instant("2026-11-22 08:00", "SINCE") == datetime(2026, 11, 22, 8, tzinfo=SHANGHAI)
    with pytest.raises(Refused, match="SINCE="):
        retell.read_instant("yesterday", "SINCE")
