"""The trained model beside the rules (rule 60): shown while a ticket is received, and missed by nobody when it is gone."""

import pytest

from chalicelib.gateways import triage_model
from tests.api.tickets.test_screens import a_report, desk_of, seen


@pytest.fixture(autouse=True)
def _read_anew():
    triage_model.current.cache_clear()
    yield
    triage_model.current.cache_clear()


def test_a_report_that_no_rule_knows_comes_with_a_guess_and_its_words(service):
    ticket_id = a_report(service, "楼上拖把水滴到我晒的被子上，说了几次不听")
    shown = seen(service, ticket_id, desk_of(service, ticket_id))

    assert shown["guess"]["category_name"]
    assert 0 < shown["guess"]["confidence"] <= 1
    assert all(word in "楼上拖把水滴到我晒的被子上说了几次不听" for word in shown["guess"]["words"])
    assert shown["category"] != shown["guess"]["category"] or shown["suggestion"]["category"]


def test_a_ticket_that_is_dispatched_shows_no_guess(service):
    ticket_id = a_report(service)
    assert seen(service, ticket_id, service.ticket(ticket_id).handler_id)["guess"] is None


@pytest.mark.parametrize("content", [None, b"", b"garbage\n\x00"])
def test_without_a_usable_model_the_rules_go_on_alone_and_the_log_says_so(
    service, monkeypatch, tmp_path, caplog, content
):
    file = tmp_path / "triage.model"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(triage_model, "FILE", file)

    ticket_id = a_report(service, "楼上拖把水滴到我晒的被子上，说了几次不听")
    shown = seen(service, ticket_id, desk_of(service, ticket_id))

    assert shown["guess"] is None
    assert shown["suggestion"]["reason"]
    assert "model unusable" in caplog.text


@pytest.mark.parametrize("text", ["灯坏", "😀😀😀", "The light is broken", "灯 broken 😀", "灯" * 2000])
def test_any_text_is_sorted_or_left_to_the_desk(service, text):
    ticket_id = a_report(service, text)
    shown = seen(service, ticket_id, desk_of(service, ticket_id))
    assert shown["guess"] is None or shown["guess"]["category"]
