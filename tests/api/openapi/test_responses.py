"""Every route names what it responds with, once: by it mypy judges, and of it OpenAPI and the clients' types are made."""

import ast
from pathlib import Path

import pytest

from app import app
from chalicelib.api.openapi import components, programs
from chalicelib.api.openapi.document import document
from tests import responses

ROOT = Path(__file__).resolve().parents[3]
# Documents in a language of their own, which another standard describes.
OF_ANOTHER_STANDARD = {"GET /openapi.json", "GET /partners/schema/{document}"}


def routes():
    return [
        (f"{method} {path}", components.responded(entry.view_function))
        for path, methods in app.routes.items()
        for method, entry in methods.items()
        if not programs.is_open311(path)
    ]


def test_every_route_names_what_it_responds_with():
    bare = {name for name, response in routes() if response is not None and not _names_its_keys(response)}
    assert bare == OF_ANOTHER_STANDARD


def _names_its_keys(response):
    made = components.described([], [response])
    schema = made.schemas[repr(response)]
    while "$ref" in schema:
        schema = made.components[schema["$ref"].rpartition("/")[2]]
    return bool(schema.get("properties"))


# What a screen keeps there, what a file lacked, an act of any kind.
OPEN_ON_PURPOSE = {
    ("PreferencesBody", "preferences"),
    ("Preferences", "preferences"),
    ("BulkBody", "given"),
    ("PreviewBody", "given"),
    ("Refusal", "fields"),
    ("Refusal", "confirmation"),
}


def test_no_schema_leaves_open_what_it_holds():
    """A list of anything would be a list that no client can read: generics that lose their parameter look so."""
    schemas = document(app)["components"]["schemas"].items()
    found = {(name, key) for name, schema in schemas for key in _open(schema.get("properties", {}))}
    assert found == OPEN_ON_PURPOSE


def _open(properties):
    for key, schema in properties.items():
        for each in schema.get("anyOf", [schema]):
            if not each.keys() - {"default"}:
                yield key
            if each.get("items") == {} or each.get("additionalProperties") is True:
                yield key


def test_schemas_are_imported_by_schemas_alone_while_the_service_runs():
    """They are many, and only the description needs them: no cold start pays for them."""
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        if file.stem != "schemas":
            tree = ast.parse(file.read_text(encoding="utf-8"))
            assert not [node.module for node in _at_start(tree.body) if _is_of_schemas(node)], file


def _at_start(body):
    for node in body:
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            yield from [
                node,
                *_at_start([each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]),
            ]


def _is_of_schemas(node):
    return isinstance(node, ast.ImportFrom) and str(node.module).endswith(".schemas")


LINE = {
    "id": "1",
    "number": "MS",
    "practice": False,
    "stage": "received",
    "stage_name": "已受理",
    "place": "",
    "category": None,
    "category_name": "",
    "round": 1,
    "received_at": "2026-11-23T10:00:00+08:00",
    "closed_at": None,
}


@pytest.mark.parametrize(
    ("line", "is_true"),
    [
        (LINE, True),
        (LINE | {"reporter_id": "x"}, False),  # what the schema does not name may not slip out
        ({name: value for name, value in LINE.items() if name != "closed_at"}, False),
        (LINE | {"round": "1"}, False),
    ],
)
def test_what_a_test_is_answered_is_held_to_its_schema(line, is_true):
    found = responses.violations(app, "GET", "/api/tickets?after=x", 200, {"items": [line], "next": None})
    assert (found == []) == is_true


def test_a_status_that_is_not_described_is_a_fault():
    with pytest.raises(AssertionError, match="does not know"):
        responses.violations(app, "GET", "/api/tickets", 418, {})
