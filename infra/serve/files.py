"""The files that S3 holds on AWS, in a folder: written whole or not at all, and synced before anybody is told.

The methods are those of botocore's client that the gateways and the backup use, and answer as it answers.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from infra.serve import secrets, signed
from infra.serve.home import Home, bucket
from infra.serve.waiting import Messages

Answer = dict[str, Any]
INCOMING = "incoming/"  # what S3 tells the photos queue of
ABOUT = ".about"  # beside each folder's files: their types
_BUCKETS = frozenset(map(bucket, ("photos", "recordings", "traces")))
# What our keys are made of; nothing of it leaves its folder.
_KEY = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._=-]*/)*[A-Za-z0-9][A-Za-z0-9._=-]*")


class NoSuchKey(Exception):
    """Nothing lies under that key."""


class _Exceptions:
    NoSuchKey = NoSuchKey


class Files:
    """S3, as far as it is asked."""

    exceptions = _Exceptions

    def __init__(self, home: Home) -> None:
        self._home = home

    # --- what functions do

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, ContentType: str = "", **_: Any) -> Answer:
        file = self._file(Bucket, Key)
        _write(file.parent / ABOUT / file.name, json.dumps({"type": ContentType}).encode())
        _write(file, Body)
        if Bucket == bucket("photos") and Key.startswith(INCOMING):
            Messages(self._home.folder).put("photos", [notice(Key)])
        return {"ETag": f'"{hashlib.md5(Body, usedforsecurity=False).hexdigest()}"'}

    def get_object(self, *, Bucket: str, Key: str, Range: str = "", **_: Any) -> Answer:
        """Raises NoSuchKey."""
        file = self._file(Bucket, Key)
        try:
            data, about = file.read_bytes(), _about(file)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise NoSuchKey(Key) from None
        if Range:
            first, last = Range.removeprefix("bytes=").split("-")
            data = data[int(first) : int(last) + 1]
        return {"Body": BytesIO(data), "ContentType": about.get("type", ""), "ContentLength": len(data)}

    def head_object(self, *, Bucket: str, Key: str) -> Answer:
        from botocore.exceptions import ClientError

        file = self._file(Bucket, Key)
        if not file.is_file():
            said: Any = {"Error": {"Code": "404"}, "ResponseMetadata": {"HTTPStatusCode": 404}}
            raise ClientError(said, "HeadObject")
        return {"ContentType": _about(file).get("type", ""), "ContentLength": file.stat().st_size}

    def delete_object(self, *, Bucket: str, Key: str) -> Answer:
        """Nothing there is fine."""
        file = self._file(Bucket, Key)
        file.unlink(missing_ok=True)
        (file.parent / ABOUT / file.name).unlink(missing_ok=True)
        return {}

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_objects_v2", operation
        return self

    def paginate(self, *, Bucket: str, Prefix: str = "", StartAfter: str = "") -> Iterator[Answer]:
        """One page with everything, in the order of the keys."""
        top = self._home.files / _known(Bucket)
        found = (file for file in top.rglob("*") if file.is_file() and ABOUT not in file.parts)
        keys = sorted(file.relative_to(top).as_posix() for file in found)
        wanted = [key for key in keys if key.startswith(Prefix) and key > StartAfter and _KEY.fullmatch(key)]
        yield {"Contents": [{"Key": key, "Size": (top / key).stat().st_size} for key in wanted]}

    # --- what browsers are given

    def generate_presigned_url(self, operation: str, *, Params: Answer, ExpiresIn: int) -> str:
        return str(self._signer.generate_presigned_url(operation, Params=Params, ExpiresIn=ExpiresIn))

    def generate_presigned_post(
        self, Bucket: str, Key: str, *, Fields: Answer, Conditions: list[Any], ExpiresIn: int
    ) -> Answer:
        how: Answer = {"Fields": Fields, "Conditions": Conditions, "ExpiresIn": ExpiresIn}
        return dict(self._signer.generate_presigned_post(Bucket, Key, **how))

    @property
    def _signer(self) -> Any:
        return signed.signer(self._home.files_address, secrets.read(self._home.keys)["files"])

    # --- what is kept for a time only

    def forget_old(self, now: datetime) -> int:
        """What the bucket's lifecycle would remove. Answers how many."""
        gone = 0
        for prefix, days in KEPT_DAYS.items():
            for page in self.paginate(Bucket=bucket("photos"), Prefix=prefix):
                for each in page["Contents"]:
                    written = self._file(bucket("photos"), each["Key"]).stat().st_mtime
                    if (now - datetime.fromtimestamp(written, UTC)).days >= days:
                        self.delete_object(Bucket=bucket("photos"), Key=each["Key"])
                        gone += 1
        return gone

    def _file(self, named: str, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise NoSuchKey(key)
        return self._home.files / _known(named) / key


# Of infra/resources/photos.yaml, by prefix; a test holds them together.
KEPT_DAYS = {"incoming/": 2, "jobs/": 8, "bulletins/": 400, "analysis/results/": 30}


def notice(key: str) -> str:
    """What S3 writes into the photos queue, as far as `photos` reads it."""
    return json.dumps({"Records": [{"s3": {"object": {"key": key}}}]})


def waiting_uploads(home: Home) -> list[str]:
    """Uploads that lie there and were not taken in: after a power cut that cost their messages."""
    pages = Files(home).paginate(Bucket=bucket("photos"), Prefix=INCOMING)
    return [each["Key"] for page in pages for each in page["Contents"]]


def _known(named: str) -> str:
    if named not in _BUCKETS:
        raise NoSuchKey(named)
    return named


def _about(file: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((file.parent / ABOUT / file.name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o770)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".new-", delete=False) as out:
        try:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
            os.replace(out.name, file)
        except BaseException:
            os.unlink(out.name)
            raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut may take the name away again
    finally:
        os.close(folder)
