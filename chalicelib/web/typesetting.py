"""How wide words are and where they break, well enough for a label."""

MOST_LINES = 3


def split(text: str, width: float, size: float) -> list[str]:
    """The text in at most three lines no wider than `width`; a tenth too wide is left for the caller to shrink."""
    if width_in_em(text) * size <= width * 1.1:
        return [text]
    lines = [""]
    for piece in _pieces(text, width / size):
        if lines[-1] and width_in_em(lines[-1] + piece) * size > width:
            lines.append("")
        lines[-1] += piece
    tidy = [line.strip(" ·") for line in lines]
    return tidy if len(tidy) <= MOST_LINES else [*tidy[: MOST_LINES - 1], tidy[MOST_LINES - 1] + "…"]


def width_in_em(text: str) -> float:
    """Its width in units of its height: Chinese characters are square, others about 0.6."""
    return sum(1.0 if ord(letter) > 0x2E80 else 0.6 for letter in text) or 1.0


def _pieces(text: str, room: float) -> list[str]:
    """What may not be torn apart: words between spaces; a word too long for a line, its characters."""
    words = text.replace(" · ", " · \n").replace(" ", " \n").split("\n")
    return [piece for word in words for piece in ([word] if width_in_em(word) <= room else word)]
