"""The file of a trained model: one line of JSON that a person can read, then the weights, compressed.

The line says what the model was trained on and how good it was; the weights are hashes of grams (rising, as the gaps between them:
first the lowest bytes of all, then the next, for the highest are alike and compress) and one signed byte a label; of two labels one
byte, where the second weighs the opposite of the first. Files from before, with whole hashes and a byte for both labels, are read
as well. No text of any message can be read from it.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from chalicelib.domain.understanding.text_model import Step, TextModel, packed

FORMAT = "mslj-text-model 1"
MOST_BYTES = 300_000
_TWO = 2  # labels, of which one is not the other
_BYTES = 4  # of a hash
_OLD = 2  # parts of a step before it knew of the second and third label


# The weights of two labels by the first's byte: of so few there is a table, and no gram has a number of its own.
_MIRRORED = packed(bytes(part for byte in range(256) for part in (byte, -byte & 0xFF)), _TWO)


class Unusable(Exception):
    """The file is damaged, or of another version of this program."""


class Learned(NamedTuple):
    """What a text is told by. `weights`: one row a gram, -127 to 127 for each label."""

    hashes: Sequence[int]
    weights: Sequence[Sequence[int]]
    labels: Sequence[str]
    intercepts: Sequence[float]


def dump(
    learned: Learned,
    *,
    steps: Sequence[Step],
    title_weight: float,
    provenance: Mapping[str, Any],
    long_steps: Sequence[Step] = (),
) -> bytes:
    """The file. Raises ValueError when it would exceed 300 KB."""
    rows = sorted(zip(learned.hashes, learned.weights, strict=True))
    is_mirrored = len(learned.labels) == _TWO and all(first == -second for first, second in learned.weights)
    body = zlib.compress(
        _in_gaps([gram for gram, _ in rows])
        + bytes(weight & 0xFF for _, row in rows for weight in (row[:1] if is_mirrored else row)),
        9,
    )
    head = {
        "format": FORMAT,
        "labels": list(learned.labels),
        "grams": len(rows),
        "gaps": True,
        "mirrored": is_mirrored,
        "intercepts": [round(value, 3) for value in learned.intercepts],
        "steps": _written(steps),
        "long_steps": _written(long_steps),
        "title_weight": title_weight,
        "sha256": sha256(body).hexdigest(),
        "provenance": dict(provenance),
    }
    content = json.dumps(head, ensure_ascii=False).encode() + b"\n" + body
    if len(content) > MOST_BYTES:
        raise ValueError(f"{len(content)} bytes, at most {MOST_BYTES}")
    return content


def load(content: bytes) -> TextModel:
    """The model in a file. Raises Unusable for anything but a whole file of this version."""
    first, _, body = content.partition(b"\n")
    try:
        head = json.loads(first)
        if head["format"] != FORMAT:
            raise Unusable(f"format {head['format']!r}, this program reads {FORMAT!r}")
        if sha256(body).hexdigest() != head["sha256"]:
            raise Unusable("the weights are damaged")
        return _model(head, zlib.decompress(body))
    except (ValueError, KeyError, TypeError, zlib.error) as fault:
        raise Unusable(f"not a model: {fault}") from fault


def _model(head: Mapping[str, Any], raw: bytes) -> TextModel:
    labels, grams = tuple(head["labels"]), head["grams"]
    hashes, rows = raw[: _BYTES * grams], raw[_BYTES * grams :]
    is_mirrored = head.get("mirrored", False)
    width = 1 if is_mirrored else len(labels)
    if len(hashes) != _BYTES * grams or len(rows) != grams * width or len(head["intercepts"]) != len(labels):
        raise ValueError("its parts do not fit together")
    weights = dict(
        zip(
            _of_gaps(hashes) if head.get("gaps") else _integers(hashes),
            map(_MIRRORED.__getitem__, rows) if is_mirrored else packed(rows, width),
            strict=True,
        )
    )
    return TextModel(
        labels,
        tuple(head["intercepts"]),
        weights,
        _steps(head["steps"]),
        head["title_weight"],
        _steps(head.get("long_steps", ())),
    )


def _written(steps: Sequence[Step]) -> list[list[Any]]:
    return [
        [
            round(each.margin, 3),
            round(each.accuracy, 3),
            [round(share, 3) for share in each.others],
            each.rows,
        ]
        for each in steps
    ]


def _steps(written: Sequence[Sequence[Any]]) -> tuple[Step, ...]:
    """Also those of a file that knows the first label's frequency alone."""
    whole = ((*each, (), 0)[:4] if len(each) == _OLD else each for each in written)
    return tuple(Step(margin, accuracy, tuple(others), rows) for margin, accuracy, others, rows in whole)


def _in_gaps(rising: Sequence[int]) -> bytes:
    gaps = [after - before for before, after in pairwise([0, *rising])]
    return b"".join(bytes(gap >> 8 * place & 0xFF for gap in gaps) for place in range(_BYTES))


def _of_gaps(planes: bytes) -> "accumulate[int]":
    whole = bytearray(len(planes))
    each = len(planes) // _BYTES
    for place in range(_BYTES):
        whole[place::_BYTES] = planes[place * each : (place + 1) * each]
    return accumulate(_integers(bytes(whole)))


def _integers(raw: bytes) -> "array[int]":
    values: array[int] = array("I")
    values.frombytes(raw)
    if sys.byteorder == "big":
        values.byteswap()
    return values
