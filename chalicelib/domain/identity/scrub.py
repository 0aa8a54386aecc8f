"""What must not stay in a ticket's text: phones, ID cards, e-mail addresses, plates. On write, every match (rule 41)."""

import re
import unicodedata

_MASK = "［已隐去］"
_SEP = r"[-\s·.,、/_—–\u200b-\u200f\u2060\ufeff]"  # also what cannot be seen
_DATE = r"(?:19|20)\d\d{sep}(?:0[1-9]|1[0-2]){sep}(?:0[1-9]|[12]\d|3[01])"
_COUNTED = r"(?!\s*[元块万亿年月号户人米平㎡度吨个次分秒天家%岁])"  # an amount, a house number, not a phone

_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
# A run of digits that holds an ID card or a mobile number goes as a whole, whatever digits stand around it.
_CARD_IN_A_RUN = rf"(?<!\d)\d*[1-9]\d{{5}}{_DATE.format(sep='')}\d{{3}}[\dXx]\d*"
_MOBILE_IN_A_RUN = r"(?<!\d)\d*1[3-9]\d{9}\d*"
_ID_CARD = rf"(?<!\d)[1-9]\d{{5}}{_SEP}{{0,3}}{_DATE.format(sep=_SEP + '?')}{_SEP}{{0,3}}\d{{3}}[\dXx]"
_OLD_ID_CARD = r"(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
_COUNTRY = rf"(?:(?:\+|00)?86{_SEP}{{0,2}})?"
_GROUPS = ((3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5))  # how people write a mobile number
_IN_GROUPS = "|".join(
    rf"1[3-9]\d{{{first - 2}}}" + "".join(rf"{_SEP}{{1,3}}\d{{{more}}}" for more in rest)
    for first, *rest in _GROUPS
)
_MOBILE = rf"(?<!\d){_COUNTRY}(?:{_IN_GROUPS}|1(?P<gap>{_SEP}{{1,2}})[3-9](?:(?P=gap)\d){{9}})(?!\d)"
_EXTENSION = r"(?:\s*(?:转|-)\s*\d{1,5})?(?!\d)"
_WITH_AREA = rf"(?<!\d)\(?0\d{{2,3}}\)?{_SEP}{{0,2}}[2-8]\d{{2,3}}[-\s]?\d{{4}}{_EXTENSION}"
# Eight digits alone may as well be a date, two years, or a round sum.
_NO_PHONE = (
    rf"(?!{_DATE.format(sep='[-]?')}(?!\d)|(?:19|20)\d\d[-\s](?:19|20)\d\d|\d{{4}}0000|\d\d00[-\s]\d\d00)"
)
_LOCAL = rf"(?<![\d.]){_NO_PHONE}[2-8]\d{{3}}[-\s]?\d{{4}}(?!\d){_COUNTED}{_EXTENSION}"
_PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领](?i:[A-HJ-NP-Z][\s·.-]?"
    r"(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[挂学警港澳]))(?![A-Za-z0-9])"
)
_CARDS = (_CARD_IN_A_RUN, _ID_CARD, _OLD_ID_CARD)
_KINDS = (_EMAIL, *_CARDS, _MOBILE_IN_A_RUN, _MOBILE, _PLATE, _WITH_AREA, _LOCAL)
_PRIVATE = re.compile("|".join(f"(?:{kind})" for kind in _KINDS))


def scrub(text: str) -> str:
    """The text without what identifies a person; nothing else of it is changed.

    Digits and letters of any width or script count as their plain ones. Taken again until nothing is found: what is
    left beside a mask may be a number of its own.
    """
    while (scrubbed := _once(text)) != text:
        text = scrubbed
    return text


def normal_phone(phone: str) -> str:
    """Digits only, without the country code, so that one phone has one keyed hash."""
    digits = re.sub(r"\D", "", _plain(phone))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _once(text: str) -> str:
    kept, done = [], 0
    for found in _PRIVATE.finditer(_plain(text)):
        kept += [text[done : found.start()], _MASK]
        done = found.end()
    return "".join(kept) + text[done:]


class _Plain(dict[int, str]):
    """Characters met so far, by their number: the same few hundred make up every report."""

    def __missing__(self, number: int) -> str:
        self[number] = _plain_character(chr(number))
        return self[number]


_PLAIN = _Plain()


def _plain(text: str) -> str:
    """As many characters as `text`, so that a place in the one is the same place in the other."""
    return text.translate(_PLAIN)


def _plain_character(character: str) -> str:
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
