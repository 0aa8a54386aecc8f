"""The published description of the API: whole, from the code itself, and true of what is answered."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
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
# Fixed seeds, so that every run tries the same; what they find is wanted as found, not as small as can be.
MOST = {"test": 2, "nightly": 40}


def bounded(run):
    return settings(
        max_examples=MOST[run],
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
        "/spare-code",
        "/sessions/lock",
        "/end",
        "/listen",
        "/checked",
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


def whose_route(path):
    """Whoever may come in."""
    return next((who for part, who in WHO.items() if path.startswith(part)), (Kind.STAFF, "town-admin"))


# seed → who asks: whose routes they are, an administrator wherever he comes, and a town leader
ASKING = {
    4711: whose_route,
    31337: lambda _: (Kind.STAFF, "town-admin"),
    90210: lambda _: (Kind.STAFF, "town-leader"),
}


@pytest.fixture(scope="module")
def known(service):
    """What addresses may name: half of the cases ask of what there is, so that they come past "not found"."""
    return {
        "ticket_id": service.report("四号楼楼道灯不亮").body["id"],
        "code": service.point(),
        "place": "SHJY",
    }


def is_in_order(service, known, case, asks):
    """One case of somebody, whose answer must be one that is described, and no fault."""
    if case.path.startswith("/open311/"):
        key = api_keys.issue("schemathesis", reports_per_hour=100_000, by="test", now=service.now)
        case.query = {**(case.query or {}), "api_key": key}
    parameters = case.path_parameters or {}
    if len(str(parameters)) % 2:
        case.path_parameters = {name: known.get(name, value) for name, value in parameters.items()}
    service.later(hours=1)  # limits are another test's matter
    SERVING["service"] = service
    kind, subject = asks(case.path)
    token = sessions.start(
        kind, subject, channel="browser", now=service.now
    )  # a fresh one: some routes end it
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


@API.parametrize()
@seed(4711)
@bounded("test")
def test_no_answer_is_a_fault_and_none_is_undocumented(service, known, case):
    is_in_order(service, known, case, ASKING[4711])


@API.parametrize()
@seed(31337)
@bounded("test")
def test_an_administrator_meets_no_fault_either(service, known, case):
    is_in_order(service, known, case, ASKING[31337])


@API.parametrize()
@seed(90210)
@bounded("test")
def test_nor_does_a_town_leader(service, known, case):
    is_in_order(service, known, case, ASKING[90210])


@pytest.mark.nightly
@pytest.mark.parametrize("who", ASKING)
@API.parametrize()
@seed(4711)
@bounded("nightly")
def test_nor_anybody_in_many_more_cases(service, known, case, who):
    is_in_order(service, known, case, ASKING[who])


def test_it_is_the_same_text_every_time(service):
    assert json.dumps(service.get("/openapi.json").body) == json.dumps(service.get("/openapi.json").body)
