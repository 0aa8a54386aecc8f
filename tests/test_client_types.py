"""The clients' types are made of what the API says it reads and responds with, and of nothing else."""

import pytest

from infra import docs


def test_the_clients_types_are_as_the_api_describes_itself():
    if not docs.TYPES_BY.exists():
        pytest.skip("without the clients' packages (Node) there is no generator: npm --prefix clients ci")
    assert docs.TYPES.read_text(encoding="utf-8") == docs.client_types(), "run `make docs`"
