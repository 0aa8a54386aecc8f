"""The form of a backup: one item a line in DynamoDB's own notation, gzip, with a count and a SHA-256 for every file.

Numbers stay text, so that all 38 digits survive; bytes are base64.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

LEVEL = 6  # of gzip: its 9 takes twice the CPU
Item = dict[str, Any]
Part = dict[str, Any]  # {"items": how many, "sha256": of the file}


class Damaged(Exception):
    """A file is not what its manifest says."""


_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def line_of(item: Item) -> bytes:
    return _encoded(_each(item, _out)).encode() + b"\n"


def item_of(line: bytes, within: str = "") -> Item:
    """The item of a line; `within`: the name under which the line holds it, as DynamoDB's own exports do."""
    held = json.loads(line)
    return _each(held[within] if within else held, _in)


def _each(item: Item, turn: Callable[[str, Any], Any]) -> Item:
    return {
        name: value if "S" in value or "N" in value else _typed(value, turn) for name, value in item.items()
    }


def _typed(typed: Item, turn: Callable[[str, Any], Any]) -> Item:
    ((kind, value),) = typed.items()
    if kind == "L":
        return {kind: [_typed(each, turn) for each in value]}
    if kind == "M":
        return {kind: _each(value, turn)}
    return {kind: turn(kind, value)}


def _out(kind: str, value: Any) -> Any:
    if kind == "B":
        return base64.b64encode(value).decode()
    return [base64.b64encode(each).decode() for each in value] if kind == "BS" else value


def _in(kind: str, value: Any) -> Any:
    if kind == "B":
        return base64.b64decode(value, validate=True)
    return [base64.b64decode(each, validate=True) for each in value] if kind == "BS" else value


def write(file: Path, lines: Iterable[bytes]) -> Part:
    """Write the lines to a file that only its owner may read; answers what the manifest says of it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    count = 0
    with (
        file.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=raw, mtime=0) as out,
    ):
        for line in lines:
            out.write(line)
            count += 1
    return {"items": count, "sha256": digest(file)}


def read(file: Path) -> Iterator[bytes]:
    with gzip.open(file, "rb") as lines:
        yield from lines


def check(file: Path, part: Part) -> None:
    """Raises Damaged for a file that is missing, changed, or of another length than its manifest says."""
    if not file.is_file():
        raise Damaged(f"缺少文件 {file.name}")
    if digest(file) != part["sha256"]:
        raise Damaged(f"{file.name} 的校验值不符")
    if "items" in part and sum(1 for _ in read(file)) != part["items"]:
        raise Damaged(f"{file.name} 的条数不符")


def digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
