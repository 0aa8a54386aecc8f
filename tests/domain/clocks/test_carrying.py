"""What a merge carries and a split gives back: rounds are counted on, and a ladder neither rings anew nor stops."""

from chalicelib.domain.clocks import carrying, clocks
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.clock_town import a_ticket, a_town, at

TOWN = a_town()
BEGUN, LATER = at("2026-11-23 10:00"), at("2026-11-24 15:00")


def started(at_, **about):
    ticket = a_ticket(stage=Stage.HANDLING, **about)
    return clocks.start(ticket, ClockKind.RESOLUTION, town=TOWN, now=at_)


def test_a_carried_clock_is_the_next_round_of_its_kind_under_the_other_tickets_name():
    coming, into = started(BEGUN, id="COMING"), started(LATER, id="INTO")
    joined = carrying.carry(into, carrying.running(coming, town=TOWN, now=LATER), of="COMING", now=LATER)
    own, carried = joined.clocks
    assert (own.round, own.carried_to, own.is_open) == (1, "INTO", False)
    assert (carried.round, carried.carried_from, carried.due_at) == (2, "COMING", coming.clocks[0].due_at)


def test_where_there_was_none_of_that_kind_it_is_the_first_round():
    into = a_ticket(stage=Stage.HANDLING, id="INTO")
    joined = carrying.carry(into, started(BEGUN).clocks, of="COMING", now=LATER)
    assert [clock.round for clock in joined.clocks] == [1]


def test_a_later_promise_is_not_carried():
    coming, into = started(LATER, id="COMING"), started(BEGUN, id="INTO")
    assert carrying.carry(into, coming.clocks, of="COMING", now=LATER) == into


def test_what_is_given_back_is_the_tickets_own_promise_one_round_on_and_due_when_it_was():
    coming, into = started(BEGUN, id="COMING"), started(LATER, id="INTO")
    joined = carrying.carry(into, coming.clocks, of="COMING", now=LATER)
    back = carrying.given_back(joined, of="COMING", others=(), town=TOWN, now=LATER)
    [own] = [clock for clock in back.clocks if clock.is_open]
    assert (own.round, own.carried_from, own.due_at) == (3, "", into.clocks[0].due_at)
    assert own.rungs == into.clocks[0].rungs
