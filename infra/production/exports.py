"""Tables as DynamoDB itself exports them: no read units, one instant a table, a million tickets in minutes.

An export writes gzip files into the stage's bucket `backups`, an item a line. They are read from there, counted against
what DynamoDB says it wrote, and taken away. A table that cannot be exported (the local cloud's, one that was recovered
beside the others) is read page after page (infra/production/whole.py).
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.HowItWorks.html
"""

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from infra.production import lines
from infra.production.aws import Deployment, Refused
from infra.production.lines import Item

# The vault is not written into a second place on its way: `identities` is read item by item.
EXPORTED = frozenset({"tickets", "work", "traces"})
STEP_SECONDS = 15.0


def is_possible(deployment: Deployment, name: str) -> bool:
    """Whether the stage has a bucket for exports (one deployed before there were any has none), and the table may lie there."""
    if name not in EXPORTED or not deployment.backups:
        return False
    return deployment.backups in {each["Name"] for each in deployment.client("s3").list_buckets()["Buckets"]}


def items(deployment: Deployment, name: str, beside: Path) -> Iterator[Item]:
    """Every item of a table as it is now; each file lies in the folder `beside` while it is read.

    Raises Refused for a table without point-in-time recovery, for an export that failed, and for one that holds fewer
    or more items than DynamoDB wrote.
    """
    prefix = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}/{name}/"
    wrote = _wrote(deployment, _begun(deployment, name, prefix))
    read = 0
    for key in list(_keys(deployment, prefix)):
        if "/data/" in key:
            for item in _read(deployment, key, beside / f"{name}.part"):
                read += 1
                yield item
        deployment.client("s3").delete_object(Bucket=deployment.backups, Key=key)
    if read != wrote:
        raise Refused(
            f"表 {name} 导出的文件不全：应有 {wrote} 条，读到 {read} 条。请换一个空文件夹再备份一次"
        )


def _begun(deployment: Deployment, name: str, prefix: str) -> str:
    """The ARN of the export."""
    tables = deployment.client("dynamodb")
    try:
        table = tables.describe_table(TableName=deployment.table(name))["Table"]
        begun = tables.export_table_to_point_in_time(
            TableArn=table["TableArn"],
            S3Bucket=deployment.backups,
            S3Prefix=prefix.rstrip("/"),
            ExportFormat="DYNAMODB_JSON",
        )
    except tables.exceptions.PointInTimeRecoveryUnavailableException:
        raise Refused(f"表 {deployment.table(name)} 没有开时间点恢复，请先运行 make doctor") from None
    return str(begun["ExportDescription"]["ExportArn"])


def _wrote(deployment: Deployment, arn: str) -> int:
    """How many items DynamoDB wrote, once it has."""
    tables = deployment.client("dynamodb")
    while True:
        said = tables.describe_export(ExportArn=arn)["ExportDescription"]
        if said["ExportStatus"] == "COMPLETED":
            return int(said["ItemCount"])
        if said["ExportStatus"] == "FAILED":
            why = said.get("FailureMessage") or said.get("FailureCode", "")
            raise Refused(f"导出没有成功：{why}。请稍后换一个空文件夹再备份一次")
        time.sleep(STEP_SECONDS)


def _keys(deployment: Deployment, prefix: str) -> Iterator[str]:
    pages = deployment.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=deployment.backups, Prefix=prefix):
        yield from (each["Key"] for each in page.get("Contents", []))


def _read(deployment: Deployment, key: str, file: Path) -> Iterator[Item]:
    file.touch(mode=0o600)
    try:
        deployment.client("s3").download_file(deployment.backups, key, str(file))
        with gzip.open(file, "rb") as written:
            for line in written:
                yield lines.item_of(line, "Item")
    finally:
        file.unlink()
