"""谁看过: what whoever was looked at reads, what whoever answers for the viewer reads, and which looks are exceptions."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.reasons import Reason
from chalicelib.domain.identity.traces import Look, trace_of
from chalicelib.domain.views import looks
from tests.domain.life import NIGHT, NOW, TOWN, person, received, taken


def a_trace(code="handler-a", what=Look.REVEALED, at=NOW, reason="ask_details", through=""):
    by = person(code).model_copy(update={"signed_in_by": through})
    return trace_of(by, what, at, fields=("phone",), why="问清几号楼", reason=reason)


def test_who_was_looked_at_reads_unit_role_number_and_reason_and_neither_name_nor_words():
    shown = looks.viewer_view(a_trace(), TOWN)
    assert (shown["unit"], shown["role"], shown["code"]) == ("城建中心", "经办人", "handler-a")
    assert (shown["what_name"], shown["reason"]) == ("查看了联系方式", "问清情况、地点")
    assert shown["through"] == ""
    assert "经办人甲" not in str(shown)
    assert "问清几号楼" not in str(shown)


def test_whose_code_the_viewer_signed_in_with_is_said_also_where_nobody_knows_them_any_more():
    def through(code):
        return looks.viewer_view(a_trace(through=code), TOWN)["through"]

    assert through("st-head") == "由关港蓝湾工作站站长（st-head）代为登录"
    assert through("gone") == "由他人代为登录"


def test_a_reason_of_an_older_list_is_no_reason_and_what_is_no_look_has_no_name():
    shown = looks.viewer_view(a_trace(what=Look.FIGURES_EXPORTED, reason="of_before"), TOWN)
    assert (shown["reason"], shown["what_name"]) == ("", "")


def test_who_answers_for_the_viewer_reads_the_name_the_ticket_and_the_words():
    line = looks.line_view(a_trace(), taken(), TOWN, why_outside="不在本人清单")
    assert (line["name"], line["words"], line["outside"]) == ("经办人甲", "问清几号楼", "不在本人清单")
    assert (line["ticket_id"], line["number"]) == (taken().id, taken().number)
    assert (line["what"], line["what_name"], line["fields"]) == ("revealed", "查看了联系方式", ["phone"])
    gone = looks.line_view(a_trace().model_copy(update={"viewer": "gone"}), None, TOWN, why_outside="")
    assert (gone["ticket_id"], gone["number"], gone["name"]) == ("", "", "")


@pytest.mark.parametrize(
    ("trace", "ticket", "had_part", "why"),
    [
        (a_trace(), taken(), False, ""),
        (a_trace("police", at=NOW), taken(), False, looks.OUTSIDE_LIST),
        (a_trace("police", at=NOW), taken(), True, ""),  # the unit had something to do with it
        (a_trace("police", at=NIGHT), taken(), True, looks.OUTSIDE_SHIFT),
        (a_trace("police-head", at=NIGHT), taken(), True, ""),  # who is in no roster has no shift
        (a_trace("police", reason="urgent"), taken(), False, ""),
        (a_trace("police", reason="call_list"), taken(), False, ""),
        (a_trace("police", what=Look.SEARCHED), None, False, ""),
        (a_trace("police", what=Look.FIGURES_EXPORTED), taken(), False, ""),
    ],
)
def test_a_look_at_what_is_on_no_list_of_ones_own_or_out_of_shift_is_an_exception(
    trace, ticket, had_part, why
):
    assert looks.outside(trace, ticket, TOWN, had_part=had_part) == why


@pytest.mark.parametrize(
    ("reason", "about", "called", "is_refused"),
    [
        (Reason.URGENT, {}, False, True),
        (Reason.URGENT, {"urgent": True}, False, False),
        (Reason.CALL_LIST, {}, False, True),
        (Reason.CALL_LIST, {"on_call_list": True}, False, False),
        (Reason.CALL_LIST, {}, True, False),
        (Reason.ASK_DETAILS, {}, False, False),
    ],
)
def test_what_needs_no_words_and_has_no_limit_the_ticket_itself_bears_out(reason, about, called, is_refused):
    ticket = received().model_copy(update=about)
    if not is_refused:
        looks.need_borne_out(reason, ticket, called=called)
        return
    with pytest.raises(Invalid):
        looks.need_borne_out(reason, ticket, called=called)


@pytest.mark.parametrize(
    ("today", "before", "many"),
    [(9, [], False), (10, [], True), (20, [10] * 14, False), (21, [10] * 14, True), (21, [140], True)],
)
def test_more_than_twice_the_usual_and_ten_at_least_is_worth_a_word(today, before, many):
    assert looks.is_twice_the_usual(today, before) is many


def test_a_subscriber_is_named_by_its_title_and_has_no_number():
    trace = a_trace().model_copy(update={"viewer": "subscriber:gone", "role": "", "unit": ""})
    shown = looks.viewer_view(trace.model_copy(update={"at": NOW + timedelta(days=1)}), TOWN)
    assert (shown["unit"], shown["code"], shown["role"]) == ("", "", "")
