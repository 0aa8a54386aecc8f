"""A text as it is meant, character for character: what is found in it at a place stands at that place in the text."""

import re
import unicodedata

from chalicelib.domain.patterns import regex

MASK = "［已隐去］"
_NUMERALS = {
    digit: str(value)
    for value, written in enumerate(
        (
            "零〇○洞",
            "一壹弌幺妖",
            "二贰貳弍两",
            "三叁參叄弎",
            "四肆",
            "五伍",
            "六陆陸",
            "七柒拐",
            "八捌",
            "九玖勾",
        )
    )
    for digit in written
}
_TOUCHING = regex(rf"\d[{''.join(_NUMERALS)}]|[{''.join(_NUMERALS)}]\d")
_ALIKE = str.maketrans("lIi|OoQDZzSsBbGgq", "11110000225586699")  # letters typed for digits
_LIKE_A_DIGIT = r"[\dlIi|OoQDZzSsBbGgq]"
_ELEVEN_ALIKE = regex(rf"(?<![A-Za-z0-9]){_LIKE_A_DIGIT}(?:[\W_]{{0,2}}{_LIKE_A_DIGIT}){{10}}(?![A-Za-z0-9])")
_FEWEST_REAL_DIGITS = 4  # in a mobile number typed with letters: fewer is a word


class _Characters(dict[int, str]):
    """Characters met so far, by their number: the same few hundred make up every report."""

    def __missing__(self, number: int) -> str:
        self[number] = _plain_character(chr(number))
        return self[number]


_PLAIN = _Characters()
_DIGITS = str.maketrans(_NUMERALS)


def any_of(words: str) -> str:
    """A pattern of words and patterns that stand apart by blanks, the longest first."""
    return "|".join(sorted(words.split(), key=len, reverse=True))


def plain(text: str) -> str:
    """As many characters as `text`: of one width and one script, digits as digits."""
    return text.translate(_PLAIN)


def as_digits(plain_text: str) -> str:
    """A plain text with Chinese numerals, and letters standing in for digits, as digits; as many characters."""
    digits = plain_text.translate(_DIGITS)
    for run in _ELEVEN_ALIKE.finditer(digits):
        number = run[0].translate(_ALIKE)
        real = sum(character.isdigit() for character in run[0])
        if real >= _FEWEST_REAL_DIGITS and re.fullmatch(r"1[3-9]\d{9}", re.sub(r"[\W_]", "", number)):
            digits = digits[: run.start()] + number + digits[run.end() :]
    return digits


def readings(plain_text: str) -> tuple[str, ...]:
    """As digits; and, where a Chinese numeral touches a digit, with only the digits as such: 138-1234-5678一直 ends before 一."""
    digits = as_digits(plain_text)
    return (digits, plain_text) if _TOUCHING.search(plain_text) else (digits,)


def _plain_character(character: str) -> str:
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    normal = unicodedata.normalize("NFKC", character)
    return normal if len(normal) == 1 else character
