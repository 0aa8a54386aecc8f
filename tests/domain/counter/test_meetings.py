"""会商 (rule 97): who may be called, what is decided runs its own clock, and a unit has a part while it has something to do."""

from datetime import timedelta

import pytest

from chalicelib.domain.clocks import clocks
from chalicelib.domain.counter import meetings
from chalicelib.domain.counter.meetings import MOST_MEETINGS, MOST_UNDERTAKINGS, Convened, Decided
from chalicelib.domain.errors import (
    AlreadyDone,
    ConflictOfInterest,
    Invalid,
    NotFound,
    NotYours,
    TooMuch,
    WrongStage,
)
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Assisting, AssistingState, Meeting, Stage
from chalicelib.domain.town.vocabulary import Track
from tests.domain.life import NOW, TOWN, person, received, resolved, taken, told

SOON, DUE = NOW + timedelta(hours=3), NOW + timedelta(days=10)
DESK = person("desk-a")


def joint():
    """Led by OFF; nobody assists."""
    return taken(track=Track.JOINT)


def call(ticket=None, **how):
    given = {
        "at": SOON, "place": "工作站二楼", "question": "谁来修", "unit_ids": ("TRA", "OFF", "TRA"), "outside": ("供电公司",),
        "invite": True, "public": "几家单位今天下午一起商量", "by": DESK, "town": TOWN, "now": NOW,
    }  # fmt: skip
    return meetings.call(ticket or joint(), **(given | how))


def record(ticket, *decided, meeting_id="H1", now=SOON, **how):
    given = {"present": "都到了", "minutes": "议定三件事", "public": "已商定办法", "by": DESK, "town": TOWN}
    return meetings.record(ticket, meeting_id=meeting_id, decided=decided, now=now, **(given | how))


def decided(unit="TRA", what="设声呐", due_at=DUE, **more):
    return Decided(unit_id=unit, what=what, due_at=due_at, **more)


def finish(ticket, undertaking="H1-1", by="police", now=SOON):
    return meetings.finish(
        ticket, undertaking_id=undertaking, note="装好了", photos=("P1",), by=person(by), town=TOWN, now=now
    )


def of_meeting(ticket):
    """The clocks of undertakings, by whose they are."""
    return {clock.of: clock for clock in ticket.clocks if clock.kind is ClockKind.UNDERTAKING}


def test_a_meeting_is_kept_as_it_was_called_and_the_resident_reads_one_line_of_it():
    after, event = call()
    assert after.meetings == (
        Meeting(
            id="H1", at=SOON, place="工作站二楼", question="谁来修", unit_ids=("TRA", "OFF"), outside=("供电公司",), called_by="desk-a"
        ),
    )  # fmt: skip
    assert (event.kind, event.at, event.by) == (EventKind.MEETING_CALLED, NOW, "desk-a")
    assert (event.note, event.public) == ("几家单位今天下午一起商量", True)
    assert event.details == {"meeting": "H1", "when": "11月23日 13:00", "where": "工作站二楼"}


def test_a_second_meeting_has_a_number_of_its_own():
    after, event = call(call()[0])
    assert [each.id for each in after.meetings] == ["H1", "H2"]
    assert event.details["meeting"] == "H2"


@pytest.mark.parametrize(("invite", "invited"), [(True, True), (False, False)])
def test_those_who_are_called_are_invited_only_where_it_is_asked(invite, invited):
    heard = {who for people in told(call(invite=invite)[1]).values() for who in people}
    assert ("police" in heard) is invited
    assert "handler-a" in heard  # who has the ticket hears of it however it is called


@pytest.mark.parametrize(
    ("how", "words", "field"),
    [
        ({"at": NOW}, "会商时间须在现在之后", "at"),
        ({"unit_ids": (), "outside": ()}, "请写明请哪些单位或人来会商", "unit_ids"),
        ({"unit_ids": ("TRA", "NONE")}, "没有这个单位", "unit_id"),
    ],
)
def test_a_meeting_that_nobody_could_come_to_is_refused(how, words, field):
    with pytest.raises(Invalid, match=f"^{words}") as refused:
        call(**how)
    assert refused.value.details["fields"] == [field]


def test_who_is_none_of_the_town_s_may_come_alone_and_a_minute_from_now_is_soon_enough():
    after, _ = call(unit_ids=(), at=NOW + timedelta(minutes=1))
    assert after.meetings[0].outside == ("供电公司",)


def test_whom_it_is_about_is_not_called():
    with pytest.raises(ConflictOfInterest):
        call(joint().model_copy(update={"confidential": True, "concerns": ("TRA",)}))


@pytest.mark.parametrize(
    ("ticket", "words"),
    [
        (taken(track=Track.SIMPLE), "简易工单不用会商"),
        (resolved(track=Track.JOINT), "工单已经办结"),
        (joint().model_copy(update={"stage": Stage.CLOSED}), "工单已经办结"),
    ],
)
def test_a_simple_or_a_finished_ticket_needs_no_meeting(ticket, words):
    with pytest.raises(WrongStage, match=f"^{words}") as refused:
        call(ticket)
    assert refused.value.details.get("stage", ticket.stage) == ticket.stage


def test_there_are_six_meetings_at_most():
    ticket = joint()
    for _ in range(MOST_MEETINGS):
        ticket, _event = call(ticket)
    with pytest.raises(TooMuch, match="最多会商6次"):
        call(ticket)


def test_what_was_held_is_recorded_once_with_who_was_there():
    after, event = record(call()[0])
    (held,) = after.meetings
    assert (held.present, held.minutes, held.recorded_at, held.recorded_by) == (
        "都到了", "议定三件事", SOON, "desk-a",
    )  # fmt: skip
    assert (held.question, held.called_by) == ("谁来修", "desk-a")
    assert (event.kind, event.at, event.by) == (EventKind.MEETING_RECORDED, SOON, "desk-a")
    assert (event.note, event.public, event.details) == ("已商定办法", True, {"meeting": "H1"})
    with pytest.raises(AlreadyDone, match="已经记录过"):
        record(after)
    with pytest.raises(NotFound, match="没有这次会商"):
        record(after, meeting_id="H9")


def test_recording_one_of_two_meetings_leaves_the_other_to_be_recorded():
    after, _ = record(call(call()[0])[0], meeting_id="H2")
    assert [each.recorded_by for each in after.meetings] == ["", "desk-a"]


def test_each_decision_is_an_undertaking_with_its_own_clock_and_its_unit_takes_part():
    after, event = record(
        call()[0], decided(outside="供电公司"), decided("OFF", "划线", DUE + timedelta(days=1))
    )
    assert [
        (each.id, each.unit_id, each.what, each.outside, each.due_at, each.opened_part)
        for each in after.undertakings
    ] == [
        ("H1-1", "TRA", "设声呐", "供电公司", DUE, True),
        ("H1-2", "OFF", "划线", "", DUE + timedelta(days=1), False),  # it leads already
    ]
    assert after.assisting == (Assisting(unit_id="TRA", note="设声呐", by="desk-a"),)
    running = of_meeting(after)
    assert {of: clock.due_at for of, clock in running.items()} == {
        "H1-1": DUE,
        "H1-2": DUE + timedelta(days=1),
    }
    assert all(
        clock.started_at == SOON and clock.rungs and not clock.provisional for clock in running.values()
    )
    assert [rung.to for rung in running["H1-1"].rungs][-2:] == ["area_leader", "town_leader"]
    assert {"police", "handler-a"} <= {who for people in told(event).values() for who in people}


@pytest.mark.parametrize(
    ("one", "words", "field"),
    [
        (decided("NONE"), "没有这个单位", "unit_id"),
        (decided(due_at=SOON), "会商任务的期限须在现在之后", "due_at"),
    ],
)
def test_a_decision_that_nobody_could_keep_is_refused(one, words, field):
    with pytest.raises(Invalid, match=f"^{words}") as refused:
        record(call()[0], one)
    assert refused.value.details["fields"] == [field]


def test_nothing_is_decided_before_a_unit_leads_but_a_talk_may_be_recorded():
    waits = call(received().model_copy(update={"track": Track.JOINT}))[0]
    with pytest.raises(WrongStage, match="记下会商任务"):
        record(waits, decided())
    assert record(waits)[0].meetings[0].recorded_at == SOON


def test_there_are_twenty_undertakings_at_most():
    many = [decided(what=f"第{number}件") for number in range(MOST_UNDERTAKINGS)]
    full, _ = record(call()[0], *many)
    with pytest.raises(TooMuch, match="最多20项"):
        record(call(full)[0], decided(), meeting_id="H2")


def test_what_is_done_is_said_by_its_unit_and_its_clock_alone_is_met():
    ticket, _ = record(call()[0], decided(), decided("OFF", "划线"))
    later = SOON + timedelta(hours=1)
    after, event = finish(ticket, now=later)
    first, second = after.undertakings
    assert (first.done_at, first.done_by, first.note, second.is_open) == (later, "police", "装好了", True)
    ours, theirs = of_meeting(after)["H1-1"], of_meeting(after)["H1-2"]
    assert (ours.met_at, ours.met_by, ours.rungs) == (later, "police", ())
    assert theirs == of_meeting(ticket)["H1-2"]
    assert [part.state for part in after.assisting] == [AssistingState.FINISHED]
    assert (event.kind, event.at, event.by, event.note, event.photos) == (
        EventKind.UNDERTAKING_DONE, later, "police", "装好了", ("P1",),
    )  # fmt: skip
    assert event.details == {"unit": "TRA", "what": "设声呐"}
    with pytest.raises(AlreadyDone, match="已经办好"):
        finish(after)


def test_a_unit_s_part_ends_with_the_last_of_what_it_undertook():
    ticket, _ = record(call()[0], decided(), decided(what="再看一次"))
    once, _ = finish(ticket)
    assert [part.is_open for part in once.assisting] == [True]
    twice, _ = finish(once, "H1-2")
    assert [(part.is_open, part.by) for part in twice.assisting] == [(False, "police")]
    assert clocks.find_open(twice, ClockKind.UNDERTAKING) is None


def test_a_part_that_the_unit_had_before_goes_on_after_what_it_undertook():
    ticket = joint().model_copy(update={"assisting": (Assisting(unit_id="TRA", note="请协助", by="desk-a"),)})
    after, _ = finish(record(call(ticket)[0], decided())[0])
    assert [(part.note, part.is_open) for part in after.assisting] == [("请协助", True)]


def test_a_unit_whose_part_had_ended_has_one_again():
    ended = Assisting(unit_id="TRA", note="请协助", by="desk-a", state=AssistingState.FINISHED)
    other = Assisting(unit_id="PM", note="请协助", by="desk-a", state=AssistingState.FINISHED)
    ticket = joint().model_copy(update={"assisting": (ended, other)})
    after, _ = record(call(ticket)[0], decided())
    assert [(part.unit_id, part.note, part.is_open) for part in after.assisting] == [
        ("PM", "请协助", False),
        ("TRA", "设声呐", True),
    ]


def test_only_the_unit_that_undertook_it_says_that_it_is_done_and_only_while_it_goes_on():
    ticket, _ = record(call()[0], decided())
    with pytest.raises(NotYours, match="由认领的单位自己填写"):
        finish(ticket, by="handler-a")
    with pytest.raises(NotFound, match="没有这项会商任务"):
        finish(ticket, "H1-9")
    with pytest.raises(WrongStage, match="不能再会商"):
        finish(ticket.model_copy(update={"stage": Stage.CLOSED}))


def test_a_meeting_that_was_held_without_being_called_is_kept_to_be_recorded_at_once():
    meant = Convened(NOW - timedelta(hours=1), "现场", "谁来修", ("TRA",), ())
    after = meetings.convened(joint(), meant, by=DESK, town=TOWN)
    assert record(after, decided(), now=NOW)[0].meetings[0].recorded_at == NOW
