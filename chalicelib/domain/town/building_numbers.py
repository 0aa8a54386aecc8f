"""楼号: the building numbers that words name, however they are written: 4号楼, 四号楼, 4栋, 4幢, ４＃, 4-501, A座.

A number is read whole or not at all: 14号楼 holds no 4号楼. A gate (4号门), a floor (4楼), a flat (401室), a lane
(1000弄) and a metro line (15号线) are no building.
"""

import re
import unicodedata

from chalicelib.domain.patterns import regex

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE = regex(r"[零〇一二两三四五六七八九十百]+(?=号|栋|幢|座|#)")
_MARK = r"(?:号楼|栋楼?|幢楼?|座(?![位椅机])|#楼?|号(?![门线桩口院井机]))"
_ONE = r"(?:[A-Z]?[0-9]{1,4}[A-Z甲乙丙丁]?|[A-Z])"
_AND = r"(?:[、,和与及跟或]|或者)"
_UNTIL = r"[~—–至到-]"
_MARKED = regex(rf"(?<![0-9A-Z.])(?P<list>{_ONE}(?:{_MARK}?(?:{_AND}|{_UNTIL}){_ONE})*){_MARK}")
_SHORT = regex(r"\W*([0-9]{1,3})-(?:[0-9]{1,2}-)?[0-9]{3,4}(?![0-9])")  # 4-501, 4-2-501
_LONGEST_ROW = 30  # 1-30号楼; beyond that the dash is none between buildings


def plain(text: str) -> str:
    """Full width made half, letters big, blanks gone, the Chinese numbers of buildings in digits."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    return _CHINESE.sub(lambda found: _in_digits(found.group()), folded)


def key_of(name: str) -> str | None:
    """What a building's name is compared by, its number or letter; None for a name without one (门卫室)."""
    found = _MARKED.fullmatch(plain(name))
    return _key(found["list"]) if found and re.fullmatch(_ONE, found["list"]) else None


def named(words: str) -> tuple[str, ...]:
    """The buildings that plain words name, in their order, each once; 4-6号楼 are three."""
    keys = [key for found in _MARKED.finditer(words) for key in _listed(found["list"])]
    if not keys and (short := _SHORT.match(words)):
        keys = [_key(short[1])]
    return tuple(dict.fromkeys(keys))


def _listed(words: str) -> list[str]:
    bare = re.sub(_MARK, "", words)
    row = re.fullmatch(rf"([0-9]+){_UNTIL}([0-9]+)", bare)
    if row is None:
        return [_key(one) for one in re.findall(_ONE, bare)]
    first, last = int(row[1]), int(row[2])
    if 0 < last - first <= _LONGEST_ROW:
        return [str(number) for number in range(first, last + 1)]
    return [str(first)]  # 2-501号: the second is a flat


def _key(number: str) -> str:
    return number.lstrip("0") or "0"


def _in_digits(words: str) -> str:
    """十四 → 14, 二十 → 20, 一百零三 → 103; digits said one by one (一〇三) as they stand."""
    if not set(words) & set("十百"):
        return "".join(str(_DIGITS[character]) for character in words)
    total, digit = 0, 0
    for character in words:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[character]
    return str(total + digit)
