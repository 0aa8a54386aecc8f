"""`make recount`: one day asked of the nightly function, and what it says of it."""

import io
import json
from datetime import date

import pytest

from chalicelib.actions.figures import counting
from infra.production import recount
from infra.production.aws import Deployment, Refused


class Lambdas:
    """Stands for the service: runs the task itself, through JSON."""

    def __init__(self, fails=False):
        self.fails = fails

    def invoke(self, FunctionName, Payload):
        from chalicelib.tasks.sweep import nightly

        assert FunctionName == "mslj-prod-nightly"
        if self.fails:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "x"}')}
        return {"Payload": io.BytesIO(json.dumps(nightly(json.loads(Payload), None)).encode())}


@pytest.fixture
def asked(monkeypatch):
    days = []
    monkeypatch.setattr(counting, "recount", lambda day, now: days.append(day) or len(days) > 1)
    return days


def test_the_day_that_is_named_is_counted_and_nothing_else_of_the_night_is_done(asked):
    deployment = Deployment("prod", "", lambda _: Lambdas())
    assert not recount.recount(deployment, date(2026, 11, 20))
    assert recount.recount(deployment, date(2026, 11, 21))
    assert asked == [date(2026, 11, 20), date(2026, 11, 21)]


def test_a_recount_that_failed_says_so(asked):
    with pytest.raises(Refused, match="nightly"):
        recount.recount(Deployment("prod", "", lambda _: Lambdas(fails=True)), date(2026, 11, 20))


def test_a_day_that_is_none_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["recount", "yesterday", "--stage", "prod"])
    assert recount.main() != 0
