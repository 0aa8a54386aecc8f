"""The feed, where subscribers stand, and observations, as stored: one contract on each engine."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.feed.feed import FeedEvent
from chalicelib.domain.feed.observations import Observation
from chalicelib.domain.model import SHANGHAI, stamp
from chalicelib.settings import settings
from chalicelib.store.feed import feed, observations, subscribers
from chalicelib.store.feed.observations import LastTicket

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(minutes=5)
ONE, OTHER = "01KATQ0000000000000000000A", "01KATQ0000000000000000000B"


def an_event(version, ticket_id=ONE, **more):
    known = {"id": f"{ticket_id}-{version:06d}", "ticket_id": ticket_id, "number": "N", "version": version}
    return FeedEvent(**(known | {"kind": "progress", "at": NOW, "what": "", "ticket": None} | more))


def woken(latest=3, now=NOW):
    subscribers.wake("city", ONE, "N", latest, now)
    return subscribers.get("city", ONE)


def test_an_event_is_written_once_and_the_first_stands(town_table):
    feed.add([an_event(1, what="first")], NOW)
    feed.add([an_event(1, what="second"), an_event(2, kind="hidden")], LATER)
    assert [event.what for event in feed.list_after(ONE, 0, limit=10)] == ["first", ""]
    assert feed.find_last(ONE) == (2, True)
    assert feed.find_last(OTHER) is None


def test_events_after_a_version_come_in_order_and_no_other_tickets(town_table):
    feed.add([an_event(version) for version in range(1, 13)], NOW)
    feed.add([an_event(99, OTHER)], NOW)
    assert [event.version for event in feed.list_after(ONE, 9, limit=10)] == [10, 11, 12]
    assert [event.version for event in feed.list_after(ONE, 0, limit=2)] == [1, 2]


def test_the_feed_goes_on_where_a_cursor_stands_over_months_and_no_further_than_asked(town_table):
    december = datetime(2026, 12, 5, tzinfo=SHANGHAI)
    feed.add([an_event(1), an_event(2)], NOW)
    feed.add([an_event(3)], LATER)
    feed.add([an_event(4)], december)
    first, cursor = feed.list_from(stamp(NOW - timedelta(days=60)), LATER, limit=2)
    assert [event.version for event in first] == [1, 2]
    rest, cursor = feed.list_from(cursor, LATER, limit=2)
    assert [event.version for event in rest] == [3]
    nothing, same = feed.list_from(cursor, LATER, limit=2)
    assert (nothing, same) == ([], cursor)
    assert [event.version for event in feed.list_from(cursor, december, limit=2)[0]] == [4]


@pytest.mark.parametrize("milliseconds", [-1, 0, 1])
def test_a_cursor_that_stands_where_the_feed_ends_or_beyond_waits_there(town_table, milliseconds):
    feed.add([an_event(1)], NOW)
    end = NOW + timedelta(milliseconds=milliseconds)
    _, cursor = feed.list_from(stamp(NOW - timedelta(days=1)), NOW, limit=10)
    assert feed.list_from(cursor, end, limit=10)[0] == []
    assert feed.list_from(f"{stamp(NOW)}", end, limit=10)[0] == ([an_event(1)] if milliseconds > 0 else [])


def test_what_is_removed_is_gone_from_both_orders(town_table):
    feed.add([an_event(1), an_event(2)], NOW)
    feed.remove(ONE)
    assert feed.list_after(ONE, 0, limit=10) == []
    assert feed.list_from(stamp(NOW - timedelta(days=1)), LATER, limit=10)[0] == []


def test_only_those_who_lack_a_version_are_behind(town_table):
    woken(latest=3)
    assert subscribers.list_behind(["city", "lib"], ONE, 3) == ["lib"]
    assert subscribers.list_behind(["city", "lib"], ONE, 4) == ["city", "lib"]
    assert subscribers.list_behind([], ONE, 4) == []


def test_what_is_new_does_not_bring_forward_what_is_put_off_or_given_up(town_table):
    standing = woken(latest=3)
    assert subscribers.claim(standing, LATER, NOW)
    assert woken(latest=4).retry_at == LATER
    subscribers.failed(subscribers.get("city", ONE), LATER, NOW, dead=True)
    assert woken(latest=5).dead
    assert subscribers.list_due("city", LATER, limit=10) == []
    assert [s.latest for s in subscribers.list_dead("city")[0]] == [5]


@pytest.mark.parametrize(("minutes", "is_due"), [(4, False), (5, True), (6, True)])
def test_what_is_put_off_is_due_from_its_instant_on(town_table, minutes, is_due):
    subscribers.claim(woken(), LATER, NOW)
    assert bool(subscribers.list_due("city", NOW + timedelta(minutes=minutes), limit=10)) is is_due


def test_a_try_is_claimed_once(town_table):
    standing = woken()
    assert subscribers.claim(standing, LATER, NOW)
    assert not subscribers.claim(standing, LATER, NOW)
    assert subscribers.get("city", ONE).attempts == 1


def test_what_is_acknowledged_waits_no_more_and_cannot_be_claimed_as_it_was(town_table):
    before = woken(latest=3)
    subscribers.done(before, 3, NOW)
    after = subscribers.get("city", ONE)
    assert (after.sent, after.attempts, after.retry_at, after.since) == (3, 0, None, None)
    assert subscribers.list_waiting("city") == ([], False)
    assert not subscribers.claim(before, LATER, NOW)
    assert not subscribers.revive(after, NOW)


def test_what_came_while_it_was_sent_is_due_at_once(town_table):
    before = woken(latest=3)
    woken(latest=4)
    subscribers.done(before, 3, LATER)
    [due] = subscribers.list_due("city", LATER, limit=10)
    assert (due.sent, due.latest, due.since) == (3, 4, LATER)


def test_what_is_sent_again_begins_its_three_days_anew(town_table):
    standing = woken().model_copy(update={"failing_since": NOW, "attempts": 9, "detail": "x" * 500})
    subscribers.failed(standing, LATER, NOW, dead=True)
    given_up = subscribers.get("city", ONE)
    assert (given_up.dead, given_up.attempts, len(given_up.detail)) == (True, 9, 200)
    assert subscribers.revive(given_up, LATER)
    again = subscribers.get("city", ONE)
    assert (again.dead, again.failing_since, again.retry_at) == (False, None, LATER)


def test_nothing_is_left_of_a_ticket_that_is_forgotten(town_table):
    woken()
    subscribers.forget_ticket(["city", "lib"], ONE)
    with pytest.raises(NotFound):
        subscribers.get("city", ONE)


def test_a_subscribers_own_state_is_no_ticket(town_table):
    subscribers.acknowledged("city", "e1", NOW)
    subscribers.fetched("city", LATER)
    known = subscribers.contacted(["city", "lib"])
    assert (known["city"].event, known["city"].acknowledged_at, known["city"].fetched_at) == (
        "e1",
        NOW,
        LATER,
    )
    assert known["lib"].acknowledged_at is None
    with pytest.raises(NotFound):
        subscribers.get("city", "STATE")


def seen(id_, seconds=0, **more):
    known = {"id": id_, "sensor": "s", "kind": "horn", "at": NOW + timedelta(seconds=seconds)}
    return Observation(**(known | more))


def test_an_observation_counts_once_and_a_time_includes_both_its_ends(town_table):
    found = [seen("a", 0, value=92.5), seen("b", 10), seen("c", 20)]
    observations.add("rule", [*found, *found[:0]], NOW)
    observations.add("rule", found[:1], LATER)
    until = NOW + timedelta(seconds=20)
    assert observations.list_between("rule", NOW, until) == found
    assert observations.list_between("rule", NOW + timedelta(milliseconds=1), until) == found[1:]
    assert observations.list_between("rule", NOW, until - timedelta(milliseconds=1)) == found[:2]
    assert observations.list_between("other", NOW, until) == []


def test_evidence_is_kept_with_its_ticket_once_and_comes_by_pages(town_table):
    found = [seen(f"o{n:02d}", n) for n in range(5)]
    observations.attach(ONE, found + found, NOW)
    page, following = observations.list_of_ticket(ONE, limit=3)
    assert page == found[:3]
    assert observations.list_of_ticket(ONE, after=following, limit=3)[0] == found[3:]


def test_an_older_ticket_never_takes_the_place_of_a_rules_newest(town_table):
    assert observations.last_ticket("rule") == LastTicket()
    observations.set_last_ticket("rule", LastTicket(count=2, ticket_id=ONE))
    observations.set_last_ticket("rule", LastTicket(count=1, ticket_id=OTHER))
    assert observations.last_ticket("rule") == LastTicket(count=2, ticket_id=ONE)


# --- a city's shelves -----------------------------------------------------------------------------------------------


@pytest.fixture
def shelves(monkeypatch):
    def put(number):
        monkeypatch.setenv("SHELVES", str(number))
        settings.cache_clear()

    put(1)
    yield put
    settings.cache_clear()


def test_a_feed_of_several_shelves_is_read_whole_and_in_the_order_of_writing(town_table, shelves):
    shelves(1)
    feed.add([an_event(1, f"01OLD{n}") for n in range(3)], NOW)
    shelves(4)
    for n in range(20):
        feed.add([an_event(1, f"01NEW{n}")], NOW + timedelta(seconds=n + 1))
    cursor, read = stamp(NOW - timedelta(days=1)), []
    while len(page := feed.list_from(cursor, LATER, limit=3)[0]) == 3 or page:
        read += [event.ticket_id for event in page]
        cursor = feed.list_from(cursor, LATER, limit=3)[1]
    assert read == [f"01OLD{n}" for n in range(3)] + [f"01NEW{n}" for n in range(20)]


def test_each_ticket_waits_on_one_shelf_and_what_waited_before_is_not_forgotten(town_table, shelves):
    ids = [f"01WAIT{n}" for n in range(12)]
    for ticket_id in ids[:4]:
        subscribers.wake("city", ticket_id, "N", 1, NOW)
    shelves(4)
    for ticket_id in ids[4:]:
        subscribers.wake("city", ticket_id, "N", 1, NOW)
    due = {
        shelf: subscribers.list_due("city", LATER, limit=99, shelf=shelf) for shelf in subscribers.shelves()
    }
    assert sorted(each.ticket_id for page in due.values() for each in page) == sorted(ids)
    assert sum(bool(page) for page in due.values()) > 1
    assert len(subscribers.list_waiting("city")[0]) == 12
    for page in due.values():
        for standing in page:
            assert subscribers.claim(standing, LATER, NOW)
            subscribers.done(standing, 1, NOW)
    assert subscribers.list_waiting("city") == ([], False)
