"""The bucket where nothing can be changed: `lines/<day>/<digest of what it holds>` and `roots/<day>`. Never a word in it."""

from collections.abc import Iterator
from datetime import date

from chalicelib.domain.identity.chain import Root, object_name
from chalicelib.gateways.clients import client
from chalicelib.settings import settings

LINES, ROOTS = "lines/", "roots/"


def put_lines(day: date, body: bytes) -> None:
    """The same again is the same object."""
    _put(f"{LINES}{day.isoformat()}/{object_name(body)}", body)


def put_root(root: Root) -> None:
    _put(f"{ROOTS}{root.day.isoformat()}", root.model_dump_json().encode())


def days(after: date | None = None) -> list[date]:
    """The days that have objects, oldest first; with `after`, those later than that."""
    begin = f"{LINES}{after.isoformat()}0" if after else LINES  # "0" comes after "/"
    found = (_day_of(key) for key in _list(LINES, begin))
    return sorted(set(found))


def objects(day: date) -> list[str]:
    """The names of a day's objects."""
    prefix = f"{LINES}{day.isoformat()}/"
    return [key.removeprefix(prefix) for key in _list(prefix, prefix)]


def _day_of(key: str) -> date:
    return date.fromisoformat(key.removeprefix(LINES).partition("/")[0])


def _list(prefix: str, after: str) -> Iterator[str]:
    pages = client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=settings().traces_bucket, Prefix=prefix, StartAfter=after):
        yield from (each["Key"] for each in page.get("Contents", []))


def _put(key: str, body: bytes) -> None:
    client("s3").put_object(
        Bucket=settings().traces_bucket, Key=key, Body=body, ContentType="application/octet-stream"
    )
