"""电话: the numbers that can be called among what people write: 138 1234 5678（微信同号）, ０２１－６２３４５６７８, two in one cell.

One reader for every door (forms, orders, files). A masked number (138****5678), one with a digit too few or too many, and
a service line (12345) are no number that a person can be reached by.
"""

import re
import unicodedata

from chalicelib.domain.patterns import regex

CALLABLE = "11位手机号，或带区号的固定电话（如021-62345678）"  # what would be understood, for the refusal

_SEP = r"[-\s·.—–\u200b-\u200f\u2060\ufeff]?"
_COUNTRY = rf"(?:(?:\+|00)?86{_SEP}|0(?=1[3-9]))?"
_MOBILE = rf"{_COUNTRY}(?P<mobile>1{_SEP}[3-9](?:{_SEP}\d){{9}})"
_TOLL_FREE = rf"(?P<service>[48]00{_SEP}\d{{3,4}}{_SEP}\d{{3,4}})"
_AREA = rf"(?:(?:\+|00)?86{_SEP})?\(?(?P<area>0(?:10|2\d|[3-9]\d\d)|(?<=86)(?:10|2\d|[3-9]\d\d)|(?<=86[- ])(?:10|2\d|[3-9]\d\d))\)?{_SEP}"
_EXTENSION = r"(?:\s*(?:转|EXT\.?|#)\s*(?P<extension>\d{1,6})|-(?P<dashed>\d{2,5}))?"
_LAND = rf"(?:{_AREA}(?P<line>[2-8]\d{{2,3}}{_SEP}\d{{4}})|(?P<local>[2-8]\d{{3}}{_SEP}\d{{4}})){_EXTENSION}"
_ONE_MOBILE = regex(r"1[3-9]\d{9}")
_NUMBER = regex(rf"(?<![\d*×])(?:{_MOBILE}|{_TOLL_FREE}|{_LAND})(?![\d*×])")


def read_phones(text: str) -> tuple[str, ...]:
    """The callable numbers in the order written, each once: 13812345678, 021-62345678, 62345678转801, 4008123456."""
    if text.isascii() and _ONE_MOBILE.fullmatch(text):  # nearly every cell of a partner's file
        return (text,)
    numbers = (_written(found) for found in _NUMBER.finditer(_plain(text)))
    return tuple(dict.fromkeys(number for number in numbers if number))


def is_callable(text: str) -> bool:
    """Whether there is a number in it at which somebody answers for himself."""
    return bool(read_phones(text))


def _written(found: re.Match[str]) -> str:
    if found["mobile"]:
        return _digits(found["mobile"])
    if found["service"]:
        service = _digits(found["service"])
        return service if len(service) == 10 else ""
    area = found["area"] or ""
    line = _digits(found["line"] or found["local"])
    number = f"{area if area.startswith('0') or not area else '0' + area}-{line}" if area else line
    extension = found["extension"] or found["dashed"]
    return f"{number}转{extension}" if extension else number


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _plain(text: str) -> str:
    """Digits of any script or width as plain ones; what is not a digit folded as far as it stays one character."""
    return (text if text.isascii() else "".join(map(_plain_character, text))).upper()


def _plain_character(character: str) -> str:
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else " "
