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
    share = shown["guess"]["choices"][0]["share"]
    assert shown["guess"]["proposed"] is (share is not None and share >= 0.6)
    assert all(word in "楼上拖把水滴到我晒的被子上说了几次不听" for word in shown["guess"]["words"])
    assert shown["category"] != shown["guess"]["category"] or shown["suggestion"]["category"]


def test_a_report_of_several_matters_is_proposed_to_be_divided_until_it_is(service):
    text = "三件事：1.楼上拖把滴水；2.快递柜吞了我的件；3.广场舞太吵"
    ticket_id = a_report(service, text)
    clerk = desk_of(service, ticket_id)
    shown = seen(service, ticket_id, clerk)
    assert shown["matters"] == 3
    assert "divide" in shown["acts"]
    matters = [{"title": title, "text": title} for title in ("滴水", "快递柜", "广场舞")]
    assert service.desk_act(ticket_id, "divide", clerk, matters=matters).status == 200
    assert seen(service, ticket_id, clerk)["matters"] == 1
    assert seen(service, a_report(service, "楼上拖把水滴到我晒的被子上"), clerk)["matters"] == 1


def test_a_ticket_that_is_dispatched_shows_no_guess(service):
    ticket_id = a_report(service)
    assert seen(service, ticket_id, service.ticket(ticket_id).handler_id)["guess"] is None


def test_a_sure_rule_that_the_model_contradicts_is_shown_with_the_choices_until_a_person_has_decided(service):
    ticket_id = a_report(service, "楼道灯下面堆满旧沙发和纸箱，轮椅推不过去")
    ticket = service.ticket(ticket_id)
    desk = desk_of(service, ticket_id)
    assert (ticket.stage, ticket.category) == ("dispatched", "B01")
    shown = seen(service, ticket_id, desk)["guess"]
    assert len(shown["choices"]) == 3
    assert all(0 < each["share"] < 1 for each in shown["choices"])
    done = service.desk_act(ticket_id, "classify", desk, category=shown["choices"][0]["category"])
    assert done.status == 200, done.raw
    assert seen(service, ticket_id, desk)["guess"] is None


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
