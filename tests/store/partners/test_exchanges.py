"""Exchanges with a partner: written once, listed until done, one try at a time; on both engines."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.partners.exchanges import Exchange, State, retry_in, standing_of
from chalicelib.store.partners import exchanges, partners
from tests.domain.clock_town import at

START = at("2026-11-23 10:00")


def owed(minute=0, number="SH-1", partner="hotline", **more):
    when = START + timedelta(minutes=minute)
    given = {"act": "taken", "state": State.WAITING, "retry_at": when} | more
    return Exchange(
        partner=partner,
        number=number,
        name=f"{when:%H%M}-T1-000001",
        ticket_id="T1",
        ticket_number="MS1",
        at=when,
        code="签收",
        **given,
    )


def test_an_exchange_is_written_once_and_read_as_it_was(town_table):
    assert exchanges.add(owed())
    assert not exchanges.add(owed(state=State.BY_HAND))
    assert exchanges.get(owed().id) == owed()
    assert exchanges.list_of_order("hotline", "SH-1") == [owed()]


@pytest.mark.parametrize("exchange_id", ["0.0", "0", "", "0."])
def test_one_that_nobody_wrote_is_not_found(town_table, exchange_id):
    with pytest.raises(NotFound):
        exchanges.get(exchange_id)


def test_those_of_an_order_are_listed_in_time_and_apart_from_every_other(town_table):
    for one in (owed(5), owed(1), owed(3, partner="petition"), owed(2, number="SH-2")):
        exchanges.add(one)
    assert [e.at for e in exchanges.list_of_order("hotline", "SH-1")] == [owed(1).at, owed(5).at]


@pytest.mark.parametrize(("seconds", "is_due"), [(-1, False), (0, True), (1, True)])
def test_it_is_due_from_its_instant_on(town_table, seconds, is_due):
    exchanges.add(owed())
    assert bool(exchanges.list_due("hotline", START + timedelta(seconds=seconds))) is is_due
    assert exchanges.list_due("petition", START + timedelta(days=1)) == []


def test_a_try_belongs_to_one_run_and_comes_again_if_that_run_dies(town_table):
    exchanges.add(owed())
    seen = exchanges.get(owed().id)
    assert exchanges.claim(seen, START + timedelta(minutes=1))
    assert not exchanges.claim(seen, START + timedelta(minutes=1))
    assert exchanges.list_due("hotline", START) == []
    [again] = exchanges.list_due("hotline", START + timedelta(minutes=1))
    assert again.attempts == 1


def test_what_is_done_is_off_the_list_and_is_done_once(town_table):
    exchanges.add(owed())
    exchanges.done(owed(), State.ACKNOWLEDGED, now=START)
    assert exchanges.list_due("hotline", START + timedelta(days=1)) == []
    with pytest.raises(AlreadyDone):
        exchanges.done(owed(), State.ENTERED, by="x", now=START)
    assert not exchanges.claim(owed(), START)
    exchanges.put_off(owed(), START)
    assert exchanges.get(owed().id).state is State.ACKNOWLEDGED


def test_what_is_to_be_entered_by_hand_is_a_list_of_its_own(town_table):
    exchanges.add(owed(state=State.BY_HAND, retry_at=None))
    exchanges.add(owed(1))
    assert [e.at for e in exchanges.list_open("hotline", State.BY_HAND)[0]] == [START]
    assert exchanges.list_due("hotline", START) == []


def test_a_partner_that_is_not_known_is_not_found(town_table):
    assert partners.find("nobody") is None
    assert partners.list_all() == []
    with pytest.raises(NotFound):
        partners.get("nobody")


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (10_000, 60)]
)
def test_a_try_comes_after_twice_the_time_and_an_hour_at_most(attempts, minutes):
    assert retry_in(attempts) == timedelta(minutes=minutes)


@pytest.mark.parametrize(("attempts", "stuck"), [(2, False), (3, True), (4, True)])
def test_it_is_stuck_after_three_tries(attempts, stuck):
    assert owed(attempts=attempts).is_stuck is stuck
    assert not owed(attempts=attempts, state=State.ACKNOWLEDGED).is_stuck


def test_the_orders_of_a_partner_are_listed_once_each_the_newest_first(town_table):
    for minute, number in enumerate(["SH-1", "SH-2", "SH-3"]):
        exchanges.add(owed(minute, number, state=State.RECEIVED, act="made", retry_at=None))
    exchanges.add(owed(7, "SH-1", state=State.RECEIVED, act="updated", retry_at=None))
    exchanges.add(owed(8, "SH-1"))
    exchanges.add(owed(9, "P-1", "petition", state=State.RECEIVED, act="made", retry_at=None))
    first, after = exchanges.list_orders("hotline", limit=2)
    rest, end = exchanges.list_orders("hotline", after=after)
    assert ([each.number for each in first + rest], end) == (["SH-3", "SH-2", "SH-1"], None)


@pytest.mark.parametrize(
    ("states", "standing"),
    [
        ([], "nothing_owed"),
        ([(State.RECEIVED, 0)], "nothing_owed"),
        ([(State.RECEIVED, 0), (State.ACKNOWLEDGED, 1)], "done"),
        ([(State.ENTERED, 0), (State.BY_HAND, 0)], "by_hand"),
        ([(State.BY_HAND, 0), (State.WAITING, 2)], "waiting"),
        ([(State.ACKNOWLEDGED, 5), (State.WAITING, 3), (State.WAITING, 0)], "stuck"),
    ],
)
def test_an_order_stands_as_the_worst_of_what_is_owed_about_it(states, standing):
    assert standing_of(owed(state=state, attempts=attempts) for state, attempts in states) == standing
