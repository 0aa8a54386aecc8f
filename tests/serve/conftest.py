"""A town's folder for the tests of a town hall's own machine; nothing runs in it."""

import pytest

from infra.serve import secrets
from infra.serve.files import Files


@pytest.fixture
def home(tmp_path):
    return secrets.make(tmp_path / "town", port=18080, db_port=18010)


@pytest.fixture
def files(home):
    return Files(home)
