"""`make retell SINCE="2026-11-22 08:00" [STAGE=local]`: every line of history since then goes to the consumer once more.

For when the stream gave up (24 hours of a consumer that could not work). Every effect has an id of its own, so what was
told is not told twice; what a restore brought back is left alone. Runs in the deployed function, with its rights.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.store import keys
from infra.production import aws, whole
from infra.production.aws import Deployment, Refused
from infra.production.lines import Item

BATCH = 25  # as the stream brings them
TRIES = 3


def retell(deployment: Deployment, since: datetime) -> int:
    """How many lines were given to the consumer, each ticket's in order. Raises Refused when it does not take them."""
    lines = sorted(_since(deployment, since), key=lambda item: (item["PK"]["S"], item["SK"]["S"]))
    waiting, told = iter(lines), 0
    while batch := list(islice(waiting, BATCH)):
        _give(deployment, [_record(item, told + at) for at, item in enumerate(batch)])
        told += len(batch)
    return told


def _since(deployment: Deployment, since: datetime) -> Iterator[Item]:
    for item in whole.scan(deployment, "tickets"):
        if not keys.is_event(item["SK"]["S"]) or "document" not in item:
            continue
        if datetime.fromisoformat(json.loads(item["document"]["S"])["at"]) >= since:
            yield item


def _record(item: Item, at: int) -> dict[str, Any]:
    """As the stream would bring it."""
    keys = {"PK": item["PK"], "SK": item["SK"]}
    return {
        "eventID": f"{item['PK']['S']}#{item['SK']['S']}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "retold",
        "eventSourceARN": "retold",
        "dynamodb": {
            "Keys": keys,
            "NewImage": item,
            "SequenceNumber": str(at + 1),
            "StreamViewType": "NEW_IMAGE",
            "ApproximateCreationDateTime": 0,
        },
    }


def _give(deployment: Deployment, records: list[dict[str, Any]]) -> None:
    """What the consumer asks for again is given again; it sets a line that stays broken aside by itself."""
    name = f"mslj-{deployment.stage}-on_ticket_event"
    for _ in range(TRIES * BATCH):
        answer = deployment.client("lambda").invoke(
            FunctionName=name, Payload=json.dumps({"Records": records})
        )
        if "FunctionError" in answer:
            raise Refused(
                f"{name} 出错了，没有补完。请先看它的日志，修好后再执行一次同样的命令（不会重复通知）"
            )
        failed = [
            each["itemIdentifier"]
            for each in (json.loads(answer["Payload"].read()) or {}).get("batchItemFailures", [])
        ]
        if not failed:
            return
        numbers = [each["dynamodb"]["SequenceNumber"] for each in records]
        records = records[numbers.index(failed[0]) :]
    raise Refused(
        f"{name} 一直没有处理成功，没有补完。请看它的日志，修好后再执行一次同样的命令（不会重复通知）"
    )


def read_instant(text: str, name: str) -> datetime:
    """Shanghai's time where none is named. Raises Refused, and names the variable of the command."""
    from chalicelib.domain.model import SHANGHAI

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f'{text} 不是时间，请写成 {name}="2026-11-22 08:00"') from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("since")
    parser.add_argument("--stage", default="local")
    aws.add_account(parser)
    chosen = parser.parse_args()

    def run() -> None:
        since = read_instant(chosen.since, "SINCE")
        told = retell(aws.deployment(chosen.stage, chosen.region, chosen.profile), since)
        print(f"{since:%Y-%m-%d %H:%M} 以来的 {told} 条流水已重新处理；已通知过的没有再通知。")

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
