"""The marks of an OpenDocument sheet (.ods), whose rows and cells may stand for several that are alike, and its extent."""

import io

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables import extents
from chalicelib.domain.tables.marks import NO_RESULT, Marks

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_ROW, _CELL, _TABLE = f"{_T}table-row", f"{_T}table-cell", f"{_T}table"
_KIND, _FORMULA = "value-type", f"{_T}formula"
# Shown with more zeros than a number has, or with something before it that is no currency.
_AS_NAME = regex(r"0\d+|[^\d.,%\s+¥￥$€-]+\d+")
_ANY = regex(
    rb'value-type="(?:error|percentage)"|visibility=|:formula=|-repeated="\d{3}|<text:p>[^<\d]{0,9}0\d'
)
_MOST_REPEATED = 1_100_000


def marks_of(content: bytes) -> dict[str, Marks]:
    """By sheet. Raises Unreadable for one that holds something too far away."""
    if not _ANY.search(content):
        return {}
    from xml.etree import ElementTree

    found: dict[str, Marks] = {}
    name, line, last, widest = "", 0, 0, 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
        if event == "start" and element.tag == _TABLE:
            name, line, last, widest = element.get(f"{_T}name", ""), 0, 0, 0
            found[name] = Marks({}, frozenset())
        elif event == "end" and element.tag == _ROW:
            column = 0
            for cell in element:
                again = _number(cell.get(f"{_T}number-columns-repeated"))
                kind = next((value for key, value in cell.attrib.items() if key.endswith("}" + _KIND)), "")
                shown = "".join(cell.itertext()).strip() if len(cell) else ""
                if shown or kind:
                    last, widest = line + 1, max(widest, column + again)
                if said := _said(cell.attrib, kind, shown):
                    found[name].cells[line, column] = said
                column += again
            again = _number(element.get(f"{_T}number-rows-repeated"))
            if last > line:
                last = line + again
                extents.check(last, widest)
            if element.get(f"{_T}visibility", "visible") != "visible" and last > line:
                hidden = found[name].hidden | frozenset(range(line, line + min(again, 1000)))
                found[name] = found[name]._replace(hidden=hidden)
            line += again
            element.clear()
    return found


def _said(attributes: "dict[str, str]", kind: str, shown: str) -> str:
    """What is seen, where the library tells another value or none."""
    kinds = {value for key, value in attributes.items() if key.endswith("}" + _KIND)}
    if "error" in kinds or kind == "percentage":
        return shown
    if not kind and not shown and _FORMULA in attributes:
        return NO_RESULT
    return shown if kind in ("float", "currency") and _AS_NAME.fullmatch(shown) else ""


def _number(repeated: str | None) -> int:
    return min(int(repeated), _MOST_REPEATED) if repeated and repeated.isdecimal() else 1
