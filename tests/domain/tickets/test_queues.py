"""Whose queue a ticket stands in, and by when: computed from the ticket alone."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import assisting, following_up, handling, pausing
from chalicelib.domain.tickets.queues import AskedQueue, waits_for
from chalicelib.domain.tickets.ticket import AssistingState
from tests.domain.life import NOW, TOWN, dispatched, person, received, resolved, taken, waiting


def queues(ticket):
    return [entry.who for entry in waits_for(ticket)]


def suspended():
    return pausing.suspend(
        taken(), by=person("area"), reason="等规划", review_at=NOW + timedelta(days=9), town=TOWN, now=NOW
    )[0]


def assisted():
    return assisting.add_assisting(
        taken(), unit_id="TRA", by=person("handler-a"), note="请协助", town=TOWN, now=NOW
    )[0]


def asking():
    return handling.ask_extension(
        taken(), by=person("handler-a"), working_days=2, reason="等料", town=TOWN, now=NOW
    )[0]


def unhappy():
    return following_up.rate(
        resolved(), solved=False, satisfied=None, words="", is_reporter=True, town=TOWN, now=NOW
    )[0]


def closed():
    return following_up.rate(
        resolved(), solved=True, satisfied=None, words="", is_reporter=True, town=TOWN, now=NOW
    )[0]


@pytest.mark.parametrize(
    ("ticket", "who"),
    [
        (received(), ["desk:ST"]),
        (dispatched(), ["staff:handler-a", "unit:OFF"]),
        (taken(), ["staff:handler-a", "unit:OFF"]),
        (assisted(), ["staff:handler-a", "unit:OFF", "unit:TRA"]),
        (asking(), ["desk:ST", "staff:handler-a", "unit:OFF"]),
        (waiting(), ["desk:ST", "staff:handler-a", "unit:OFF"]),
        (suspended(), ["desk:ST"]),
        (resolved(), ["desk:ST"]),
        (unhappy(), ["calls:ST", "desk:ST"]),
        (closed(), []),
        (received("浦东有人烧烤"), []),
        (received("投诉工作站不接电话"), ["escalated:area"]),  # not the station's own desk
    ],
)
def test_a_ticket_stands_where_something_is_to_be_done(ticket, who):
    assert queues(ticket) == who


def test_a_finished_part_leaves_the_assisting_units_queue():
    done = assisting.end_assisting(
        assisted(),
        unit_id="TRA",
        state=AssistingState.FINISHED,
        by=person("police"),
        note="好了",
        town=TOWN,
        now=NOW,
    )[0]
    assert "unit:TRA" not in queues(done)


def test_a_queue_is_sorted_by_the_earliest_promise_still_running():
    ticket = dispatched()
    due = {entry.who: entry.due_at for entry in waits_for(ticket)}
    assert due["unit:OFF"] == min(clock.due_at for clock in ticket.clocks if clock.is_running)


def test_a_suspended_ticket_stays_listed_under_its_review_date():
    assert waits_for(suspended())[0].due_at == NOW + timedelta(days=9)


def test_a_call_is_due_when_the_follow_up_is():
    ticket = unhappy()
    due = {entry.who: entry.due_at for entry in waits_for(ticket)}
    assert due["calls:ST"] == next(c.due_at for c in ticket.clocks if c.kind == "follow_up" and c.is_open)


def test_a_check_is_due_when_the_follow_up_is():
    ticket = unhappy().model_copy(update={"verify_owed": True})
    found = {entry.who: entry for entry in waits_for(ticket)}
    assert found["verify:ST"].due_at == found["calls:ST"].due_at
    assert found["verify:ST"].clock == "follow_up"


def test_a_resident_who_asked_to_be_called_later_is_due_then():
    later = NOW + timedelta(days=3)
    ticket = unhappy().model_copy(update={"call_at": later})
    assert {entry.who: entry.due_at for entry in waits_for(ticket)}["calls:ST"] == later


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        (AskedQueue.MINE, "staff:desk-a"),
        (AskedQueue.ESCALATED, "escalated:desk-a"),
        (AskedQueue.UNIT, "unit:ST"),
        (AskedQueue.DESK, "desk:ST"),
        (AskedQueue.CALLS, "calls:ST"),
        (AskedQueue.VERIFY, "verify:ST"),
    ],
)
def test_ones_own_queues_are_the_persons_all_others_the_units(asked, who):
    assert asked.of("desk-a", "ST") == who
    assert asked.is_the_desks is (asked in {AskedQueue.DESK, AskedQueue.CALLS})


def test_an_entry_says_when_the_ladder_of_the_clock_it_is_wanted_by_rings():
    ticket = dispatched()
    soonest = min((clock for clock in ticket.clocks if clock.is_running), key=lambda clock: clock.due_at)
    entry = next(each for each in waits_for(ticket) if each.who == "unit:OFF")
    assert entry.clock == soonest.kind
    assert entry.rings_at == tuple(rung.at for rung in soonest.rungs) != ()
