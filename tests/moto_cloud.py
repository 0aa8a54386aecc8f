"""AWS in this process, by moto: the four tables and the bucket, as a deployment would find them."""

import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

from chalicelib.store import direct
from tests import quick_moto

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "cn-north-1",
    "TICKETS_TABLE": "mslj-test-tickets",
    "WORK_TABLE": "mslj-test-work",
    "IDENTITIES_TABLE": "mslj-test-identities",
    "TRACES_TABLE": "mslj-test-traces",
    "TRACES_BUCKET": "mslj-test-traces",
    "PHOTOS_BUCKET": "mslj-test-photos",
    "RECORDINGS_BUCKET": "mslj-test-recordings",
    "SEND_QUEUE_URL": "https://sqs.invalid/send",
    "JOBS_QUEUE_URL": "https://sqs.invalid/jobs",
    "ESCALATION_ARN": "escalation",
    "FOLLOW_UP_ARN": "follow-up",
    "REVEAL_FUNCTION": "reveal",
    "JOBS_FUNCTION": "run_job",
    "SECRETS_PATH": "/mslj/test/secrets",
    "PUBLIC_URL": "https://msjl.example.cn",
    "STAGE": "test",
}
KEYS = [("PK", "HASH"), ("SK", "RANGE")]
INDEX = [("GSI1PK", "HASH"), ("GSI1SK", "RANGE")]
ACCOUNT = "123456789012"  # moto's
_ONE_AT_A_TIME = threading.RLock()
_KEPT: dict[str, bytes] = {}

# Each mock begins a new session, and each session would read the services' descriptions from the disk again: 0.1 s a test.
botocore.session.create_loader = cache(botocore.session.create_loader)


quick_moto.hasten()


@contextmanager
def moto_cloud(patch: pytest.MonkeyPatch) -> Iterator[None]:
    from chalicelib.gateways import clients
    from chalicelib.settings import settings
    from chalicelib.store import table

    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_PROFILE"):
        patch.delenv(name, raising=False)
    caches = (settings, table.client, clients.client)
    for cached in caches:
        cached.cache_clear()
    _ask_in_turn(patch)
    access = direct.Access(
        "https://dynamodb.cn-north-1.amazonaws.com.cn/", ENVIRONMENT["AWS_DEFAULT_REGION"], dict
    )
    patch.setattr(direct, "find_access", lambda _: access)
    moto, standing = Moto(access.url), direct.GO_BETWEENS
    standing.insert(0, moto)  # below whoever stands there already
    try:
        with mock_aws():
            _make()
            yield
    finally:
        standing.remove(moto)
    for cached in caches:
        cached.cache_clear()


class Moto(direct.GoBetween):
    """Answers in the place of DynamoDB what the stores ask directly."""

    def __init__(self, url: str) -> None:
        self._url = url

    def post(self, operation: str, body: bytes) -> tuple[int, bytes]:
        headers = HTTPHeaders.from_dict({"X-Amz-Target": f"DynamoDB_20120810.{operation}"})
        answer = botocore_stubber.process_request(AWSPreparedRequest("POST", self._url, headers, body, False))
        assert answer
        status, _, content = answer
        return status, content if isinstance(content, bytes) else content.encode()


def keep_secrets(**held: str) -> None:
    """The deployment's secrets from now on, beside those that it has: a parameter each; "" takes one away."""
    from chalicelib.gateways import clients, secrets

    ssm = clients.client("ssm")
    for name, value in held.items():
        path = f"{ENVIRONMENT['SECRETS_PATH']}/{name}"
        if value:
            ssm.put_parameter(Name=path, Value=value, Type="SecureString", Overwrite=True)
        else:
            ssm.delete_parameters(Names=[path])
    secrets._held.cache_clear()


def _ask_in_turn(patch: pytest.MonkeyPatch) -> None:
    """One request at a time: moto's tables are plain dictionaries, which threads of ours would change under one another."""
    ask = BotocoreStubber.process_request

    def in_turn(self: BotocoreStubber, request: Any) -> Any:
        with _ONE_AT_A_TIME:
            return ask(self, request)

    patch.setattr(BotocoreStubber, "process_request", in_turn)


def _make() -> None:
    stand("empty", _tables)
    buckets = s3_backends[ACCOUNT]["aws-cn"]
    for bucket in ("PHOTOS_BUCKET", "TRACES_BUCKET", "RECORDINGS_BUCKET"):
        buckets.create_bucket(ENVIRONMENT[bucket], ENVIRONMENT["AWS_DEFAULT_REGION"])


def stand(what: str, make: Callable[[], None]) -> None:
    """The tables as `make` makes them: once a run by itself, and then as they were kept. To make them was most of a start."""
    backend = dynamodb_backends[ACCOUNT][ENVIRONMENT["AWS_DEFAULT_REGION"]]
    if what not in _KEPT:
        make()
        _KEPT[what] = pickle.dumps(backend.tables)
    else:
        backend.tables = pickle.loads(_KEPT[what])


def as_stored(name: str) -> list[dict[str, Any]]:
    """Every item of a table, without a client, which costs more to make than all that is asked of it."""
    backend = dynamodb_backends[ACCOUNT][ENVIRONMENT["AWS_DEFAULT_REGION"]]
    return [item.to_json()["Attributes"] for item in backend.tables[name].all_items()]


def _tables() -> None:
    tables = boto3.client("dynamodb")
    for name in ("tickets", "work", "identities", "traces"):
        tables.create_table(
            TableName=ENVIRONMENT[f"{name.upper()}_TABLE"],
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in KEYS + INDEX],
            KeySchema=_schema(KEYS),
            GlobalSecondaryIndexes=[
                {"IndexName": "GSI1", "KeySchema": _schema(INDEX), "Projection": {"ProjectionType": "ALL"}}
            ],
        )


def _schema(keys: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": kind} for key, kind in keys]
