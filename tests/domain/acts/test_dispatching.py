"""派单、签收、退单、签派、转办、协办: who has a ticket (rules 4, 12, 17, 21, 26)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import dispatching, returning
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    AlreadyDone,
    ConflictOfInterest,
    Invalid,
    NoMoreReturns,
    NotYours,
    StillOpen,
    TooLate,
    WrongStage,
)
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Track
from tests.domain.clock_town import at
from tests.domain.life import NIGHT, NOW, TOWN, dispatched, person, received, resolved, taken, told, waiting

FINALLY = {"note": "由你单位办理", "town": TOWN, "now": NOW}


def give(ticket, unit="OFF", handler=None, by="desk-a", now=NOW):
    return dispatching.dispatch(ticket, unit_id=unit, handler_id=handler, by=person(by), track=None, note="",
                                town=TOWN, now=now)  # fmt: skip


def give_back(ticket, by="handler-a", now=NOW):
    return returning.return_to_desk(ticket, by=person(by), reason=ReturnReason.UNCLEAR_DUTY, note="", town=TOWN,
                                      now=now)  # fmt: skip


def transfer(ticket, unit="OFF", handler=None, by="desk-a", now=NOW):
    return dispatching.transfer(
        ticket, unit_id=unit, handler_id=handler, by=person(by), note="改派", town=TOWN, now=now
    )


def open_kinds(ticket):
    return {clock.kind.value for clock in ticket.clocks if clock.is_running}


def test_dispatch_starts_the_units_clocks_and_tells_who_has_it_and_by_when():
    ticket, event = give(received())
    assert open_kinds(ticket) == {"take", "unit_feedback", "resolution"}
    assert (ticket.stage, ticket.handler_id, ticket.first_contact_id) == (
        Stage.DISPATCHED,
        "handler-a",
        "desk-a",
    )
    assert told(event) == {"dispatched": ["reporter"], "assigned": ["handler-a"]}
    assert event.notices[0].params["due"]


def test_a_joint_ticket_owes_progress_from_dispatch():
    ticket = dispatched(text="隧道口鸣笛吵", now=NIGHT, track=Track.JOINT)
    assert "progress" in open_kinds(ticket)
    assert "progress" not in open_kinds(dispatched())


def test_where_nobody_can_be_named_the_heads_are_told():
    ticket, event = give(received(), unit="VO")
    assert ticket.handler_id is None
    assert "assigned" not in told(event)  # volunteers have no head in this town
    _, event = give(received(), unit="TRA", handler="police")
    assert told(event)["assigned"] == ["police"]


@pytest.mark.parametrize(
    ("unit", "handler", "refusal"),
    [("NOPE", None, Invalid), ("OFF", "police", Invalid), ("OFF", "nobody", Invalid)],
)
def test_a_dispatch_to_whom_there_is_not_is_refused(unit, handler, refusal):
    for act in (give, transfer):
        with pytest.raises(refusal):
            act(received() if act is give else dispatched(), unit=unit, handler=handler)


@pytest.mark.parametrize("ticket", [dispatched(), taken(), resolved(), waiting()])
def test_only_a_received_ticket_is_dispatched_or_finally_assigned(ticket):
    with pytest.raises(WrongStage):
        give(ticket)
    with pytest.raises(WrongStage):
        dispatching.assign_finally(ticket, unit_id="OFF", handler_id=None, by=person("area"), **FINALLY)


def test_a_ticket_is_taken_once_by_someone_of_its_unit():
    ticket, event = dispatching.take(dispatched(), by=person("handler-b"), town=TOWN, now=NOW)
    assert (ticket.stage, ticket.handler_id, ticket.taken) == (Stage.HANDLING, "handler-b", True)
    assert "take" not in open_kinds(ticket)
    assert told(event) == {"taken": ["reporter"], "taken_by_other": ["handler-a"]}
    with pytest.raises(AlreadyDone):
        dispatching.take(ticket, by=person("handler-b"), town=TOWN, now=NOW)


@pytest.mark.parametrize(
    ("ticket", "by", "refusal"),
    [
        (received(), "handler-a", WrongStage),
        (dispatched(), "police", NotYours),
        (resolved(), "handler-a", WrongStage),
    ],
)
def test_nobody_takes_what_is_not_theirs_to_take(ticket, by, refusal):
    with pytest.raises(refusal):
        dispatching.take(ticket, by=person(by), town=TOWN, now=NOW)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2026-11-24 08:00", True),
        ("2026-11-25 17:59", True),
        (
            "2026-11-25 18:00",
            True,
        ),  # the second working day after Monday ends; its last instant is still in time
        ("2026-11-25 18:01", False),
        ("2026-11-26 09:00", False),
    ],
)
def test_a_unit_has_two_working_days_to_return_a_ticket(now, allowed):
    for ticket in (dispatched(), taken()):  # also when it has been taken
        if allowed:
            assert give_back(ticket, now=at(now))[0].stage is Stage.RECEIVED
        else:
            with pytest.raises(TooLate):
                give_back(ticket, now=at(now))


def test_the_windows_last_millisecond_counts_and_the_next_does_not():
    until = dispatched().return_until
    give_back(dispatched(), now=until)
    with pytest.raises(TooLate):
        give_back(dispatched(), now=until + timedelta(milliseconds=1))


def test_a_return_keeps_the_resolutions_due_time_and_ends_the_units_own_clocks():
    before = dispatched()
    after, event = give_back(before)
    assert clocks.find_open(after, ClockKind.RESOLUTION) == clocks.find_open(before, ClockKind.RESOLUTION)
    assert not {"take", "unit_feedback", "progress"} & open_kinds(after)
    assert (after.lead_unit_id, after.handler_id, after.returns) == (None, None, 1)
    assert told(event) == {"returned": ["reporter"], "returned_to_desk": ["desk-a"]}
    asked = next(notice for notice in event.notices if notice.template == "returned_to_desk")
    assert (
        asked.params["who"] == TOWN.unit("OFF").name
    )  # the unit that returned it, not the station that has it now


@pytest.mark.parametrize("act", [give_back, transfer])
def test_a_ticket_is_not_given_on_while_it_waits_for_the_resident(act):
    with pytest.raises(StillOpen):
        act(waiting())


def test_after_the_second_return_only_a_leader_decides_and_it_cannot_be_returned():
    once = give_back(dispatched())[0]
    twice, event = give_back(give(once)[0])
    assert (twice.returns, twice.escalated_to) == (2, ("area",))
    assert told(event)["assign_finally_needed"] == ["area"]
    with pytest.raises(NoMoreReturns):
        give(twice)
    by_leader, _ = give(twice, by="area")
    finally_given, _ = dispatching.assign_finally(
        twice, unit_id="OFF", handler_id=None, by=person("area"), **FINALLY
    )
    for third in (by_leader, finally_given):
        with pytest.raises(NoMoreReturns):
            give_back(third)


def test_a_final_assignment_cannot_be_returned_even_the_first_time_and_a_transfer_keeps_it_final():
    ticket, _ = dispatching.assign_finally(
        received(), unit_id="OFF", handler_id=None, by=person("area"), **FINALLY
    )
    assert (ticket.assigned_finally, ticket.return_until) == (True, None)
    for final in (ticket, transfer(ticket, handler="handler-b")[0]):
        with pytest.raises(NoMoreReturns):
            give_back(final)


@pytest.mark.parametrize(
    ("ticket", "by", "refusal"),
    [
        (received(), "handler-a", WrongStage),
        (resolved(), "handler-a", WrongStage),
        (dispatched(), "police", NotYours),
    ],
)
def test_only_the_unit_that_has_a_ticket_returns_it(ticket, by, refusal):
    with pytest.raises(refusal):
        give_back(ticket, by=by)


def test_a_transfer_moves_the_ticket_and_not_the_resolution():
    before = taken()
    after, event = transfer(before, unit="TRA", now=at("2026-11-24 10:00"))
    assert (after.lead_unit_id, after.handler_id, after.stage, after.taken) == (
        "TRA",
        "police",
        Stage.DISPATCHED,
        False,
    )
    assert clocks.find_open(after, ClockKind.RESOLUTION) == clocks.find_open(before, ClockKind.RESOLUTION)
    assert clocks.find_open(after, ClockKind.TAKE).started_at == at("2026-11-24 10:00")
    assert told(event) == {"transferred": ["reporter"], "assigned": ["police"], "recalled": ["handler-a"]}


def test_a_transfer_within_the_unit_starts_no_clock_afresh():
    before = taken()
    after, event = transfer(
        before, unit="OFF", handler="handler-b", by="off-head", now=at("2026-11-24 10:00")
    )
    assert (after.handler_id, after.stage, after.clocks) == ("handler-b", before.stage, before.clocks)
    assert "assigned" in told(event)


@pytest.mark.parametrize(("by", "unit", "allowed"), [("off-head", "OFF", True), ("off-head", "TRA", False), ("police-head", "TRA", False),
                                                     ("desk-a", "TRA", True), ("area", "TRA", True)])  # fmt: skip
def test_a_unit_head_transfers_within_the_own_unit_only(by, unit, allowed):
    if allowed:
        assert transfer(taken(), unit=unit, by=by)[0].lead_unit_id == unit
    else:
        with pytest.raises(NotYours):
            transfer(taken(), unit=unit, by=by)


ABOUT_PM = {"text": "投诉物业态度差"}
ABOUT_GRID = {"text": "投诉网格员不上门"}


@pytest.mark.parametrize(
    ("report", "unit", "handler"),
    [(ABOUT_PM, "PM", None), (ABOUT_PM, "PM", "pm"), (ABOUT_GRID, "ST", "grid")],
)
def test_a_confidential_ticket_goes_to_nobody_it_concerns_by_any_way(report, unit, handler):
    ticket, with_a_unit = received(**report), dispatched(**report)
    with pytest.raises(ConflictOfInterest):
        give(ticket, unit=unit, handler=handler)
    with pytest.raises(ConflictOfInterest):
        dispatching.assign_finally(ticket, unit_id=unit, handler_id=handler, by=person("area"), **FINALLY)
    with pytest.raises(ConflictOfInterest):
        transfer(with_a_unit, unit=unit, handler=handler)


def test_where_a_unit_s_person_on_duty_is_the_one_concerned_nobody_is_named():
    ticket, event = give(received(**ABOUT_GRID), unit="ST")
    assert ticket.handler_id is None
    assert "grid" not in told(event).get("assigned", [])
    with pytest.raises(ConflictOfInterest):
        dispatching.take(ticket, by=person("grid"), town=TOWN, now=NOW)
