"""Writing a backup into a deployment: batch by batch, each write the same when it comes again."""

import json
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from chalicelib.store import keys
from infra.production import whole
from infra.production.aws import TABLES, Deployment, Refused
from infra.production.backup import PREFIXES, secret_names
from infra.production.lines import Item

CLEARED = tuple(name for name in TABLES if name != "traces")
BATCH = 25
ATTEMPTS = 12  # the last after about seven minutes of waiting
READ_BATCH = 100
FILLING, RINGING = "filling", "ringing"  # the phases of a restore: until every ticket is whole; and after
MARK = keys.wired(keys.restore_mark())


def is_empty(deployment: Deployment) -> bool:
    """Whether nothing lies there but what a machine makes by itself (leases, tokens, counters), and traces."""
    return not any(whole.is_kept(item) for name in CLEARED for item in whole.scan(deployment, name))


def clear(deployment: Deployment) -> None:
    """Remove every item and every photo, but the traces: nobody may."""
    for name in CLEARED:
        keys = whole.scan(deployment, name, ProjectionExpression="PK, SK")
        _write(deployment, name, ({"DeleteRequest": {"Key": key}} for key in keys))
    s3 = deployment.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=deployment.bucket):
        for each in page.get("Contents", []):
            if each["Key"].startswith(PREFIXES):
                s3.delete_object(Bucket=deployment.bucket, Key=each["Key"])


def put(deployment: Deployment, name: str, items: Iterable[Item]) -> None:
    """Into a table that nobody else writes to: an empty one of a deployment that is held."""
    _write(deployment, name, ({"PutRequest": {"Item": item}} for item in items))


def put_missing(deployment: Deployment, name: str, items: Iterable[Item]) -> None:
    """What is not there yet; what somebody wrote meanwhile stays. One request an item: for a second run."""
    tables = deployment.client("dynamodb")
    for item in items:
        try:
            tables.put_item(
                TableName=deployment.table(name), Item=item, ConditionExpression="attribute_not_exists(PK)"
            )
        except tables.exceptions.ConditionalCheckFailedException:
            continue


def moved_on(deployment: Deployment, versions: dict[str, str]) -> set[str]:
    """The partitions whose ticket is there at another version than the backup's: somebody acted on it since."""
    tables, name, moved = deployment.client("dynamodb"), deployment.table("tickets"), set()
    keys = iter(versions)
    while batch := list(islice(keys, READ_BATCH)):
        wanted: Any = {name: {"Keys": [_ticket(pk) for pk in batch], "ConsistentRead": True}}
        while wanted:
            answer = tables.batch_get_item(RequestItems=wanted)
            for item in answer["Responses"].get(name, []):
                if item["version"]["N"] != versions[item["PK"]["S"]]:
                    moved.add(item["PK"]["S"])
            wanted = answer.get("UnprocessedKeys")
    return moved


def _ticket(pk: str) -> Item:
    return keys.wired(keys.ticket(keys.ticket_id_of(pk)))


def put_photo(deployment: Deployment, key: str, data: bytes, kind: str) -> None:
    more = {"ContentType": kind} if kind else {}
    more |= {} if key.startswith("incoming/") else {"CacheControl": "private, max-age=300"}
    deployment.client("s3").put_object(Bucket=deployment.bucket, Key=key, Body=data, **more)


def mark_of(deployment: Deployment) -> tuple[str, str]:
    """Which backup is being restored here, after an interruption, and in which phase; "" for none.

    Raises Refused where no table is.
    """
    tables = deployment.client("dynamodb")
    try:
        answer = tables.get_item(TableName=deployment.table("work"), Key=MARK, ConsistentRead=True)
    except tables.exceptions.ResourceNotFoundException:
        raise Refused(
            f"没有找到表 {deployment.table('work')}，请先部署（make deploy STAGE={deployment.stage}）"
        ) from None
    item = answer.get("Item", {"digest": {"S": ""}})
    return str(item["digest"]["S"]), str(item.get("phase", {"S": FILLING})["S"])


def set_mark(deployment: Deployment, digest: str, phase: str) -> None:
    item = MARK | {"digest": {"S": digest}, "phase": {"S": phase}}
    deployment.client("dynamodb").put_item(TableName=deployment.table("work"), Item=item)


def remove_mark(deployment: Deployment) -> None:
    deployment.client("dynamodb").delete_item(TableName=deployment.table("work"), Key=MARK)


def find_key(deployment: Deployment) -> str | None:
    """The identity key of the deployment; None before it has one."""
    ssm = deployment.client("ssm")
    try:
        answer = ssm.get_parameter(Name=f"{deployment.secrets}/identity_key", WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        return None
    return str(answer["Parameter"]["Value"])


def set_keys(deployment: Deployment, kept: dict[str, str]) -> set[str]:
    """The keys that the hashes in the backup were made with, beside whatever secrets are there. Answers their names."""
    ssm = deployment.client("ssm")
    for name, value in kept.items():
        ssm.put_parameter(
            Name=f"{deployment.secrets}/{name}", Value=value, Type="SecureString", Overwrite=True
        )
    if deployment.stage == "local":
        _keep_locally(kept)
    return secret_names(deployment)


def _keep_locally(kept: dict[str, str]) -> None:
    """The local cloud puts its secrets back from this file at every start."""
    from infra.local import running

    file = running.place_of(running.get()).home / "secrets.json"
    held = json.loads(file.read_text()) if file.exists() else {}
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(held | kept))
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
