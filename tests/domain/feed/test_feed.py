"""What a subscriber is told of a ticket: every version once, in order, and nothing that is not for it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.clocks import clocks
from chalicelib.domain.feed.feed import FeedEvent, HistoryLine, Written, following, is_hidden, state_of
from chalicelib.domain.feed.webhooks import Standing, is_given_up, sendable
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Source
from chalicelib.domain.views.history import history_line
from tests.domain.life import TOWN as LIFE
from tests.domain.life import dispatched

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
TOWN = Town()


def a_ticket(version=3, **more):
    known = {"id": "01KATQ0000000000000000000A", "number": "MS261123-7K3QX9-4", "stage": Stage.HANDLING}
    known |= {"source": Source.QR, "where": Where(name="4号楼"), "text": "楼道灯不亮", "station_id": "ST"}
    return Ticket(**(known | {"received_at": NOW, "version": version} | more))


def a_line(version, *, hidden=False, **more):
    return HistoryLine(version, Event(**({"kind": "progress", "at": NOW, "by": "gw1"} | more)), hidden)


def versions(events):
    return [(event.version, event.kind == "hidden") for event in events]


def test_what_the_feed_lacks_is_told_in_order_with_the_state_as_it_is_now():
    events = following([a_line(2), a_line(3)], Written(1, False), a_ticket(3), TOWN)
    assert versions(events) == [(2, False), (3, False)]
    assert {event.ticket.version for event in events} == {3}
    assert events[0].id == "01KATQ0000000000000000000A-000002"


def test_a_feed_that_lacks_nothing_stays_as_it_is():
    assert following([], Written(3, False), a_ticket(3), TOWN) == []


def test_a_line_that_is_newer_than_the_ticket_as_it_was_read_waits_for_its_own_turn():
    assert versions(following([a_line(3), a_line(4)], None, a_ticket(3), TOWN)) == [(3, False)]


@pytest.mark.parametrize("hides", [{"confidential": True}, {"practice": True}])
def test_a_ticket_that_was_hidden_from_the_start_is_not_told_at_all(hides):
    assert following([a_line(1, hidden=True)], None, a_ticket(1, **hides), TOWN) == []


def test_of_a_ticket_that_turns_confidential_only_that_it_does_is_told_and_once():
    ticket = a_ticket(4, confidential=True)
    lines = [a_line(2), a_line(3, hidden=True, note="张三"), a_line(4, hidden=True)]
    [event] = following(lines, Written(1, False), ticket, TOWN)
    assert event == FeedEvent(
        id=f"{ticket.id}-000003",
        ticket_id=ticket.id,
        number=ticket.number,
        version=3,
        kind="hidden",
        at=NOW,
        what="不再提供",
        ticket=None,
    )
    assert following([a_line(4, hidden=True)], Written(3, True), ticket, TOWN) == []


def test_what_was_done_while_a_ticket_was_confidential_is_never_told_also_when_it_is_not_any_more():
    lines = [a_line(2, hidden=True), a_line(3, hidden=True), a_line(4)]
    assert versions(following(lines, Written(1, False), a_ticket(4), TOWN)) == [(4, False)]


def test_the_state_holds_nobody_and_no_one_whom_it_is_about():
    who = {"reporter_id": "r" * 32, "handler_id": "gw1", "first_contact_id": "fc1", "concerns": ("PM", "gw2")}
    who |= {"found_by": "gw3", "escalated_to": ("boss",), "merged_into": "01KATQ0000000000000000000B"}
    said = state_of(a_ticket(**who), TOWN).model_dump_json()
    for private in ("r" * 32, "gw1", "fc1", "PM", "gw2", "gw3", "boss", "01KATQ0000000000000000000B"):
        assert private not in said


def test_an_event_says_what_happened_whose_unit_acted_and_how_the_ticket_stands():
    seen = {"version": 2, "public_text": "灯不亮", "photos": ("P1", "P2"), "forwarded_to": "12345"}
    ticket = dispatched().model_copy(update=seen | {"category": "LAMP"})
    line = a_line(2, kind="taken", at=NOW + timedelta(hours=1), by="police")
    [event] = following([line], None, ticket, LIFE)
    due = clocks.find_open(ticket, ClockKind.RESOLUTION).due_at
    assert event.model_dump(mode="json") == {
        "id": f"{ticket.id}-000002",
        "format": 1,
        "ticket_id": ticket.id,
        "number": ticket.number,
        "version": 2,
        "kind": "taken",
        "at": "2026-11-23T11:00:00.000+08:00",
        "what": history_line(line.event, LIFE),
        "unit": "TRA",
        "note": "",
        "identity": None,
        "ticket": {
            "version": 2,
            "stage": "dispatched",
            "stage_name": "已派单",
            "source": "qr",
            "category": "LAMP",
            "category_name": "楼道照明",
            "track": "simple",
            "urgent": False,
            "facility": False,
            "place": "SH",
            "place_name": "盛华景苑",
            "text": "小区门口乱糟糟",
            "public_text": "灯不亮",
            "photos": 2,
            "station": "ST",
            "station_name": "关港蓝湾工作站",
            "unit": "OFF",
            "unit_name": "城建中心",
            "round": 1,
            "received_at": "2026-11-23T10:00:00.000+08:00",
            "due_at": due.isoformat(timespec="milliseconds"),
            "closed_at": None,
            "outcome": "",
            "forwarded_to": "12345",
        },
    }


@pytest.mark.parametrize(
    ("changes", "hidden"),
    [({}, False), ({"erased": True}, True), ({"erasure_asked_at": NOW}, True), ({"practice": True}, True), ({"confidential": True}, True)],
)  # fmt: skip
def test_what_is_confidential_practised_or_to_be_erased_is_hidden(changes, hidden):
    assert is_hidden(a_ticket(**changes)) is hidden


def test_only_what_the_resident_may_read_too_is_told_of_what_was_written():
    lines = [a_line(1, note="内部意见"), a_line(2, note="明天来修", public=True)]
    assert [event.note for event in following(lines, None, a_ticket(2), TOWN)] == ["", "明天来修"]


def test_the_number_of_another_ticket_is_not_told_for_it_may_be_confidential():
    merged = a_line(3, kind="merged", details={"number": "MS261123-ABCDEF-4", "into": "X"})
    [event] = following([merged], None, a_ticket(3, stage=Stage.MERGED), TOWN)
    assert "ABCDEF" not in event.model_dump_json()


def test_an_event_comes_back_from_its_json_as_it_was():
    [event] = following([a_line(3)], None, a_ticket(3), TOWN)
    assert FeedEvent.model_validate_json(event.model_dump_json()) == event
    assert event.model_dump(mode="json")["at"] == "2026-11-23T10:00:00.000+08:00"


def a_standing(**more):
    known = {"subscriber": "city", "ticket_id": "T", "number": "N", "latest": 3, "since": NOW}
    return Standing(**(known | more))


def test_the_end_of_the_third_day_is_still_within_the_tries():
    first = NOW - timedelta(days=3)
    assert not is_given_up(a_standing(failing_since=None), NOW)
    assert not is_given_up(a_standing(failing_since=first + timedelta(milliseconds=1)), NOW)
    assert not is_given_up(a_standing(failing_since=first), NOW)
    assert is_given_up(a_standing(failing_since=first - timedelta(milliseconds=1)), NOW)


def test_nothing_that_waits_goes_out_any_more_once_the_ticket_is_hidden_but_that_it_is():
    shown = following([a_line(1), a_line(2)], None, a_ticket(2), TOWN)
    [gone] = following([a_line(3, hidden=True)], Written(2, False), a_ticket(3, confidential=True), TOWN)
    assert sendable([*shown, gone], a_standing(sent=0), hidden=True) == []  # it was never told of it
    assert sendable([*shown, gone], a_standing(sent=1), hidden=True) == [gone]
    assert sendable([*shown, gone], a_standing(attempts=1), hidden=True) == [gone]  # a try may have arrived
    assert sendable([*shown, gone], a_standing(), hidden=False) == [*shown, gone]


@given(
    st.lists(st.booleans(), min_size=1, max_size=12),
    st.lists(st.integers(min_value=1, max_value=12), max_size=40),
)
def test_however_the_lines_arrive_the_feed_has_no_gap_no_double_and_ends_in_the_true_state(hidden, arrivals):
    """`hidden`: whether the ticket was, at each of its versions; `arrivals`: at which version it stood when the feed was filled."""
    lines = [a_line(n, hidden=is_hidden) for n, is_hidden in enumerate(hidden, 1)]
    written: list[FeedEvent] = []
    now = 1
    for at in [*arrivals, len(hidden)]:
        now = max(now, min(at, len(hidden)))  # history only grows; a line that comes late finds it as it is
        ticket = a_ticket(now, confidential=hidden[now - 1])
        last = Written(written[-1].version, written[-1].ticket is None) if written else None
        after = [line for line in lines if line.version > (last.version if last else 0)]
        written += following(after, last, ticket, TOWN)
    numbers = [event.version for event in written]
    assert numbers == sorted(set(numbers))
    assert all(not hidden[event.version - 1] for event in written if event.ticket)
    if hidden[-1]:
        assert not written or written[-1].ticket is None
    else:
        assert written[-1].version == len(hidden)
        assert written[-1].ticket == state_of(a_ticket(len(hidden)), TOWN)
        if not any(hidden):
            assert numbers == list(range(1, len(hidden) + 1))
