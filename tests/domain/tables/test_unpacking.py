"""A packed file is counted before anything opens it: by work (parts, bytes, memory), never by time."""

import io
import struct
import tracemalloc
import zipfile

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.tables import unpacking, workbook
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.unpacking import BROKEN, TooMuch, parts_of
from chalicelib.web import form_file
from tests.domain.tables import zoo

MB = 1024 * 1024


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def says(content, size, *, instead):
    """The file as it was, but that it says of a part of this size that it has another."""
    old, new = struct.pack("<L", size), struct.pack("<L", instead)
    assert content.count(old) == 2  # before the part, and in the directory
    return content.replace(old, new)


def overlapping(parts, size):
    """A directory that names the same packed bytes many times: each is unpacked anew."""
    one = packed(a=bytes(size))
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entry = one[start:end]
    tail = bytearray(one[end:])
    struct.pack_into("<HHLL", tail, 8, parts, parts, len(entry) * parts, start)
    return one[:start] + entry * parts + bytes(tail)


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_bytes_are_counted_to_the_last_one(more, fits):
    content = packed(a=bytes(MB), b=bytes(MB + more))
    if fits:
        assert [part.size for part in parts_of(content, most_bytes=2 * MB)] == [MB, MB]
    else:
        with pytest.raises(TooMuch):
            parts_of(content, most_bytes=2 * MB)


@pytest.mark.parametrize(("parts", "fits"), [(5, True), (6, False)])
def test_parts_are_counted(parts, fits):
    content = packed(**{f"p{n}": b"" for n in range(parts)})
    if fits:
        assert len(parts_of(content, most_bytes=MB, most_parts=5)) == parts
    else:
        with pytest.raises(TooMuch):
            parts_of(content, most_bytes=MB, most_parts=5)


@pytest.mark.parametrize("instead", [0, 10, MB])
def test_a_part_that_says_it_is_smaller_is_counted_as_it_is(instead):
    bomb = says(packed(a=bytes(40 * MB)), 40 * MB, instead=instead)
    with pytest.raises(TooMuch):
        parts_of(bomb, most_bytes=20 * MB)


def test_a_part_that_says_it_is_larger_is_refused_unread():
    with pytest.raises(TooMuch):
        parts_of(says(packed(a=bytes(999)), 999, instead=2**31), most_bytes=20 * MB)


def test_the_same_bytes_named_many_times_count_each_time():
    with pytest.raises((TooMuch, *BROKEN)):
        parts_of(overlapping(500, MB), most_bytes=20 * MB)


BOMBS = {
    "one part": lambda: packed(**{"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": bytes(70 * MB)}),
    "that says it is small": lambda: says(
        packed(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(70 * MB)}),
        70 * MB,
        instead=100,
    ),
    "many parts": lambda: packed(**{f"xl/{n}.xml": b"" for n in range(3_000)}),
    "the same bytes named many times": lambda: overlapping(2_000, MB),
}


@pytest.fixture(scope="module", params=BOMBS)
def bomb(request):
    return BOMBS[request.param]()


@pytest.fixture
def work(monkeypatch):
    """What was unpacked, in bytes, by whoever unpacks."""
    read = zipfile.ZipExtFile.read
    done = {"bytes": 0}

    def counted(self, n=-1):
        data = read(self, n)
        done["bytes"] += len(data)
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    return done


@pytest.mark.parametrize(
    ("door", "refusal", "most"),
    [
        (workbook.grids_of_workbook, Unreadable, workbook.MOST_UNPACKED),
        (form_file.read, Invalid, form_file.MOST_UNPACKED),
    ],
    ids=["a table", "a form"],
)
def test_a_bomb_costs_no_more_than_its_budget(bomb, work, door, refusal, most):
    tracemalloc.start()
    try:
        with pytest.raises(refusal, match=r"太大|打不开|超过"):
            door(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert work["bytes"] <= most + unpacking.PIECE
    assert peak <= len(bomb) + 16 * MB


def test_what_offices_write_is_far_from_every_bound():
    rows = [[f"{n}", "路灯坏了三天，没人管", "望月路"] for n in range(2_000)]
    parts = parts_of(zoo.xlsx(rows), most_bytes=workbook.MOST_UNPACKED)
    assert len(parts) * 50 < unpacking.MOST_PARTS
    assert sum(part.size for part in parts) * 50 < workbook.MOST_UNPACKED
