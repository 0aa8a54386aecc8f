"""What every answer says to a browser: take it as what it is, and come back by TLS alone."""

import pytest


@pytest.mark.parametrize("path", ["/console", "/api/points/SHJY-4-1", "/staff/me", "/openapi.json"])
def test_every_answer_forbids_guessing_and_asks_for_tls(service, path):
    headers = {name.lower(): value for name, value in service.get(path).headers.items()}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"].startswith("max-age=31536000")
