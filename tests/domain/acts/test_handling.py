"""处置: contact, arrival, feedback, progress, extensions, waiting, 挂账 (rules 3, 5, 13, 14, 16, 30)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import assisting, handling, pausing
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    AlreadyDone,
    Invalid,
    NotAllowed,
    NotYours,
    WrongStage,
)
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Track
from tests.domain.clock_town import at
from tests.domain.life import NOW, TOWN, dispatched, person, received, resolved, taken, told, waiting

LATER = NOW + timedelta(days=1)


def open_clock(ticket, kind):
    return clocks.find_open(ticket, ClockKind(kind))


def arrive(ticket, by="handler-a", now=NOW):
    return handling.arrive(ticket, by=person(by), note="", photos=(), town=TOWN, now=now)


def contact(ticket, by="handler-a", now=NOW):
    return handling.contact(ticket, by=person(by), note="已电话联系", town=TOWN, now=now)


def feed_back(ticket, by="handler-a", now=NOW):
    return handling.unit_feedback(ticket, by=person(by), text="下午来修", town=TOWN, now=now)


def progress(ticket, by="handler-a", now=NOW, public=True):
    return handling.progress(
        ticket, by=person(by), text="已定材料", photos=(), public=public, town=TOWN, now=now
    )


def suspend(ticket, review_at=LATER, by="area"):
    return pausing.suspend(ticket, by=person(by), reason="等规划", review_at=review_at, town=TOWN, now=NOW)


def wait(ticket, by="handler-a"):
    return pausing.wait(ticket, by=person(by), question="几号楼？", town=TOWN, now=NOW)


def resume(ticket, now=NOW):
    return pausing.resume(ticket, by=person("desk-a"), note="", town=TOWN, now=now)


def lamp(take=True):
    make = taken if take else dispatched
    return make(unit="PM", handler="pm", text="楼道的灯不亮", category=None)


@pytest.mark.parametrize("act", [arrive, contact])
def test_arriving_or_speaking_with_the_resident_is_the_response_and_taking_is_not(act):
    ticket = lamp()
    assert open_clock(ticket, "response") is not None
    after, event = act(ticket, by="pm")
    assert clocks.find_latest(after, ClockKind.RESPONSE).met_by == "pm"
    assert list(told(event).values()) == [["reporter"]]


def test_the_units_own_feedback_meets_its_clock_once_and_is_public():
    after, event = feed_back(dispatched())
    assert (after.fed_back_by_unit, open_clock(after, "unit_feedback")) == (1, None)
    assert (event.public, told(event)) == (True, {"unit_feedback": ["reporter"]})
    again, _ = feed_back(after, now=LATER)
    assert clocks.find_latest(again, ClockKind.UNIT_FEEDBACK).met_at == NOW


@pytest.mark.parametrize("act", [arrive, contact, feed_back])
@pytest.mark.parametrize(
    ("ticket", "by", "refusal"),
    [
        (received(), "handler-a", WrongStage),
        (resolved(), "handler-a", WrongStage),
        (dispatched(), "police", NotYours),
    ],
)
def test_only_the_lead_unit_works_on_a_ticket_while_it_has_it(act, ticket, by, refusal):
    with pytest.raises(refusal):
        act(ticket, by=by)


def test_a_progress_entry_begins_the_next_period():
    ticket = taken(text="隧道口很吵", track=Track.JOINT)
    after, event = progress(ticket, now=LATER)
    rounds = [clock for clock in after.clocks if clock.kind is ClockKind.PROGRESS]
    assert [(clock.started_at, clock.met_at) for clock in rounds] == [(NOW, LATER), (LATER, None)]
    assert told(event) == {"progress": ["reporter"]}
    assert told(progress(ticket, public=False)[1]) == {}


def test_a_simple_ticket_owes_no_progress_but_may_tell_it():
    after, _ = progress(taken())
    assert open_clock(after, "progress") is None


def test_progress_while_waiting_for_the_resident_starts_no_running_clock():
    joint = arrived(wait(taken(text="隧道口很吵", track=Track.JOINT))[0])[0]
    assert open_clock(progress(joint)[0], "progress").paused_at == NOW


def test_an_assisting_unit_tells_its_progress_and_a_stranger_does_not():
    ticket = assisting.add_assisting(
        taken(), unit_id="TRA", by=person("handler-a"), note="请协助", town=TOWN, now=NOW
    )[0]
    progress(ticket, by="police")
    with pytest.raises(NotYours):
        progress(ticket, by="pm")
    with pytest.raises(WrongStage):
        progress(dispatched())


def arrived(ticket, now=NOW, how=pausing.Arrival.OPENED):
    return pausing.question_arrived(ticket, how=how, town=TOWN, now=now)


def test_time_stands_still_from_when_the_question_has_arrived_and_not_before():
    asked, _ = wait(taken())
    assert open_clock(asked, "resolution").is_running
    ticket, event = arrived(asked, LATER)
    assert open_clock(ticket, "resolution").paused_at == LATER
    assert (event.kind, event.details) == ("question_arrived", {"how": "opened"})
    assert arrived(ticket) is None  # twice is as once
    assert arrived(taken()) is None


def test_a_question_that_never_arrived_moves_nothing():
    asked, _ = wait(taken())
    back, _ = pausing.resume_by_reporter(asked, note="4号楼", town=TOWN, now=LATER)
    assert open_clock(back, "resolution").due_at == open_clock(asked, "resolution").due_at
    assert back.pauses[0].since == back.pauses[0].until


def test_a_unit_lets_its_time_stand_still_once_a_round_and_then_the_desk_decides():
    back, _ = resume(waiting(), LATER)
    with pytest.raises(NotAllowed, match="工作站"):
        wait(back)
    assert wait(back, by="desk-a")[0].pause.approved_by == "desk-a"
    wait(back.model_copy(update={"round": 2}))


def test_how_long_it_stood_still_is_kept():
    back, _ = resume(waiting(), LATER)
    assert [(pause.kind, pause.until - pause.since) for pause in back.pauses] == [("waiting", LATER - NOW)]


@pytest.mark.parametrize("ticket", [taken(), taken(track=Track.JOINT), taken(track=Track.DIFFICULT)])
def test_when_a_question_has_arrived_the_ticket_waits_for_the_same_people_as_before(ticket):
    """`send` notes it, and may take nothing away (its policy): an entry that changes is written over."""
    asked, _ = pausing.wait(ticket, by=person(ticket.handler_id), question="是几号楼？", town=TOWN, now=NOW)
    arrived = pausing.question_arrived(asked, how=pausing.Arrival.DELIVERED, town=TOWN, now=NOW)[0]
    assert [each.who for each in waits_for(arrived)] == [each.who for each in waits_for(asked)]
    assert clocks.next_alarm(arrived) is not None


def test_waiting_for_the_resident_stops_resolution_and_is_reviewed_after_five_working_days():
    ticket, event = wait(taken())
    ticket, _ = arrived(ticket)
    assert open_clock(ticket, "resolution").paused_at == NOW
    assert open_clock(ticket, "unit_feedback").is_running
    assert ticket.pause.review_at == at("2026-11-30 18:00")
    assert open_clock(ticket, "review").due_at == ticket.pause.review_at
    assert told(event) == {"waiting_for_you": ["reporter"]}


def test_a_comment_of_the_resident_ends_the_wait_and_what_was_left_is_left():
    ticket = waiting()
    back, event = pausing.resume_by_reporter(ticket, note="4号楼", town=TOWN, now=at("2026-11-24 10:00"))
    assert (back.stage, back.pause) == (Stage.HANDLING, None)
    assert open_clock(back, "resolution").due_at > open_clock(ticket, "resolution").due_at
    assert told(event) == {"resumed_staff": ["handler-a"]}


@pytest.mark.parametrize(("offset", "allowed"), [(-1, True), (0, True), (1, False)])
def test_a_suspension_is_reviewed_after_ninety_days_at_the_latest(offset, allowed):
    review_at = NOW + timedelta(days=90, milliseconds=offset)
    if allowed:
        assert suspend(taken(), review_at)[0].pause.review_at == review_at
    else:
        with pytest.raises(Invalid):
            suspend(taken(), review_at)


@pytest.mark.parametrize("ticket", [taken(), suspend(taken())[0]])
def test_a_comment_resumes_nothing_that_does_not_wait_for_it(ticket):
    assert pausing.resume_by_reporter(ticket, note="", town=TOWN, now=NOW) is None


def test_suspending_stops_the_units_clocks_is_feedback_and_comes_back_where_it_was():
    for ticket in (received(), dispatched(), taken()):
        after, event = suspend(ticket)
        assert after.stage is Stage.SUSPENDED
        assert open_clock(after, "feedback") is None
        assert all(
            clock.paused_at or clock.kind is ClockKind.REVIEW for clock in after.clocks if clock.is_open
        )
        assert open_clock(after, "review").due_at == LATER
        assert told(event)["suspended"] == ["reporter"]
        back, _ = resume(after, LATER)
        assert (back.stage, back.pause) == (ticket.stage, None)


@pytest.mark.parametrize(("offset", "allowed"), [(-1, False), (0, False), (1, True)])
def test_the_review_lies_ahead(offset, allowed):
    review_at = NOW + timedelta(milliseconds=offset)
    if allowed:
        suspend(taken(), review_at)
    else:
        with pytest.raises(Invalid):
            suspend(taken(), review_at)


def test_what_stands_still_is_not_stopped_again_and_what_runs_is_not_resumed():
    for act in (wait, suspend):
        with pytest.raises(AlreadyDone):
            act(waiting())
    with pytest.raises(WrongStage):
        suspend(resolved())
    with pytest.raises(WrongStage):
        wait(dispatched())
    with pytest.raises(NotYours):
        wait(taken(), by="police")
    with pytest.raises(WrongStage):
        resume(taken())
