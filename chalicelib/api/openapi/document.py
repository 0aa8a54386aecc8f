"""GET /openapi.json: every route with its body, its answers and its refusals, from what the routes declare and their models."""

from collections.abc import Callable, Iterator
from functools import cache
from inspect import getdoc, unwrap
from typing import TYPE_CHECKING, Any, NamedTuple

from chalice import Blueprint
from pydantic import BaseModel

from chalicelib.api import queries
from chalicelib.api.http import Declared, Key
from chalicelib.api.openapi import programs
from chalicelib.api.routes import declared_of, responds
from chalicelib.api.tickets.acts import BULK_ACTS, DESK_ACTS, STAFF_ACTS

if TYPE_CHECKING:
    from chalicelib.api.openapi import components

openapi = Blueprint(__name__)
Doc = dict[str, Any]
JSON = "application/json"
ACTS = {
    "/staff/tickets/{ticket_id}/{act}": {name: entry.body for name, entry in STAFF_ACTS.items()},
    "/desk/tickets/{ticket_id}/{act}": {name: entry.body for name, entry in DESK_ACTS.items()},
}
BULK = "/desk/bulk/{act}"
# a signature, a code to sign in
BY_OTHER_MEANS = ("/callbacks/", "/partners/", "/staff/sessions", "/api/sessions")
# Documents that are no JSON, where they are always of one kind.
MEDIA = {
    "/desk/labels": "text/html",
    "/desk/figures/export": "text/csv",
    "/staff/tickets/{ticket_id}/form/page": "text/html",
    "/callbacks/wechat": "text/plain",
    "/callbacks/wecom": "text/plain",
}
_REFUSED = {
    400: "Cannot be understood, or a cursor of another list.",
    401: "Not signed in, or not any more.",
    403: "Not allowed for this role, or this ticket.",
    404: "No such thing, or none that the caller may know of.",
    409: "What stands does not allow it; `code` says why.",
    415: "The framework's own refusal of a content type that is not application/json.",
    422: "Well-formed, but not acceptable; `fields` names what.",
    429: "Over a limit; `retry_after_seconds` says when to try again.",
    503: "A passing fault of a part we need; nothing was changed. Try again.",
}


@openapi.route("/openapi.json", methods=["GET"])
@responds()
def get_openapi() -> Doc:
    """This description."""
    return document(openapi.current_app)


class Served(NamedTuple):
    """A route as it is described: `shown` is its path, an act's with the name of the act; `response` None where it is no JSON."""

    method: str
    path: str
    shown: str
    summary: str
    declared: Declared
    body: type[BaseModel] | None
    response: Any
    is_tagged: bool


@cache
def document(app: Any) -> Doc:
    """The whole description, OpenAPI 3.1."""
    served = list(_served(app))
    made = _made(served)
    operations = [(each.method, each.shown, _operation(each, made)) for each in served]
    operations += list(programs.operations(app))
    paths: dict[str, Doc] = {}
    for method, shown, operation in sorted(operations, key=lambda each: each[1]):
        names = [part[1:-1] for part in shown.split("/") if part.startswith("{")]
        operation["operationId"] = f"{method.lower()} {shown}"
        operation["parameters"] = [*map(_in_path, names), *operation.get("parameters", [])]
        paths.setdefault(shown, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "码上就来", "version": "1", "description": "docs/architecture.md, docs/access.md"},
        "paths": paths,
        "components": {
            "schemas": made.components | programs.SCHEMAS | {"NotAccepted": {"type": "object"}},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _spread(path: str) -> list[tuple[str, type[BaseModel] | None]]:
    """A route as the paths it serves: the acts have each their own body."""
    if path == BULK:
        return [(path.replace("{act}", act), None) for act in sorted(BULK_ACTS)]
    acts = ACTS.get(path)
    return [(path.replace("{act}", act), body) for act, body in acts.items()] if acts else [(path, None)]


def _served(app: Any) -> Iterator[Served]:
    from chalicelib.api.openapi import components  # imports every schema: not at every cold start

    for path, entries in app.routes.items():
        for method, entry in entries.items():
            if programs.is_open311(path):
                continue
            route = entry.view_function
            declared, summary = declared_of(route), _summary(unwrap(route))
            reads = declared.reads[0] if declared.reads else None
            response, is_tagged = components.responded(route), components.is_tagged(route)
            for shown, body in _spread(path):
                yield Served(method, path, shown, summary, declared, body or reads, response, is_tagged)


def _summary(view: Callable[..., Any]) -> str:
    return (getdoc(view) or view.__name__.replace("_", " ")).partition("\n")[0]


def _made(served: list[Served]) -> "components.Described":
    from chalicelib.api.openapi import components

    named = [each for each in components.schemas().values() if not getattr(each, "__parameters__", ())]
    responses = [*named, *(each.response for each in served if each.response is not None)]
    return components.described([each.body for each in served if each.body is not None], responses)


def _operation(served: Served, made: "components.Described") -> Doc:
    declared = served.declared
    operation: Doc = {
        "summary": served.summary,
        "parameters": [_in_query(name, kind) for name, kind in declared.asks.items()],
        "responses": _responses(served, made),
    }
    if declared.key is not Key.NONE:
        operation["parameters"].append(_key(required=declared.key is Key.REQUIRED))
    if served.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": made.schemas[served.body]}},
        }
    if declared.allowed is not None:
        operation["security"] = [{"session": []}]
    return operation


def _responses(served: Served, made: "components.Described") -> Doc:
    known = served.declared.allowed is not None or served.path.startswith(BY_OTHER_MEANS)
    refusals = [400, 404, 422, 503]
    refusals += [401, 403] if known else []
    refusals += [409, 415, 429] if served.method != "GET" else [409, 415]
    told: Doc = {str(served.declared.status): _response(served, made)}
    if served.is_tagged:
        told["304"] = {"description": "Nothing has changed since `If-None-Match`."}
    if served.path == "/console":
        told = {"302": {"description": "Where the console's page lies."}}
    for status in sorted(set(refusals)):
        name = "NotAccepted" if status == 415 else "Refusal"
        content = {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        told[str(status)] = {"description": _REFUSED[status], "content": content}
    return told


def _response(served: Served, made: "components.Described") -> Doc:
    if served.response is None:
        content = {MEDIA.get(served.path, "*/*"): {"schema": {"type": "string"}}}
    else:
        content = {JSON: {"schema": made.schemas[repr(served.response)]}}
    return {"description": served.summary, "content": content}


def _in_path(name: str) -> Doc:
    schema: Doc = {"type": "string", "minLength": 1, "maxLength": 200}
    if name == "document":
        schema |= {"pattern": r"^[A-Za-z0-9._-]+$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(name: str, kind: type) -> Doc:
    return {"name": name, "in": "query", "schema": queries.schema_of(kind)}


def _key(*, required: bool) -> Doc:
    told = "The same key again answers as the first time, for seven days."
    schema = {"type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[!-~]+$"}
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": required,
        "description": told,
        "schema": schema,
    }
