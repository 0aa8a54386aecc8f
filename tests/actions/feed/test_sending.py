"""推送: whatever a subscriber does, it gets everything, in order per ticket, and holds up nobody else."""

import json
import threading
import time

import pytest

from chalicelib.actions.feed import feeding, sending
from chalicelib.domain.feed.feed import state_of
from chalicelib.domain.town.directory import Town
from chalicelib.gateways import partners as gateway
from chalicelib.gateways import secrets
from chalicelib.store.feed import feed, subscribers
from chalicelib.store.identity import audit
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory
from tests import feed_cloud
from tests.asked import operations_asked
from tests.feed_cloud import told

one_cloud, cloud = feed_cloud.one_cloud, feed_cloud.cloud

PHONE = "13800001111"


def waiting(name, ticket_id):
    return [
        s
        for found, _ in (subscribers.list_waiting(name), subscribers.list_dead(name))
        for s in found
        if s.ticket_id == ticket_id
    ]


THREE = [(1, "received"), (2, "taken"), (3, "progress")]


def test_every_version_reaches_every_subscriber_once_and_in_order(cloud):
    ticket_id = cloud.three()
    assert cloud.send() == 6
    for partner in (cloud.city, cloud.lib):
        assert told(partner, ticket_id) == THREE
        assert list(partner.taken.values())[-1]["ticket"] == json.loads(
            state_of(tickets.get(ticket_id), directory.town()).model_dump_json()
        )
    assert cloud.send() == 0
    assert waiting("city", ticket_id) == []


@pytest.mark.parametrize("mode", ["down", "error", "garbage", "refuse", "silent"])
def test_a_subscriber_that_fails_for_an_hour_gets_everything_in_order_afterwards(cloud, mode):
    cloud.city.mode = mode
    ticket_id = cloud.three()
    for _ in range(6):
        assert cloud.send() in (0, 3)  # the other one's
        cloud.later(minutes=10)
    assert told(cloud.lib, ticket_id) == THREE
    [standing] = waiting("city", ticket_id)
    assert standing.detail
    assert (standing.sent, standing.dead) == (0, False)
    cloud.city.mode = "ok"
    cloud.later(hours=1)
    cloud.send()
    assert told(cloud.city, ticket_id) == THREE
    assert waiting("city", ticket_id) == []


def test_the_tries_come_after_one_two_four_minutes_and_an_hour_at_most(cloud):
    cloud.city.mode = "error"
    ticket_id = cloud.three()
    waits = []
    for _ in range(9):
        cloud.send()
        [standing] = waiting("city", ticket_id)
        waits.append((standing.retry_at - cloud.now).total_seconds() / 60)
        cloud.now = standing.retry_at
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_subscriber_that_is_down_for_days_leaves_a_dead_letter_which_the_desk_sends_again(cloud):
    cloud.city.mode = "down"
    ticket_id = cloud.three()
    cloud.send()
    cloud.later(days=3)
    cloud.send()
    assert waiting("city", ticket_id)[0].dead is False
    cloud.later(hours=2)
    cloud.send()
    assert waiting("city", ticket_id)[0].dead is True
    cloud.city.mode = "ok"
    cloud.later(days=1)
    cloud.act(ticket_id)
    cloud.settle(ticket_id)
    cloud.send()
    assert told(cloud.city, ticket_id) == []  # what was given up waits for a person
    [listed] = feeding.dead_letters("city", after=None)[0]
    assert (listed.ticket_id, listed.sent, listed.latest) == (ticket_id, 0, 4)
    assert feeding.resend("city", ticket_id, now=cloud.now) == (1, False)
    assert cloud.send() == 4
    assert told(cloud.city, ticket_id)[:3] == THREE
    assert feeding.dead_letters("city", after=None) == ([], None)


def test_all_that_was_given_up_is_sent_again_at_once(cloud):
    cloud.city.mode = "error"
    made = [cloud.three() for _ in range(2)]
    cloud.send()
    cloud.later(days=3, hours=2)
    cloud.send()
    assert [waiting("city", each)[0].dead for each in made] == [True, True]
    cloud.city.mode = "ok"
    assert feeding.resend("city", None, now=cloud.now) == (2, False)
    cloud.send()
    assert all(told(cloud.city, each) == THREE for each in made)


def test_a_ticket_that_a_subscriber_refuses_holds_up_no_other(cloud, monkeypatch):
    bad, good = cloud.three(), cloud.three()
    original = gateway.send

    def picky(name, address, said, **more):
        if said["ticket_id"] == bad and name == "city":
            raise gateway.NotAcknowledged("看不懂")
        original(name, address, said, **more)

    monkeypatch.setattr(gateway, "send", picky)
    cloud.send()
    assert told(cloud.city, good) == THREE
    assert told(cloud.city, bad) == []


def test_a_slow_subscriber_delays_no_other(cloud, monkeypatch):
    ticket_id, original, others_done = cloud.three(), gateway.send, threading.Event()

    def slow(name, address, said, **more):
        if name == "city":
            assert others_done.wait(30), "the other subscriber had to wait"
        original(name, address, said, **more)
        if name == "lib" and said["version"] == 3:
            others_done.set()

    monkeypatch.setattr(gateway, "send", slow)
    assert cloud.send() == 6
    assert told(cloud.city, ticket_id) == told(cloud.lib, ticket_id) == THREE


def test_when_time_is_up_the_rest_is_for_the_next_run(cloud):
    ticket_id = cloud.three()
    assert cloud.send(seconds=0) == 0
    assert cloud.send() == 6
    assert told(cloud.city, ticket_id) == THREE


@pytest.mark.parametrize(("skew", "arrives"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_a_subscriber_whose_clock_is_more_than_five_minutes_off_refuses_and_it_is_sent_again(
    cloud, skew, arrives
):
    cloud.city.skew = skew
    ticket_id = cloud.three()
    cloud.send()
    assert bool(told(cloud.city, ticket_id)) is arrives
    cloud.city.skew = 0
    cloud.later(minutes=2)
    cloud.send()
    assert told(cloud.city, ticket_id) == THREE


def test_a_run_that_is_killed_after_it_has_sent_sends_again_and_loses_nothing(cloud, monkeypatch):
    ticket_id = cloud.three()

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(subscribers, "done", killed)
        with pytest.raises(KeyboardInterrupt):
            cloud.send()
    cloud.later(minutes=2)
    cloud.send()
    assert told(cloud.city, ticket_id) == THREE  # each once, though it came twice
    assert len([e for e in cloud.city.asked if e["ticket_id"] == ticket_id]) == 6


def test_two_runs_at_once_do_not_send_the_same_ticket(cloud):
    ticket_id = cloud.three()
    [due] = [s for s in subscribers.list_due("city", cloud.now, limit=100) if s.ticket_id == ticket_id]
    assert subscribers.claim(due, cloud.now, cloud.now)
    assert not subscribers.claim(due, cloud.now, cloud.now)


def test_what_comes_while_it_is_being_sent_is_sent_with_the_next_run(cloud, monkeypatch):
    ticket_id = cloud.three()
    original, came = subscribers.done, []

    def done(standing, sent, now):
        if standing.subscriber == "city" and not came:
            came.append(sent)
            cloud.act(ticket_id)
            cloud.settle(ticket_id)
        return original(standing, sent, now)

    with monkeypatch.context() as patch:
        patch.setattr(subscribers, "done", done)
        cloud.send()
    cloud.send()
    assert told(cloud.city, ticket_id)[:3] == THREE
    assert told(cloud.city, ticket_id)[-1][0] == tickets.get(ticket_id).version


# --- who is told what ---


def test_who_reported_goes_only_where_it_is_granted_once_and_leaves_a_trace(cloud):
    ticket_id = cloud.three(phone=PHONE)
    cloud.send()
    of_city = [e for e in cloud.city.asked if e["ticket_id"] == ticket_id]
    assert [e.get("identity") for e in of_city] == [{"phone": PHONE}, None, None]
    assert "王阿姨" not in json.dumps(of_city, ensure_ascii=False)
    assert PHONE not in json.dumps(cloud.lib.asked, ensure_ascii=False)
    traces = [trace for trace in audit.list_traces(ticket_id) if trace.what == "revealed"]
    assert [(trace.viewer, trace.fields, trace.role) for trace in traces] == [
        ("subscriber:city", ("phone",), "城运中心")
    ]


def test_without_its_trace_no_identity_is_read_and_nothing_goes_out(cloud, monkeypatch):
    ticket_id = cloud.three(phone=PHONE)

    def broken(*_):
        raise RuntimeError("no audit")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "write", broken)
        with pytest.raises(RuntimeError):
            cloud.send()
    assert told(cloud.city, ticket_id) == []
    assert told(cloud.lib, ticket_id) == THREE
    cloud.later(minutes=2)
    cloud.send()
    assert told(cloud.city, ticket_id) == THREE


def turn_confidential(cloud, ticket_id):
    cloud.act(ticket_id, "classified", confidential=True)


def test_a_ticket_that_turns_confidential_is_to_be_removed_and_nothing_more_is_told(cloud):
    ticket_id = cloud.three()
    cloud.send()
    turn_confidential(cloud, ticket_id)
    cloud.settle(ticket_id)
    cloud.act(ticket_id, note="已约谈", public=True)
    cloud.settle(ticket_id)
    cloud.send()
    assert told(cloud.city, ticket_id)[3:] == [(4, "hidden")]
    assert "已约谈" not in json.dumps(cloud.city.asked, ensure_ascii=False)
    assert cloud.city.taken[f"{ticket_id}-000004"]["ticket"] is None


def test_what_waited_is_not_sent_once_the_ticket_is_confidential_though_the_stream_is_late(cloud):
    ticket_id = cloud.three()
    turn_confidential(cloud, ticket_id)
    cloud.send()  # before the stream has told of it
    assert told(cloud.city, ticket_id) == []
    cloud.settle(ticket_id)
    cloud.send()
    assert told(cloud.city, ticket_id) == []  # it never knew of it
    assert waiting("city", ticket_id) == []


@pytest.mark.parametrize("hides", [{"confidential": True}, {"practice": True}])
def test_a_confidential_and_a_practice_ticket_are_told_to_nobody(cloud, hides):
    ticket_id = cloud.three(**hides)
    cloud.send()
    assert ticket_id not in json.dumps(cloud.city.asked + cloud.lib.asked)
    assert feed.find_last(ticket_id) is None


def test_a_case_that_is_removed_leaves_nothing_in_the_feed_and_stops_no_run(cloud, monkeypatch):
    ticket_id, other = cloud.three(), cloud.three()
    get = tickets.get

    def gone(asked):
        if asked == ticket_id:
            raise sending.NotFound("removed")
        return get(asked)

    with monkeypatch.context() as patch:
        patch.setattr(tickets, "get", gone)
        cloud.send()
    assert told(cloud.city, other) == THREE
    assert waiting("city", ticket_id) == []
    feeding.forget(ticket_id)
    assert feed.find_last(ticket_id) is None


def test_a_subscriber_without_a_key_waits_and_the_desk_sees_why(cloud, monkeypatch):
    ticket_id = cloud.three()
    with monkeypatch.context() as patch:
        patch.setattr(secrets, "find_partner_key", lambda _: None)
        cloud.send()
    assert "密钥" in waiting("city", ticket_id)[0].detail
    cloud.later(minutes=2)
    cloud.send()


def test_a_town_without_subscribers_sends_nothing(cloud, monkeypatch):
    monkeypatch.setattr(directory, "town", Town)
    assert sending.send_due(now=cloud.now) == 0


def test_three_tickets_that_fail_end_a_run_for_that_subscriber(cloud, monkeypatch):
    made = [cloud.three() for _ in range(4)]
    cloud.city.mode = "error"
    cloud.send()
    assert len(cloud.city.asked) == 3
    cloud.city.mode = "ok"
    cloud.later(minutes=2)
    cloud.send()
    assert all(told(cloud.city, each) == THREE for each in made)


def test_a_subscriber_that_is_down_costs_one_try_in_a_run_and_its_other_tickets_none(cloud):
    made = [cloud.three() for _ in range(3)]
    cloud.city.mode = "down"
    cloud.send()
    assert sorted(waiting("city", each)[0].attempts for each in made) == [0, 0, 1]
    cloud.city.mode = "ok"
    cloud.later(minutes=2)
    cloud.send()
    assert all(told(cloud.city, each) == THREE for each in made)


def test_a_ticket_that_cannot_be_read_is_put_off_and_seen_and_holds_up_no_other(cloud, monkeypatch):
    bad, good = cloud.three(), cloud.three()
    original = feed.find_owed

    def broken(ticket_id, version, latest, *, limit):
        if ticket_id == bad:
            raise ValueError("not an event")
        return original(ticket_id, version, latest, limit=limit)

    with monkeypatch.context() as patch:
        patch.setattr(feed, "find_owed", broken)
        with pytest.raises(ValueError, match="not an event"):
            cloud.send()
    assert told(cloud.city, good) == told(cloud.lib, good) == THREE
    assert waiting("city", bad)[0].retry_at > cloud.now
    cloud.later(minutes=2)
    cloud.send()
    assert told(cloud.city, bad) == THREE


def test_one_change_costs_a_subscriber_five_requests(cloud, monkeypatch):
    """What is due, the ticket with its events, the claim, the answer noted for the ticket and for the subscriber."""
    cloud.three()
    [lib] = [each for each in directory.town().subscribers if each.name == "lib"]
    with monkeypatch.context() as patch:
        asked = operations_asked(patch)
        assert sending._send_to(lib, 0, cloud.now, time.monotonic() + 9) == 3
    assert asked == ["Query", "BatchGetItem", "UpdateItem", "UpdateItem", "UpdateItem"]
