"""The same words on many tickets are the machine's, on all of them, whatever order and repetition their lines come in."""

from datetime import timedelta

import pytest

from chalicelib.actions import consuming
from chalicelib.actions.figures import counting, same_words
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.store.figures import facts
from chalicelib.store.figures import same_words as store
from chalicelib.store.tickets import tickets
from tests.actions.figures.test_counting import START, TOWN, Town
from tests.telling_cloud import record_of, telling_cloud


@pytest.fixture
def town(monkeypatch):
    with telling_cloud(monkeypatch, TOWN):
        yield Town()


def answer(town, *, at=timedelta()):
    """A ticket that the desk answers with the words of `ACTS`, its lines noted as the stream notes them."""
    town.now = START + at
    ticket_id = town.receive()
    town.later(minutes=1)
    town.act(ticket_id, "answer")
    return ticket_id


def note(town, ticket_id):
    for _, event in tickets.list_events(ticket_id):
        same_words.note(counting.note(ticket_id), event.at)
    counting.count_marked(now=town.now)


TODAY = START.date()


def feedback(day=TODAY):
    tally = counting.count_kept(day).get("GG", {}).get("all", {}).get("", {})
    return indicators_of(tally)["feedback"]


def parts(indicator):
    return indicator["numerator"], indicator["by_person"], indicator["by_machine"]


def test_with_the_fifth_ticket_all_five_are_the_machines_and_still_in_time(town):
    ids = [answer(town) for _ in range(5)]
    for ticket_id in ids[:4]:
        note(town, ticket_id)
    assert parts(feedback()) == (4, 4, 0)
    note(town, ids[4])
    assert parts(feedback()) == (5, 0, 5)
    assert counting.count_kept(START.date()) == counting.count_from_tickets(START.date())


def test_the_days_of_those_before_are_counted_again(town):
    ids = [answer(town, at=timedelta(days=n)) for n in range(5)]
    for ticket_id in ids:
        note(town, ticket_id)
    assert parts(feedback(START.date())) == (1, 0, 1)
    note(town, answer(town, at=timedelta(days=90)))  # and who says them later
    assert parts(feedback(START.date() + timedelta(days=90))) == (1, 0, 1)


def test_lines_that_come_twice_and_the_same_ticket_again_are_one(town):
    ids = [answer(town) for _ in range(4)]
    for ticket_id in ids * 3:
        note(town, ticket_id)
    assert parts(feedback()) == (4, 4, 0)


def test_four_a_month_never_become_many(town):
    for n in range(9):
        note(town, answer(town, at=timedelta(days=8 * n)))
    assert store.list_often() == frozenset()


def test_one_who_died_after_the_words_were_kept_leaves_nothing_out(town, monkeypatch):
    ids = [answer(town) for _ in range(5)]
    for ticket_id in ids[:4]:
        note(town, ticket_id)

    def dies(*_):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(store, "make_often", dies)
        with pytest.raises(RuntimeError):
            note(town, ids[4])
    note(town, ids[4])
    assert parts(feedback()) == (5, 0, 5)


def test_a_removed_case_leaves_its_words_as_they_were_counted(town):
    ids = [answer(town) for _ in range(5)]
    for ticket_id in ids:
        note(town, ticket_id)
    counting.let_go(tickets.get(ids[0]))
    facts.mark(START.date(), area="GG")
    counting.count_marked(now=town.now)
    assert parts(feedback()) == (5, 0, 5)


def test_the_stream_consumer_notes_the_words_of_its_lines(town):
    for ticket_id in [answer(town) for _ in range(5)]:
        for version, _ in tickets.list_events(ticket_id):
            assert consuming.consume([record_of(ticket_id, version)], now=town.now) is None
    counting.count_marked(now=town.now)
    assert parts(feedback()) == (5, 0, 5)
