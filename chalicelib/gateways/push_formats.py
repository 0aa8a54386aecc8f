"""What the platforms push, as plain fields: JSON or XML, whichever the town's administrator chose."""

import json
from typing import Any

from chalicelib.domain.errors import BadRequest

MOST_BYTES = 100_000
Fields = dict[str, Any]


def fields_of(raw: bytes) -> Fields:
    """The fields of a body. A tag that stands several times is a list. Raises BadRequest."""
    if len(raw) > MOST_BYTES:
        raise BadRequest("内容太大")
    try:
        found = json.loads(raw) if raw.lstrip().startswith(b"{") else _from_xml(raw)
    except (ValueError, RecursionError) as broken:
        raise BadRequest("内容看不懂") from broken
    if not isinstance(found, dict):
        raise BadRequest("内容看不懂")
    return found


def text(fields: Fields, name: str) -> str:
    """A field as text; "" where it is missing. Numbers come as numbers here and as text there."""
    value = fields.get(name, "")
    return str(value) if isinstance(value, (str, int)) else ""


def xml(fields: Fields) -> str:
    """Fields as the platforms' XML, text in CDATA. Nested fields are nested tags."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: Fields) -> str:
    return "".join(
        f"<{name}>{_inside(value) if isinstance(value, dict) else _cdata(value)}</{name}>"
        for name, value in fields.items()
    )


def _cdata(value: object) -> str:
    return f"<![CDATA[{str(value).replace(']]>', ']] >')}]]>"


def _from_xml(raw: bytes) -> object:
    """No document type is taken: it can make a few bytes into gigabytes."""
    from xml.etree import ElementTree

    if b"<!DOCTYPE" in raw.upper() or b"<!ENTITY" in raw.upper() or b"\x00" in raw:
        raise ValueError("document type")
    try:
        return _plain(ElementTree.fromstring(raw))
    except ElementTree.ParseError as broken:
        raise ValueError("no XML") from broken


def _plain(element: Any) -> object:
    if len(element) == 0:
        return element.text or ""
    found: Fields = {}
    for child in element:
        value = _plain(child)
        if child.tag in found:
            known = found[child.tag]
            found[child.tag] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[child.tag] = value
    return found
