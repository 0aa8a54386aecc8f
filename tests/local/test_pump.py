"""The pump: in order, at least once, nothing skipped, a poisoned record holds nobody up for ever."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.pump import Mapping, NotReachable, Pump, first_failure, mapping_of
from infra.local.stream import Checkpoint, Stream
from tests.local.templates import merged_with_functions

MAPPING = Mapping(function="f", table="t", batch_size=25, retries=3, patterns=[])


def a_record(number, sk="EVENT#000001"):
    keys = {"PK": {"S": f"TICKET#{number}"}, "SK": {"S": sk}}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "Keys": keys}}


def numbers(records):
    return [int(record["dynamodb"]["SequenceNumber"]) for record in records]


class Consumer:
    """Handles records one by one and says which came first that it could not. `crashes` fail the whole batch."""

    def __init__(self, poisoned=(), crashes=False):
        self.poisoned, self.crashes, self.handled, self.calls = set(poisoned), crashes, [], 0

    def __call__(self, records):
        self.calls += 1
        for position, number in enumerate(numbers(records)):
            if number in self.poisoned:
                return 0 if self.crashes else position
            self.handled.append(number)
        return None


def a_pump(tmp_path, consumer, mapping=MAPPING):
    checkpoint = Checkpoint(tmp_path / "pump.json")
    given_up = []
    return Pump(mapping, checkpoint, consumer, given_up.append, wait=lambda _: None), checkpoint, given_up


def test_the_place_is_kept_after_success_only(tmp_path):
    def unreachable(_records):
        raise NotReachable("down")

    pump, checkpoint, _ = a_pump(tmp_path, unreachable)
    with pytest.raises(NotReachable):
        pump.handle([a_record(1)])
    assert checkpoint.after is None


def test_what_is_read_at_once_is_handed_over_by_the_batch(tmp_path):
    consumer = Consumer()
    pump, checkpoint, _ = a_pump(tmp_path, consumer)
    pump.handle([a_record(number) for number in range(1, 61)])
    assert (consumer.calls, consumer.handled, checkpoint.after) == (3, list(range(1, 61)), "60")


def test_records_that_the_filter_drops_cost_no_call_and_are_passed(tmp_path):
    consumer = Consumer()
    mapping = Mapping("f", "t", 25, 3, [{"dynamodb": {"Keys": {"SK": {"S": [{"prefix": "EVENT#"}]}}}}])
    pump, checkpoint, _ = a_pump(tmp_path, consumer, mapping)
    pump.handle([a_record(1, sk="TICKET"), a_record(2, sk="QUEUE#x")])
    assert consumer.calls == 0
    assert checkpoint.after == "2"


def test_only_what_failed_and_what_came_after_is_sent_again(tmp_path):
    consumer = Consumer(poisoned=[3])
    pump, checkpoint, given_up = a_pump(tmp_path, consumer)
    pump.handle([a_record(number) for number in range(1, 6)])
    assert consumer.handled == [1, 2, 4, 5]
    assert numbers(given_up) == [3]
    assert checkpoint.after == "5"


@pytest.mark.parametrize(("retries", "calls"), [(0, 1), (1, 2), (3, 4)])
def test_a_record_is_given_up_after_its_retries(tmp_path, retries, calls):
    consumer = Consumer(poisoned=[1])
    pump, _, given_up = a_pump(tmp_path, consumer, Mapping("f", "t", 25, retries, []))
    pump.handle([a_record(1)])
    assert consumer.calls == calls
    assert numbers(given_up) == [1]


def test_a_restart_of_the_engine_in_the_middle_costs_no_attempt_and_no_record(tmp_path):
    down = iter([True, False])
    consumer = Consumer()

    def sometimes_down(records):
        if next(down):
            raise NotReachable("down")
        return consumer(records)

    pump, checkpoint, given_up = a_pump(tmp_path, sometimes_down)
    with pytest.raises(NotReachable):
        pump.handle([a_record(1)])
    pump.handle([a_record(1)])
    assert consumer.handled == [1]
    assert not given_up
    assert checkpoint.after == "1"


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(1, 25)), st.booleans(), st.integers(1, 25))
def test_whatever_is_poisoned_every_other_record_is_handled_and_in_order(
    tmp_path_factory, poisoned, crashes, count
):
    consumer = Consumer(poisoned, crashes=crashes)
    pump, checkpoint, given_up = a_pump(tmp_path_factory.mktemp("pump"), consumer)
    pump.handle([a_record(number) for number in range(1, count + 1)])
    firsts = list(dict.fromkeys(consumer.handled))
    assert firsts == [number for number in range(1, count + 1) if number not in poisoned]
    assert numbers(given_up) == sorted(number for number in poisoned if number <= count)
    assert checkpoint.after == str(count)


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, None),
        ({}, None),
        ({"batchItemFailures": []}, None),
        ({"batchItemFailures": [{"itemIdentifier": "2"}]}, 1),
        ({"batchItemFailures": [{"itemIdentifier": "3"}, {"itemIdentifier": "2"}]}, 1),
        ({"batchItemFailures": [{"itemIdentifier": "9"}]}, 0),
        ({"batchItemFailures": [{}]}, 0),
        ("text", None),
    ],
)
def test_the_earliest_failure_counts_and_an_unknown_one_fails_the_batch(answer, failed):
    assert first_failure([a_record(1), a_record(2), a_record(3)], answer) == failed


def test_a_kept_place_survives_and_belongs_to_one_stream(tmp_path):
    first = Checkpoint(tmp_path / "pump.json")
    first.load("stream-a")
    first.save("7")
    assert Checkpoint(tmp_path / "pump.json").load("stream-a") == "7"
    assert Checkpoint(tmp_path / "pump.json").load("stream-b") is None


@pytest.mark.parametrize("left", ["", "{", "[]", '{"stream": "s"}', '"x"'])
def test_an_unreadable_place_means_reading_from_the_beginning(tmp_path, left):
    (tmp_path / "pump.json").write_text(left)
    assert Checkpoint(tmp_path / "pump.json").load("s") is None


def test_a_record_looks_as_lambda_would_send_it():
    """Epoch seconds, bytes as base64: as JSON holds them, whatever else reads through the same client."""
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp()
    change = {
        "ApproximateCreationDateTime": at,
        "Keys": {},
        "NewImage": {"data": {"B": "AAE="}},
        "SequenceNumber": "1",
    }
    held = {"eventID": "e", "eventName": "INSERT", "dynamodb": change}
    client = boto3.Session("k", "s", region_name="us-east-1").client("dynamodbstreams")
    answer = AWSResponse("", 200, {}, Raw(json.dumps({"Records": [held], "NextShardIterator": "2"}).encode()))
    client.meta.events.register("before-send", lambda **_: answer)
    streams = [Stream(client, name, 1, None) for name in ("tickets", "traces")]
    streams[0].iterator, streams[0].arn = "1", "arn:stream"
    [sent] = streams[0].read()
    assert sent["dynamodb"] == change
    assert (sent["eventSourceARN"], streams[0].iterator) == ("arn:stream", "2")


class Engine(BaseHTTPRequestHandler):
    """Answers what it is told to, and keeps what it was asked."""

    protocol_version = "HTTP/1.1"
    answers, asked = [], []

    def do_POST(self):
        said = self.rfile.read(int(self.headers["content-length"]))
        self.asked.append((self.headers["x-amz-target"], json.loads(said), self.headers["user-agent"]))
        status, body = self.answers.pop(0)
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def served():
    Engine.answers, Engine.asked = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
    Engine.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Engine
    server.shutdown()
    server.server_close()


def stream_of(server_port):
    config = Config(retries={"total_max_attempts": 1})
    client = boto3.Session("k", "s", region_name="us-east-1").client(
        "dynamodbstreams", endpoint_url=f"http://127.0.0.1:{server_port}", config=config
    )
    stream = Stream(client, "tickets", 100, None)
    stream.iterator = "1"
    return stream


PAGE = json.dumps({"Records": [], "NextShardIterator": "2"}).encode()
EXPIRED = json.dumps({"__type": "x#ExpiredIteratorException"}).encode()


def test_a_look_at_the_engine_beside_us_goes_past_botocore(served):
    served.answers += [(200, PAGE), (200, PAGE)]
    stream = stream_of(served.port)
    assert stream.read() == stream.read() == []
    assert [(target, body["ShardIterator"]) for target, body, _ in served.asked] == [
        ("DynamoDBStreams_20120810.GetRecords", "1"),
        ("DynamoDBStreams_20120810.GetRecords", "2"),
    ]
    assert [agent for *_, agent in served.asked] == [None, None]


@pytest.mark.parametrize("plain", [(500, b"{}"), (200, b"no JSON")])
def test_what_is_no_plain_answer_is_asked_by_botocore(served, plain):
    served.answers += [plain, (200, PAGE)]
    assert stream_of(served.port).read() == []
    assert [agent is None for *_, agent in served.asked] == [True, False]


def test_what_the_engine_refuses_is_told_in_botocores_errors(served):
    served.answers += [(400, EXPIRED), (400, EXPIRED)]
    with pytest.raises(ClientError, match="ExpiredIterator"):
        stream_of(served.port).read()


class Raw(BytesIO):
    def stream(self, **_):
        yield self.read()


def test_the_pump_does_what_the_template_says():
    mapping = mapping_of(merged_with_functions())
    assert mapping.function == "mslj-local-on_ticket_event"
    assert mapping.table == "mslj-local-tickets"
    assert mapping.batch_size > 0
    assert mapping.retries == -1  # until it is told: a record is never given up
