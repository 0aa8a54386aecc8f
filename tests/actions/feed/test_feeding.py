"""事件流: whatever the stream does, the feed has no gap and no double; and what is fetched by cursor skips nothing."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.actions.feed import feeding
from chalicelib.domain.errors import BadRequest, NotFound
from chalicelib.domain.feed.feed import is_hidden, state_of
from chalicelib.domain.model import SHANGHAI, stamp
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store.feed import feed, subscribers
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.town import directory
from tests import feed_cloud
from tests.feed_cloud import state_kept, told

one_cloud, cloud = feed_cloud.one_cloud, feed_cloud.cloud


def in_feed(ticket_id):
    return [(event.version, event.kind) for event in feed.list_after(ticket_id, 0, limit=100)]


THREE = [(1, "received"), (2, "taken"), (3, "progress")]


def three_unseen(cloud):
    ticket_id = cloud.report()
    cloud.act(ticket_id, "taken", taken=True)
    cloud.act(ticket_id)
    return ticket_id


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 2, 2), (3, 1, 3, 2), (1, 3)])
def test_lines_that_come_twice_late_or_never_leave_no_gap_and_no_double(cloud, order):
    ticket_id = three_unseen(cloud)
    assert sum(cloud.note(ticket_id, version) for version in order) == 3
    assert in_feed(ticket_id) == THREE
    cloud.send()
    assert told(cloud.city, ticket_id) == THREE


def test_a_consumer_that_is_killed_between_writing_and_waking_is_finished_by_the_same_line(
    cloud, monkeypatch
):
    ticket_id = three_unseen(cloud)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(subscribers, "wake", killed)
        with pytest.raises(KeyboardInterrupt):
            cloud.note(ticket_id, 3)
    cloud.send()
    assert told(cloud.city, ticket_id) == []
    assert cloud.note(ticket_id, 3) == 0
    cloud.send()
    assert told(cloud.city, ticket_id) == told(cloud.lib, ticket_id) == THREE


def test_a_consumer_that_is_killed_while_it_writes_is_finished_by_any_later_line(cloud, monkeypatch):
    ticket_id, put = three_unseen(cloud), feed.put

    def killed_at_the_second(table, item, **how):
        if item["SK"] == "EVENT#000002":
            raise KeyboardInterrupt
        return put(table, item, **how)

    with monkeypatch.context() as patch:
        patch.setattr(feed, "put", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            cloud.note(ticket_id, 1)
    assert in_feed(ticket_id) == THREE[:1]
    cloud.note(ticket_id, 2)
    assert in_feed(ticket_id) == THREE


def test_a_comment_changes_no_state_and_is_no_event(cloud):
    ticket_id = cloud.three()
    event = Event(kind="commented", at=cloud.now, by="gw1", note="看过了")
    line = Line(ticket_id=ticket_id, name="000003.01KATQ", event=event)
    assert feeding.note(line, now=cloud.now) == 0
    assert in_feed(ticket_id) == THREE


def test_a_line_of_a_case_that_is_removed_adds_nothing(cloud):
    event = Event(kind="progress", at=cloud.now, by="gw1")
    assert feeding.note(Line(ticket_id="01KATQNOSUCH", name="000001", event=event), now=cloud.now) == 0


def test_an_older_line_does_not_put_back_what_a_subscriber_is_to_be_sent(cloud):
    ticket_id = cloud.three()
    subscribers.wake("city", ticket_id, "N", 2, cloud.now)
    assert subscribers.get("city", ticket_id).latest == 3


# --- fetched by cursor ---


def fetched(cloud, after):
    """All pages from a cursor on, and the cursor after them."""
    found = []
    while True:
        page, following = feeding.fetch("reads", after=after, now=cloud.now)
        found += page
        if not page:
            return found, following
        after = following


def ids(events, *ticket_ids):
    return [event.id for event in events if event.ticket_id in ticket_ids]


@pytest.mark.parametrize(("seconds", "is_there"), [(89, False), (90, True), (91, True)])
def test_the_last_ninety_seconds_are_withheld(cloud, seconds, is_there):
    cloud.later(minutes=10)
    _, cursor = feeding.fetch("reads", after="now", now=cloud.now)
    ticket_id = cloud.three()
    cloud.later(seconds=seconds)
    found, after = fetched(cloud, cursor)
    assert bool(ids(found, ticket_id)) is is_there
    cloud.later(minutes=2)
    late, _ = fetched(cloud, after)
    assert ids(found + late, ticket_id) == [f"{ticket_id}-{version:06d}" for version in (1, 2, 3)]  # once


def test_what_a_slow_writer_commits_late_is_not_skipped(cloud):
    """It took its time at the start of its run, and wrote 55 s later, when others had been fetched already."""
    _, cursor = feeding.fetch("reads", after="now", now=cloud.now)
    cloud.later(minutes=10)
    slow, began = three_unseen(cloud), cloud.now
    cloud.later(seconds=54)
    quick = cloud.three()
    cloud.later(seconds=1)
    before, cursor = fetched(cloud, cursor)
    event = dict(tickets.list_events(slow))[3]
    feeding.note(Line(ticket_id=slow, name="000003", event=event), now=began)
    cloud.later(minutes=5)
    after, _ = fetched(cloud, cursor)
    assert len(ids(before + after, slow)) == 3
    assert len(ids(before + after, quick)) == 3


def test_pages_are_a_hundred_long_and_their_cursors_lose_and_double_nothing(cloud, monkeypatch):
    monkeypatch.setattr(feeding, "MOST_FETCHED", 4)
    _, cursor = feeding.fetch("reads", after="now", now=cloud.now)
    cloud.later(minutes=10)
    made = [cloud.three() for _ in range(3)]
    cloud.later(minutes=2)
    page, _ = feeding.fetch("reads", after=cursor, now=cloud.now)
    assert len(page) == 4
    found, _ = fetched(cloud, cursor)
    assert sorted(ids(found, *made)) == sorted(f"{each}-{n:06d}" for each in made for n in (1, 2, 3))


def test_a_cursor_crosses_the_end_of_a_month(cloud):
    cloud.now = max(cloud.now, datetime(2027, 1, 31, 23, 0, tzinfo=SHANGHAI))
    _, cursor = feeding.fetch("reads", after="now", now=cloud.now)
    cloud.later(minutes=10)
    first = cloud.three()
    cloud.later(days=2)
    second = cloud.three()
    cloud.later(minutes=2)
    found, _ = fetched(cloud, cursor)
    assert ids(found, first, second) == [f"{each}-{n:06d}" for each in (first, second) for n in (1, 2, 3)]


def test_without_a_cursor_it_begins_four_hundred_days_back(cloud):
    assert feeding._position(None, cloud.now, cloud.now) == stamp(cloud.now - timedelta(days=400))
    old = stamp(cloud.now - timedelta(days=401))
    assert feeding._position(old, cloud.now, cloud.now) == stamp(cloud.now - timedelta(days=400))


BAD_CURSORS = (
    "x",
    "2026-13-01T00:00:00.000Z",
    "2026-11-23",
    "0000-00-00T00:00:00.000Z",
    "2026-11-23T02:00:00.000Z!x",
)


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_a_cursor_that_is_not_ours_is_refused(cloud, cursor):
    with pytest.raises(BadRequest):
        feeding.fetch("reads", after=cursor, now=cloud.now)


def test_whoever_does_not_subscribe_fetches_nothing(cloud):
    with pytest.raises(NotFound):
        feeding.fetch("nobody", after=None, now=cloud.now)


def test_what_has_become_confidential_since_is_not_fetched_any_more(cloud):
    _, cursor = feeding.fetch("reads", after="now", now=cloud.now)
    cloud.later(minutes=10)
    ticket_id = cloud.three()
    cloud.act(ticket_id, "classified", confidential=True)
    cloud.later(minutes=2)
    assert ids(fetched(cloud, cursor)[0], ticket_id) == []  # the stream has not told of it yet
    cloud.settle(ticket_id)
    cloud.later(minutes=2)
    [event] = [event for event in fetched(cloud, cursor)[0] if event.ticket_id == ticket_id]
    assert (event.kind, event.ticket) == ("hidden", None)


# --- whatever happens, in whatever order ---

STEPS = st.one_of(
    st.just(("act", None)),
    st.tuples(st.just("hide"), st.booleans()),
    st.tuples(st.just("note"), st.integers(min_value=1, max_value=8)),
    st.tuples(st.just("send"), st.sampled_from(("ok", "down", "error", "garbage", "silent", "refuse"))),
    st.tuples(st.just("later"), st.sampled_from((1, 30, 120))),
)


def do(cloud, ticket_id, step, given):
    if step == "act":
        cloud.act(ticket_id, note="第几次了", public=True)
    elif step == "hide":
        cloud.act(ticket_id, "classified", confidential=given)
    elif step == "note":
        cloud.note(ticket_id, min(given, tickets.get(ticket_id).version))
    elif step == "send":
        cloud.city.mode = given
        cloud.send()
    else:
        cloud.later(minutes=given)


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, max_size=14))
def test_whoever_applies_events_by_ticket_and_version_ends_with_the_true_state(one_cloud, steps):
    """For any order of deliveries, repeats, losses and failures; in what is sent, and in what is fetched."""
    cloud = one_cloud.well()
    _, cursor = feeding.fetch("reads", after="now", now=cloud.now)
    cloud.later(minutes=10)
    ticket_id = cloud.report()
    for step, given_ in steps:
        do(cloud, ticket_id, step, given_)
    cloud.city.mode = "ok"
    cloud.settle(ticket_id)
    cloud.later(hours=2)
    cloud.send()

    ticket = tickets.get(ticket_id)
    true = None if is_hidden(ticket) else state_of(ticket, directory.town()).model_dump(mode="json")
    assert state_kept(cloud.city.asked, ticket_id) == true
    assert state_kept(cloud.city.taken.values(), ticket_id) == true
    assert state_kept(cloud.lib.taken.values(), ticket_id) == true
    pulled = [event.model_dump(mode="json") for event in fetched(cloud, cursor)[0]]
    assert state_kept(pulled, ticket_id) == true
    taken = [version for version, _ in told(cloud.city, ticket_id)]
    assert taken == sorted(taken)  # each once, in order
