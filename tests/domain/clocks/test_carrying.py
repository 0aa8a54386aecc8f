"""What a merge carries and a split gives back: rounds are counted on, and a ladder neither rings anew nor stops."""

from datetime import timedelta

from chalicelib.domain.clocks import carrying, clocks, partner_deadlines
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ExternalId, Stage
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


def by_order(ticket, due_at):
    named = ticket.model_copy(
        update={"external_ids": (ExternalId(partner="hotline", number="N", due_at=due_at),)}
    )
    return partner_deadlines.recalculate(named, town=TOWN, now=BEGUN)


def test_where_an_order_made_one_promise_the_earlier_neither_is_due_later_than_the_other_once_it_is_put_off():
    sooner, later = started(BEGUN, id="A"), started(LATER, id="B")
    ordered = by_order(later, at("2026-11-24 18:00"))
    for coming, into in ((ordered, sooner), (sooner, ordered)):
        clocks_of = carrying.running(coming, town=TOWN, now=LATER)
        joined = carrying.carry(into, clocks_of, of=coming.id, now=LATER)
        [held] = [clock for clock in joined.clocks if clock.is_open]
        assert (held.due_at, held.ours) == (at("2026-11-24 18:00"), sooner.clocks[0].due_at)


def rung_on(ticket, times):
    """The ticket after so many rungs of its open clock have rung."""
    return ticket.model_copy(
        update={
            "clocks": tuple(
                clock.model_copy(update={"rang": times}) if clock.is_open else clock
                for clock in ticket.clocks
            )
        }
    )


def test_what_rang_where_a_promise_was_carried_does_not_ring_again_when_it_is_taken_back():
    coming, into = started(BEGUN, id="COMING"), a_ticket(stage=Stage.HANDLING, id="INTO")
    gone = carrying.handed_on(coming, "INTO", now=LATER)
    joined = rung_on(carrying.carry(into, coming.clocks, of="COMING", now=LATER), 2)
    back = carrying.taken_back(gone, kinds=ClockKind, went_on=joined.clocks, town=TOWN)
    [own] = [clock for clock in back.clocks if clock.is_open]
    assert own.rang == 2
    assert own.rungs == coming.clocks[0].rungs


def test_what_rang_in_another_joined_tickets_name_does_not_ring_again_when_its_promise_holds_again():
    first, second = started(BEGUN, id="FIRST"), started(BEGUN - timedelta(hours=1), id="SECOND")
    into = a_ticket(stage=Stage.HANDLING, id="INTO")
    joined = rung_on(carrying.carry(into, first.clocks, of="FIRST", now=LATER), 1)
    both = carrying.carry(joined, second.clocks, of="SECOND", now=LATER)
    back = carrying.given_back(both, of="SECOND", others=first.clocks, town=TOWN, now=LATER)
    [own] = [clock for clock in back.clocks if clock.is_open]
    assert (own.due_at, own.rang) == (first.clocks[0].due_at, 1)


def test_rungs_of_a_late_promise_that_went_along_are_not_counted_among_its_own():
    coming = started(BEGUN, id="COMING")
    into = rung_on(started(at("2026-11-16 10:00"), id="INTO"), 1)
    gone = carrying.handed_on(coming, "INTO", now=LATER)
    joined = carrying.carry(into, coming.clocks, of="COMING", now=LATER)
    joined = rung_on(joined, 2)  # they were due long since, so they come first
    assert [rung.overdue for rung in joined.clocks[-1].rungs[:2]] == [True, True]
    back = carrying.taken_back(gone, kinds=ClockKind, went_on=joined.clocks, town=TOWN)
    assert back.clocks[-1].rang == 0
