"""One local cloud for all tests that speak to it over HTTP; its own folder and ports, beside a `make run`."""

import pytest

from infra.local import engines
from infra.local.cloud import LocalCloud
from infra.local.place import Place
from infra.local.processes import free_port
from infra.local.town import SAMPLE
from tests.local.commands import import_town


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """A place of its own. Skips, with the reason, where the engines are not installed."""
    if not engines.are_installed():
        pytest.skip("the engines are not installed: `make test` installs them (needs Node 20)")
    ports = {name: free_port() for name in ("port", "db_port", "phones_port")}
    return Place(home=tmp_path_factory.mktemp("cloud"), **ports)


@pytest.fixture(scope="session")
def cloud(place):
    """The running local cloud, freshly deployed, no town imported."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MSLJ_RECORD_CALLS", str(place.home / "calls.jsonl"))
        with LocalCloud(place) as running:
            yield running


@pytest.fixture(scope="session")
def town(cloud):
    """The local cloud with the sample town in force, imported by the command a clerk would use."""
    done = import_town(cloud, SAMPLE)
    assert done.returncode == 0, done.stderr
    return cloud
