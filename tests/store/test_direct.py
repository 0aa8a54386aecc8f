"""The direct way asks what botocore would ask, signed alike, and leaves to botocore what it does not understand."""

import json
import socket
import threading
from contextlib import contextmanager

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.settings import find_aws_access
from chalicelib.store import direct, sigv4, table
from chalicelib.store.connection import Broken, Connection

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
visible = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)


@given(st.binary(), visible, visible, visible | st.none(), st.sampled_from(["cn-north-1", "us-east-1"]))
def test_a_request_is_signed_as_botocore_signs_it(body, access_key, secret, token, region):
    who, at = Credentials(access_key, secret, token), "20261123T020000Z"
    headers = {
        "host": "dynamodb.example",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "T.GetItem",
    }
    ours = sigv4.signed(headers, body, who, region, at)

    theirs = AWSRequest("POST", "https://dynamodb.example/", headers=ours, data=body)
    del theirs.headers["authorization"]
    theirs.context["timestamp"] = at
    signer = SigV4Auth(who, "dynamodb", region)
    signature = signer.signature(signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs)
    assert ours["authorization"].endswith(f"Signature={signature}")
    assert f"Credential={signer.scope(theirs)}, " in ours["authorization"]


@contextmanager
def answering(*answers):
    """A server that takes one connection after another and answers each with the next of `answers`; what it was asked."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    asked.append(_request(connection))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        thread.join(5)


def _request(connection):
    taken = b""
    while b"\r\n\r\n" not in taken:
        taken += connection.recv(65536)
    head, _, body = taken.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head, body


def open_to(address, seconds=2.0):
    return Connection("http", address, connect_seconds=2, seconds=seconds)


def test_what_is_posted_arrives_whole():
    with answering(OK) as (address, asked):
        connection = open_to(address)
        assert connection.post({"host": address, "x-amz-target": "T"}, "楼道灯".encode()) == (200, b"{}")
    head, body = asked[0]
    assert head.startswith(b"POST / HTTP/1.1\r\n")
    assert b"\r\nx-amz-target: T" in head
    assert body.decode() == "楼道灯"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        b"HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_is_not_taken_for_one(answer):
    with answering(answer) as (address, _), pytest.raises(Broken):
        open_to(address).post({"host": address}, b"{}")


def test_an_answer_that_does_not_come_in_time_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        open_to(f"127.0.0.1:{silent.getsockname()[1]}", seconds=0.05).post({"host": "x"}, b"{}")


@pytest.mark.parametrize(("said", "usable"), [("close", False), ("Close", False), ("keep-alive", True)])
def test_a_connection_that_will_be_closed_is_not_used_again(said, usable):
    answer = OK.replace(b"\r\n\r\n", f"\r\nConnection: {said}\r\n\r\n".encode())
    with answering(answer) as (address, _):
        connection = open_to(address)
        connection.post({"host": address}, b"{}")
        assert connection.usable is usable


# --- beside botocore ---


def json_answer(status, body):
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


FOUND = json_answer(200, {"Item": {"PK": {"S": "A"}, "data": {"B": "AAH/"}}})
REFUSED = json_answer(
    400, {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no"}
)
CANCELLED = json_answer(
    400,
    {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "cancelled",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "no"}],
    },
)
BUSY = json_answer(500, {"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"})
THROTTLED = json_answer(400, {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException"})
HTML = b"HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\n<html>"


CHOICES = ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_REGION", "AWS_SESSION_TOKEN")


@pytest.fixture
def to(monkeypatch):
    """A client of the address, as the store makes its own in a Lambda."""
    for name in (*CHOICES, "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in IN_LAMBDA.items():
        monkeypatch.setenv(name, value)

    def make(address):
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://{address}")
        config = Config(retries={"mode": "standard", "total_max_attempts": 2}, parameter_validation=False)
        return direct.Client(lambda: boto3.client("dynamodb", config=config))

    return make


IN_LAMBDA = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def find(client):
    return client.get_item(TableName="town", Key={"PK": {"S": "A"}, "SK": {"S": "A"}})


def test_an_answer_is_one_request_and_bytes_come_back_as_bytes(to):
    with answering(FOUND) as (address, asked):
        assert table.from_wire(find(to(address))["Item"]) == {"PK": "A", "data": b"\x00\x01\xff"}
    assert len(asked) == 1
    head, body = asked[0]
    assert b"\r\nx-amz-target: DynamoDB_20120810.GetItem\r\n" in head
    assert json.loads(body) == {"TableName": "town", "Key": {"PK": {"S": "A"}, "SK": {"S": "A"}}}


def test_botocore_makes_no_client_for_what_is_answered_plainly(to):
    with answering(FOUND, REFUSED) as (address, _):
        client = to(address)
        client._make_whole = pytest.fail
        find(client)
        client._drop()
        with pytest.raises(direct.Refused):
            client.put_item(TableName="town", Item={"PK": {"S": "A"}})


def test_a_refused_condition_is_said_after_one_request(to):
    with answering(REFUSED) as (address, asked), pytest.raises(direct.Refused, match="no"):
        to(address).put_item(TableName="town", Item={"PK": {"S": "A"}})
    assert len(asked) == 1


@pytest.mark.parametrize("first", [(), (BUSY,)])
def test_a_cancelled_transaction_says_which_of_its_operations_failed(to, first):
    """Also where botocore had to ask again."""
    with answering(*first, CANCELLED) as (address, _), pytest.raises(direct.Cancelled) as cancelled:
        to(address).transact_write_items(TransactItems=[])
    assert cancelled.value.reasons == ["None", "ConditionalCheckFailed"]


@pytest.mark.parametrize("first", [BUSY, THROTTLED, HTML, b"", FOUND[:-3]])
def test_what_is_no_plain_answer_is_asked_again_by_botocore(to, first):
    with answering(first, FOUND) as (address, asked):
        assert find(to(address))["Item"]["PK"] == {"S": "A"}
    assert len({json.dumps(json.loads(body)) for _, body in asked}) == 1


def test_a_transaction_that_is_asked_again_is_the_same_one(to):
    """Its token is in the body, so that DynamoDB does it once though both arrive."""
    with answering(b"", json_answer(200, {})) as (address, asked):
        to(address).transact_write_items(TransactItems=[])
    tokens = [json.loads(body)["ClientRequestToken"] for _, body in asked]
    assert tokens[0] == tokens[1]


def test_bytes_travel_as_botocore_sends_them(to):
    with answering(b"", json_answer(200, {})) as (address, asked):
        to(address).put_item(TableName="town", Item={"PK": {"S": "楼"}, "data": {"B": b"\x00\xff"}})
    ours, botocores = (json.loads(body) for _, body in asked)
    assert ours == botocores


def test_what_stays_at_fault_is_botocores_error(to):
    with (
        answering(BUSY, BUSY, BUSY) as (address, asked),
        pytest.raises(ClientError, match="InternalServerError"),
    ):
        find(to(address))
    assert len(asked) == 3


def test_a_kept_connection_that_was_closed_meanwhile_is_made_anew(to):
    with answering(FOUND, FOUND, FOUND) as (address, asked):
        client = to(address)
        assert [find(client)["Item"]["PK"] for _ in range(2)] == [{"S": "A"}] * 2
    assert 2 <= len(asked) <= 3


@pytest.mark.parametrize(
    ("region", "function", "address"),
    [
        ("us-east-1", "f", "https://dynamodb.us-east-1.amazonaws.com"),
        ("cn-north-1", "f", "https://dynamodb.cn-north-1.amazonaws.com.cn"),
        ("cn-northwest-1", "f", "https://dynamodb.cn-northwest-1.amazonaws.com.cn"),
        ("us-iso-east-1", "f", None),
        ("eusc-de-east-1", "f", None),
        ("cn-north-1", "", None),  # a person's computer, whose own files may say another
    ],
)
def test_a_function_asks_its_own_region_and_leaves_the_rest_to_botocore(
    monkeypatch, region, function, address
):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", function)
    if not function:
        monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME")
    access = find_aws_access(IN_LAMBDA | {"AWS_REGION": region})
    assert (access and access.url) == address
    if access:
        resolved = boto3.Session("k", "s", region_name=region).client("dynamodb").meta.endpoint_url
        assert resolved == address


@pytest.mark.parametrize(
    "choice", ["AWS_PROFILE", "HTTPS_PROXY", "https_proxy", "all_proxy", "AWS_USE_FIPS_ENDPOINT"]
)
def test_where_the_environment_leaves_a_choice_botocore_makes_it(choice):
    told = IN_LAMBDA | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    assert find_aws_access(told) == ("test", "test", "", "us-east-1", "http://127.0.0.1:1")
    assert find_aws_access(told | {choice: "x"}) is None


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"])
def test_without_keys_and_region_botocore_looks_for_them(missing):
    assert find_aws_access(IN_LAMBDA | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", missing: ""}) is None


def test_who_has_a_profile_is_asked_for_by_its_credentials(to, monkeypatch, tmp_path):
    kept = tmp_path / "credentials"
    kept.write_text("[town]\naws_access_key_id = theirs\naws_secret_access_key = s\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(kept))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_PROFILE", "town")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    with answering(FOUND) as (address, asked):
        find(to(address))
    assert b"Credential=theirs/" in asked[0][0]


def test_behind_a_proxy_botocore_asks_by_itself(monkeypatch, to):
    with answering(FOUND) as (address, asked):
        monkeypatch.setenv("http_proxy", f"http://{address}")
        assert find(to("dynamodb.invalid"))["Item"]["PK"] == {"S": "A"}
    assert asked[0][0].startswith(b"POST http://dynamodb.invalid")


class Between(direct.GoBetween):
    def __init__(self, name, heard):
        self.name, self.heard = name, heard

    def ask(self, call, operation, request):
        self.heard.append(f"{self.name} {operation}")
        return call(operation, request)

    def post(self, operation, body):
        self.heard.append(f"{self.name} post")
        return (200, b'{"Item": {}}') if self.name == "engine" else None


def test_whoever_stands_between_hears_first_what_came_last(monkeypatch, to):
    heard = []
    monkeypatch.setattr(direct, "GO_BETWEENS", [Between("engine", heard), Between("judge", heard)])
    assert find(to("127.0.0.1:1")) == {"Item": {}}
    assert heard == ["judge GetItem", "engine GetItem", "judge post", "engine post"]


def test_both_engines_are_asked_this_way(town_table):
    table.put(table.Table.WORK, {"PK": "A", "SK": "A", "data": b"\x00\x01"})
    assert table.get(table.Table.WORK, "A", "A") == {"PK": "A", "SK": "A", "data": b"\x00\x01"}
