"""How wide words are and where they break, well enough for a label: nothing is cut, what belongs together stays together."""

import re
from typing import NamedTuple

from chalicelib.domain.patterns import regex

MOST_LINES = 3  # of one text, before its letters become smaller
STEP = 0.92  # by which they do
TIED = "\u00a0"  # a blank at which no line breaks: between a word and its number
_WIDE = frozenset("mwMWQO@%&—")
_NO_START = "）)】]』」》〉，。、；：！？…·,.;:!?%"  # what begins no line
_NO_END = "（(【[『「《〈"  # what ends none
_COUNTED = "号楼|号线|号口|单元|[号弄楼幢栋室层期组座]"  # stays with the number before it
_PIECE = regex(
    rf"[{re.escape(_NO_END)}]*(?:[0-9A-Za-z.#_-]+(?:{_COUNTED})?|.)[{re.escape(_NO_START)}]*", re.DOTALL
)
_PART_OF_ADDRESS = regex(r"https?://[^/.]*|/s/[^/]+$|[/.]?[^/.]+|[/.]")  # what a code opens stays in one line


class Typeset(NamedTuple):
    """A text in lines, and the size in which they fit."""

    lines: list[str]
    size: float


def set_words(text: str, width: float, size: float, smallest: float) -> Typeset:
    """The text whole, in lines no wider than `width`: three of `size`, or smaller ones; below `smallest`, more than three."""
    return _set([_wrapped(word) for word in _words(text)], width, size, smallest)


def set_address(url: str, width: float, size: float, smallest: float) -> Typeset:
    """An address whole, broken before a point or a slash, where whoever types it sees that it goes on."""
    return _set([_PART_OF_ADDRESS.findall(url)], width, size, smallest)


def width_in_em(text: str) -> float:
    """Its width in units of its height: Chinese characters are square, others about 0.6, the widest letters nearly square."""
    return sum(1.0 if ord(letter) > 0x2E80 else 0.92 if letter in _WIDE else 0.6 for letter in text) or 1.0


def _set(words: list[list[str]], width: float, size: float, smallest: float) -> Typeset:
    while True:
        lines = _lines(words, width / size)
        if len(lines) <= MOST_LINES or size * STEP < smallest:
            return Typeset(lines, size)
        size *= STEP


def _lines(words: list[list[str]], room: float) -> list[str]:
    """A word is broken only where it has no room on a line of its own, a piece of it only where that has none."""
    lines = [""]
    for word in words:
        whole = "".join(word)
        for piece in [whole] if _fits(whole, room) else _torn(word, room):
            if lines[-1].strip() and not _fits(lines[-1] + piece, room):
                lines.append("")
            lines[-1] += piece
    return [tidy for line in lines if (tidy := line.strip(" ·"))]


def _torn(word: list[str], room: float) -> list[str]:
    return [part for piece in word for part in ([piece] if _fits(piece, room) else piece)]


def _fits(text: str, room: float) -> bool:
    return width_in_em(text.rstrip(" ·")) <= room


def _words(text: str) -> list[str]:
    """The words between blanks, each with the blank or the point that follows it."""
    return re.findall(r"[^ ]+(?: ·)? *", text)


def _wrapped(word: str) -> list[str]:
    return _PIECE.findall(word)
