"""`make backup TO=folder [STAGE=local]`: all tables, photos and the identity key of a deployment, into an empty folder.

The folder holds names and phone numbers in clear: whoever has it has everything. How it stays whole while the town
works on: infra/production/whole.py. Tickets are read first, so what follows from them is there when the rest is read.
"""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.production import aws, lines, whole
from infra.production.aws import Deployment, Refused

FORMAT = 1
LAG_SECONDS = 10.0  # until the stream's consumer has drawn the consequences of what was read
PREFIXES = ("incoming/", "photos/", "thumbs/")
Manifest = dict[str, Any]


def backup(deployment: Deployment, folder: Path, *, now: datetime, lag: float = LAG_SECONDS) -> Manifest:
    """Write a backup; its manifest comes last, so a folder without one is no backup.

    Raises Refused for a folder that holds anything, and for a deployment that is not there.
    """
    _prepare(folder)
    tickets = whole.Tickets(now)
    tables = {"tickets": _tickets(deployment, folder, tickets)}
    time.sleep(lag)
    for name in ("work", "identities"):
        kept = (i for i in whole.scan(deployment, name) if whole.is_kept(i) and not tickets.is_orphan(i))
        tables[name] = lines.write(folder / f"{name}.jsonl.gz", map(lines.line_of, kept))
    photos = lines.write(folder / "photos.jsonl.gz", _photos(deployment, folder))
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


def _tickets(deployment: Deployment, folder: Path, tickets: whole.Tickets) -> lines.Part:
    """Scanned once; what changed meanwhile is left out and read again, ticket by ticket."""
    first = folder / "tickets.first"
    try:
        scanned = tickets.note(whole.scan(deployment, "tickets"))
        lines.write(first, map(lines.line_of, scanned))
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


def _photos(deployment: Deployment, folder: Path) -> Iterator[bytes]:
    for key, version in _keys(deployment):
        data = _object(deployment, key, version)
        if data is not None:
            file = folder / key
            file.parent.mkdir(exist_ok=True, mode=0o700)
            file.touch(mode=0o600)
            file.write_bytes(data["body"])
            said = {"key": key, "type": data["type"], "sha256": hashlib.sha256(data["body"]).hexdigest()}
            yield json.dumps(said).encode() + b"\n"


def _keys(deployment: Deployment) -> Iterable[tuple[str, str]]:
    return (
        (key, version)
        for key, version in deployment.photos()
        if key.startswith(PREFIXES) and key.count("/") == 1
    )


def _object(deployment: Deployment, key: str, version: str) -> dict[str, Any] | None:
    """None for one that went away since it was listed: an upload that was taken in meanwhile."""
    more = {"VersionId": version} if version else {}
    s3 = deployment.client("s3")
    try:
        answer = s3.get_object(Bucket=deployment.bucket, Key=key, **more)
    except s3.exceptions.NoSuchKey:
        return None
    return {"body": answer["Body"].read(), "type": answer.get("ContentType", "")}


def _secret(deployment: Deployment, folder: Path) -> tuple[list[str], lines.Part]:
    """The one key without which a phone number finds no ticket. Of what platforms and partners gave, only the names."""
    answer = deployment.client("ssm").get_parameter(Name=deployment.secret, WithDecryption=True)
    file = folder / "secrets.json"
    file.touch(mode=0o600)
    held = json.loads(answer["Parameter"]["Value"])
    file.write_text(json.dumps({"identity_key": held["identity_key"]}))
    return sorted(held), {"sha256": lines.digest(file)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stage", default="local")
    parser.add_argument("--region", default="")
    parser.add_argument("--profile", default="")
    chosen = parser.parse_args()

    def run() -> None:
        found = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        print(f"正在备份 {found.stage}……")
        manifest = backup(found, chosen.folder, now=datetime.now(UTC))
        told = "、".join(f"{name} {part['items']} 条" for name, part in manifest["tables"].items())
        print(
            f"备份完成：{told}、照片 {manifest['photos']['items']} 张。\n{chosen.folder} 里有姓名和电话，请加密保管。"
        )

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
