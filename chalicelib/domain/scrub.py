"""What must not stay in a ticket's text: phones, ID cards, e-mail addresses, plates. On write, every match (design §7)."""

import re
import unicodedata

_MASK = "［已隐去］"
_SEP = r"[-\s·.]{0,2}"
_ID_CARD = (
    rf"(?<![0-9A-Za-z])[1-9]\d{{5}}{_SEP}(?:19|20)\d{{2}}{_SEP}\d{{4}}{_SEP}\d{{3}}[\dXx](?![0-9A-Za-z])"
)
_MOBILE = rf"(?<!\d)(?:\+?86[-\s]{{0,2}})?1[3-9]\d(?:{_SEP}\d){{8}}(?!\d)"
_LANDLINE = r"(?<!\d)(?:\(?0\d{2,3}\)?[-\s]{0,2})?[2-8]\d{3}[-\s]?\d{4}(?:\s*(?:转|-)\s*\d{1,5})?(?!\d)"
_EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
_PLATE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][\s·.-]?(?:[A-HJ-NP-Z0-9]{5,6}|[A-HJ-NP-Z0-9]{4}[挂学警港澳])(?![A-Za-z0-9])"
# Longest kinds first: an ID card contains what looks like a phone.
_PRIVATE = re.compile("|".join(f"(?:{kind})" for kind in (_EMAIL, _ID_CARD, _MOBILE, _PLATE, _LANDLINE)))


def scrub(text: str) -> str:
    """The text without what identifies a person. Full-width digits and letters count as their plain ones."""
    return _PRIVATE.sub(_MASK, unicodedata.normalize("NFKC", text))


def normal_phone(phone: str) -> str:
    """Digits only, without the country code, so that one phone has one keyed hash."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
