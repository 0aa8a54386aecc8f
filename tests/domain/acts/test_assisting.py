"""协办: other units help, and the lead answers for it (rules 4, 17, 21)."""

import pytest

from chalicelib.domain.acts import assisting
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    AlreadyDone,
    ConflictOfInterest,
    Invalid,
    NotFound,
    NotYours,
    WrongStage,
)
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import AssistingState
from chalicelib.domain.town.vocabulary import Track
from tests.domain.life import NOW, TOWN, dispatched, person, received, resolved, taken, told, waiting


def assist(ticket, unit="TRA", by="handler-a"):
    return assisting.add_assisting(ticket, unit_id=unit, by=person(by), note="请协助", town=TOWN, now=NOW)


def end_assist(ticket, unit="TRA", state=AssistingState.FINISHED, by="police"):
    return assisting.end_assisting(
        ticket, unit_id=unit, state=state, by=person(by), note="办好了", town=TOWN, now=NOW
    )


def test_assisting_units_make_a_simple_ticket_joint_and_each_is_told():
    ticket, event = assist(taken())
    assert (ticket.track, [part.state for part in ticket.assisting]) == (Track.JOINT, ["open"])
    assert clocks.find_open(ticket, ClockKind.PROGRESS).is_running
    assert told(event) == {"assist_asked": ["police", "police-head"]}


def test_progress_that_begins_while_waiting_for_the_resident_stands_still():
    ticket, _ = assist(waiting())
    assert clocks.find_open(ticket, ClockKind.PROGRESS).paused_at == NOW


@pytest.mark.parametrize(("unit", "refusal"), [("OFF", AlreadyDone), ("TRA", AlreadyDone), ("NOPE", Invalid)])
def test_a_unit_assists_once_and_never_itself(unit, refusal):
    with pytest.raises(refusal):
        assist(assist(taken())[0], unit=unit)


def test_each_assisting_unit_ends_its_own_part_and_may_be_asked_again():
    ticket, _ = assist(taken())
    with pytest.raises(NotYours):
        end_assist(ticket, by="handler-a")
    done, _ = end_assist(ticket)
    assert done.assisting[0].state == "finished"
    for again in ("finished", "waived"):
        with pytest.raises(WrongStage):
            end_assist(done, state=again)
    assert [part.state for part in assist(done)[0].assisting] == ["open"]


def test_the_lead_may_waive_a_part_with_a_reason_and_nobody_a_part_there_is_not():
    waived, event = end_assist(assist(taken())[0], state=AssistingState.WAIVED, by="handler-a")
    assert (waived.assisting[0].state, waived.assisting[0].note, event.note) == ("waived", "办好了", "办好了")
    with pytest.raises(NotFound):
        end_assist(taken())


@pytest.mark.parametrize("ticket", [received(), resolved()])
def test_nobody_is_asked_to_assist_before_or_after_the_work(ticket):
    with pytest.raises(WrongStage):
        assist(ticket)
    with pytest.raises(WrongStage):
        end_assist(ticket)


def test_a_unit_that_a_confidential_ticket_concerns_does_not_assist():
    with pytest.raises(ConflictOfInterest):
        assist(dispatched(text="投诉物业态度差"), unit="PM")
