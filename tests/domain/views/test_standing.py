"""The resident is told one true sentence at every stage: who has it and by when, and what is late is called late."""

from datetime import timedelta

import pytest

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.parties.asking import unheard
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import (
    ENDED,
    Asks,
    FollowUp,
    FollowUpResult,
    Joined,
    Outcome,
    Part,
    Stage,
)
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from chalicelib.domain.views.standing import promised_to_neighbours, standing, to_neighbours, where_it_went
from tests.domain.life import NOW, TOWN, dispatched, received, resolved, taken, waiting

MINUTE = timedelta(minutes=1)


def said(ticket, now=NOW):
    return standing(ticket, TOWN, now)


def followed(result, round=1):
    known = FollowUp(round=round, by="reporter", how="in_app", at=NOW, result=result)
    return resolved().model_copy(update={"follow_ups": (known,)})


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_its_sentence(stage):
    sentence = said(received().model_copy(update={"stage": stage}))
    assert 5 < len(sentence) < 60
    assert "None" not in sentence


@pytest.mark.parametrize(
    ("kind", "ticket"),
    [
        (ClockKind.FEEDBACK, received()),
        (ClockKind.TAKE, dispatched()),
        (ClockKind.RESOLUTION, taken()),
    ],
)
def test_a_promise_is_named_until_its_last_instant_and_called_late_after_it(kind, ticket):
    due = clocks.find_open(ticket, kind).due_at
    named = f"最迟今天 {due.astimezone(SHANGHAI):%H:%M}"
    assert named in said(ticket, due)
    assert "正在催" not in said(ticket, due)
    late = said(ticket, due + MINUTE)
    assert "正在催" in late
    assert named not in late


def test_what_nobody_has_taken_says_by_when_it_is_done_too():
    assert said(dispatched()).startswith("已派给城建中心，最迟")
    assert "办好；等他们签收（最迟" in said(dispatched())


def test_nobody_is_said_to_work_on_what_nobody_has_taken():
    assert "等他们签收" in said(dispatched())
    assert "正在办" not in said(dispatched())
    assert "正在办" in said(taken())
    assert "正在办" not in said(resolved())


@pytest.mark.parametrize(
    ("ticket", "words"),
    [
        (resolved(), "请您说"),
        (followed(FollowUpResult.NOT_SOLVED), "没有解决"),
        (followed(FollowUpResult.SOLVED), "等"),
        (followed(FollowUpResult.NOT_SOLVED, round=0), "请您说"),
    ],
)
def test_after_the_end_is_claimed_it_says_what_was_answered_and_what_follows(ticket, words):
    assert words in said(ticket)


@pytest.mark.parametrize("outcome", Outcome)
def test_an_end_says_how_it_ended(outcome):
    sentence = said(resolved().model_copy(update={"stage": Stage.CLOSED, "outcome": outcome}))
    assert "结案" in sentence


@pytest.mark.parametrize(
    ("of", "closed", "resolved_", "withdrawn"),
    [
        ("", "您说办好了，已结案", "您说办好了", "您已撤回"),
        (
            "M",
            "反映人说办好了，已结案",
            "办好没有请您说",
            "反映人已撤回",
        ),  # by what was merged: another's word
        (None, "反映人说办好了，已结案", "办好没有请您说", "反映人已撤回"),  # who joined
    ],
)
def test_nobody_reads_as_their_own_word_what_another_said(of, closed, resolved_, withdrawn):
    ticket = followed(FollowUpResult.SOLVED)
    over = ticket.model_copy(update={"stage": Stage.CLOSED, "outcome": Outcome.SOLVED})
    gone = received().model_copy(update={"stage": Stage.WITHDRAWN})
    assert closed in standing(over, TOWN, NOW, of=of)
    assert resolved_ in standing(ticket, TOWN, NOW, of=of)
    assert withdrawn in standing(gone, TOWN, NOW, of=of)


@pytest.mark.parametrize(
    ("minutes", "of", "whose"),
    [(0, "", "您"), (0, "M", "您"), (1, "M", "反映人"), (0, None, "反映人"), (1, "N", "反映人")],
)
def test_only_who_was_asked_reads_that_their_answer_is_waited_for(minutes, of, whose):
    """M was merged in before the question, or a minute after it; N came with M."""
    came = NOW + timedelta(minutes=minutes)
    joined = Joined(id="M", number="MS1", at=came, source=Source.QR, reporter_id="r2", asks=Asks())
    within = joined.model_copy(update={"id": "N", "at": NOW - MINUTE, "via": "M"})
    asked = waiting().model_copy(update={"joined": (joined, within)})
    assert f"在等{whose}的回答" in standing(asked, TOWN, NOW + timedelta(hours=1), of=of)


def test_what_was_merged_says_how_far_it_is_where_it_went():
    assert where_it_went(taken(), TOWN, NOW, of="M").startswith("与另一件合在一起办，您反映的没有取消。")
    assert "最迟" in where_it_went(taken(), TOWN, NOW, of="M")
    over = received().model_copy(update={"stage": Stage.DECLINED})
    assert "没有取消" not in where_it_went(over, TOWN, NOW, of="M")


def test_what_ended_before_the_other_matters_of_a_report_says_so():
    parts = (Part(id="P", number="MS2", title="垃圾", stage=Stage.HANDLING),)
    over = received().model_copy(update={"stage": Stage.WITHDRAWN, "parts": parts})
    assert said(over) == "您已撤回，不再办理；一起反映的另外1件还在办，看下面"


def test_a_recording_that_nobody_heard_is_being_listened_to():
    ticket = received().model_copy(update={"recording": Recording(id="R", seconds=7), "danger": unheard(NOW)})
    assert "正在听您的录音" in said(ticket)


@pytest.mark.parametrize(("days", "word"), [(-1, "昨天"), (0, "今天"), (1, "明天"), (2, "11月25日")])
def test_a_day_is_called_as_people_call_it(days, word):
    ticket = taken()
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    moved = clock.model_copy(update={"due_at": NOW + timedelta(days=days)})
    others = [each for each in ticket.clocks if each.id != clock.id]
    assert word in said(ticket.model_copy(update={"clocks": (*others, moved)}))


def beside(ticket, now=NOW):
    has_it = ticket.lead_unit_id or ticket.station_id
    return to_neighbours(ticket.stage, has_it, promised_to_neighbours(ticket), TOWN, now)


@pytest.mark.parametrize("stage", [each for each in Stage if each not in ENDED])
def test_a_neighbour_reads_who_has_it_at_every_open_stage(stage):
    sentence = beside(received().model_copy(update={"stage": stage}))
    assert 5 < len(sentence) < 60
    assert "None" not in sentence


@pytest.mark.parametrize(("ticket", "kind"), [
    (received(), ClockKind.FEEDBACK),
    (dispatched(), ClockKind.RESOLUTION),
    (taken(), ClockKind.RESOLUTION),
])  # fmt: skip
def test_a_neighbour_reads_by_when_until_its_last_instant_and_that_it_is_late_after_it(ticket, kind):
    due = clocks.find_open(ticket, kind).due_at
    assert "最迟今天" in beside(ticket, due)
    assert "正在催" in beside(ticket, due + MINUTE)
    assert "最迟" not in beside(ticket, due + MINUTE)


def test_a_neighbour_is_told_nothing_that_was_asked_or_said():
    for result in FollowUpResult:
        assert beside(followed(result)) == beside(resolved())
    unheard_one = received().model_copy(
        update={"recording": Recording(id="R", seconds=7), "danger": unheard(NOW)}
    )
    assert beside(unheard_one) == beside(received())


@pytest.mark.parametrize(("of", "who"), [("", "您"), ("M", "反映人"), (None, "反映人")])
def test_only_whose_number_was_called_reads_that_they_could_not_be_reached(of, who):
    over = resolved().model_copy(update={"stage": Stage.CLOSED, "outcome": Outcome.UNREACHED})
    assert f"没有联系上{who}，已结案" in standing(over, TOWN, NOW, of=of)


def test_while_it_is_asked_whether_somebody_is_in_danger_that_is_said():
    case = DangerCase(level=Danger.POSSIBLE, since=NOW)
    assert "正在确认是否有人有危险，最迟" in said(received().model_copy(update={"danger": case}))


def test_a_neighbour_reads_when_what_is_suspended_is_looked_at_again_if_anybody_knows():
    assert to_neighbours(Stage.SUSPENDED, "OFF", NOW, TOWN, NOW) == "城建中心暂时办不了，11月23日再看"
    assert to_neighbours(Stage.SUSPENDED, "", None, TOWN, NOW) == "工作站暂时办不了"
