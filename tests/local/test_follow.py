"""What `make run` shows of the log: what a person waits for, and what goes wrong, in short."""

import json
import logging

import pytest

from chalicelib import logs
from infra.local.follow import said


def written(level, message, extra, monkeypatch):
    monkeypatch.setattr(logs, "_emf", lambda *_: {"_aws": {}, "Deliveries": 1})
    record = logging.LogRecord("chalicelib.x", level, "x.py", 1, message, (), None)
    record.__dict__.update(extra)
    return logs.Lines().format(record)


@pytest.mark.parametrize(
    ("level", "message", "shown"),
    [
        (logging.INFO, "answered", ""),
        (logging.INFO, "oldest alarm", ""),
        (logging.INFO, "delivery", "delivery state=delivered way=wecom"),
        (logging.WARNING, "late alarm", "late alarm state=delivered way=wecom"),
    ],
)
def test_a_line_of_ours_is_shown_in_short_or_not_at_all(level, message, shown, monkeypatch):
    extra = logs.measured({"Deliveries": 1}, by=("state",), state="delivered", way="wecom")
    assert said(written(level, message, extra, monkeypatch)) == shown


@pytest.mark.parametrize("text", ["Traceback (most recent call last):", "12", json.dumps(["a"])])
def test_what_others_write_is_shown_as_it_is(text):
    assert said(text) == text
