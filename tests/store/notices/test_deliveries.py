"""Deliveries and inboxes as stored: once each, sent by one, found again when forgotten."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import BadRequest
from chalicelib.domain.notices.deliveries import SKEW, Delivery, Digest, Outcome, State
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.store.notices import deliveries, digests, inbox
from chalicelib.store.notices.deliveries import LEASE, key_of
from tests.asked import operations_asked
from tests.moto_cloud import moto_cloud
from tests.telling_town import PARAMS, at

NOW = at("10:00")
DELIVERED = Outcome(state=State.DELIVERED)
FAILED = Outcome(state=State.TEMPORARY_FAILURE, detail="-1")


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    with moto_cloud(monkeypatch):
        yield


def a_delivery(**changes):
    given = {
        "recipient": "staff:head",
        "way": Channel.WECOM,
        "at": NOW,
        "event_key": "01KAT-1",
        "ticket_id": "01KAT",
        "template": "escalated",
        "params": PARAMS,
        "not_before": changes.get("at", NOW),
    }
    return Delivery(**given | changes)


def created(**changes):
    delivery = a_delivery(**changes)
    assert deliveries.create(delivery)
    return key_of(delivery)


def test_a_delivery_is_created_once_whatever_became_of_it():
    key = created()
    assert not deliveries.create(a_delivery())
    deliveries.record(deliveries.claim(key, NOW), DELIVERED)
    assert not deliveries.create(a_delivery())
    assert deliveries.find(key).state is State.DELIVERED


def test_one_event_has_one_outward_message_to_a_person_whatever_the_channel():
    created(way=Channel.WECOM)
    assert not deliveries.create(a_delivery(way=Channel.WECHAT, n=3))


@pytest.mark.parametrize(
    ("before", "taken"), [(SKEW + timedelta(milliseconds=1), False), (SKEW, True), (timedelta(0), True)]
)
def test_a_delivery_is_sent_from_its_instant_on(before, taken):
    key = created(not_before=NOW)
    assert (deliveries.claim(key, NOW - before) is not None) is taken


def test_a_delivery_is_taken_by_one_only():
    key = created()
    assert deliveries.claim(key, NOW).attempts == 1
    assert deliveries.claim(key, NOW) is None


@pytest.mark.parametrize(
    "outcome", [DELIVERED, Outcome(state=State.PERMANENT_FAILURE), Outcome(state=State.NO_CONSENT)]
)
def test_what_is_finished_is_not_taken_again(outcome):
    key = created()
    deliveries.record(deliveries.claim(key, NOW), outcome)
    assert deliveries.claim(key, NOW + timedelta(days=1)) is None
    assert list(deliveries.list_due(NOW + timedelta(days=1))) == []


def test_an_unknown_delivery_is_not_taken():
    assert deliveries.claim(("TO#staff:nobody", "out#x"), NOW) is None
    assert deliveries.find(("TO#staff:nobody", "out#x")) is None


@pytest.mark.parametrize(
    ("after", "taken"), [(LEASE - SKEW - timedelta(milliseconds=1), False), (LEASE, True)]
)
def test_a_send_that_was_killed_is_taken_over_when_its_lease_is_over(after, taken):
    key = created()
    deliveries.claim(key, NOW)
    assert (deliveries.claim(key, NOW + after) is not None) is taken


def test_a_one_time_message_is_never_taken_a_second_time():
    key = created(way=Channel.WECHAT)
    deliveries.claim(key, NOW)
    assert deliveries.claim(key, NOW + LEASE) is None


def test_a_one_time_message_that_surely_did_not_arrive_is_tried_again():
    key = created(way=Channel.WECHAT)
    deliveries.record(deliveries.claim(key, NOW), FAILED, retry_at=NOW + timedelta(minutes=1))
    assert deliveries.claim(key, NOW + timedelta(minutes=1)) is not None


def test_a_passing_failure_waits_for_its_retry():
    key = created()
    retry = NOW + timedelta(minutes=1)
    deliveries.record(deliveries.claim(key, NOW), FAILED, retry_at=retry)
    assert deliveries.find(key).state is State.TEMPORARY_FAILURE
    assert deliveries.claim(key, retry - timedelta(seconds=3)) is None
    assert deliveries.claim(key, retry).attempts == 2


def test_a_sender_that_was_taken_over_has_no_word_any_more():
    key = created()
    slow = deliveries.claim(key, NOW)
    quick = deliveries.claim(key, NOW + LEASE)
    assert not deliveries.record(slow, FAILED, retry_at=NOW + timedelta(hours=1))
    assert deliveries.record(quick, DELIVERED)
    assert not deliveries.record(slow, FAILED)
    assert deliveries.find(key).state is State.DELIVERED


def test_what_was_not_sent_is_found_by_its_instant():
    key = created()
    later = created(event_key="01KAT-2", not_before=NOW + timedelta(hours=1))
    due = [key_of(delivery) for delivery in deliveries.list_due(NOW)]
    assert due == [key]
    assert {key_of(d) for d in deliveries.list_due(NOW + timedelta(hours=1))} == {key, later}


def test_a_killed_send_is_found_when_its_lease_is_over():
    key = created()
    deliveries.claim(key, NOW)
    assert list(deliveries.list_due(NOW + LEASE - timedelta(milliseconds=1))) == []
    assert [d.state for d in deliveries.list_due(NOW + LEASE)] == [State.SENDING]


def test_a_delivery_that_moved_on_is_not_finished_by_the_sweep():
    key = created()
    seen = deliveries.find(key)
    deliveries.claim(key, NOW)
    assert not deliveries.finish(seen, Outcome(state=State.EXPIRED))
    assert deliveries.find(key).state is State.SENDING


def test_calls_to_make_are_listed_by_station_oldest_first_and_never_sent():
    second = created(way=Channel.CALL, station_id="s", event_key="01KAT-2", at=NOW + timedelta(minutes=1))
    first = created(way=Channel.CALL, station_id="s")
    created(way=Channel.CALL, station_id="other", event_key="01KAT-3")
    calls, after = deliveries.list_calls("s")
    assert [key_of(call) for call in calls] == [first, second]
    assert after is None
    assert list(deliveries.list_due(NOW + timedelta(days=9))) == []


DIGEST = Digest(key="digest", until=NOW + timedelta(minutes=15), at_once=2, template="digest")


def test_the_first_of_a_gathering_stay_the_first_however_often_they_come():
    answers = [digests.goes_at_once("staff:head", DIGEST, event) for event in ("a", "b", "c", "a", "b", "c")]
    assert answers == [True, True, False, True, True, False]
    assert digests.goes_at_once("staff:grid", DIGEST, "c")


def test_a_gathered_message_holds_each_notice_once():
    together = a_delivery(event_key="digest", template="digest", params={})
    for member in ("a|N1", "b|N2", "a|N1"):
        assert digests.gather(together, member)
    assert deliveries.find(key_of(together)).members == ("a|N1", "b|N2")


def test_a_notice_that_comes_after_the_digest_has_gone_is_told_so():
    together = a_delivery(event_key="digest", template="digest", params={})
    digests.gather(together, "a|N1")
    assert deliveries.claim(key_of(together), NOW).members == ("a|N1",)
    assert not digests.gather(together, "b|N2")
    assert digests.gather(together, "a|N1")  # it went with the others
    assert deliveries.find(key_of(together)).state is State.SENDING


def lines(count, recipient="staff:head"):
    return [
        a_delivery(
            recipient=recipient, way=Channel.INBOX, event_key=f"01KAT-{i}", at=NOW + timedelta(minutes=i)
        )
        for i in range(count)
    ]


def test_an_inbox_is_read_newest_first_across_pages_and_each_line_once():
    inbox.write(lines(30))
    inbox.write(lines(30))
    inbox.write(lines(1, "staff:grid"))
    seen, after, pages = [], None, 0
    while pages == 0 or after:
        page, after = inbox.list_inbox("staff:head", after=after, limit=13)
        seen += [line.event_key for line, _ in page]
        pages += 1
    assert seen == [f"01KAT-{i}" for i in reversed(range(30))]
    assert pages == 3


def test_a_line_of_an_inbox_is_delivered_by_being_written():
    inbox.write(lines(1))
    [(line, unread)], _ = inbox.list_inbox("staff:head")
    assert line.state is State.DELIVERED
    assert unread


@pytest.mark.parametrize("limit", [50, 2])
def test_everything_up_to_the_marked_line_counts_as_read(limit):
    written = lines(5)
    inbox.write(written)
    inbox.mark_read("staff:head", inbox.line_id(written[2]))
    states, after = [], None
    while not states or after:
        page, after = inbox.list_inbox("staff:head", after=after, limit=limit)
        states += [unread for _, unread in page]
    assert states == [True, True, False, False, False]


def test_each_page_of_an_inbox_is_one_request_and_shows_as_unread_what_the_first_page_did(monkeypatch):
    written = lines(6)
    inbox.write(written)
    inbox.mark_read("staff:head", inbox.line_id(written[1]))
    asked = operations_asked(monkeypatch)
    first, after = inbox.list_inbox("staff:head", limit=2)
    inbox.mark_read("staff:head", inbox.line_id(written[5]))
    asked.clear()
    second, after = inbox.list_inbox("staff:head", after=after, limit=2)
    third, after = inbox.list_inbox("staff:head", after=after, limit=2)
    assert asked == ["Query", "Query"]
    assert [unread for _, unread in [*first, *second, *third]] == [True] * 4 + [False] * 2


@pytest.mark.parametrize("tail", ["~x", "~inbox#~", "x~", "~~"])
def test_a_cursor_of_an_inbox_that_was_tampered_with_is_refused(tail):
    inbox.write(lines(3))
    _, after = inbox.list_inbox("staff:head", limit=1)
    with pytest.raises(BadRequest):
        inbox.list_inbox("staff:head", after=after + tail)


def test_reading_never_goes_backwards():
    written = lines(3)
    inbox.write(written)
    inbox.mark_read("staff:head", inbox.line_id(written[2]))
    inbox.mark_read("staff:head", inbox.line_id(written[0]))
    assert [unread for _, unread in inbox.list_inbox("staff:head")[0]] == [False, False, False]


@pytest.mark.parametrize("mark", ["", "inbox#~", "out#2026", "inbox#9999", "TO#staff:other"])
def test_a_read_mark_that_is_no_line_is_refused(mark):
    with pytest.raises(BadRequest):
        inbox.mark_read("staff:head", mark)


def test_the_states_of_a_tickets_messages_are_found_by_their_keys():
    key, other = created(), created(event_key="01KAT-2", at=NOW - timedelta(minutes=1))
    deliveries.record(deliveries.claim(key, NOW), DELIVERED)
    found = deliveries.list_outward([key, other, ("TO#staff:head", "out#none")])
    assert [delivery.state for delivery in found] == [State.CREATED, State.DELIVERED]
