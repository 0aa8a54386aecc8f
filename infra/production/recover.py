"""`make recover AT="2026-11-22 08:00" STAGE=prod TO=folder`: the town as it was at an instant of the last 35 days.

DynamoDB recovers into new tables only, and ours have fixed names; so the three are recovered to the same instant beside
the standing ones, written as a backup with the photos of that instant (the bucket keeps old versions for 30 days), and
taken away again. Nothing of the standing deployment is touched: what it did since is shown, and `make restore` then puts
the folder back, either all of it or only what is missing. After an interruption the same command goes on.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.store import keys
from infra.production import aws, backup, retell, whole
from infra.production.aws import TABLES, Deployment, Refused

STEP_SECONDS = 20.0
MOST_NAMED = 20
Versions = dict[str, int]


@dataclass(frozen=True)
class Recovered(Deployment):
    """The stage as it was: its tables are those recovered, its photos those that were there."""

    at: datetime = field(kw_only=True)

    @property
    def backups(self) -> str:
        return ""  # a table that was recovered has no point-in-time recovery of its own, so it cannot be exported

    def table(self, name: str) -> str:
        return target(super().table(name), self.at)

    def photos(self) -> Iterator[tuple[str, str]]:
        """Key and version of every object that was there: the newest of each that is no later than the instant.

        S3 says the second alone: what was removed within it was still there.
        """
        newest: dict[str, tuple[datetime, bool, bool, str]] = {}
        pages = self.client("s3").get_paginator("list_object_versions").paginate(Bucket=self.bucket)
        for page in pages:
            for kind, lag in (("Versions", timedelta(0)), ("DeleteMarkers", timedelta(seconds=1))):
                for each in page.get(kind, []):
                    found = (each["LastModified"], each["IsLatest"], kind == "Versions", each["VersionId"])
                    known = newest.get(each["Key"])
                    if found[0] + lag <= self.at and (known is None or found > known):
                        newest[each["Key"]] = found
        return ((key, version) for key, (_, _, is_there, version) in sorted(newest.items()) if is_there)


def target(table: str, at: datetime) -> str:
    return f"{table}-at-{at.astimezone(UTC):%Y%m%d-%H%M%S}"


def check(deployment: Deployment, at: datetime) -> None:
    """Raises Refused for an instant to which a table cannot be recovered, and before anything is made."""
    tables = deployment.client("dynamodb")
    for name in TABLES:
        table = deployment.table(name)
        try:
            said = tables.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        except (tables.exceptions.TableNotFoundException, tables.exceptions.ResourceNotFoundException):
            raise Refused(f"没有找到表 {table}，请检查 STAGE 和 REGION") from None
        recovery = said.get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise Refused(f"表 {table} 没有开时间点恢复，只能用 make restore 恢复某天的备份")
        first, last = recovery["EarliestRestorableDateTime"], recovery["LatestRestorableDateTime"]
        if not first <= at <= last:
            raise Refused(f"表 {table} 能恢复到 {_told(first)} 至 {_told(last)} 之间，{_told(at)} 不行")


def _told(at: datetime) -> str:
    from chalicelib.domain.model import SHANGHAI

    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def begin(deployment: Deployment, then: Recovered) -> None:
    """Ask for the tables that are not there yet. Without their index, which a backup does not read."""
    tables = deployment.client("dynamodb")
    for name in TABLES:
        source, made = deployment.table(name), then.table(name)
        if _described(tables, made) is not None:
            continue
        found = tables.describe_table(TableName=source)["Table"]
        key = found.get("SSEDescription", {}).get("KMSMasterKeyArn")
        sse = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else None
        tables.restore_table_to_point_in_time(
            SourceTableName=source,
            TargetTableName=made,
            RestoreDateTime=then.at,
            UseLatestRestorableTime=False,
            BillingModeOverride="PAY_PER_REQUEST",
            GlobalSecondaryIndexOverride=[],
            **({"SSESpecificationOverride": sse} if sse else {}),
        )


def wait(deployment: Deployment, then: Recovered) -> None:
    """Until all three stand; from twenty minutes to some hours, whatever they hold."""
    tables = deployment.client("dynamodb")
    for name in TABLES:
        made, said = then.table(name), False
        while (found := _described(tables, made) or {}).get("TableStatus") != "ACTIVE":
            if not said:
                print(
                    f"  正在恢复 {made}（可能要几十分钟到几小时；中断后再执行同样的命令会接着等）……",
                    flush=True,
                )
                said = True
            if not found:
                raise Refused(f"{made} 不见了，请再执行一次同样的命令")
            time.sleep(STEP_SECONDS)


def _described(tables: Any, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = tables.describe_table(TableName=name)["Table"]
    except tables.exceptions.ResourceNotFoundException:
        return None
    return found


def done_since(deployment: Deployment, then: Recovered) -> tuple[Versions, Versions, Versions]:
    """Tickets by number of versions: made since, changed since, gone since."""
    now, was = _versions(deployment), _versions(then)
    made = {key: version for key, version in now.items() if key not in was}
    changed = {key: now[key] - version for key, version in was.items() if now.get(key, version) != version}
    gone = {key: version for key, version in was.items() if key not in now}
    return made, changed, gone


def _versions(deployment: Deployment) -> Versions:
    asked = {"ProjectionExpression": "PK, SK, #version", "ExpressionAttributeNames": {"#version": "version"}}
    items = whole.scan(deployment, "tickets", **asked)
    return {
        item["PK"]["S"]: int(item["version"]["N"])
        for item in items
        if keys.is_ticket(item["PK"]["S"], item["SK"]["S"])
    }


def take_away(deployment: Deployment, then: Recovered) -> None:
    tables = deployment.client("dynamodb")
    for name in TABLES:
        if _described(tables, then.table(name)) is not None:
            tables.delete_table(TableName=then.table(name))


def recover(deployment: Deployment, at: datetime, folder: Path) -> backup.Manifest:
    """A backup of the stage as it was. Raises Refused, and then nothing was made."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} 里已有内容，请换一个新的空文件夹")
    check(deployment, at)
    then = Recovered(deployment.stage, deployment.bucket, deployment.client, at=at)
    begin(deployment, then)
    wait(deployment, then)
    manifest = backup.backup(then, folder, now=at, lag=0)
    _show(deployment, then)
    take_away(deployment, then)
    return manifest


def _show(deployment: Deployment, then: Recovered) -> None:
    words = ("那以后新来的", "那以后办理过的", "那以后没有了的")
    for word, found in zip(words, done_since(deployment, then), strict=True):
        named = "、".join(keys.ticket_id_of(key) for key in sorted(found)[:MOST_NAMED])
        print(
            f"{word}工单 {len(found)} 张"
            + (f"：{named}{' 等' if len(found) > MOST_NAMED else ''}" if found else "")
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("at")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--to", type=Path)
    aws.add_account(parser)
    chosen = parser.parse_args()

    def run() -> None:
        at = retell.read_instant(chosen.at, "AT")
        if chosen.stage == "local":
            raise Refused("本地云没有时间点恢复，请用 make backup 和 make restore")
        found = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        folder = chosen.to or Path(f"recovered-{chosen.stage}-{at:%Y%m%d-%H%M}")
        recover(found, at, folder)
        print(
            f"{_told(at)} 的样子已写进 {folder}，现在的环境没有动。接下来二选一：\n"
            f"  make restore FROM={folder} STAGE={chosen.stage} MISSING=1　只补回没有了的，现有的一概不动\n"
            f"  make restore FROM={folder} STAGE={chosen.stage} REPLACE=1　全部回到那时，那以后的都会没有\n"
            f"{folder} 里有姓名和电话，用完请销毁。"
        )

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
