"""The stream pump: does what Lambda's event source mapping does, from dynoxide's stream to the consumer in ministack.

In order, at least once: where it has read to is kept after success only. `python -m infra.local.pump` runs it; a
kill -9 at any line costs a repetition, never a record.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import deploy, filters, template
from infra.local.place import STAGE, Place, from_environment
from infra.local.stream import Checkpoint, Stream

log = logging.getLogger("pump")
IDLE = 0.1  # seconds between two looks at an empty stream
LONGEST_WAIT = 5.0  # seconds between two attempts
# What an engine answers while it is being started again; none of it is the consumer's fault.
NOT_YET = {"ResourceNotFoundException", "ServiceException", "TooManyRequestsException", "InternalError"}
Record = dict[str, Any]


class NotReachable(Exception):
    """The engine is down or not deployed yet. Costs no attempt."""


@dataclass(frozen=True)
class Mapping:
    """What the template's event source mapping says."""

    function: str
    table: str
    batch_size: int
    retries: int
    patterns: list[dict[str, Any]]


def mapping_of(built: dict[str, Any]) -> Mapping:
    said = built["Resources"]["TicketEvents"]["Properties"]
    named = template.properties(built, said["FunctionName"]["Ref"])
    return Mapping(
        function=named["FunctionName"],
        table=template.properties(built, "TicketsTable")["TableName"],
        batch_size=said["BatchSize"],
        retries=said["MaximumRetryAttempts"],
        patterns=[json.loads(each["Pattern"]) for each in said["FilterCriteria"]["Filters"]],
    )


class Pump:
    """`invoke` calls the consumer: None for success, else the index of the first record that failed."""

    def __init__(
        self,
        mapping: Mapping,
        checkpoint: Checkpoint,
        invoke: Callable[[list[Record]], int | None],
        give_up: Callable[[Record], None],
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.mapping, self.checkpoint, self.invoke, self.give_up, self.wait = (
            mapping,
            checkpoint,
            invoke,
            give_up,
            wait,
        )

    def handle(self, records: list[Record]) -> None:
        """Deliver what the filter lets through, then keep the place. Raises NotReachable; nothing is skipped then."""
        wanted = [record for record in records if filters.matches(record, self.mapping.patterns)]
        if wanted:
            self._deliver(wanted)
        self._keep(records[-1])

    def _deliver(self, records: list[Record]) -> None:
        attempts = 0
        while records:
            failed = self.invoke(records)
            if failed is None:
                return self._keep(records[-1])
            if failed:
                self._keep(records[failed - 1])
                records, attempts = records[failed:], 0
            elif len(records) > 1:  # BisectBatchOnFunctionError: does not count as an attempt
                half = len(records) // 2
                self._deliver(records[:half])
                records = records[half:]
            else:
                attempts += 1
                if 0 <= self.mapping.retries < attempts:  # -1: as AWS does, until the record expires
                    self.give_up(records[0])
                    return self._keep(records[0])
                self.wait(min(0.1 * 2**attempts, LONGEST_WAIT))
        return None

    def _keep(self, record: Record) -> None:
        self.checkpoint.save(record["dynamodb"]["SequenceNumber"])


def invoke_with(place: Place, function: str) -> Callable[[list[Record]], int | None]:
    """Calls the consumer in ministack with the event that AWS would send."""

    def invoke(records: list[Record]) -> int | None:
        payload = json.dumps({"Records": records}).encode()
        try:
            answer = deploy.client("lambda", place).invoke(FunctionName=function, Payload=payload)
        except BotoCoreError as error:
            raise NotReachable(str(error)) from None
        except ClientError as error:
            if (
                error.response["Error"]["Code"] in NOT_YET
                or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
            ):
                raise NotReachable(str(error)) from None
            raise
        body = answer["Payload"].read()
        if "FunctionError" in answer:
            log.warning(
                "%s failed on %d records: %s", function, len(records), body[:500].decode(errors="replace")
            )
            return 0
        return first_failure(records, json.loads(body or "null"))

    return invoke


def first_failure(records: list[Record], answer: Any) -> int | None:
    """ReportBatchItemFailures: the earliest record named; a name that is not in the batch fails all of it, as on AWS."""
    failures = (answer or {}).get("batchItemFailures") or [] if isinstance(answer, dict | None) else []
    order = [record["dynamodb"]["SequenceNumber"] for record in records]
    named = [failure.get("itemIdentifier") for failure in failures]
    if not named:
        return None
    return min(order.index(name) for name in named) if all(name in order for name in named) else 0


def give_up_to(place: Place, queue: str) -> Callable[[Record], None]:
    """OnFailure: the position of a record that was tried often enough, sent to a queue. No data, as on AWS."""

    def give_up(record: Record) -> None:
        number = record["dynamodb"]["SequenceNumber"]
        log.error("gave up on record %s of %s", number, record["dynamodb"]["Keys"])
        position = {"startSequenceNumber": number, "endSequenceNumber": number, "batchSize": 1}
        sqs = deploy.client("sqs", place)
        address = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        sqs.send_message(
            QueueUrl=address, MessageBody=json.dumps({"version": "1.0", "DDBStreamBatchInfo": position})
        )

    return give_up


def run(place: Place, built: Path) -> None:
    mapping = mapping_of(json.loads(built.read_text(encoding="utf-8")))
    checkpoint = Checkpoint(place.home / "pump.json")
    stream = Stream(deploy.client("dynamodbstreams", place), mapping.table, mapping.batch_size, checkpoint)
    pump = Pump(
        mapping,
        checkpoint,
        invoke_with(place, mapping.function),
        give_up_to(place, f"mslj-{STAGE}-stream-dead"),
    )
    log.info("reading the stream of %s for %s", mapping.table, mapping.function)
    while True:
        try:
            records = stream.read()
            if records:
                pump.handle(records)
            else:
                time.sleep(IDLE)
        except (NotReachable, BotoCoreError, ClientError) as trouble:
            log.warning("waiting: %s", trouble)
            stream.forget()
            time.sleep(1)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s pump %(message)s")
    chosen = from_environment()
    run(chosen, chosen.home / "build" / "sam.json")
