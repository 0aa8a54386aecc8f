"""AWS in this process, by moto: the three tables and the bucket, as a deployment would find them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "cn-north-1",
    "TICKETS_TABLE": "mslj-test-tickets",
    "WORK_TABLE": "mslj-test-work",
    "IDENTITIES_TABLE": "mslj-test-identities",
    "PHOTOS_BUCKET": "mslj-test-photos",
    "SEND_QUEUE_URL": "https://sqs.invalid/send",
    "JOBS_QUEUE_URL": "https://sqs.invalid/jobs",
    "ESCALATION_ARN": "escalation",
    "FOLLOW_UP_ARN": "follow-up",
    "REVEAL_FUNCTION": "reveal",
    "SECRETS_PARAMETER": "/mslj/test/secrets",
    "PUBLIC_URL": "https://msjl.example.cn",
    "STAGE": "test",
}
KEYS = [("PK", "HASH"), ("SK", "RANGE")]
INDEX = [("GSI1PK", "HASH"), ("GSI1SK", "RANGE")]
_ONE_AT_A_TIME = threading.RLock()

# Each mock begins a new session, and each session would read the services' descriptions from the disk again: 0.1 s a test.
botocore.session.create_loader = cache(botocore.session.create_loader)


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
    with mock_aws():
        _make()
        yield
    for cached in caches:
        cached.cache_clear()


def _ask_in_turn(patch: pytest.MonkeyPatch) -> None:
    """One request at a time: moto's tables are plain dictionaries, which threads of ours would change under one another."""
    ask = BotocoreStubber.process_request

    def in_turn(self: BotocoreStubber, request: Any) -> Any:
        with _ONE_AT_A_TIME:
            return ask(self, request)

    patch.setattr(BotocoreStubber, "process_request", in_turn)


def _make() -> None:
    region, tables = ENVIRONMENT["AWS_DEFAULT_REGION"], boto3.client("dynamodb")
    for name in ("tickets", "work", "identities"):
        tables.create_table(
            TableName=ENVIRONMENT[f"{name.upper()}_TABLE"],
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in KEYS + INDEX],
            KeySchema=_schema(KEYS),
            GlobalSecondaryIndexes=[
                {"IndexName": "GSI1", "KeySchema": _schema(INDEX), "Projection": {"ProjectionType": "ALL"}}
            ],
        )
    boto3.client("s3").create_bucket(
        Bucket=ENVIRONMENT["PHOTOS_BUCKET"], CreateBucketConfiguration={"LocationConstraint": region}
    )


def _schema(keys: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": kind} for key, kind in keys]
