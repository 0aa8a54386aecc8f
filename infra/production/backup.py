"""`make backup TO=folder [STAGE=local]`: all tables, photos and the identity key of a deployment, into an empty folder.

The folder holds names and phone numbers in clear: whoever has it has everything. In AWS DynamoDB exports the tables
(infra/production/exports.py), elsewhere they are read page after page; how either stays whole while the town works on:
infra/production/whole.py. Tickets are read first, so what follows from them is there when the rest is read.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

from chalicelib.gateways.secrets import OWN
from infra.production import aws, exports, lines, whole
from infra.production.aws import Deployment, Refused

FORMAT = 3  # 2 had ids made of phones, and ways to tickets that nothing would forget
LAG_SECONDS = 10.0  # until the stream's consumer has drawn the consequences of what was read
PREFIXES = ("incoming/", "photos/", "thumbs/")
WRITTEN_ONCE = ("photos/", "thumbs/")
CHECKED_EVERY = 30  # backups, by day: within a month every linked photo was compared with its digest
AT_ONCE = 64  # photos; as many connections as infra.production.aws keeps
Manifest = dict[str, Any]


def backup(
    deployment: Deployment,
    folder: Path,
    *,
    now: datetime,
    lag: float = LAG_SECONDS,
    before: Path | None = None,
) -> Manifest:
    """Write a backup; its manifest comes last, so a folder without one is no backup.

    Photos that an earlier backup `before` holds are not read again: a hard link, so either folder is whole without the
    other. Raises Refused for a folder that holds anything, for a deployment that is not there, and a `before` that is none.
    """
    _known(before)
    _prepare(folder)
    tickets = whole.Tickets(now)
    tables = {"tickets": _tickets(deployment, folder, tickets)}
    time.sleep(lag)
    for name in ("work", "identities", "traces"):
        kept = (i for i in _items(deployment, name, folder) if whole.is_kept(i) and not tickets.is_orphan(i))
        tables[name] = lines.write(folder / f"{name}.jsonl.gz", map(lines.line_of, kept))
    photos = lines.write(folder / "photos.jsonl.gz", _photos(deployment, folder, before))
    names, key = _secret(deployment, folder)
    manifest = {"format": FORMAT, "stage": deployment.stage, "started_at": now.isoformat()}
    manifest |= {"tables": tables, "photos": photos, "secrets": key, "secret_names": names}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return manifest


def _prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} 里已有内容，请换一个新的空文件夹")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _items(deployment: Deployment, name: str, folder: Path) -> Iterator[lines.Item]:
    if exports.is_possible(deployment, name):
        return exports.items(deployment, name, folder)
    return whole.scan(deployment, name)


def _tickets(deployment: Deployment, folder: Path, tickets: whole.Tickets) -> lines.Part:
    """Read once; what changed meanwhile is left out and read again, ticket by ticket."""
    first = folder / "tickets.first"
    try:
        read = tickets.note(_items(deployment, "tickets", folder))
        lines.write(first, map(lines.line_of, read))
        return lines.write(folder / "tickets.jsonl.gz", _whole(deployment, first, tickets))
    except deployment.client("dynamodb").exceptions.ResourceNotFoundException:
        raise Refused(f"没有找到表 {deployment.table('tickets')}，请检查 STAGE 和 REGION") from None
    finally:
        first.unlink(missing_ok=True)


def _whole(deployment: Deployment, first: Path, tickets: whole.Tickets) -> Iterator[bytes]:
    torn = tickets.torn()
    for line in lines.read(first):
        if lines.item_of(line)["PK"]["S"] not in torn:
            yield line
    for pk in sorted(torn):
        again = whole.partition(deployment, pk)
        yield from map(lines.line_of, tickets.note(again))


def _photos(deployment: Deployment, folder: Path, before: Path | None) -> Iterator[bytes]:
    """Many at a time, in the order of their keys: nearly all of the time of one is waiting."""
    s3, known = deployment.client("s3"), _known(before)
    for prefix in PREFIXES:
        (folder / prefix).mkdir(exist_ok=True, mode=0o700)

    def kept(stored: tuple[str, str]) -> dict[str, str] | None:
        return _linked(stored[0], folder, before, known) or _read(s3, deployment.bucket, *stored, folder)

    keys = iter(_keys(deployment))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while some := list(islice(keys, 16 * AT_ONCE)):
            for said in filter(None, pool.map(kept, some)):
                yield json.dumps(said).encode() + b"\n"


def _known(before: Path | None) -> dict[str, dict[str, str]]:
    """What an earlier backup says of its photos. Raises Refused for a folder that is none."""
    if before is None:
        return {}
    if not (before / "manifest.json").exists():
        raise Refused(f"{before} 不是一份完整的备份，请换一份，或不写 AFTER")
    return {said["key"]: said for said in map(json.loads, lines.read(before / "photos.jsonl.gz"))}


def _linked(
    key: str, folder: Path, before: Path | None, known: dict[str, dict[str, str]]
) -> dict[str, str] | None:
    """The file of the earlier backup, where it holds the same: what is published is written once under its key."""
    if before is None or key not in known or not key.startswith(WRITTEN_ONCE):
        return None
    try:
        if _has_its_turn(key) and lines.digest(before / key) != known[key]["sha256"]:
            return None
        os.link(before / key, folder / key)
    except OSError:  # another disk, or gone: read afresh
        return None
    return known[key]


def _has_its_turn(key: str) -> bool:
    """Whether a linked file is read through this time: all of them would be a terabyte every night."""
    return (crc32(key.encode()) + datetime.now(UTC).toordinal()) % CHECKED_EVERY == 0


def _read(s3: Any, bucket: str, key: str, version: str, folder: Path) -> dict[str, str] | None:
    data = _object(s3, bucket, key, version)
    if data is None:
        return None
    file = folder / key
    file.touch(mode=0o600)
    file.write_bytes(data["body"])
    return {"key": key, "type": data["type"], "sha256": hashlib.sha256(data["body"]).hexdigest()}


def _keys(deployment: Deployment) -> Iterable[tuple[str, str]]:
    return (
        (key, version)
        for key, version in deployment.photos()
        if key.startswith(PREFIXES) and key.count("/") == 1
    )


def _object(s3: Any, bucket: str, key: str, version: str) -> dict[str, Any] | None:
    """None for one that went away since it was listed: an upload that was taken in meanwhile."""
    more = {"VersionId": version} if version else {}
    try:
        answer = s3.get_object(Bucket=bucket, Key=key, **more)
    except s3.exceptions.NoSuchKey:
        return None
    return {"body": answer["Body"].read(), "type": answer.get("ContentType", "")}


def _secret(deployment: Deployment, folder: Path) -> tuple[list[str], lines.Part]:
    """The keys without which a phone number finds no ticket. Of what platforms and partners gave, only the names."""
    ssm = deployment.client("ssm")
    kept = {
        name: ssm.get_parameter(Name=f"{deployment.secrets}/{name}", WithDecryption=True)["Parameter"][
            "Value"
        ]
        for name in OWN
    }
    file = folder / "secrets.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(kept))
    return sorted(secret_names(deployment)), {"sha256": lines.digest(file)}


def secret_names(deployment: Deployment) -> set[str]:
    """The secrets that the deployment has, by name."""
    pages = deployment.client("ssm").get_paginator("get_parameters_by_path")
    found = (each for page in pages.paginate(Path=deployment.secrets) for each in page["Parameters"])
    return {each["Name"].rpartition("/")[2] for each in found}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--after", type=Path, help="an earlier backup whose photos need not be read again")
    parser.add_argument("--stage", default="local")
    aws.add_account(parser)
    chosen = parser.parse_args()

    def run() -> None:
        found = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        print(f"正在备份 {found.stage}……")
        manifest = backup(found, chosen.folder, now=datetime.now(UTC), before=chosen.after)
        told = "、".join(f"{name} {part['items']} 条" for name, part in manifest["tables"].items())
        print(
            f"备份完成：{told}、照片 {manifest['photos']['items']} 张。\n{chosen.folder} 里有姓名和电话，请加密保管。"
        )

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
