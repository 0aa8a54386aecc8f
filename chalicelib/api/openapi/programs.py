"""The part of the description that Open311 prescribes: documents in two formats, forms, arrays of errors."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.open311.words import Word

Doc = dict[str, Any]
ERRORS, ITEMS = "Open311Errors", "Open311Items"
_BASE = "/open311/v2/"
_TOLD = {
    400: "Everything else that is wrong with it.",
    403: "A missing or wrong api_key.",
    404: "No such document, service, request, token or jurisdiction.",
    429: "Over the key's hourly limit.",
    503: "Try again.",
}
_ERROR = {
    "type": "object",
    "required": ["code", "description"],
    "properties": {"code": {"type": "integer"}, "description": {"type": "string"}},
}
SCHEMAS: Doc = {
    ERRORS: {"type": "array", "minItems": 1, "items": _ERROR},
    ITEMS: {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"type": "object"}]},
}
_ASKED = {
    "jurisdiction_id": "Of the one town; may be left out.",
    "api_key": "Of the program.",
    "service_request_id": "Several, apart by commas; overrides the rest.",
    "service_code": "Several, apart by commas.",
    "status": "open, closed, or both.",
    "start_date": "ISO 8601 with its zone.",
    "end_date": "ISO 8601 with its zone; 90 days later at most.",
    "page": "From 1.",
    "page_size": "1,000 at most.",
}
_POSTED = (
    *("api_key", "service_code", "lat", "long", "address_string", "address_id", "description", "media_url"),
    *("email", "phone", "first_name", "last_name", "account_id", "device_id", "jurisdiction_id"),
    *("service_request_id", "update_id", "updated_datetime"),
)


def is_open311(path: str) -> bool:
    return path.startswith(_BASE)


def operations(app: Any) -> Iterator[tuple[str, str, Doc]]:
    """Method, path and operation of each of Open311's routes."""
    for path, methods in app.routes.items():
        if is_open311(path):
            yield from ((method, path, _operation(method, path)) for method in methods)


def _operation(method: str, path: str) -> Doc:
    one = path != f"{_BASE}{{document}}"
    asked = ("jurisdiction_id", "api_key") if one or method == "POST" else tuple(_ASKED)
    told: Doc = {
        "summary": f"Open311 GeoReport v2: {path.removeprefix(_BASE)} (docs/open311.md)",
        "parameters": [_in_query(name) for name in asked],
        "responses": {"200": _content("One document, as XML or JSON by its name.", ITEMS)},
    }
    for status, words in _TOLD.items():
        told["responses"][str(status)] = _content(words, ERRORS)
    if method == "POST":
        told["requestBody"] = {"required": True, "content": _forms()}
    return told


def _content(words: str, schema: str) -> Doc:
    """XML is described by the specification itself; the schema holds for JSON."""
    in_json = {"schema": {"$ref": f"#/components/schemas/{schema}"}}
    return {"description": words, "content": {"application/json": in_json, "text/xml": {}}}


def _forms() -> Doc:
    fields: Doc = {name: {"type": "string"} for name in _POSTED}
    fields["status"] = {"type": "string", "enum": [word.value.upper() for word in Word]}
    form = {"type": "object", "required": ["api_key"], "properties": fields}
    with_media = form | {"properties": fields | {"media": {"type": "string", "format": "binary"}}}
    return {
        "application/x-www-form-urlencoded": {"schema": form},
        "multipart/form-data": {"schema": with_media},
    }


def _in_query(name: str) -> Doc:
    return {"name": name, "in": "query", "description": _ASKED[name], "schema": {"type": "string"}}
