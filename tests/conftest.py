"""Fixtures that many tests share, and the counting of skips."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.service import running_service
from tests.weighed import weighed

# No example is judged by its time: machines are noisy. CI tries the same examples every run; a person's runs go on looking.
_NO_HURRY = [HealthCheck.too_slow]
settings.register_profile("here", deadline=None, suppress_health_check=_NO_HURRY)
settings.register_profile("ci", deadline=None, suppress_health_check=_NO_HURRY, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture
def service(monkeypatch):
    """The app on moto with the sample town, its clock in the test's hands."""
    with running_service(monkeypatch) as running:
        yield running


# Where each function's calls are weighed by its own policy: what the vault and its doors do.
WEIGHED = (
    "actions/identity",
    "api/notices",
    "api/open311",
    "api/partners",
    "api/tickets",
    "api/visits",
)


@pytest.fixture(autouse=True)
def _weighed(request, monkeypatch):
    if not str(request.path.parent).endswith(WEIGHED):
        yield
        return
    with weighed(monkeypatch):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where MSLJ_NO_SKIPS is set (CI), a test that could not run is a failure: silence is not success."""
    report = yield
    if report.skipped and os.environ.get("MSLJ_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, where nothing may be skipped: {report.longrepr}"
    return report
