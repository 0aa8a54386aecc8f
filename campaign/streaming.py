"""Asking the engine beside us without what it does not look at: a signature, and for its stream botocore's many steps."""

import json
from typing import Any

from benchmarks.stand import Stand
from benchmarks.world import open_stream
from chalicelib.store.connection import Connection
from infra.local.stream import Stream

# The engine wants to see a signature and compares it with nothing.
SIGNED = {
    "x-amz-date": "20261123T020000Z",
    "authorization": "AWS4-HMAC-SHA256 Credential=campaign/20261123/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
}
HEADERS = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDBStreams_20120810.GetRecords",
} | SIGNED


def unsigned(headers: dict[str, str], *_: Any) -> dict[str, str]:
    """In the place of `sigv4.signed`, which tests/store hold: of what a request costs this process it was a fifth."""
    return headers | SIGNED


def untimed() -> str:
    """In the place of `sigv4.timestamp`."""
    return ""


class _Reader:
    """In the place of botocore's client, of which it asks what is asked once."""

    def __init__(self, whole: Any, address: str) -> None:
        self._whole, self._address = whole, address
        self._connection = Connection("http", address, connect_seconds=3, seconds=30)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)

    def get_records(self, **request: Any) -> Any:
        headers = HEADERS | {"host": self._address}
        status, body = self._connection.post(headers, json.dumps(request).encode())
        assert status == 200, body
        return json.loads(body)


def opened(stand: Stand) -> Stream:
    stream = open_stream(stand)
    stream.client = _Reader(stream.client, f"127.0.0.1:{stand.place.db_port}")
    return stream
