"""The marks of an XLSX, and which part of it is which sheet."""

import re
from collections.abc import Mapping

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables import extents, formats
from chalicelib.domain.tables.marks import NO_RESULT, Cells, Marks, telling

_CELL = regex(rb"<(?:\w+:)?c(\s[^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = regex(rb'\br=["\']([A-Za-z]{1,3})(\d+)["\']')
_STYLE = regex(rb'\bs="(\d+)"')
_KIND = regex(rb'\bt="(\w+)"')
_VALUE = regex(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULA = regex(rb"<(?:\w+:)?f[\s>/]")
_HIDDEN = regex(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
# Where a cell stands, by its own word: a row may say another. Nothing is taken for granted of the writer's order.
_LETTERS = regex(rb"r=[\"']([A-Za-z]{1,9})[0-9]")
_NUMBERS = regex(rb"r=[\"'][A-Za-z]{0,9}([0-9]+)[\"']")
_FILLED = regex(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Za-z]{1,9})(\d+)[\"'][^>]*?(/?)>")
_TAIL = 1_000_000  # bytes, in which the last cell begins


def look(sheet: bytes, codes: Mapping[int, str]) -> Marks:
    """Raises Unreadable for a sheet that holds something too far away."""
    _check_extent(sheet)
    return Marks(_cells_in(sheet, codes), _hidden_in(sheet))


def codes_of(styles: bytes) -> dict[int, str]:
    """By style of a cell, the number formats that show something else than the value."""
    if not styles:
        return {}
    from xml.etree import ElementTree

    root = ElementTree.fromstring(styles)
    own = {
        int(each.get("numFmtId", "-1")): each.get("formatCode", "")
        for each in root.iter()
        if each.tag.endswith("}numFmt")
    }
    used = next((each for each in root if each.tag.endswith("}cellXfs")), ())
    return telling((int(each.get("numFmtId", "0")) for each in used), own)


def sheets_of(book: bytes) -> list[tuple[str, str]]:
    """Each sheet's name with the id of its part."""
    from xml.etree import ElementTree

    return [
        (each.get("name", ""), next((value for key, value in each.attrib.items() if key.endswith("}id")), ""))
        for each in ElementTree.fromstring(book).iter()
        if each.tag.endswith("}sheet")
    ]


def _check_extent(sheet: bytes) -> None:
    """First by what is quickly seen; only a sheet that looks too large is counted cell by cell."""
    end = sheet.rfind(b"sheetData>")
    numbers = list(map(int, _NUMBERS.findall(sheet, max(0, end - _TAIL), max(0, end))))
    widest = max(map(column_of, set(_LETTERS.findall(sheet))), default=0)
    if (numbers or end < _TAIL) and extents.fits(max(numbers, default=0), widest + 1):
        return
    filled = [
        (int(number), column_of(letters)) for letters, number, empty in _FILLED.findall(sheet) if not empty
    ]
    last, widest = (max((cell[at] for cell in filled), default=0) for at in (0, 1))
    extents.check(last, widest + 1)


def _hidden_in(sheet: bytes) -> frozenset[int]:
    return (
        frozenset(int(number) - 1 for number in _HIDDEN.findall(sheet))
        if b"hidden=" in sheet
        else frozenset()
    )


def _cells_in(sheet: bytes, codes: Mapping[int, str]) -> Cells:
    if b't="e"' not in sheet and not _FORMULA.search(sheet) and not codes:
        return {}
    found: Cells = {}
    for attributes, inner in _CELL.findall(sheet):
        value, place, kind = _VALUE.search(inner), _PLACE.search(attributes), _KIND.search(attributes)
        if place is None:
            continue
        at, is_a = (int(place[2]) - 1, column_of(place[1])), kind[1] if kind else b"n"
        if is_a == b"e" and value:
            found[at] = value[1].decode()
        elif value is None:
            if is_a != b"str" and b"f" in inner and _FORMULA.search(inner):
                found[at] = NO_RESULT
        elif (
            codes
            and is_a == b"n"
            and (style := _STYLE.search(attributes))
            and (code := codes.get(int(style[1])))
        ) and (said := formats.shown(float(value[1]), code)):
            found[at] = said
    return found


def column_of(letters: bytes) -> int:
    """From 0: A is 0."""
    at = 0
    for letter in letters:
        at = at * 26 + (letter & 0x1F)
    return at - 1
