"""上报 as data: the file of a partner above, its words, and what a report may hold."""

from datetime import timedelta

import openpyxl
import pytest

from chalicelib.domain.acts import reporting_up
from chalicelib.domain.clocks.ladder import parse_ladder
from chalicelib.domain.errors import AlreadyDone, Invalid, NotAllowed, WrongStage
from chalicelib.domain.partners import exchanges
from chalicelib.domain.partners.reports_up_files import MOST_ROWS, read_answer, read_answers
from chalicelib.domain.tickets.clock_model import RungAct
from chalicelib.domain.town.partner import read_partner, source_of
from chalicelib.domain.town.vocabulary import Track
from tests.domain.life import NOW, TOWN, person, resolved, taken
from tests.domain.tables import zoo

FILE = """kind,key,value
setting,title,汇治理
setting,upward,yes
category,环境/噪声,HORN
act,reported_up,上报
act,progress,进展
status,已受理,accepted
status,退回,returned
column,number,编号
column,status,状态
answer,编号,number
answer,内容,text
"""
ABOVE = read_partner("above", FILE.encode())


def faults_of(content):
    with pytest.raises(Invalid) as refused:
        read_partner("above", content.encode())
    return [fault["reason"] for fault in refused.value.details["fields"]]


def joint(**how):
    return taken(track=Track.JOINT, text="喇叭太吵", **how)


def report(ticket=None, partner=ABOVE):
    return reporting_up.report_up(
        ticket or joint(), partner=partner, by=person("desk-a"), note="请区里协调", town=TOWN, now=NOW
    )


def owed(ticket, event, partner=ABOVE):
    return exchanges.owed(event, "key-1", ticket, ticket.external_ids[0], partner, TOWN)


def test_a_partner_above_needs_neither_source_nor_columns_of_orders():
    assert (ABOVE.upward, ABOVE.source) == (True, None)
    with pytest.raises(Invalid, match="不派单"):
        source_of(ABOVE)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("upward,yes", "upward,是", "upward 应为 yes 或 no"),
        ("upward,yes", "upward,no", "缺少 setting source"),
        ("title,汇治理", "title,", "缺少 setting title"),
        ("act,reported_up,上报\n", "", "缺少 act reported_up"),
        ("已受理,accepted", "已受理,fine", "fine 不认识"),
        ("内容,text", "内容,reporter", "reporter 不认识"),
    ],
)
def test_a_file_that_says_too_little_or_what_we_do_not_know_is_refused(old, new, reason):
    assert any(said.startswith(reason) for said in faults_of(FILE.replace(old, new)))


def test_a_ladder_may_name_the_platform_above():
    (step,) = parse_ladder("due+5 working_days upward")
    assert (step.to, step.act) == ("upward", RungAct.ESCALATE)


def test_a_report_is_owed_with_the_matter_in_their_words_and_what_follows_without():
    after, event = report(joint(category="HORN"))
    exchange = owed(after, event)
    assert (exchange.number, exchange.code, exchange.note) == (after.number, "上报", "请区里协调")
    assert (exchange.report["category"], exchange.report["text"]) == ("环境/噪声", "喇叭太吵")
    assert exchanges.row(exchange, ABOVE) == [after.number, "喇叭太吵"]
    later = event.model_copy(update={"kind": "progress", "note": "已到场"})
    assert owed(after, later).report == {}
    assert owed(after, event.model_copy(update={"kind": "taken"})) is None


def test_a_report_is_owed_to_the_partner_that_it_names():
    after, event = report()
    other = ABOVE.model_copy(update={"name": "other"})
    held = after.external_ids[0].model_copy(update={"partner": "other"})
    both = after.model_copy(update={"external_ids": (held, *after.external_ids)})
    assert owed(both, event, other) is None


def test_once_a_ticket_is_confidential_no_word_of_it_goes_up():
    after, event = report()
    later = event.model_copy(update={"kind": "progress", "note": "已到场"})
    assert owed(after, later).note == "已到场"
    assert owed(after.model_copy(update={"confidential": True}), later).note == ""


@pytest.mark.parametrize(
    ("ticket", "refusal"),
    [
        (taken(track=Track.SIMPLE), WrongStage),
        (resolved(track=Track.JOINT), WrongStage),
        (joint().model_copy(update={"confidential": True}), NotAllowed),
        (joint().model_copy(update={"practice": True}), NotAllowed),
        (report()[0], AlreadyDone),
    ],
)
def test_what_may_not_go_up_is_refused_and_a_rung_leaves_it_be(ticket, refusal):
    with pytest.raises(refusal):
        report(ticket)
    line = report()[1].model_copy(update={"kind": "escalated"})
    assert reporting_up.by_ladder(ticket, line, ABOVE) == (ticket, line)


@pytest.mark.parametrize(("minutes", "status"), [(-1, "已受理"), (0, "退回"), (1, "退回")])
def test_the_latest_word_stands_and_of_two_of_one_instant_the_one_that_came_last(minutes, status):
    ticket, _ = report()
    for word, at in (("已受理", NOW), ("退回", NOW + timedelta(minutes=minutes))):
        answer = read_answer({"number": ticket.number, "status": word}, ABOVE, now=at)
        ticket, _ = reporting_up.answered(
            ticket, answer, partner=ABOVE, town=TOWN, now=NOW + timedelta(hours=1)
        )
    assert ticket.external_ids[0].status == status


def test_a_clock_of_theirs_that_runs_ahead_counts_as_ours():
    ticket, _ = report()
    ahead = read_answer({"number": ticket.number, "status": "已受理"}, ABOVE, now=NOW + timedelta(days=1))
    after, _ = reporting_up.answered(ticket, ahead, partner=ABOVE, town=TOWN, now=NOW)
    assert after.external_ids[0].sent_at == NOW


@pytest.mark.parametrize(("rows", "accepted"), [(MOST_ROWS, True), (MOST_ROWS + 1, False)])
def test_a_file_has_five_hundred_rows_at_most(rows, accepted):
    content = zoo.text([["编号", "状态"], *([f"MS-{n}", "已受理"] for n in range(rows))])
    if accepted:
        assert len(read_answers(content, ABOVE, now=NOW).answers) == rows
    else:
        with pytest.raises(Invalid, match="超过 500 行"):
            read_answers(content, ABOVE, now=NOW)


def test_every_row_of_a_file_is_an_answer_or_the_file_is_refused_with_its_line():
    book = openpyxl.Workbook()
    for row in (["办理情况"], ["编号", "状态"], ["MS-1", "已受理"], ["MS-2", "已受理"], ["合计", "2"]):
        book.active.append(row)
    read = read_answers(zoo.saved(book), ABOVE, now=NOW)
    assert [(line, answer.number) for line, answer in read.answers] == [(3, "MS-1"), (4, "MS-2")]
    assert [(each.line, each.why) for each in read.passed] == [(1, "列名上面的标题"), (5, "合计")]
    book.active.row_dimensions[4].hidden = True
    with pytest.raises(Invalid, match="第 4 行：这一行在表里是隐藏的"):
        read_answers(zoo.saved(book), ABOVE, now=NOW)
    with pytest.raises(Invalid, match="列名下面没有内容"):
        read_answers(zoo.text([["编号", "状态"]]), ABOVE, now=NOW)


def test_a_number_in_full_width_is_the_same_ticket():
    ((_, answer),) = read_answers(zoo.text([["编号", "状态"], ["ＭＳ-１", "已受理"]]), ABOVE, now=NOW).answers
    assert answer.number == "MS-1"


def test_a_file_without_a_needed_column_says_which():
    with pytest.raises(Invalid, match="没有这些列：状态"):
        read_answers(zoo.text([["编号"], ["MS-1"]]), ABOVE, now=NOW)
