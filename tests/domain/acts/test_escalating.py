"""Ringing a rung: once, in order, to whom, and what it leaves behind."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.clocks import clocks
from chalicelib.domain.counter import meetings
from chalicelib.domain.tickets.clock_model import Alarm, ClockKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.vocabulary import Role, Track
from tests.domain import life
from tests.domain.clock_town import STAFF, a_ticket, a_town, at, rule
from tests.domain.life import dispatched, life_town

TOWN = a_town()
FRIDAY = at("2026-11-20 17:00")


def started(kind: str, **about: object) -> Ticket:
    return clocks.start(a_ticket(**about), ClockKind(kind), town=TOWN, now=FRIDAY)


def ring_all(ticket: Ticket, now, town=TOWN) -> tuple[Ticket, list[Event]]:
    """What the sweep does: ring what is due, in order, until nothing is."""
    events = []
    while due := clocks.due_alarms(ticket, now):
        rung = escalate(ticket, due[0], town=town, now=now)
        assert rung is not None
        ticket, event = rung
        events.append(event)
    return ticket, events


def told(event: Event) -> list[tuple[str, str]]:
    return [(notice.to.removeprefix("staff:"), notice.template) for notice in event.notices]


@pytest.mark.parametrize(
    ("kind", "about", "story"),
    [
        ("feedback", {"stage": Stage.RECEIVED}, [
            ("17:02", "reminded", [("desk-a", "reminded")]), ("17:03:30", "reminded", [("desk-a", "reminded")]),
            ("17:05", "escalated", [("st-head", "escalated")]), ("17:10", "escalated", [("area", "escalated")])]),
        ("take", {"urgent": True}, [
            ("17:15", "escalated", [("reporter", "backup_asked"), ("handler-b", "escalated")]),
            ("17:30", "escalated", [("off-head", "escalated")])]),
        ("response", {"facility": True}, [
            ("18:00", "escalated", [("off-head", "escalated")]), ("18:30", "escalated", [("area", "escalated")])]),
    ],
)  # fmt: skip
def test_the_rungs_of_the_minute_clocks(kind, about, story):
    ticket = started(kind, **about)
    for moment, event_kind, people in story:
        instant = at(f"2026-11-20 {moment}")
        alarm = clocks.next_alarm(ticket)
        assert alarm is not None
        assert escalate(ticket, alarm, town=TOWN, now=instant - timedelta(seconds=1, milliseconds=1)) is None
        rung = escalate(ticket, alarm, town=TOWN, now=instant - timedelta(seconds=1))
        assert rung is not None
        ticket, event = rung
        assert (alarm.at, event.kind, told(event)) == (instant, event_kind, people)


@pytest.mark.parametrize("track", list(Track))
def test_the_rungs_of_a_resolution_end_with_a_supervision_order(track):
    _, events = ring_all(started("resolution", track=track), at("2027-01-01 09:00"))
    assert [(event.kind, told(event)) for event in events[:4]] == [
        ("reminded", [("handler-a", "reminded")]),
        ("escalated", [("off-head", "escalated")]),
        ("escalated", [("area", "escalated")]),
        ("supervised", [("town", "escalated"), ("handler-a", "supervision"), ("off-head", "supervision")]),
    ]


def test_a_supervision_order_by_the_machine_starts_its_own_clock():
    ticket, _ = ring_all(started("resolution"), at("2026-11-27 18:00"))
    assert [(order.id, order.by) for order in ticket.supervision_orders] == [("resolution-1-3", "machine")]
    supervision = clocks.find_open(ticket, ClockKind.SUPERVISION)
    assert supervision is not None
    assert supervision.due_at == at("2026-12-02 18:00")


def test_a_second_order_does_not_postpone_the_answer_to_the_first():
    ticket = clocks.start(started("resolution"), ClockKind.SUPERVISION, town=TOWN, now=at("2026-11-26 10:00"))
    after, _ = ring_all(ticket, at("2026-11-27 18:00"))
    assert len(after.supervision_orders) == 1
    assert [c.id for c in after.clocks if c.kind is ClockKind.SUPERVISION] == ["supervision-1"]


def test_each_rung_rings_once_though_workflow_and_sweep_both_ring():
    ticket = started("feedback")
    alarm = clocks.next_alarm(ticket)
    assert alarm is not None
    rung = escalate(ticket, alarm, town=TOWN, now=alarm.at)
    assert rung is not None
    assert escalate(rung[0], alarm, town=TOWN, now=alarm.at) is None


def test_no_rung_is_skipped_a_late_wake_rings_all_in_order():
    ticket, events = ring_all(started("feedback"), FRIDAY + timedelta(days=1))
    assert [event.details["rung"] for event in events] == ["0", "1", "2", "3"]
    assert ticket.clocks[0].rang == 4


def test_a_later_rung_waits_until_the_earlier_has_been_rung():
    ticket = started("feedback")
    second = clocks.due_alarms(ticket, FRIDAY + timedelta(hours=1))[1]
    assert escalate(ticket, second, town=TOWN, now=FRIDAY + timedelta(hours=1)) is None


@pytest.mark.parametrize("stopped", ["met", "ended", "paused", "unknown", "beyond"])
def test_nothing_rings_once_the_world_has_moved_on(stopped):
    ticket = started("feedback")
    alarm = clocks.next_alarm(ticket)
    assert alarm is not None
    after = {
        "met": lambda: clocks.meet(ticket, ClockKind.FEEDBACK, by="x", now=FRIDAY),
        "ended": lambda: clocks.end(ticket, ClockKind, now=FRIDAY),
        "paused": lambda: clocks.pause(ticket, ClockKind, now=FRIDAY),
    }.get(stopped, lambda: ticket)()
    changes = {"unknown": {"clock_id": "feedback-2"}, "beyond": {"rung": 4}}.get(stopped, {})
    assert escalate(after, alarm.model_copy(update=changes), town=TOWN, now=alarm.at) is None


def test_an_alarm_that_a_pause_has_moved_rings_at_its_new_instant():
    ticket = started("feedback")
    old = clocks.next_alarm(ticket)
    assert old is not None
    paused = clocks.pause(ticket, ClockKind, now=FRIDAY + timedelta(minutes=1))
    resumed = clocks.resume(paused, town=TOWN, now=FRIDAY + timedelta(minutes=31))
    assert escalate(resumed, old, town=TOWN, now=old.at) is None
    assert escalate(resumed, old, town=TOWN, now=FRIDAY + timedelta(minutes=32)) is not None


def test_an_escalated_ticket_stands_in_the_queue_of_those_told_and_a_reminder_does_not_put_it_there():
    ticket, _ = ring_all(started("feedback"), FRIDAY + timedelta(minutes=4))
    assert ticket.escalated_to == ()
    ticket, _ = ring_all(ticket, FRIDAY + timedelta(minutes=10))
    assert ticket.escalated_to == ("st-head", "area")


@pytest.mark.parametrize(
    ("kind", "concerns", "people"),
    [
        ("feedback", ("desk-a",), ["desk-b", "desk-b", "st-head", "area"]),
        ("feedback", ("ST",), ["area", "area", "area", "area"]),  # who sits there, above it
        ("take", ("handler-b",), ["off-head", "off-head"]),
        ("take", ("OFF",), ["area", "area"]),
    ],
)
def test_nobody_whom_a_confidential_ticket_concerns_is_told(kind, concerns, people):
    about = {"confidential": True, "concerns": concerns, "urgent": True, "reporter_id": None}
    _, events = ring_all(started(kind, **about), FRIDAY + timedelta(hours=1))
    assert [code for event in events for code, _ in told(event)] == people


@pytest.mark.parametrize("missing", ["backup", "unit_head", "area_leader", "town_leader"])
def test_where_nobody_holds_a_role_the_next_above_is_told_and_never_nobody(missing):
    role = {"backup": Role.HANDLER}.get(missing) or Role(missing)
    town = a_town(staff=tuple(p for p in STAFF if role not in p.roles), duty=())
    for kind in ("take", "resolution"):
        _, events = ring_all(started(kind), at("2027-01-01 09:00"), town)
        assert all(told(event) for event in events)


def test_the_resident_is_told_once_when_nobody_takes_it():
    _, events = ring_all(started("take"), at("2026-11-24 09:00"))
    assert [pair for event in events for pair in told(event)].count(("reporter", "backup_asked")) == 1


def test_what_staff_found_has_no_resident_to_tell():
    _, events = ring_all(started("take", reporter_id=None), at("2026-11-24 09:00"))
    assert "reporter" not in [who for event in events for who, _ in told(event)]


def test_escalations_may_be_gathered_unless_urgent():
    _, calm = ring_all(started("response"), FRIDAY + timedelta(hours=1))
    _, urgent = ring_all(started("response", urgent=True), FRIDAY + timedelta(hours=1))
    assert [(n.digest, n.urgent) for e in calm for n in e.notices] == [(True, False)]
    assert [(n.digest, n.urgent) for e in urgent for n in e.notices] == [(False, True)]


def test_when_the_ladder_is_at_its_end_and_nobody_has_acted_a_review_begins():
    now = at("2026-11-30 09:00")
    ticket, _ = ring_all(started("take"), now)
    assert clocks.next_alarm(ticket) == Alarm(
        clock_id="review-1", rung=0, at=at("2026-12-01 18:00"), act="escalate", to="approver"
    )


def test_the_line_of_history_names_clock_and_rung():
    _, events = ring_all(started("feedback"), FRIDAY + timedelta(minutes=2))
    assert events[0].details == {"clock": "feedback-1", "rung": "0", "to": "desk", "told": "desk-a"}
    assert events[0].by == "machine"


def test_an_urgent_one_that_nobody_took_is_called_about_with_the_number_of_its_unit():
    town = life_town(clocks=(rule("take", "15 minutes", urgent=True, reminders="2 minutes desk"),))
    ticket = dispatched().model_copy(update={"urgent": True, "clocks": ()})
    phone = {"phone": "021-55550000"}
    units = (u.model_copy(update=phone if u.code == ticket.lead_unit_id else {}) for u in town.units)
    town = town.model_copy(update={"units": tuple(units)})
    ticket = clocks.start(ticket, ClockKind.TAKE, town=town, now=FRIDAY)
    alarm = clocks.next_alarm(ticket)
    assert alarm.at == FRIDAY + timedelta(minutes=2)
    _, event = escalate(ticket, alarm, town=town, now=alarm.at)
    assert told(event) == [("desk-a", "not_taken"), ("handler-a", "take_now")]
    assert all(notice.urgent and "021-55550000" in notice.params["note"] for notice in event.notices)


def test_an_undertaking_climbs_to_the_heads_of_the_unit_that_undertook_it_by_its_own_day():
    due = at("2026-12-04 18:00")
    joint = life.taken(track=Track.JOINT)
    called, _ = meetings.call(
        joint, at=life.NOW + timedelta(hours=1), place="", question="谁修", unit_ids=("TRA",), outside=(), invite=False, public="",
        by=life.person("desk-a"), town=life.TOWN, now=life.NOW,
    )  # fmt: skip
    decided = meetings.Decided(unit_id="TRA", what="设声呐", due_at=due)
    agreed, _ = meetings.record(
        called, meeting_id="H1", present="", minutes="", decided=(decided,), public="", by=life.person("desk-a"), town=life.TOWN,
        now=life.NOW,
    )  # fmt: skip
    _, lines = life.rung(agreed, due)
    (line,) = (
        line for line in lines if line.details["clock"].startswith("undertaking") and line.kind == "escalated"
    )
    assert line.details["told"] == "police-head"
    (notice,) = (notice for notice in line.notices if notice.to == "staff:police-head")
    assert (notice.params["due"], notice.params["unit"]) == ("12月4日 18:00", "区交警支队")
