"""What a route reads it declares, and the description is made of what is declared: nothing else can be read."""

from types import SimpleNamespace

import pytest

from chalicelib.api import http
from chalicelib.api.http import Declared, Key, RequestBody
from chalicelib.api.routes import idempotency
from chalicelib.domain.errors import Invalid


class ABody(RequestBody):
    text: str


class AnotherBody(RequestBody):
    text: str


@pytest.fixture
def asked():
    """A request to a route that declares one body, one parameter and a key that may come."""
    declared = Declared(200, None, (ABody,), {"after": str}, Key.OPTIONAL)
    request = SimpleNamespace(
        declared=declared,
        query_params={"after": "x", "place": "y"},
        json_body={"text": "好"},
        headers={"Idempotency-Key": "a-key-of-length"},
        method="GET",
        path="/",
        raw_body=b"",
    )
    token = http._request.set(request)
    yield request
    http._request.reset(token)


def test_what_is_declared_is_read(asked):
    assert http.parameter("after") == "x"
    assert http.read(ABody).text == "好"
    assert idempotency("somebody") is not None


@pytest.mark.parametrize(
    "reading",
    [
        lambda: http.parameter("place"),
        lambda: http.read(AnotherBody),
        lambda: idempotency("somebody", required=True),
    ],
    ids=["a parameter", "a body", "a key that must come"],
)
def test_what_is_not_declared_is_a_fault_of_the_route(asked, reading):
    with pytest.raises(LookupError, match="does not declare it"):
        reading()


def test_a_parameter_that_is_too_long_is_still_the_callers_fault(asked):
    asked.query_params["after"] = "x" * 3000
    with pytest.raises(Invalid):
        http.parameter("after")
