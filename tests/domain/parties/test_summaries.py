"""派单摘要 and 身份保密: what a phone is sent, and what a unit reads of a sealed reporter (design §12)."""

import pytest

from chalicelib.domain.acts.assisting import add_assisting
from chalicelib.domain.acts.dispatching import dispatch, transfer
from chalicelib.domain.errors import Invalid
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.parties import summaries
from chalicelib.domain.views import access
from tests.domain.life import NOW, TOWN, dispatched, person, received

DESK = person("desk-a")
TO_OFFICE = {
    "unit_id": "OFF",
    "handler_id": "handler-a",
    "by": DESK,
    "note": "找王女士301室",
    "town": TOWN,
    "now": NOW,
}


def given(ticket, **more):
    return dispatch(ticket, **(TO_OFFICE | {"track": None} | more))


def on_the_phone(event):
    notice = next(n for n in event.notices if n.template == "assigned")
    return words_of(notice.template, notice.params).text


def test_a_phone_is_sent_what_the_dispatcher_confirmed_and_no_other_word():
    ticket, event = given(received("电动车停在门口，我是301室"), summary="电动车占道")
    assert ticket.summary == "电动车占道"
    assert "电动车占道。" in on_the_phone(event)
    assert "301" not in on_the_phone(event)


def test_what_nobody_confirmed_is_not_sent():
    _, event = given(received("电动车停在门口"))
    assert "电动车" not in on_the_phone(event)


@pytest.mark.parametrize(
    ("summary", "allowed"),
    [("字" * 30, True), ("字" * 31, False), ("打13812345678找他", False), ("楼道灯不亮", True)],
)
def test_a_summary_is_short_and_names_nobody(summary, allowed):
    if allowed:
        assert given(received(), summary=summary)[0].summary == summary
        return
    with pytest.raises(Invalid, match="摘要"):
        given(received(), summary=summary)


def test_the_machine_proposes_the_first_sentence_without_what_identifies():
    found = summaries.proposed(received("楼道灯不亮，打13812345678。我很急"))
    assert found.startswith("楼道灯不亮")
    assert "1381" not in found
    assert "急" not in found
    assert summaries.proposed(received("灯不亮" * 20)) == ("灯不亮" * 20)[:30]
    assert summaries.proposed(received("保安骂我")) == ""
    assert summaries.proposed(received("楼道灯不亮", confidential=True)) == ""


def test_of_what_is_kept_from_somebody_and_of_what_is_sensitive_no_word_is_sent():
    secret, event = given(received("保安骂我"), summary="有人挨骂")
    assert secret.concerns
    assert "挨骂" not in on_the_phone(event)
    sensitive, event = given(
        received(category="PM-BAD").model_copy(update={"concerns": ()}), summary="投诉物业"
    )
    assert summaries.on_a_phone(sensitive, TOWN) == summaries.SENSITIVE
    assert "投诉物业" not in on_the_phone(event)


def test_of_a_danger_a_phone_is_sent_fixed_words():
    urgent = received("有人困在电梯里")
    assert summaries.on_a_phone(urgent.model_copy(update={"summary": "我妈在里面"}), TOWN) == "有人有危险"


SEALED = {"text": "4号楼门口灯不亮，我下夜班看不见", "confidential": True}


def test_of_a_sealed_reporter_nobody_is_named_and_the_machine_dispatches_nothing():
    ticket = received("一直没来，灯不亮", confidential=True)
    assert (ticket.sealed, ticket.confidential, ticket.concerns) == (True, True, ())
    assert ticket.lead_unit_id is None


@pytest.mark.parametrize(("summary", "read"), [("楼道灯不亮", "楼道灯不亮"), ("", access.SEALED)])
def test_of_a_sealed_reporter_the_unit_reads_what_the_desk_wrote_and_nothing_else(summary, read):
    ticket, _ = given(received(**SEALED), summary=summary)
    handler, clerk = person("handler-a"), person("desk-a")
    assert access.as_read_by(ticket, handler).text == read
    assert access.as_read_by(ticket, clerk).text == ticket.text
    assert not access.may_reveal(ticket, handler, TOWN)
    assert access.may_reveal(ticket, clerk, TOWN)


def test_the_words_stay_with_it_when_it_goes_on():
    ticket, _ = given(received(**SEALED), summary="楼道灯不亮")
    further, _ = transfer(ticket, **(TO_OFFICE | {"unit_id": "TRA", "handler_id": None}))
    assert further.summary == "楼道灯不亮"
    helped, _ = add_assisting(
        further, unit_id="OFF", by=DESK, note="帮一下", town=TOWN, now=NOW, summary="请借一架梯子"
    )
    assert helped.summary == "请借一架梯子"


def test_an_ordinary_one_is_read_whole_by_whoever_has_it():
    ticket = dispatched()
    assert access.as_read_by(ticket, person("handler-a")) == ticket
