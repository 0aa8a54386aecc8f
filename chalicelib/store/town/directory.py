"""The town directory as stored: a versioned blob switched by a pointer, and the points, each also under its own key."""

import gzip
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from chalicelib.domain.errors import NotFound, Stale, TryAgain
from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, Swap
from chalicelib.domain.town_import.sheet import Rows
from chalicelib.store import documents, keys, table
from chalicelib.store.table import Table

FRESH_FOR = 5.0  # seconds a process trusts the pointer it read
CHUNK_BYTES = 300_000  # an item holds 400 KB
CLAIM_LASTS = timedelta(minutes=10)
_PLACES = TypeAdapter(tuple[Place, ...])
_TEXT = TypeAdapter(dict[str, Rows])
SWAPS = TypeAdapter(tuple[Swap, ...])
_log = logging.getLogger(__name__)


class Pointer(Frozen):
    """Which version is in force. `digest` is of the imported files; `previous` still stands for those who just read it."""

    version: str
    previous: str = ""
    digest: str
    imported_at: Instant
    imported_by: str
    asked: str = ""  # the confirmation without whose yes it is in force, in an emergency


class _Cache:
    """What this process remembers. A Lambda serves one request at a time; a race would only read twice."""

    town: Town | None = None
    looked_at: float = 0.0
    points: tuple[str, tuple[Place, ...]] = ("", ())


def town() -> Town:
    """The town in force, at most `FRESH_FOR` seconds late. Raises TryAgain before the first import.

    While DynamoDB does not answer, the town as last read still holds.
    """
    if _Cache.town is not None and time.monotonic() - _Cache.looked_at < FRESH_FOR:
        return _Cache.town
    try:
        current = _load_current()
    except Exception as failed:
        if _Cache.town is None:
            raise
        _log.warning("town not read again: %s", type(failed).__name__)
        return _Cache.town
    _Cache.town, _Cache.looked_at = current, time.monotonic()
    return current


def forget() -> None:
    """Read everything anew at the next question: after an import, and between tests."""
    _Cache.town, _Cache.looked_at, _Cache.points = None, 0.0, ("", ())


def look_again() -> None:
    """Read the pointer anew at the next question: after a swap of duty."""
    _Cache.looked_at = 0.0


def swaps_of(item: table.Item) -> tuple[Swap, ...]:
    """The duty swaps that the pointer's item holds."""
    return SWAPS.validate_json(item["swaps"]) if item.get("swaps") else ()


def find_pointer() -> Pointer | None:
    """The pointer as it stands now; None before the first import."""
    item = table.get(Table.WORK, *keys.town_pointer(), consistent=True)
    return documents.read(Pointer, item["pointer"]) if item else None


def find_previous() -> Town | None:
    """The town that was in force before this one; None where there was none."""
    pointer = find_pointer()
    if pointer is None or not pointer.previous:
        return None
    try:
        return documents.read(Town, _read(pointer.previous, keys.TOWN_CHUNKS))
    except TryAgain:  # an import in between has dropped it
        return None


def place(code: str) -> Place:
    """Any place, points included. Raises NotFound."""
    known = town().find_place(code)
    if known is not None:
        return known
    item = table.get(Table.WORK, *key(code))
    if item is None:
        raise NotFound(f"没有这个地点：{code}")
    return load(item)


def root() -> Place:
    """The town itself."""
    return next(place for place in town().places if place.parent is None)


def list_points() -> tuple[Place, ...]:
    """Every point of the town in force: a few reads, kept until the version changes."""
    version = town().version
    if _Cache.points[0] != version:
        _Cache.points = version, _PLACES.validate_json(_read(version, keys.TOWN_POINTS))
    return _Cache.points[1]


def list_points_under(code: str) -> list[Place]:
    """The points in the subtree of a place, in file order; a point is under itself. Raises NotFound."""
    found = [point for point in list_points() if code in point.path]
    if not found and town().find_place(code) is None:
        raise NotFound(f"没有这个地点：{code}")
    return found


def claim(digest: str, now: datetime) -> None:
    """Let one import at a time write. The same files may go on where a killed import stopped. Raises Stale."""
    item = keys.attributes(keys.town_claim()) | {"digest": digest, "until": stamp(now + CLAIM_LASTS)}
    condition = "attribute_not_exists(PK) OR #until < :now OR #digest = :digest"
    try:
        table.transact([table.put_op(Table.WORK, item, condition=condition, now=stamp(now), digest=digest)])
    except table.ConditionFailed as taken:
        raise Stale("另一次导入正在进行，请等它完成后再试") from taken


def release() -> None:
    table.delete(Table.WORK, *keys.town_claim())


def write_points(points: Iterable[Place], removed: Iterable[str] = ()) -> None:
    """Write these points under their keys and take the removed ones away."""
    items = (keys.attributes(key(point.code)) | {"place": point.model_dump_json()} for point in points)
    table.batch_write(Table.WORK, items, map(key, removed))


def write_version(version: Town, points: tuple[Place, ...], text: Mapping[str, Rows] | None = None) -> None:
    """Write the chunks of a version that nobody reads yet: the town, its points, its tables as they were written."""
    parts = (
        (keys.town_chunk, version.model_dump_json().encode()),
        (keys.town_points, _PLACES.dump_json(points)),
        (keys.town_text, _TEXT.dump_json(dict(text or {}))),
    )
    chunks = [chunk for key_of, content in parts for chunk in _chunks(key_of, version.version, content)]
    table.batch_write(Table.WORK, chunks)


def get_text() -> dict[str, Rows]:
    """The tables in force as they were written, the codes of their columns first.

    Where they were imported before tables were kept: as they could have been written.
    """
    in_force = town()
    try:
        kept = _TEXT.validate_json(_read(in_force.version, keys.TOWN_TEXT))
    except TryAgain:
        kept = {}
    if kept:
        return kept
    from chalicelib.domain.town_import.from_town import tables_of  # knows every column; seldom needed

    return tables_of(in_force, list_points())


def keep(asked: str) -> None:
    """Somebody said yes to what is in force in an emergency by this confirmation; nothing where it is not, or no longer."""
    pointer = find_pointer()
    if pointer is None or pointer.asked != asked:
        return
    try:
        table.update(
            Table.WORK,
            *keys.town_pointer(),
            "SET #pointer = :pointer",
            condition="#version = :version",
            pointer=pointer.model_copy(update={"asked": ""}).model_dump_json(),
            version=pointer.version,
        )
    except table.ConditionFailed:
        return


def switch(to: Pointer, *, before: Pointer | None) -> None:
    """Put the new version in force. Raises Stale when another import was faster; then nothing has changed."""
    set_, values = "SET #version = :version, #pointer = :pointer", {"pointer": to.model_dump_json()}
    condition = "#version = :before" if before else "attribute_not_exists(#version)"
    values |= {"version": to.version} | ({"before": before.version} if before else {})
    try:  # the duty swaps beside it stay
        table.update(Table.WORK, *keys.town_pointer(), set_, condition=condition, **values)
    except table.ConditionFailed as moved_on:
        raise Stale("别人刚刚导入了新的镇资料，请重新下载、修改后再导入") from moved_on
    forget()


def drop_version(version: str) -> None:
    """Remove the chunks of a version that nobody reads any more."""
    chunks = list(table.query_all(Table.WORK, keys.town_pk(version)))
    table.batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in chunks])


def _load_current() -> Town:
    item = table.get(Table.WORK, *keys.town_pointer())
    if item is None:
        raise TryAgain("镇的资料还没有导入，请管理员先导入")
    known = _Cache.town
    if known is None or known.version != item["version"]:
        known = documents.read(Town, _read(item["version"], keys.TOWN_CHUNKS))
    swaps = swaps_of(item)
    return known if swaps == known.swaps else known.model_copy(update={"swaps": swaps})


def _read(version: str, kind: str) -> bytes:
    chunks = list(table.query_all(Table.WORK, keys.town_pk(version), begins=kind, consistent=True))
    if not chunks or len(chunks) != chunks[0]["of"]:
        raise TryAgain("镇的资料正在更换，请稍后再试")
    return gzip.decompress(b"".join(bytes(chunk["data"]) for chunk in chunks))


def _chunks(key_of: Callable[[str, int], keys.Key], version: str, content: bytes) -> list[dict[str, Any]]:
    packed = gzip.compress(content, mtime=0)
    parts = [packed[start : start + CHUNK_BYTES] for start in range(0, len(packed), CHUNK_BYTES)]
    return [
        keys.attributes(key_of(version, n)) | {"of": len(parts), "data": part} for n, part in enumerate(parts)
    ]


def key(code: str) -> keys.Key:
    return keys.place(code)


def load(item: table.Item) -> Place:
    return documents.read(Place, item["place"])
