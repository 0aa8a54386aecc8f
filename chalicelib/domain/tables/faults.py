"""What a workbook shows where a formula went wrong, or was never worked out: #N/A and its kin, which the library passes over."""

import io
import re
import zipfile

from chalicelib.domain.patterns import regex

NO_RESULT = "#公式"  # a formula without its result: whoever wrote the file never worked it out
_CELL = regex(rb"<(?:\w+:)?c(\s[^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = regex(rb'\br="([A-Z]{1,3})(\d+)"')
_VALUE = regex(rb"<(?:\w+:)?v>([^<]+)</")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

Faults = dict[tuple[int, int], str]  # by line and column, both counted from 0


def faults_of(content: bytes) -> dict[str, Faults]:
    """By sheet; nothing where the parts of the file are named unusually."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = set(packed.namelist())
        if "content.xml" in names:
            return _faults_of_open_document(packed.read("content.xml"))
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        parts = _parts(packed.read("xl/workbook.xml"), packed.read("xl/_rels/workbook.xml.rels"))
        return {
            sheet: found
            for sheet, part in parts.items()
            if part in names and (found := _faults_in(packed.read(part)))
        }


def _faults_in(sheet: bytes) -> Faults:
    if b't="e"' not in sheet and not re.search(rb"<(?:\w+:)?f[\s>/]", sheet):
        return {}
    found: Faults = {}
    for attributes, inner in _CELL.findall(sheet):
        value, place = _VALUE.search(inner), _PLACE.search(attributes)
        if place is None:
            continue
        at = int(place[2]) - 1, column_of(place[1])
        if b't="e"' in attributes and value:
            found[at] = value[1].decode()
        elif (
            b"f" in inner
            and re.search(rb"<(?:\w+:)?f[\s>/]", inner)
            and value is None
            and b't="str"' not in attributes
        ):
            found[at] = NO_RESULT
    return found


def _faults_of_open_document(content: bytes) -> dict[str, Faults]:
    """Of an ODS, whose rows and cells may stand for several that are alike."""
    if b'value-type="error"' not in content:
        return {}
    from xml.etree import ElementTree

    found: dict[str, Faults] = {}
    for table in ElementTree.fromstring(content).iter(f"{_TABLE}table"):
        line = 0
        for row in table.iter(f"{_TABLE}table-row"):
            column = 0
            for cell in row:
                if any(
                    kind.endswith("}value-type") and value == "error" for kind, value in cell.attrib.items()
                ):
                    shown = "".join(cell.itertext()).strip()
                    found.setdefault(table.get(f"{_TABLE}name", ""), {})[line, column] = shown
                column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            line += int(row.get(f"{_TABLE}number-rows-repeated", 1))
    return found


def _parts(book: bytes, relations: bytes) -> dict[str, str]:
    from xml.etree import ElementTree

    targets = {
        each.get("Id", ""): each.get("Target", "").lstrip("/") for each in ElementTree.fromstring(relations)
    }
    parts: dict[str, str] = {}
    for each in ElementTree.fromstring(book).iter():
        if each.tag.endswith("}sheet"):
            ident = next((value for key, value in each.attrib.items() if key.endswith("}id")), "")
            target = targets.get(ident, "")
            parts[each.get("name", "")] = target if target.startswith("xl/") else f"xl/{target}"
    return parts


def column_of(letters: bytes) -> int:
    """From 0: A is 0."""
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1
