"""The stream pump: does what Lambda's event source mappings do, from dynoxide's streams to the consumers in ministack.

In order, at least once: where it has read to is kept after success only. `python -m infra.local.pump` runs it; a
kill -9 at any line costs a repetition, never a record.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import deploy, filters, template
from infra.local.place import STAGE, Place, from_environment
from infra.local.stream import AT_ONCE, Checkpoint, Stream

log = logging.getLogger("pump")
LONGEST_WAIT = 5.0  # seconds between two attempts
# Seconds for which records are gathered, however long the template would have AWS gather them
LONGEST_WINDOW = 2.0
TICKET_EVENTS = "TicketEvents"
MAPPINGS = (TICKET_EVENTS, "HistoryKept", "TracesKept")
# What an engine answers while it is being started again; none of it is the consumer's fault.
NOT_YET = {"ResourceNotFoundException", "ServiceException", "TooManyRequestsException", "InternalError"}
Record = dict[str, Any]


class Pauses(NamedTuple):
    """Seconds between two looks at an empty stream, when it has been empty for a while, and after an engine did not answer."""

    idle: float
    long_idle: float
    trouble: float


PAUSES = Pauses(0.1, 0.5, 1.0)


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
    window: float = 0.0  # seconds


def mapping_of(built: dict[str, Any], name: str = TICKET_EVENTS) -> Mapping:
    said = built["Resources"][name]["Properties"]
    named = template.properties(built, said["FunctionName"]["Ref"])
    return Mapping(
        function=named["FunctionName"],
        table=template.properties(built, said["EventSourceArn"]["Fn::GetAtt"][0])["TableName"],
        batch_size=said["BatchSize"],
        retries=said["MaximumRetryAttempts"],
        patterns=[json.loads(each["Pattern"]) for each in said.get("FilterCriteria", {}).get("Filters", ())],
        window=min(float(said.get("MaximumBatchingWindowInSeconds", 0)), LONGEST_WINDOW),
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

    def follow(self, stream: Stream, pauses: Pauses) -> None:
        """For ever: what comes is handled at once, where the mapping gathers nothing; where nothing comes the looks grow rarer."""
        pause = pauses.idle
        while True:
            try:
                records = stream.read()
                if records:
                    self.handle(records)
                    pause = pauses.idle
                if self.mapping.window or not records:
                    self.wait(self.mapping.window or pause)
                    pause = min(pause * 1.1, pauses.long_idle)
            except (NotReachable, BotoCoreError, ClientError) as trouble:
                log.warning("waiting: %s", type(trouble).__name__)
                stream.forget()
                self.wait(pauses.trouble)

    def handle(self, records: list[Record]) -> None:
        """Deliver what the filter lets through, then keep the place. Raises NotReachable; nothing is skipped then."""
        wanted = [record for record in records if filters.matches(record, self.mapping.patterns)]
        most = self.mapping.batch_size  # of what the filter lets through, as on AWS
        for first in range(0, len(wanted), most):
            self._deliver(wanted[first : first + most])
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


def places(home: Path) -> dict[str, Path]:
    """Where each mapping keeps how far it has read."""
    return {name: home / ("pump.json" if name == TICKET_EVENTS else f"pump-{name}.json") for name in MAPPINGS}


def run(place: Place, built: Path) -> None:
    """Every mapping in a thread of its own; each keeps its own place."""
    template_built, kept = json.loads(built.read_text(encoding="utf-8")), places(place.home)
    for name in MAPPINGS[1:]:
        threading.Thread(
            target=_run, args=(place, mapping_of(template_built, name), kept[name]), daemon=True
        ).start()
    _run(place, mapping_of(template_built), kept[TICKET_EVENTS])


def _run(place: Place, mapping: Mapping, kept: Path) -> None:
    checkpoint = Checkpoint(kept)
    stream = Stream(deploy.client("dynamodbstreams", place), mapping.table, AT_ONCE, checkpoint)
    pump = Pump(
        mapping,
        checkpoint,
        invoke_with(place, mapping.function),
        give_up_to(place, f"mslj-{STAGE}-stream-dead"),
    )
    log.info("reading the stream of %s for %s", mapping.table, mapping.function)
    pump.follow(stream, PAUSES)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s pump %(message)s")
    chosen = from_environment()
    run(chosen, chosen.home / "build" / "sam.json")
