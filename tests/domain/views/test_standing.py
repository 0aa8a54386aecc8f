"""The resident is told one true sentence at every stage: who has it and by when, and what is late is called late."""

from datetime import timedelta

import pytest

from chalicelib.domain.clocks import clocks
from chalicelib.domain.parties.asking import unheard
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import FollowUp, FollowUpResult, Outcome, Stage
from chalicelib.domain.views.standing import standing
from tests.domain.life import NOW, TOWN, dispatched, received, resolved, taken

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
    assert "最迟" in said(ticket, due)
    assert "正在催" not in said(ticket, due)
    late = said(ticket, due + MINUTE)
    assert "正在催" in late
    assert "最迟" not in late


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
