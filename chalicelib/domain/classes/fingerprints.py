"""Signatures of a text 文本指纹: enough to tell how alike two reports are, and too little to read either.

A sketch is one permutation hashing (Li, Owen, Zhang, "One Permutation Hashing", NIPS 2012) over the character bigrams: a
text's bigrams fall into bins by their hash, and each bin keeps its smallest. The share of bins that agree estimates the
Jaccard similarity; of a short report it is nearly exact. Anchors are the grams with the smallest hashes (bottom-k, Broder
1997): two texts that are alike have some of them in common, so each serves as a key to look under.
"""

from functools import cache
from struct import pack
from typing import NamedTuple
from zlib import crc32

from chalicelib.domain.understanding.text_model import normal

BINS = 128  # of a whole text
HEAD = 30  # characters with which a report says what it is about
HEAD_BINS = 64
EMPTY = 0xFFFF  # a bin that no bigram fell into
_BIGRAM = 2
_BYTES = 2  # of a bin
_WORD = 0xFFFFFFFF
NEAR_GRAM = 3  # characters of an anchor where the place narrows the search already
WIDE_GRAM = 5  # and where nothing does: longer ones are rarer


def head(text: str) -> str:
    """The beginning of a text, without marks: what a long complaint has in common with another is there, or in its title."""
    return normal(text)[:HEAD]


def sketch(text: str, count: int = BINS) -> bytes:
    """Two bytes a bin. Whatever the length, one pass over the text; a text with no letter or character at all is all empty."""
    bins = [EMPTY] * count
    for value in _hashes(normal(text), _BIGRAM):
        at, kept = value % count, (value // count) % EMPTY
        if kept < bins[at]:
            bins[at] = kept
    return pack(f">{count}H", *bins)


def likeness(one: bytes, other: bytes) -> float:
    """How alike two texts are, sketched in as many bins, from 0 to 1; an empty text is like none. Bins empty in both tell nothing."""
    count = len(one) // _BYTES
    bins, others = int.from_bytes(one, "big"), int.from_bytes(other, "big")
    told = _differing(bins & others ^ _lanes(count).full, count)  # where not both are empty
    return (told - _differing(bins ^ others, count)) / told if told else 0.0


def anchors(text: str, size: int, most: int) -> tuple[str, ...]:
    """The `most` grams of `size` characters with the smallest hashes, as hashes. A shorter text is its own only gram."""
    smallest = sorted(set(_hashes(normal(text), size)))[:most]
    return tuple(f"{value:08x}" for value in smallest)


class _Lanes(NamedTuple):
    """Masks over all bins of a sketch, side by side in one long integer: their lower bits, their highest, and all of them."""

    lower: int
    highest: int
    full: int


@cache  # sketches have two sizes
def _lanes(count: int) -> _Lanes:
    one_each = sum(1 << 8 * _BYTES * at for at in range(count))
    return _Lanes(0x7FFF * one_each, 0x8000 * one_each, 0xFFFF * one_each)


def _differing(bins: int, count: int) -> int:
    """How many bins are not zero. All at once: a report is compared with dozens, and one by one that took half of the time."""
    lanes = _lanes(count)
    return (((bins & lanes.lower) + lanes.lower | bins) & lanes.highest).bit_count()


def _hashes(text: str, size: int) -> list[int]:
    grams = [text[start : start + size] for start in range(max(1, len(text) - size + 1))] if text else []
    return [_mixed(crc32(gram.encode())) for gram in grams]


def _mixed(value: int) -> int:
    """A checksum is linear: neighbouring characters have neighbouring sums. Scattered, as by MurmurHash3's last steps."""
    value = (value ^ value >> 16) * 0x85EBCA6B & _WORD
    value = (value ^ value >> 13) * 0xC2B2AE35 & _WORD
    return value ^ value >> 16
