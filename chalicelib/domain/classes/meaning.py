"""What a report means, as a direction in a space of few dimensions: reports that say one thing in other words lie near each other.

The sum of the vectors of its words (decision 0143), each a byte a dimension, as text: 44 letters from which nothing can be read.
"""

from base64 import b64decode, b64encode
from math import hypot

from chalicelib.domain.understanding.text_model import TextModel

_FULL = 127


def meaning_of(text: str, model: TextModel | None) -> str:
    """The direction of a text; "" where no word of it is known, or there is no model."""
    sums = model.scores("", text) if model else []
    length = hypot(*sums)
    if not length:
        return ""
    return b64encode(bytes(round(_FULL * each / length) & 0xFF for each in sums)).decode()


def direction(meaning: str) -> tuple[float, ...]:
    """Of length 1, so that the sum of the products of two is their cosine; () of a text without one."""
    signed = [each - 256 if each > _FULL else each for each in b64decode(meaning)]
    length = hypot(*signed)
    return tuple(each / length for each in signed) if length else ()
