"""Writing a backup into a deployment: batch by batch, each write the same when it comes again."""

import json
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from infra.production import whole
from infra.production.aws import TABLES, Deployment, Refused
from infra.production.backup import PREFIXES
from infra.production.lines import Item

BATCH = 25
ATTEMPTS = 12  # the last after about seven minutes of waiting
MARK = {"PK": {"S": "RESTORE"}, "SK": {"S": "RESTORE"}}
HOLD_THE_KEY = ("api", "reveal", "send", "nightly", "on_ticket_event")  # each reads it once a process


def is_empty(deployment: Deployment) -> bool:
    """Whether nothing lies there but what a machine makes by itself (leases, tokens, counters)."""
    return not any(whole.is_kept(item) for name in TABLES for item in whole.scan(deployment, name))


def clear(deployment: Deployment) -> None:
    """Remove every item and every photo."""
    for name in TABLES:
        keys = whole.scan(deployment, name, ProjectionExpression="PK, SK")
        _write(deployment, name, ({"DeleteRequest": {"Key": key}} for key in keys))
    s3 = deployment.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=deployment.bucket):
        for each in page.get("Contents", []):
            if each["Key"].startswith(PREFIXES):
                s3.delete_object(Bucket=deployment.bucket, Key=each["Key"])


def put(deployment: Deployment, name: str, items: Iterable[Item]) -> None:
    _write(deployment, name, ({"PutRequest": {"Item": item}} for item in items))


def put_photo(deployment: Deployment, key: str, data: bytes, kind: str) -> None:
    more = {"ContentType": kind} if kind else {}
    more |= {} if key.startswith("incoming/") else {"CacheControl": "private, max-age=300"}
    deployment.client("s3").put_object(Bucket=deployment.bucket, Key=key, Body=data, **more)


def mark_of(deployment: Deployment) -> str:
    """Which backup is being restored here, after an interruption; "" for none. Raises Refused where no table is."""
    tables = deployment.client("dynamodb")
    try:
        answer = tables.get_item(TableName=deployment.table("work"), Key=MARK, ConsistentRead=True)
    except tables.exceptions.ResourceNotFoundException:
        raise Refused(
            f"没有找到表 {deployment.table('work')}，请先部署（make deploy STAGE={deployment.stage}）"
        ) from None
    return str(answer["Item"]["digest"]["S"]) if "Item" in answer else ""


def set_mark(deployment: Deployment, digest: str) -> None:
    item = MARK | {"digest": {"S": digest}}
    deployment.client("dynamodb").put_item(TableName=deployment.table("work"), Item=item)


def remove_mark(deployment: Deployment) -> None:
    deployment.client("dynamodb").delete_item(TableName=deployment.table("work"), Key=MARK)


def set_key(deployment: Deployment, identity_key: str) -> None:
    """The key that the hashes in the backup were made with, beside whatever secrets are there."""
    ssm = deployment.client("ssm")
    try:
        held = json.loads(
            ssm.get_parameter(Name=deployment.secret, WithDecryption=True)["Parameter"]["Value"]
        )
    except ssm.exceptions.ParameterNotFound:
        held = {}
    value = json.dumps(held | {"identity_key": identity_key})
    ssm.put_parameter(Name=deployment.secret, Value=value, Type="SecureString", Overwrite=True)
    if deployment.stage == "local":
        _keep_locally(identity_key)


def wake_afresh(deployment: Deployment) -> None:
    """New processes for those who have read another key: a changed setting of a function ends its old ones."""
    functions = deployment.client("lambda")
    for name in HOLD_THE_KEY:
        function = f"mslj-{deployment.stage}-{name}"
        try:
            found = functions.get_function_configuration(FunctionName=function)
        except functions.exceptions.ResourceNotFoundException:
            continue  # tables alone are restored too
        said = found.get("Description", "")
        functions.update_function_configuration(FunctionName=function, Description=_turned(said))


def _turned(description: str) -> str:
    return "restored" if description != "restored" else "restored again"


def _keep_locally(identity_key: str) -> None:
    """The local cloud puts its secret back from this file at every start."""
    from infra.local import running

    file = running.place_of(running.get()).home / "secrets.json"
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({"identity_key": identity_key}))
    fresh.replace(file)


def _write(deployment: Deployment, name: str, requests: Iterator[Any]) -> None:
    table, tables = deployment.table(name), deployment.client("dynamodb")
    while batch := list(islice(requests, BATCH)):
        for attempt in range(ATTEMPTS):
            answer = tables.batch_write_item(RequestItems={table: batch})
            batch = answer.get("UnprocessedItems", {}).get(table, [])
            if not batch:
                break
            time.sleep(0.1 * 2**attempt)
        if batch:
            raise Refused("数据库一直繁忙，恢复到一半停下了。请稍后用同样的命令继续")
