"""What is kept in S3 for analysis and for leaders: `analysis/` holds facts by day, `bulletins/` the weekly bulletins."""

import gzip
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from chalicelib.gateways.clients import client
from chalicelib.settings import settings

SHOW_FOR = 5 * 60  # seconds


def write_day(day: date, lines: Iterable[dict[str, Any]]) -> None:
    """The facts of a day as gzipped JSON lines, instead of what was there; an empty day leaves no file.

    The same lines make the same bytes.
    """
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    key = f"analysis/facts/day={day}/facts.json.gz"
    if not text:
        client("s3").delete_object(Bucket=_bucket(), Key=key)
        return
    _put(key, gzip.compress(text.encode(), mtime=0), "application/gzip")


def write_bulletin(name: str, content: bytes, content_type: str) -> None:
    _put(f"bulletins/{name}", content, content_type)


def link(name: str) -> str:
    """A link to a bulletin that works for five minutes."""
    where = {"Bucket": _bucket(), "Key": f"bulletins/{name}"}
    public = client("s3", settings().s3_public_endpoint)
    return str(public.generate_presigned_url("get_object", Params=where, ExpiresIn=SHOW_FOR))


def _put(key: str, content: bytes, content_type: str) -> None:
    client("s3").put_object(Bucket=_bucket(), Key=key, Body=content, ContentType=content_type)


def _bucket() -> str:
    return settings().photos_bucket
