"""A field or a value that only a newer version knows: nothing of it is lost, nobody meets a fault, and its messages still go out."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

import chalicelib.store
from chalicelib.domain.tickets.ticket import Event, Stage
from chalicelib.store import documents
from chalicelib.store.tickets import line_document, tickets
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
    with pytest.raises(documents.WrittenByNewer, match="请过一分钟再试") as told:
        read(document(whole(), of_tomorrow=1))
    assert told.value.http_status == 503
    with pytest.raises(ValidationError):
        read(document(whole(), at="?", text=[], of_tomorrow=1))


def test_a_new_field_of_something_inside_is_one_too():
    inside = {"to": "reporter", "template": "received", "of_tomorrow": True}
    with pytest.raises(documents.WrittenByNewer):
        line_document.loaded(document(a_line(), notices=[inside]))


@pytest.mark.parametrize(
    ("read", "whole", "of_tomorrow"),
    [
        (
            lambda text: tickets.load({"document": text}),
            lambda: a_ticket(stage=Stage.RECEIVED),
            {"stage": "tomorrows"},
        ),
        (line_document.loaded, a_line, {"audience": "tomorrows"}),
        (line_document.loaded, a_line, {"reading": {"concerned": {"grievance": "tomorrows"}}}),
        (lambda text: documents.built(Event, json.loads(text)), a_line, {"audience": "tomorrows"}),
    ],
)
def test_a_new_value_of_a_closed_word_is_one_too(read, whole, of_tomorrow):
    with pytest.raises(documents.WrittenByNewer):
        read(document(whole(), **of_tomorrow))
    with pytest.raises(ValidationError):
        read(document(whole(), **of_tomorrow, at=[], text=[]))


def test_everything_that_is_stored_is_read_in_one_way():
    others = [
        path.name
        for path in Path(chalicelib.store.__path__[0]).rglob("*.py")
        if "model_validate" in path.read_text(encoding="utf-8") and path.name != "documents.py"
    ]
    assert others == []
