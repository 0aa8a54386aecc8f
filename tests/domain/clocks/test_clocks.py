"""Starting, meeting, ending, pausing, resuming and extending clocks; arming; being watched."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import chalicelib.domain
from chalicelib.domain.acts import withholding
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.bounds import MOST_CLOCKS, bounded
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Pause, Stage, Ticket
from chalicelib.domain.town.vocabulary import Track
from tests.domain.clock_town import a_ticket, a_town, at, rule

TOWN = a_town()
FRIDAY = at("2026-11-20 17:00")


def rungs(ticket: Ticket) -> list[tuple[str, str]]:
    return [(f"{rung.at:%m-%d %H:%M:%S}", f"{rung.act} {rung.to}") for rung in ticket.clocks[-1].rungs]


def due(ticket: Ticket) -> str:
    return f"{ticket.clocks[-1].due_at:%m-%d %H:%M}"


DAYS_LADDER = ["remind handler", "escalate unit_head", "escalate area_leader", "supervise town_leader"]


@pytest.mark.parametrize(
    ("kind", "about", "due_at", "ladder"),
    [
        ("feedback", {}, "11-20 17:05", [
            ("11-20 17:02:00", "remind desk"), ("11-20 17:03:30", "remind desk"),
            ("11-20 17:05:00", "escalate station_head"), ("11-20 17:10:00", "escalate area_leader")]),
        ("take", {}, "11-23 10:00", [("11-23 10:00:00", "escalate backup"), ("11-23 11:00:00", "escalate unit_head")]),
        ("take", {"urgent": True}, "11-20 17:15", [
            ("11-20 17:15:00", "escalate backup"), ("11-20 17:30:00", "escalate unit_head")]),
        ("take", {"facility": True}, "11-20 17:15", [
            ("11-20 17:15:00", "escalate backup"), ("11-20 17:30:00", "escalate unit_head")]),
        ("response", {"facility": True}, "11-20 18:00", [
            ("11-20 18:00:00", "escalate unit_head"), ("11-20 18:30:00", "escalate area_leader")]),
        ("unit_feedback", {}, "11-23 18:00", [("11-23 18:00:00", "escalate unit_head")]),
        ("resolution", {}, "11-24 18:00", list(zip(
            ["11-24 14:12:00", "11-24 18:00:00", "11-25 18:00:00", "11-27 18:00:00"], DAYS_LADDER, strict=True))),
        ("resolution", {"track": Track.JOINT}, "11-27 18:00", list(zip(
            ["11-26 17:48:00", "11-27 18:00:00", "11-30 18:00:00", "12-02 18:00:00"], DAYS_LADDER, strict=True))),
        ("resolution", {"track": Track.DIFFICULT}, "12-11 18:00", list(zip(
            ["12-08 17:48:00", "12-11 18:00:00", "12-14 18:00:00", "12-16 18:00:00"], DAYS_LADDER, strict=True))),
        ("progress", {"track": Track.JOINT}, "11-27 18:00", [("11-27 18:00:00", "escalate unit_head")]),
        ("supervision", {}, "11-25 18:00", [
            ("11-25 18:00:00", "escalate area_leader"), ("11-26 18:00:00", "escalate town_leader")]),
        ("follow_up", {}, "11-24 18:00", [("11-24 18:00:00", "escalate station_head")]),
    ],
)  # fmt: skip
def test_each_clock_has_the_due_time_and_the_ladder_of_its_row(kind, about, due_at, ladder):
    ticket = clocks.start(a_ticket(**about), ClockKind(kind), town=TOWN, now=FRIDAY)
    assert due(ticket) == due_at
    assert rungs(ticket) == ladder


@pytest.mark.parametrize(
    ("received", "due_at"),
    [
        ("2026-11-20 20:59:59", "11-20 21:59"),
        ("2026-11-20 21:00", "11-20 22:00"),  # the hour ends with the day
        ("2026-11-20 21:30", "11-21 07:30"),
        ("2026-11-20 23:00", "11-21 08:00"),
        ("2026-11-21 06:59:59", "11-21 08:00"),
    ],
)
def test_a_response_that_need_not_come_at_night_has_its_hour_by_day(received, due_at):
    ticket = a_ticket(facility=True, night=False)
    assert due(clocks.start(ticket, ClockKind.RESPONSE, town=TOWN, now=at(received))) == due_at


def test_every_other_clock_runs_at_night_whatever_the_category():
    ticket = a_ticket(facility=True, night=False)
    assert (
        due(clocks.start(ticket, ClockKind.FEEDBACK, town=TOWN, now=at("2026-11-20 23:00"))) == "11-20 23:05"
    )


def test_the_lantern_festival_saturday_made_a_working_day_counts():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=at("2026-02-12 10:00"))
    assert due(ticket) == "02-14 18:00"  # Friday, and the Saturday that 调休 makes a working day


def test_what_the_town_does_not_promise_has_no_clock():
    town = a_town(clocks=())
    assert clocks.start(a_ticket(), ClockKind.TAKE, town=town, now=FRIDAY) == a_ticket()


def test_a_second_start_is_the_next_round_and_ends_the_first():
    once = clocks.start(a_ticket(), ClockKind.TAKE, town=TOWN, now=FRIDAY)
    twice = clocks.start(once, ClockKind.TAKE, town=TOWN, now=FRIDAY + timedelta(hours=1))
    assert [(clock.id, clock.is_open, len(clock.rungs)) for clock in twice.clocks] == [
        ("take-1", False, 0),
        ("take-2", True, 2),
    ]


def test_a_met_clock_keeps_who_met_it_and_rings_no_more():
    ticket = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY)
    met = clocks.meet(ticket, ClockKind.FEEDBACK, by="machine", now=FRIDAY + timedelta(minutes=1))
    assert (met.clocks[0].met_by, met.clocks[0].met_at) == ("machine", FRIDAY + timedelta(minutes=1))
    assert clocks.next_alarm(met) is None


def test_a_clock_is_never_met_twice():
    ticket = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY)
    met = clocks.meet(ticket, ClockKind.FEEDBACK, by="machine", now=FRIDAY)
    assert clocks.meet(met, ClockKind.FEEDBACK, by="desk-a", now=FRIDAY + timedelta(hours=1)) == met


def test_an_ended_clock_cannot_be_met_and_a_met_one_not_ended():
    ticket = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY)
    ended = clocks.end(ticket, [ClockKind.FEEDBACK], now=FRIDAY)
    met = clocks.meet(ticket, ClockKind.FEEDBACK, by="desk-a", now=FRIDAY)
    assert clocks.meet(ended, ClockKind.FEEDBACK, by="desk-a", now=FRIDAY) == ended
    assert clocks.end(met, ClockKind, now=FRIDAY) == met


def test_a_paused_clock_may_be_met():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY)
    paused = clocks.pause(ticket, [ClockKind.RESOLUTION], now=FRIDAY)
    met = clocks.meet(paused, ClockKind.RESOLUTION, by="handler-a", now=at("2026-12-24 09:00"))
    assert met.clocks[0].met_at == at("2026-12-24 09:00")
    assert not clocks.is_overdue(met.clocks[0], at("2026-12-25 09:00"))


def test_a_paused_clock_has_no_alarm_and_only_those_asked_for_are_paused():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY)
    ticket = clocks.start(ticket, ClockKind.UNIT_FEEDBACK, town=TOWN, now=FRIDAY)
    paused = clocks.pause(ticket, [ClockKind.RESOLUTION, ClockKind.REVIEW], now=FRIDAY)
    late = clocks.due_alarms(paused, at("2027-01-01 00:00"))
    assert [alarm.clock_id for alarm in late] == ["unit_feedback-1"]


def test_a_resumed_clock_has_what_was_left_of_it_in_working_time():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY)  # due Tuesday 18:00
    paused = clocks.pause(
        ticket, [ClockKind.RESOLUTION], now=at("2026-11-23 12:00")
    )  # 6 h Monday, 9 h Tuesday left
    resumed = clocks.resume(paused, town=TOWN, now=at("2026-11-26 15:00"))
    assert due(resumed) == "11-30 12:00"  # 3 h Thursday, 9 h Friday, 3 h Monday
    assert rungs(resumed)[1] == ("11-30 12:00:00", "escalate unit_head")


def test_a_clock_already_late_when_paused_stays_late():
    ticket = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY)
    paused = clocks.pause(ticket, [ClockKind.FEEDBACK], now=FRIDAY + timedelta(minutes=6))
    resumed = clocks.resume(paused, town=TOWN, now=FRIDAY + timedelta(hours=1))
    assert clocks.is_overdue(resumed.clocks[0], FRIDAY + timedelta(hours=1))
    assert rungs(resumed)[2:] == [
        ("11-20 17:05:00", "escalate station_head"),
        ("11-20 18:04:00", "escalate area_leader"),
    ]


def test_an_extension_is_a_new_round_due_that_many_working_days_later():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY)
    extended = clocks.extend(
        ticket, ClockKind.RESOLUTION, working_days=3, town=TOWN, now=at("2026-11-24 17:00")
    )
    old, new = extended.clocks
    assert (old.is_open, old.extended, new.extended, new.id) == (False, False, True, "resolution-2")
    assert due(extended) == "11-27 18:00"
    assert not clocks.is_overdue(old, at("2027-01-01 00:00"))
    assert [act for _, act in rungs(extended)] == DAYS_LADDER


def test_a_paused_clock_that_is_extended_stays_paused_and_loses_nothing():
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY)
    paused = clocks.pause(ticket, [ClockKind.RESOLUTION], now=at("2026-11-24 18:00"))  # the very due time
    extended = clocks.extend(
        paused, ClockKind.RESOLUTION, working_days=1, town=TOWN, now=at("2026-12-01 09:00")
    )
    assert clocks.next_alarm(extended) is None
    assert due(clocks.resume(extended, town=TOWN, now=at("2026-12-02 09:00"))) == "12-02 18:00"


def test_nothing_open_cannot_be_extended():
    ticket = clocks.start(a_ticket(), ClockKind.TAKE, town=TOWN, now=FRIDAY)
    assert clocks.extend(ticket, ClockKind.RESOLUTION, working_days=3, town=TOWN, now=FRIDAY) == ticket


@pytest.mark.parametrize(
    ("moment", "late"), [("17:04:59", False), ("17:05:00", False), ("17:05:00.001", True), ("17:05:01", True)]
)
def test_the_last_instant_is_still_in_time(moment, late):
    ticket = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY)
    now = at(f"2026-11-20 {moment}")
    assert clocks.is_overdue(ticket.clocks[0], now) is late
    met = clocks.meet(ticket, ClockKind.FEEDBACK, by="desk-a", now=now)
    assert clocks.is_overdue(met.clocks[0], at("2027-01-01 00:00")) is late


def test_an_instant_is_kept_as_exactly_as_it_is_stored():
    now = at("2026-11-20 17:00:00.123456")
    ticket = clocks.start(a_ticket(), ClockKind.RESOLUTION, town=TOWN, now=now)
    ticket = clocks.pause(ticket, ClockKind, now=now + timedelta(microseconds=999))
    ticket = clocks.resume(ticket, town=TOWN, now=now + timedelta(hours=1, microseconds=777))
    ticket = clocks.meet(ticket, ClockKind.RESOLUTION, by="x", now=now + timedelta(hours=2))
    assert Ticket.model_validate_json(ticket.model_dump_json()) == ticket


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("17:01:58.999", 0),
        ("17:01:59", 1),
        ("17:02:00", 1),
        ("17:03:29", 2),
        ("17:09:58", 3),
        ("17:10:00", 4),
    ],
)
def test_an_alarm_is_due_from_one_second_before_its_instant_and_stays_due(moment, count):
    ticket = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY)
    due_now = clocks.due_alarms(ticket, at(f"2026-11-20 {moment}"))
    assert [alarm.rung for alarm in due_now] == list(range(count))


def test_the_first_alarm_starts_a_generation_and_so_does_a_later_one():
    armed = clocks.arm(clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY))
    later = clocks.arm(
        clocks.meet(
            clocks.start(armed, ClockKind.TAKE, town=TOWN, now=FRIDAY), ClockKind.FEEDBACK, by="x", now=FRIDAY
        )
    )
    assert (armed.generation, armed.armed_for) == (1, at("2026-11-20 17:02"))
    assert (later.generation, later.armed_for) == (2, at("2026-11-23 10:00"))


def test_an_execution_that_goes_on_by_itself_needs_no_other():
    armed = clocks.arm(clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=FRIDAY))
    rung = clocks.arm(clocks.carried_on(clocks.start(armed, ClockKind.TAKE, town=TOWN, now=FRIDAY)))
    assert rung.generation == armed.generation


def test_an_earlier_alarm_starts_a_new_generation():
    armed = clocks.arm(clocks.start(a_ticket(), ClockKind.TAKE, town=TOWN, now=FRIDAY))
    earlier = clocks.arm(clocks.start(armed, ClockKind.FEEDBACK, town=TOWN, now=FRIDAY))
    assert (earlier.generation, earlier.armed_for) == (2, at("2026-11-20 17:02"))


def test_the_same_alarm_again_starts_nothing():
    armed = clocks.arm(clocks.start(a_ticket(), ClockKind.TAKE, town=TOWN, now=FRIDAY))
    assert clocks.arm(armed) == armed


def test_an_alarm_after_none_starts_a_new_generation():
    armed = clocks.arm(clocks.start(a_ticket(), ClockKind.TAKE, town=TOWN, now=FRIDAY))
    quiet = clocks.arm(clocks.meet(armed, ClockKind.TAKE, by="x", now=FRIDAY))
    again = clocks.arm(clocks.start(quiet, ClockKind.RESOLUTION, town=TOWN, now=FRIDAY))
    assert (quiet.generation, quiet.armed_for, again.generation) == (1, None, 2)


def test_a_ticket_that_no_clock_watches_is_reviewed_on_the_next_working_day():
    watched = clocks.watched(a_ticket(stage=Stage.HANDLING), town=TOWN, now=FRIDAY)
    assert rungs(watched) == [
        ("11-23 18:00:00", "escalate approver"),
        ("11-24 18:00:00", "escalate unit_head"),
        ("11-26 18:00:00", "escalate area_leader"),
    ]


def test_the_review_ends_when_another_clock_watches_again():
    reviewed = clocks.watched(a_ticket(), town=TOWN, now=FRIDAY)
    started = clocks.start(reviewed, ClockKind.TAKE, town=TOWN, now=FRIDAY)
    watched = clocks.watched(started, town=TOWN, now=FRIDAY)
    assert [clock.kind for clock in watched.clocks if clock.is_open] == [ClockKind.TAKE]
    assert clocks.watched(watched, town=TOWN, now=FRIDAY) == watched


def test_a_paused_ticket_is_watched_by_its_review_date():
    pause = Pause(kind="suspended", reason="等拨款", approved_by="area", since=FRIDAY,
                  review_at=at("2026-12-20 09:00"), back_to=Stage.HANDLING)  # fmt: skip
    ticket = clocks.start(
        a_ticket(stage=Stage.SUSPENDED, pause=pause), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY
    )
    watched = clocks.watched(clocks.pause(ticket, ClockKind, now=FRIDAY), town=TOWN, now=FRIDAY)
    alarm = clocks.next_alarm(watched)
    assert alarm is not None
    assert (alarm.clock_id, alarm.to, alarm.at) == ("review-1", "approver", at("2026-12-20 09:00"))
    resumed = clocks.resume(watched, town=TOWN, now=at("2026-12-20 09:00"))
    assert [clock.kind for clock in resumed.clocks if clock.is_open] == [ClockKind.RESOLUTION]


@pytest.mark.parametrize(
    "stage", [Stage.CLOSED, Stage.DECLINED, Stage.FORWARDED, Stage.WITHDRAWN, Stage.MERGED]
)
def test_a_ticket_at_its_end_has_no_clock_left(stage):
    ticket = clocks.start(a_ticket(stage=stage), ClockKind.RESOLUTION, town=TOWN, now=FRIDAY)
    watched = clocks.watched(ticket, town=TOWN, now=FRIDAY)
    assert clocks.next_alarm(watched) is None
    assert not any(clock.is_open for clock in watched.clocks)


def test_a_clock_without_a_ladder_does_not_count_as_watching():
    town = a_town(clocks=(rule("take", "1 hours"),))
    started = clocks.start(a_ticket(), ClockKind.TAKE, town=town, now=FRIDAY)
    assert clocks.next_alarm(clocks.watched(started, town=town, now=FRIDAY)) is not None


DANGER_TOWN = a_town(
    clocks=(
        rule("danger", "1 minutes", ladder="1 minutes desk;2 minutes station_head;4 minutes area_leader"),
    )
)


@pytest.mark.parametrize(
    ("late", "ladder"),
    [
        (0, ["17:00:00", "17:01:00", "17:03:00"]),
        (30, ["17:00:30", "17:01:30", "17:03:30"]),
        (60, ["17:01:00", "17:02:00", "17:04:00"]),  # the first is due: nothing is left to hasten
        (90, ["17:01:00", "17:02:00", "17:04:00"]),
    ],
)
def test_a_hastened_clock_rings_its_next_rung_now_and_those_behind_it_as_much_earlier(late, ladder):
    ticket = clocks.start(a_ticket(), ClockKind.DANGER, town=DANGER_TOWN, now=FRIDAY)
    hastened = clocks.hasten(ticket, ClockKind.DANGER, now=FRIDAY + timedelta(seconds=late))
    assert [f"{rung.at:%H:%M:%S}" for rung in hastened.clocks[-1].rungs] == ladder
    assert hastened.clocks[-1].due_at == ticket.clocks[-1].due_at


def test_what_does_not_run_is_not_hastened():
    ticket = clocks.start(a_ticket(), ClockKind.DANGER, town=DANGER_TOWN, now=FRIDAY)
    met = clocks.meet(ticket, ClockKind.DANGER, by="desk-a", now=FRIDAY)
    assert clocks.hasten(met, ClockKind.DANGER, now=FRIDAY) is met
    assert clocks.hasten(ticket, ClockKind.TAKE, now=FRIDAY) is ticket


def test_no_round_has_the_number_of_an_earlier_one_also_where_those_in_time_have_given_way():
    ticket, seen = a_ticket(stage=Stage.HANDLING), []
    for day in range(2 * MOST_CLOCKS):
        now = FRIDAY + timedelta(days=day)
        begun = clocks.start(ticket, ClockKind.REVIEW, town=TOWN, now=now, due_at=now + timedelta(days=2))
        seen.append(begun.clocks[-1].id)
        ticket = bounded(begun, ticket)
    assert len(set(seen)) == len(seen) > len(ticket.clocks)


def test_a_round_is_numbered_in_one_place():
    sets = re.compile(r'"round": (?!next_round|number\b)|\bround=(?!next_round)')
    domain = Path(chalicelib.domain.__path__[0])
    found = {
        f"{path.name}: {line.strip()}"
        for path in domain.rglob("*.py")
        if "Clock" in (source := path.read_text(encoding="utf-8"))
        for line in source.splitlines()
        if sets.search(line) and ".round" not in line
    }
    assert found == set()


def test_looks_that_have_given_way_leave_their_numbers():
    ticket, seen = a_ticket(stage=Stage.HANDLING), []
    for day in range(2 * MOST_CLOCKS):
        now = FRIDAY + timedelta(days=day)
        feedback = clocks.start(a_ticket(), ClockKind.FEEDBACK, town=TOWN, now=now).clocks[-1]
        look = withholding.look(ticket, feedback)
        seen.append(look.id)
        ended = look.model_copy(update={"met_at": look.started_at})
        ticket = bounded(ticket.model_copy(update={"clocks": (*ticket.clocks, ended)}), ticket)
    assert len(set(seen)) == len(seen) > len(ticket.clocks)
