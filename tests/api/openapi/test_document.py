"""The published description of the API: whole, from the code itself, and true of what is answered."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import app
from chalicelib.api.openapi import document as described
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import Kind
from tests.service import one_service

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# The same few examples every run; what they find is wanted as found, not as small as can be.
BOUNDED = settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WHO = {
    "/api/walks": (Kind.STAFF, "gglw-gw1"),
    "/api/": (Kind.RESIDENT, "resident-1"),
    "/staff/": (Kind.STAFF, "gglw-fc1"),
    "/desk/": (Kind.STAFF, "gglw-head"),
}
STAFF = "gglw-fc1"


service = one_service


@pytest.fixture(scope="module")
def document(service):
    answer = service.get("/openapi.json")
    assert answer.status == 200
    return answer.body


def operations(document):
    return [
        (method.upper(), path, each) for path, of in document["paths"].items() for method, each in of.items()
    ]


def test_every_route_is_described_and_every_description_is_a_route(service, document):
    served = {
        (method, shown)
        for path, entries in service.app.routes.items()
        for method in entries
        for shown, _ in described._spread(path)
    }
    assert {(method, path) for method, path, _ in operations(document)} == served


def test_it_is_openapi_3_1_by_the_standard_s_own_schema(document):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    OpenAPIV31SpecValidator(document).validate()


def test_what_is_sent_is_described_wherever_something_is_read(document):
    """Routes that change something without a body: the address says all."""
    bare = {
        path
        for method, path, each in operations(document)
        if method in ("POST", "PUT") and "requestBody" not in each
    }
    by_address = (
        "/callbacks/",
        "/replace",
        "/forget",
        "/join",
        "/done",
        "/resend",
        "/entered",
        "/binding-code",
        "/end",
    )
    assert [path for path in sorted(bare) if not any(part in path for part in by_address)] == []


def test_who_must_sign_in_is_who_is_refused_without(service, document):
    for method, path, each in operations(document):
        if path.startswith(("/open311/", "/callbacks/", "/partners/")):
            continue
        asked = path
        for parameter in each["parameters"]:
            asked = asked.replace("{" + parameter["name"] + "}", "x")
        refused = service.client.http.request(
            method, asked, headers={"Content-Type": "application/json"}, body=b"{}"
        )
        assert (refused.status_code == 401) == ("security" in each), (method, path, refused.status_code)


def test_each_act_has_the_body_of_its_rule(document):
    body = document["paths"]["/staff/tickets/{ticket_id}/return"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ReturnBody"}
    assert set(document["components"]["schemas"]["ReturnBody"]["properties"]) == {"version", "reason", "note"}


def test_a_report_must_bear_a_key_and_parameters_handed_to_helpers_are_found(document):
    key = [each for each in document["paths"]["/api/tickets"]["post"]["parameters"] if each["in"] == "header"]
    assert [(each["name"], each["required"]) for each in key] == [("Idempotency-Key", True)]
    asked = {each["name"] for each in document["paths"]["/desk/figures"]["get"]["parameters"]}
    assert {"from", "to", "by"} <= asked


SERVING = {}


def wsgi(environ, start_response):
    """The app as schemathesis calls it: Chalice's own gateway behind WSGI."""
    headers = {
        name[5:].replace("_", "-").title(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    path = environ.get("RAW_URI") or environ["REQUEST_URI"]
    answer = SERVING["service"].client.http.request(
        environ["REQUEST_METHOD"], path, headers=headers, body=body
    )
    given = [(name, str(value)) for name, value in answer.headers.items()]
    start_response(f"{answer.status_code} -", given)
    return [answer.body]


API = schemathesis.openapi.from_dict(described.document(app))
API.app = wsgi
API.config.base_url = "http://127.0.0.1"  # nobody calls it: `wsgi` does
API.config.phases.coverage.enabled = False  # thousands of cases for the same few checks


def token(service, path):
    """A fresh session of whoever may come in: some routes end it."""
    admin = (Kind.STAFF, "town-admin")
    kind, subject = next((who for part, who in WHO.items() if path.startswith(part)), admin)
    return sessions.start(kind, subject, channel="browser", now=service.now)


@API.parametrize()
@BOUNDED
def test_no_answer_is_a_fault_and_none_is_undocumented(service, case):
    if case.path.startswith("/open311/"):
        key = api_keys.issue("schemathesis", reports_per_hour=100_000, by="test", now=service.now)
        case.query = {**(case.query or {}), "api_key": key}
    service.later(hours=1)  # limits are another test's matter
    SERVING["service"] = service
    case.call_and_validate(headers={"Authorization": f"Bearer {token(service, case.path)}"}, checks=CHECKS)


def test_it_is_the_same_text_every_time(service):
    assert json.dumps(service.get("/openapi.json").body) == json.dumps(service.get("/openapi.json").body)
