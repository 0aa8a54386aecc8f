"""The documents of Open311 in both its formats. JSON drops the root, and a list stands for its container (Spark)."""

import json
from typing import Any

from chalicelib.domain.patterns import regex

ITEMS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
FORMATS = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_NOT_XML = regex(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # XML 1.0 has no way to write these


def document(root: str, content: Any, suffix: str) -> str:
    """`content` (a list of items, or one object) under `root`, as "xml" or "json"."""
    if suffix == "json":
        return json.dumps(content, ensure_ascii=False)
    from xml.etree.ElementTree import Element, tostring

    top = Element(root)
    _fill(top, content)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="unicode")


def _fill(parent: Any, content: Any) -> None:
    from xml.etree.ElementTree import SubElement

    if isinstance(content, list):
        for each in content:
            _fill(SubElement(parent, ITEMS[parent.tag]), each)
    elif isinstance(content, dict):
        for name, value in content.items():
            _fill(SubElement(parent, name), value)
    else:
        parent.text = _text(content)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else _NOT_XML.sub("", str(value))
