"""GET /openapi.json: every route with its body, its answers and its refusals, from the routes and the models themselves."""

from functools import cache
from typing import TYPE_CHECKING, Any

from chalice import Blueprint
from pydantic import BaseModel

from chalicelib.api.openapi import programs
from chalicelib.api.routes import responds
from chalicelib.api.tickets.acts import BULK_ACTS, DESK_ACTS, STAFF_ACTS

if TYPE_CHECKING:
    from chalicelib.api.openapi.views import View

openapi = Blueprint(__name__)
Doc = dict[str, Any]
JSON = "application/json"
ACTS = {
    "/staff/tickets/{ticket_id}/{act}": {name: entry.body for name, entry in STAFF_ACTS.items()},
    "/desk/tickets/{ticket_id}/{act}": {name: entry.body for name, entry in DESK_ACTS.items()},
}
BULK = "/desk/bulk/{act}"
BY_OTHER_MEANS = ("/callbacks/", "/partners/", "/staff/sessions")  # a signature, a sign-in code
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
def get_openapi():
    """This description."""
    return document(openapi.current_app)


@cache
def document(app: Any) -> Doc:
    """The whole description, OpenAPI 3.1."""
    from chalicelib.api.openapi.views import view_of  # reads sources: not at every cold start

    schemas: Doc = {"Refusal": _refusal(), "NotAccepted": {"type": "object"}} | programs.SCHEMAS
    paths: dict[str, Doc] = {}
    for path, entries in sorted(app.routes.items()):
        for method, entry in entries.items():
            for shown, body in _spread(path):
                operation = programs.operation(method, path) or _operation(
                    method, path, view_of(entry.view_function), body, schemas
                )
                names = [part[1:-1] for part in shown.split("/") if part.startswith("{")]
                operation["operationId"] = f"{method.lower()} {shown}"
                operation["parameters"] = [*map(_in_path, names), *operation.get("parameters", [])]
                paths.setdefault(shown, {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "码上就来", "version": "1", "description": "docs/architecture.md, docs/access.md"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _spread(path: str) -> list[tuple[str, type[BaseModel] | None]]:
    """A route as the paths it serves: the acts have each their own body."""
    if path == BULK:
        return [(path.replace("{act}", act), None) for act in sorted(BULK_ACTS)]
    acts = ACTS.get(path)
    return [(path.replace("{act}", act), body) for act, body in acts.items()] if acts else [(path, None)]


def _operation(method: str, path: str, view: "View", body: type[BaseModel] | None, schemas: Doc) -> Doc:
    taken = body or view.body
    acts = path in ACTS
    operation: Doc = {
        "summary": view.summary,
        "parameters": [_in_query(name) for name in view.parameters],
        "responses": _responses(
            method, path, view, known=view.signed_in or acts or path.startswith(BY_OTHER_MEANS)
        ),
    }
    if view.idempotency or acts:
        operation["parameters"].append(_key(required=view.idempotency == "required"))
    if taken is not None:
        schema = {"$ref": f"#/components/schemas/{_add(taken, schemas)}"}
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    if view.signed_in or acts:
        operation["security"] = [{"session": []}]
    return operation


def _responses(method: str, path: str, view: "View", *, known: bool) -> Doc:
    refusals = [400, 404, 422, 503]
    refusals += [401, 403] if known else []
    refusals += [409, 415, 429] if method != "GET" else [409, 415]
    told: Doc = {str(view.status): _answer(path, view)}
    if view.cached:
        told["304"] = {"description": "Nothing has changed since `If-None-Match`."}
    if path == "/console":
        told = {"302": {"description": "Where the console's page lies."}}
    for status in sorted(set(refusals)):
        name = "NotAccepted" if status == 415 else "Refusal"
        content = {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        told[str(status)] = {"description": _REFUSED[status], "content": content}
    return told


def _answer(path: str, view: "View") -> Doc:
    if not view.is_json:
        return {
            "description": view.summary,
            "content": {MEDIA.get(path, "*/*"): {"schema": {"type": "string"}}},
        }
    schema: Doc = {"type": "object"}
    if view.keys:
        schema |= {"required": list(view.keys), "properties": {key: {} for key in view.keys}}
    return {"description": view.summary, "content": {JSON: {"schema": schema}}}


def _add(model: type[BaseModel], schemas: Doc) -> str:
    """The model's schema and those within it, among the components; its name there."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, inner in schema.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    schemas.setdefault(model.__name__, schema)
    return model.__name__


def _refusal() -> Doc:
    words = {"type": "string", "minLength": 1}
    properties: Doc = {
        "code": words,
        "message": words,
        "fields": {"type": "array"},  # names, or the bad rows of a file
    }
    return {"type": "object", "required": ["code", "message"], "properties": properties}


def _in_path(name: str) -> Doc:
    schema: Doc = {"type": "string", "minLength": 1, "maxLength": 200}
    if name == "document":
        schema |= {"pattern": r"^[A-Za-z0-9._-]+$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(name: str) -> Doc:
    return {"name": name, "in": "query", "schema": {"type": "string"}}


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
