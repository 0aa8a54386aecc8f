"""What identifies a person leaves the text on write (rule 41): numbers, ids, papers, plates, names, rooms.

A room is kept beside the text, for whoever must come to the door.
"""

import re
from collections.abc import Iterable, Iterator

from chalicelib.domain.identity.accounts import personal_accounts
from chalicelib.domain.identity.names import other_names, own_name
from chalicelib.domain.identity.numbers import personal_numbers
from chalicelib.domain.identity.plain import MASK, as_digits, plain, readings
from chalicelib.domain.identity.rooms import rooms
from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.phones import read_phones

Span = tuple[int, int]

LONGEST_ROOM = 40  # characters
# of a number that was masked, no piece of four digits or more stays
_PIECE = regex(r"(?<![\dA-Za-z.])\d{4,}(?![\d.:]|\s*[元块年月日号路弄])")
_OWN_GAP = r"\D{0,6}"


def scrub(text: str, *, name: str = "", phone: str = "", keeps_rooms: bool = False) -> str:
    """The text without what identifies a person; nothing else of it is changed.

    `name` and `phone` are what the sender gave as contact: they go wherever they occur. Taken again until nothing is
    found: what is left beside a mask may be a number of its own. `keeps_rooms`: words of staff, who may have to name one.
    """
    while (
        once := _without(text, _identifying(text, name=name, phone=phone, keeps_rooms=keeps_rooms))
    ) != text:
        text = once
    return text


def without_person(text: str, *, name: str, phone: str) -> str:
    """The text without this name and this phone, however they are written; of nobody else anything."""
    shown = plain(text)
    return _without(text, [*_own_phone(as_digits(shown), phone), *own_name(shown, plain(name).strip())])


def named_room(given: str, *texts: str) -> str:
    """几室: what was given as the room, else the rooms that the texts name, each once (501室、602)."""
    named = [text[start:end] for text in texts for start, end in _joined(rooms(as_digits(plain(text))))]
    return (given.strip() or "、".join(dict.fromkeys(named)))[:LONGEST_ROOM]


def normal_phone(phone: str) -> str:
    """Digits only, without the country code, so that one phone has one keyed hash. Of several, the first that can be called."""
    callable_ones = read_phones(phone)
    digits = re.sub(r"\D", "", callable_ones[0] if callable_ones else plain(phone))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _identifying(text: str, *, name: str, phone: str, keeps_rooms: bool) -> Iterator[Span]:
    shown = plain(text)
    read = readings(shown)
    digits = read[0]
    numbers = [*(span for each in read for span in personal_numbers(each)), *_own_phone(digits, phone)]
    yield from numbers
    yield from personal_accounts(shown)
    yield from _pieces(digits, numbers)
    if not keeps_rooms:
        yield from (span for each in read for span in rooms(each))
    yield from other_names(shown, numbers)
    yield from own_name(shown, plain(name).strip())


def _own_phone(digits: str, phone: str) -> Iterator[Span]:
    own = re.sub(r"\D", "", plain(phone))[-11:]
    if len(own) >= 7:
        yield from (found.span() for found in re.finditer(_OWN_GAP.join(own), digits))


def _pieces(digits: str, numbers: Iterable[Span]) -> Iterator[Span]:
    """The rest of a number that is masked elsewhere: 尾号3306."""
    whole = [re.sub(r"\D", "", digits[start:end]) for start, end in numbers]
    if whole:
        for found in _PIECE.finditer(digits):
            if any(found[0] in number for number in whole):
                yield found.span()


def _without(text: str, spans: Iterable[Span]) -> str:
    kept, done = [], 0
    for start, end in _joined(spans):
        kept += [text[done:start], MASK]
        done = end
    return "".join(kept) + text[done:]


def _joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined
