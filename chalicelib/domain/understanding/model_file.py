"""The file of a trained model: one line of JSON that a person can read, then the weights, compressed.

The line says what the model was trained on and how good it was; the weights are hashes of grams (four bytes, rising) and one
signed byte a label. No text of any message can be read from it.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from chalicelib.domain.understanding.text_model import Step, TextModel, packed

FORMAT = "mslj-text-model 1"
MOST_BYTES = 300_000
_OLD = 2  # parts of a step before it knew of the second and third label


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
    body = zlib.compress(
        _little_endian([gram for gram, _ in rows])
        + bytes(weight & 0xFF for _, row in rows for weight in row),
        9,
    )
    head = {
        "format": FORMAT,
        "labels": list(learned.labels),
        "grams": len(rows),
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
    hashes, rows = raw[: 4 * grams], raw[4 * grams :]
    width = len(labels)
    if len(hashes) != 4 * grams or len(rows) != grams * width or len(head["intercepts"]) != width:
        raise ValueError("its parts do not fit together")
    weights = dict(zip(_integers(hashes), packed(rows, width), strict=True))
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


def _little_endian(hashes: Sequence[int]) -> bytes:
    values = array("I", hashes)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _integers(raw: bytes) -> "array[int]":
    values: array[int] = array("I")
    values.frombytes(raw)
    if sys.byteorder == "big":
        values.byteswap()
    return values
