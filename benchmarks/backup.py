"""A backup of a million tickets and three million photos: own CPU of every item and file, and what that comes to.

The items are those of one whole life, as DynamoDB would export them, under as many tickets' ids as are measured. What
AWS itself needs (the export, the way of a photo) is reckoned: nobody here has an account.
"""

import base64
import gzip
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from benchmarks import life
from benchmarks.row import Row, Size
from benchmarks.world import World, a_world
from infra.local import deploy
from infra.production import backup, exports, lines, whole
from infra.production.aws import Deployment

TICKETS, FILES = 1_000_000, 6_000_000  # three million photos, each with its thumbnail
MOST_HOURS = 2.0
EXPORT_MINUTES = 30.0  # AWS names no figure; a guess for some gigabytes, and the tables one after another
PHOTO_SECONDS = 0.025  # one GetObject from a machine in the region
PHOTO = bytes(range(256)) * 800  # 200 kB


def run(size: Size) -> list[Row]:
    tickets, files = max(4, size.load * 5), max(8, size.load * 10)  # 10,000: one in a hundred
    with a_world() as world, TemporaryDirectory() as at:
        items = _life(world)
        spent = {
            name: _table(Path(at) / name, name, each, tickets)
            for name, each in items.items()
            if name != "identities"
        }
        photo = _photos(Path(at) / "photos", files)
    cpu = sum(spent.values())
    hours = (
        (TICKETS * cpu / 3600)
        + EXPORT_MINUTES / 60
        + FILES * max(photo, PHOTO_SECONDS / backup.AT_ONCE) / 3600
    )
    what = ", ".join(f"{len(items[name])} items in {name}" for name in spent)
    how = f"{tickets} tickets of one whole life ({what}) out of export files into the folder"
    return [
        Row("backup: own CPU", "–", f"{cpu * 1e6:.0f} µs a ticket, {photo * 1e6:.0f} µs a file", how),
        Row(
            "backup: a million tickets, three million photos",
            f"≤ {MOST_HOURS:.0f} hours",
            f"{hours:.1f} hours on paper",
            f"the row above; {EXPORT_MINUTES:.0f} minutes for the exports and {PHOTO_SECONDS * 1000:.0f} ms a photo, "
            f"{backup.AT_ONCE} at once, are assumed; later ones link what an earlier one holds",
            hours <= MOST_HOURS,
        ),
    ]


def _life(world: World) -> dict[str, list[str]]:
    """Every item of one ticket's life by table, as a line of an export, with TICKET where its id stands."""
    ticket_id = life.desk_answered(world)
    found = {}
    scans = deploy.client("dynamodb", world.stand.place).get_paginator("scan")
    for name in ("tickets", "work", "traces"):
        pages = scans.paginate(TableName=f"mslj-local-{name}")
        mine = [item for page in pages for item in page["Items"] if ticket_id in repr(item)]
        found[name] = [
            json.dumps({"Item": item}, default=_bytes).replace(ticket_id, "<ticket>") for item in mine
        ]
    return found


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _table(folder: Path, name: str, items: list[str], tickets: int) -> float:
    """Seconds of own CPU a ticket of reading the export of a table and writing its part of the backup."""
    text = "\n".join(
        line.replace("<ticket>", f"01{number:024d}") for number in range(tickets) for line in items
    )
    served = Deployment(
        "bench", "mslj-bench-photos", _clients(gzip.compress(f"{text}\n".encode(), 1), tickets * len(items))
    )
    folder.mkdir()
    started = time.process_time()
    if name == "tickets":
        backup._tickets(served, folder, whole.Tickets(datetime.now(UTC)))
    else:
        kept = (i for i in exports.items(served, name, folder) if whole.is_kept(i))
        lines.write(folder / f"{name}.jsonl.gz", map(lines.line_of, kept))
    return (time.process_time() - started) / tickets


def _photos(folder: Path, files: int) -> float:
    """Seconds of own CPU a file."""
    names = [f"photos/{number:026d}" for number in range(files)]
    served = Deployment("bench", "mslj-bench-photos", _clients(b"", 0, names))
    folder.mkdir()
    started = time.process_time()
    for _ in backup._photos(served, folder, None):
        pass
    return (time.process_time() - started) / files


def _clients(export: bytes, wrote: int, names: list[str] | None = None) -> Any:
    """S3 and DynamoDB as a backup asks them, answering at once."""

    def pages(**asked: Any) -> Iterator[dict[str, Any]]:
        listed = ["run/data/1.json.gz"] if "Prefix" in asked else names or []
        return iter([{"Contents": [{"Key": key} for key in listed]}])

    s3 = SimpleNamespace(
        list_buckets=lambda: {"Buckets": [{"Name": "mslj-bench-backups"}]},
        get_paginator=lambda _: SimpleNamespace(paginate=pages),
        download_file=lambda _bucket, _key, file: Path(file).write_bytes(export),
        delete_object=lambda **_: None,
        get_object=lambda **_: {"Body": io.BytesIO(PHOTO), "ContentType": "image/jpeg"},
        exceptions=SimpleNamespace(NoSuchKey=KeyError),
    )
    tables = SimpleNamespace(
        describe_table=lambda **_: {"Table": {"TableArn": "arn"}},
        export_table_to_point_in_time=lambda **_: {"ExportDescription": {"ExportArn": "arn"}},
        describe_export=lambda **_: {"ExportDescription": {"ExportStatus": "COMPLETED", "ItemCount": wrote}},
        exceptions=SimpleNamespace(
            PointInTimeRecoveryUnavailableException=KeyError, ResourceNotFoundException=LookupError
        ),
    )
    return lambda name: s3 if name == "s3" else tables
