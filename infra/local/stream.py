"""Reading a DynamoDB stream of one shard, from where a file says, record by record as Lambda would pass them on."""

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError

from chalicelib.store import sigv4
from chalicelib.store.connection import Broken, Connection
from infra.local.place import REGION

Record = dict[str, Any]
AT_ONCE = 100  # records of a read: a report makes a dozen, of which the consumer wants one
_CONNECT_SECONDS, _READ_SECONDS = 2, 60
# The kept position is older than what the stream still holds, or unknown to a table made afresh: begin at its beginning.
LOST = {"TrimmedDataAccessException", "ValidationException"}


_HEADERS = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDBStreams_20120810.GetRecords",
}
_ANYBODY = ReadOnlyCredentials(
    "test", "test", None
)  # the engine looks whether there is a signature, not whose


class Checkpoint:
    """The sequence number read to, per stream, in a file that is replaced whole."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.stream = ""
        self.after: str | None = None

    def load(self, stream: str) -> str | None:
        """The position kept for `stream`, or None for one that was never read."""
        self.stream, self.after = stream, None
        try:
            kept = json.loads(self.file.read_text())
        except (OSError, ValueError):
            return None
        if isinstance(kept, dict) and kept.get("stream") == stream:
            self.after = kept.get("after")
        return self.after

    def save(self, sequence_number: str) -> None:
        self.after = sequence_number
        fresh = self.file.with_suffix(".new")
        with fresh.open("w") as out:
            json.dump({"stream": self.stream, "after": sequence_number}, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self.file)


class Stream:
    """The stream of one table, page by page. `client` is a dynamodbstreams client without parameter checks."""

    def __init__(self, client: Any, table: str, page: int, checkpoint: Checkpoint) -> None:
        self.client, self.table, self.page, self.checkpoint = client, table, page, checkpoint
        name = "before-parse.dynamodb-streams.GetRecords"
        client.meta.events.register(
            name, _as_it_came, unique_id="as it came"
        )  # several streams share a client
        self.iterator: str | None = None
        self.arn = ""
        self._connection: Connection | None = None

    def read(self) -> list[Record]:
        """The next records after those already read; empty when there are none yet."""
        if self.iterator is None:
            self.iterator = self._open()
        answer = self._records({"ShardIterator": self.iterator, "Limit": self.page})
        self.iterator = answer.get("NextShardIterator")
        return [as_lambda_sends(record, self.arn) for record in answer["Records"]]

    def _records(self, request: dict[str, Any]) -> dict[str, Any]:
        """From the engine beside us as the stores ask it (store/direct.py); what is no plain answer is asked by botocore, which raises
        its own errors. Its many steps were half of what a look at a stream costs.
        """
        url = urlsplit(self.client.meta.endpoint_url)
        if url.scheme == "http":
            try:
                body, headers = json.dumps(request).encode(), {"host": url.netloc, **_HEADERS}
                sent = sigv4.signed(headers, body, _ANYBODY, REGION, sigv4.timestamp())
                status, content = self._connected(url.netloc).post(sent, body)
                if status == 200:
                    return dict(json.loads(content))
            except (OSError, Broken, ValueError):  # closed meanwhile, or hangs, or no JSON
                self._hang_up()
        return dict(self.client.get_records(**request))

    def _connected(self, address: str) -> Connection:
        if self._connection is None or not self._connection.usable:
            self._hang_up()
            self._connection = Connection(
                "http", address, connect_seconds=_CONNECT_SECONDS, seconds=_READ_SECONDS
            )
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def forget(self) -> None:
        """Read again from the kept position."""
        self.iterator = None

    def _open(self) -> str:
        self.arn = self.client.list_streams(TableName=self.table)["Streams"][-1]["StreamArn"]
        shards = self.client.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"]
        where = {"StreamArn": self.arn, "ShardId": shards[-1]["ShardId"]}
        if after := self.checkpoint.load(self.arn):
            try:
                return self._iterator(
                    **where, ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=after
                )
            except ClientError as error:
                if error.response["Error"]["Code"] not in LOST:
                    raise
        return self._iterator(**where, ShardIteratorType="TRIM_HORIZON")

    def _iterator(self, **where: str) -> str:
        return str(self.client.get_shard_iterator(**where)["ShardIterator"])


def _as_it_came(response_dict: Any, customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Records are passed on as JSON holds them, and that is how Lambda sends them: botocore would turn each attribute into
    Python's own and the pump turn it back, a sixth of what a report costs the machine.
    """
    if response_dict["status_code"] == 200:
        customized_response_dict |= json.loads(response_dict["body"])
        response_dict["body"] = b"{}"


def as_lambda_sends(record: Record, stream: str) -> Record:
    """A record of GetRecords in the form of a Lambda event."""
    return {
        "eventID": record.get("eventID"),
        "eventName": record["eventName"],
        "eventVersion": record.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": record["dynamodb"],
        "eventSourceARN": stream,
    }
