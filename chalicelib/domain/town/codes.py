"""Codes that people read, type and say: the point code 点位码 on a wall, the ticket number over the phone.

Both end in a check character: the sum of each character's value times its distance from the end (the last counts 1) is
a multiple of 31. 31 is prime and the weights are distinct and below it, so every single wrong character and every
swap of neighbours is caught (the scheme of ISBN-10, ISO 2108, over 31 instead of 11).
"""

import unicodedata
from datetime import date
from random import Random

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 characters; 0 O 1 I L are left out, they look alike
POINT_LENGTH = 7  # six random characters and the check character: 887 million codes
NUMBER_PREFIX = "MS"
NUMBER_LENGTH = 13  # date, six random characters, check character

# Digits count as themselves, so that a date (with 0 and 1) and a random part can share one check character.
_VALUE = {"0": 0, "1": 1} | {letter: (index + 2) % 31 for index, letter in enumerate(ALPHABET)}
_LETTER = {_VALUE[letter]: letter for letter in ALPHABET}
_SEEN_AS = str.maketrans(
    {"0": "Q", "O": "Q", "1": "7", "I": "7", "L": "7"}
)  # never printed: what was meant, most likely
_SEEN_IN_DATE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})


def _weighed(text: str, *, last: int) -> int:
    """The weighted sum modulo 31; `last` is the weight of the last character of `text`."""
    return sum(weight * _VALUE[letter] for weight, letter in enumerate(reversed(text), start=last)) % 31


def _with_check(text: str) -> str:
    return text + _LETTER[-_weighed(text, last=2) % 31]


def _plain(text: str) -> str:
    """Upper case, full-width letters as ASCII, without spaces, dashes and other marks between."""
    folded = unicodedata.normalize("NFKC", text[:100]).upper()
    return "".join(letter for letter in folded if letter.isalnum())


def new_point_code(random: Random) -> str:
    """An opaque code for a point. `random`: a `SystemRandom` in service; uniqueness is the store's condition."""
    return _with_check("".join(random.choices(ALPHABET, k=POINT_LENGTH - 1)))


def normalise(text: str) -> str:
    """A point code as typed or scanned, in the form that is stored; whether it is right says `is_mistyped`.

    Characters that no code contains (0 O 1 I L) become what they most resemble. A wrong guess is one wrong
    character, which the check character catches.
    """
    return _plain(text).translate(_SEEN_AS)


def is_mistyped(code: str) -> bool:
    """True for anything that is not a normalised point code with the right check character."""
    return len(code) != POINT_LENGTH or not set(code) <= set(ALPHABET) or _weighed(code, last=1) != 0


def new_ticket_number(day: date, random: Random) -> str:
    """A ticket's number to read over the phone, such as MS261122-7K3QX9-4. `day`: received, in Asia/Shanghai.

    It identifies, it does not open: no route shows a ticket to someone who knows only its number.
    """
    body = _with_check(f"{day:%y%m%d}" + "".join(random.choices(ALPHABET, k=6)))
    return f"{NUMBER_PREFIX}{body[:6]}-{body[6:12]}-{body[12]}"


def parse_ticket_number(text: str) -> str | None:
    """The number as stored, from what was typed or dictated; None when it is not one or is mistyped.

    Lower case, spaces, full-width characters, missing dashes and a missing MS are accepted.
    """
    body = _plain(text).removeprefix(NUMBER_PREFIX)
    if len(body) != NUMBER_LENGTH:
        return None
    body = body[:6].translate(_SEEN_IN_DATE) + body[6:]
    if not set(body[:6]) <= set("0123456789") or not set(body[6:]) <= set(ALPHABET):
        return None
    return f"{NUMBER_PREFIX}{body[:6]}-{body[6:12]}-{body[12]}" if _weighed(body, last=1) == 0 else None
