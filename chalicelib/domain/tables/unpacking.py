"""What a packed file (XLSX, DOCX and their kin are ZIP) unpacks to, counted as it comes and not as the file says of itself.

Work is bounded before any library sees the file: parts, bytes read, bytes unpacked; and no more than a piece is held.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

MOST_PARTS = 2_000
PIECE = 64 * 1024
BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


class Part(NamedTuple):
    name: str
    size: int  # bytes, unpacked


class TooMuch(Exception):
    """More than whoever asks can hold."""


def parts_of(content: bytes, *, most_bytes: int, most_parts: int = MOST_PARTS) -> tuple[Part, ...]:
    """Every part with its true size. Raises TooMuch, and of BROKEN for what is no such file.

    Parts that lie over one another are read for each: that is what a library would do with them.
    """
    found, left = [], most_bytes
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > most_parts or sum(part.file_size for part in parts) > most_bytes:
            raise TooMuch
        for part in parts:
            size = 0
            for piece in _pieces(packed, part):
                size += len(piece)
                if size > left:
                    raise TooMuch
            left -= size
            found.append(Part(part.filename, size))
    return tuple(found)


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """As far as the part is packed, also where it says that it is shorter: a library need not believe it."""
    part.file_size = 2**62
    with packed.open(part) as opened:
        opened._expected_crc = None  # type: ignore[attr-defined]  # it would refuse what is longer than it says
        while piece := opened.read(PIECE):
            yield piece
