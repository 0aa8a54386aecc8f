"""A field that only a newer version knows: nothing of it is lost, nobody meets a fault, and its messages still go out."""

import json

import pytest
from pydantic import ValidationError

from chalicelib.domain.tickets.ticket import Event, Stage
from chalicelib.store.tickets import line_document, newer, tickets
from tests.domain.clock_town import a_ticket, at

NOW = at("2026-11-20 17:00")


def document(model, **more):
    return json.dumps(json.loads(model.model_dump_json(exclude_defaults=True)) | more)


def a_line():
    return Event(kind="received", at=NOW, by="reporter")


@pytest.mark.parametrize(
    ("read", "whole"),
    [
        (lambda text: tickets.load({"document": text}), lambda: a_ticket(stage=Stage.RECEIVED)),
        (line_document.loaded, a_line),
    ],
)
def test_a_field_that_is_new_is_a_passing_fault_and_a_wrong_one_is_not(read, whole):
    assert read(document(whole())) == whole()
    with pytest.raises(newer.WrittenByNewer, match="请过一分钟再试") as told:
        read(document(whole(), of_tomorrow=1))
    assert told.value.http_status == 503
    with pytest.raises(ValidationError):
        read(document(whole(), at="?", stage="?", of_tomorrow=1))


def test_a_new_field_of_something_inside_is_one_too():
    inside = {"to": "reporter", "template": "received", "of_tomorrow": True}
    with pytest.raises(newer.WrittenByNewer):
        line_document.loaded(document(a_line(), notices=[inside]))
