"""Whether what the API responds with is what it says it responds with: every key, none beside them, every kind of value."""

from functools import cache
from typing import Any

import jsonschema_rs

JSON = "application/json"


def violations(app: Any, method: str, path: str, status: int, body: Any) -> list[str]:
    """Where a JSON response differs from its description: one for each place. A path that is no route has none."""
    validator = _validator(app, method, _route_of(app, method, path), status)
    if validator is None:
        return []
    return [
        f"{method} {path} {list(error.instance_path)}: {error.message[:300]}"
        for error in validator.iter_errors(body)
    ]


@cache
def closed(app: Any) -> Any:
    """The description with every object closed: a key that it does not name is a fault in a test, though clients bear it."""
    from chalicelib.api.openapi.document import document

    return _closed(document(app))


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _closed(each) for name, each in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        inner.setdefault("additionalProperties", False)
    return inner


@cache
def _validator(app: Any, method: str, route: str, status: int) -> Any:
    operation = closed(app)["paths"].get(route, {}).get(method.lower())
    if operation is None:
        return None
    told = operation["responses"].get(str(status))
    assert told is not None, f"{method} {route} responds with {status}, which its description does not know"
    schema = told.get("content", {}).get(JSON, {}).get("schema")
    if schema is None:
        return None
    return jsonschema_rs.validator_for({**schema, "components": closed(app)["components"]})


def _route_of(app: Any, method: str, path: str) -> str:
    """The described path that a request went to; of several that fit the one with the most words of its own."""
    parts = path.partition("?")[0].split("/")
    fits = [
        route
        for route, of in closed(app)["paths"].items()
        if method.lower() in of and _fits(route.split("/"), parts)
    ]
    return max(fits, key=lambda route: -route.count("{"), default="")


def _fits(route: list[str], parts: list[str]) -> bool:
    return len(route) == len(parts) and all(
        ours.startswith("{") or ours == given for ours, given in zip(route, parts, strict=True)
    )
