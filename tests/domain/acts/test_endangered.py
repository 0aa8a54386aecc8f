"""Rule 81: where somebody may be in danger the machine stops and asks, and only people say no."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering, dispatching, endangered, escalating
from chalicelib.domain.acts.endangered import WhyNot
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, NotYours, StillOpen, WrongStage
from chalicelib.domain.parties.asking import is_attended
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.clock_model import ClockKind, LadderRole
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.readings import Answer, Reading
from chalicelib.domain.tickets.ticket import ENDED, Assisting, ExternalId, Stage, Unread
from chalicelib.domain.town.calendar import Amount
from chalicelib.domain.town.danger_signs import Danger, DangerKind, DangerSign
from chalicelib.domain.town.vocabulary import ClockRule, Duty, Role
from chalicelib.domain.understanding.corrections import danger_row_of
from chalicelib.domain.views import access
from tests.domain.life import (
    NIGHT,
    NOW,
    dispatched,
    life_town,
    person,
    received,
    received_with,
    resolved,
    taken,
)

LADDER = "1 minutes second_clerk;2 minutes station_head;4 minutes area_leader"
SIGNS = (
    DangerSign(code="d1", kind=DangerKind.LIFT, category="LIFT", sure=True, words="困在…3电梯;有人出不来"),
    DangerSign(code="d2", kind=DangerKind.FIRE, words="冒烟", unless="烧烤"),
)
BASE = life_town()
TOWN = life_town(
    danger=SIGNS,
    clocks=(
        *BASE.clocks,
        ClockRule(clock="danger", amount=Amount(count=1, unit="minutes"), ladder=LADDER),
    ),
)
POSSIBLE = Reading(danger=Danger.POSSIBLE, kinds=(DangerKind.FIRE,), words=("冒烟",))
SURE = Reading(danger=Danger.SURE, kinds=(DangerKind.LIFT,), words=("有人出不来",), category="LIFT")


def possible(text: str = "楼道灯旁边冒烟", now=NOW):
    return received_with(text, now=now, town=TOWN)


def told(event, template: str) -> list[str]:
    return [notice.to.removeprefix("staff:") for notice in event.notices if notice.template == template]


@pytest.mark.parametrize("text", ["楼道灯旁边冒烟", "浦东那边冒烟", "鸣笛的车在冒烟"])
@pytest.mark.parametrize("now", [NOW, NIGHT])
def test_possible_danger_is_never_dispatched_or_forwarded_by_the_machine(text, now):
    ticket, event = possible(text, now)
    assert (ticket.stage, ticket.urgent) == (Stage.RECEIVED, False)
    assert ticket.danger
    assert ticket.danger.is_open
    clock = clocks.find_open(ticket, ClockKind.DANGER)
    assert clock
    assert clock.due_at == now + timedelta(minutes=1)
    assert len(told(event, "danger_asked")) == 1
    assert all(notice.urgent for notice in event.notices if notice.template == "danger_asked")


def test_the_same_words_beside_what_excludes_them_are_dispatched_as_ever():
    ticket, _ = possible("楼道灯坏了，旁边烧烤冒烟")
    assert (ticket.stage, ticket.danger) == (Stage.DISPATCHED, None)


def test_sure_danger_goes_out_at_once_though_another_rule_matches_first():
    ticket, event = received_with("楼道灯坏了，电梯里有人出不来", town=TOWN)
    assert (ticket.category, ticket.urgent, ticket.stage) == ("LIFT", True, Stage.DISPATCHED)
    assert told(event, "urgent_alert")
    assert event.reading
    assert event.reading.danger is Danger.SURE


def test_sure_danger_is_not_forwarded_whatever_place_it_names():
    ticket, _ = received_with("浦东这边有人出不来", town=TOWN)
    assert (ticket.stage, ticket.forwarded_to) == (Stage.DISPATCHED, "")


def test_the_reporters_own_tap_is_sure_whatever_the_words():
    ticket, event = received_with("来人", town=TOWN, danger=DangerKind.LIFT)
    assert (ticket.category, ticket.urgent, ticket.danger.level) == ("LIFT", True, Danger.SURE)
    assert told(event, "urgent_alert")


@pytest.mark.parametrize(
    ("minutes", "rungs"), [(0.9, 0), (1, 1), (1.9, 1), (2, 2), (3.9, 2), (4, 3), (60, 3)]
)
@pytest.mark.parametrize("now", [NOW, NIGHT])
def test_the_ladder_climbs_by_the_minute_at_any_hour(minutes, rungs, now):
    ticket, _ = possible(now=now)
    due = [a for a in clocks.due_alarms(ticket, now + timedelta(minutes=minutes)) if a.clock_id == "danger-1"]
    assert len(due) == rungs


@pytest.mark.parametrize(
    ("clerk_b", "grid", "rung"),
    [
        ("08:00-20:00", "20:00-08:00", "grid"),  # the backup sleeps: whoever is at work outside
        ("20:00-08:00", "20:00-08:00", "desk-b"),  # both at work: the second clerk
        ("20:00-08:00", "08:00-20:00", "desk-b"),
        ("08:00-20:00", "08:00-20:00", "desk-b"),  # nobody at work: the backup is woken
    ],
)
def test_after_a_minute_who_is_at_work_is_rung_before_a_backup_who_sleeps(clerk_b, grid, rung):
    """Rule 81: the second clerk or the grid worker on duty."""
    rows = [row for row in BASE.duty if row.role not in (Role.FIRST_CONTACT, Role.GRID_WORKER)]
    shifts = [(Role.FIRST_CONTACT, "desk-a", "20:00-08:00"), (Role.FIRST_CONTACT, "desk-b", clerk_b)]
    for role, code, hours in [*shifts, (Role.GRID_WORKER, "grid", grid)]:
        start, until = hours.split("-")
        backup = "desk-b" if code == "desk-a" else ""
        rows.append(Duty(unit="ST", role=role, person=code, start=start, until=until, backup=backup))
    town = life_town(danger=SIGNS, clocks=TOWN.clocks, duty=tuple(rows))
    ticket, _ = received_with("楼道灯旁边冒烟", now=NIGHT, town=town)
    people = people_for(LadderRole.SECOND_CLERK, ticket, town=town, now=NIGHT + timedelta(minutes=1))
    assert [person.code for person in people] == [rung]


@pytest.mark.parametrize(
    ("seconds", "attended"), [(None, False), (0, True), (59, True), (60, True), (60.001, False)]
)
def test_a_desk_is_waited_for_while_a_console_of_it_was_heard_from_within_a_minute(seconds, attended):
    heard_at = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert is_attended(heard_at, NOW) is attended


@pytest.mark.parametrize(("minutes", "rungs"), [(0, 1), (0.9, 1), (1, 2), (2.9, 2), (3, 3)])
@pytest.mark.parametrize("now", [NOW, NIGHT])
def test_of_a_desk_that_hears_nothing_the_next_rings_at_once_and_the_desks_phone_still(minutes, rungs, now):
    ticket, event = received_with("楼道灯旁边冒烟", now=now, town=TOWN, desk_hears=False)
    due = [a for a in clocks.due_alarms(ticket, now + timedelta(minutes=minutes)) if a.clock_id == "danger-1"]
    assert [alarm.to for alarm in due] == ["second_clerk", "station_head", "area_leader"][:rungs]
    assert len(told(event, "danger_asked")) == 1


def test_a_later_word_finds_an_empty_desk_too():
    ticket, _ = endangered.heard(dispatched(), POSSIBLE, by="reporter", town=TOWN, now=NOW, desk_hears=False)
    assert clocks.next_alarm(ticket).at == NOW
    ended = resolved().model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW})
    _, event = endangered.heard(ended, POSSIBLE, by="reporter", town=TOWN, now=NOW, desk_hears=False)
    assert set(told(event, "danger_heard")) > {"desk-a"}  # an ended one has no ladder: the leaders are rung


@pytest.mark.parametrize(("hours", "is_old"), [(0, False), (2, False), (2.001, True), (70, True)])
@pytest.mark.parametrize("text", ["楼道灯旁边冒烟", "电梯里有人出不来"])
def test_an_order_of_hours_ago_is_asked_first_of_all_the_desk_has(hours, is_old, text):
    sent_at = NOW - timedelta(hours=hours)
    one = ExternalId(partner="hotline", number="H1", sent_at=sent_at, digest="x")
    ticket, _ = received_with(text, town=TOWN, external_ids=(one,))
    if not is_old:
        assert ticket.urgent is ("出不来" in text)
        return
    assert (ticket.stage, ticket.urgent, ticket.danger.is_open) == (Stage.RECEIVED, False, True)
    assert [(w.due_at, w.clock) for w in waits_for(ticket)] == [(sent_at, "danger")]
    assert clocks.find_open(ticket, ClockKind.DANGER)


def test_each_rung_rings_as_urgent():
    ticket, _ = possible()
    later = NOW + timedelta(minutes=2)
    alarm = next(a for a in clocks.due_alarms(ticket, later) if a.clock_id == "danger-1")
    _, event = escalating.escalate(ticket, alarm, town=TOWN, now=later)
    (notice, *_) = event.notices
    assert (notice.template, notice.urgent, notice.digest) == ("danger_asked", True, False)


def say(ticket, answer, kind=None):
    return endangered.answer_danger(ticket, answer=answer, kind=kind, town=TOWN, now=NOW)


def test_yes_of_the_resident_makes_it_urgent_at_once():
    after, event = say(possible()[0], Answer.YES, DangerKind.LIFT)
    assert (after.urgent, after.category, after.stage) == (True, "LIFT", Stage.DISPATCHED)
    assert clocks.find_open(after, ClockKind.DANGER) is None
    assert clocks.find_open(after, ClockKind.RESPONSE)
    assert told(event, "urgent_alert")


def test_no_of_the_resident_ends_the_ladder_and_the_desk_still_looks():
    after, _ = say(possible()[0], Answer.NO)
    assert clocks.find_open(after, ClockKind.DANGER) is None
    assert (after.stage, after.urgent, after.danger.is_open) == (Stage.RECEIVED, False, True)
    with pytest.raises(StillOpen):
        dispatching.dispatch(after, unit_id="PM", handler_id=None, by=person("desk-a"), track=None, note="",
                             town=TOWN, now=NOW)  # fmt: skip


def test_unsure_lets_the_ladder_go_on_and_asks_the_desk_to_call():
    after, event = say(possible()[0], Answer.UNSURE)
    assert clocks.find_open(after, ClockKind.DANGER)
    assert len(told(event, "danger_call")) == 1


def test_a_second_answer_may_raise_but_not_lower():
    after, _ = say(possible()[0], Answer.NO)
    with pytest.raises(AlreadyDone):
        say(after, Answer.UNSURE)
    assert say(after, Answer.YES)[0].urgent


def test_nobody_who_was_not_asked_says_no():
    ticket, _ = received_with("楼道灯坏了", town=TOWN)
    with pytest.raises(AlreadyDone):
        say(ticket, Answer.NO)
    assert say(ticket, Answer.YES)[0].urgent


DESK_ACTS = {
    "answer": lambda t: answering.answer(t, by=person("desk-a"), text="好", town=TOWN, now=NOW),
    "forward": lambda t: answering.forward(
        t, by=person("desk-a"), to="12345", number="", text="转", town=TOWN, now=NOW
    ),
    "decline": lambda t: answering.decline(
        t, by=person("desk-a"), reason=answering.DeclineReason.UNTRUE, text="不", instead="x", town=TOWN, now=NOW
    ),
    "assign": lambda t: dispatching.assign_finally(
        t, unit_id="PM", handler_id=None, by=person("area"), note="", town=TOWN, now=NOW
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", DESK_ACTS)
def test_no_act_of_the_desk_passes_an_open_danger_over(act):
    with pytest.raises(StillOpen):
        DESK_ACTS[act](possible()[0])


def test_yes_of_the_desk_makes_it_urgent_and_counts_who_said_so():
    after, event = endangered.confirm_danger(
        possible()[0], by=person("desk-a"), reached=False, town=TOWN, now=NOW
    )
    assert (after.urgent, after.danger.level, after.danger.by) == (True, Danger.SURE, "desk-a")
    assert clocks.find_latest(after, ClockKind.DANGER).met_by == "desk-a"
    assert event.details["reached"] == "no"


def test_whom_the_ladder_rang_may_say_yes_and_nobody_else_of_their_role():
    ticket, _ = possible()
    with pytest.raises(NotFound):
        access.need_asked(ticket, person("grid"), TOWN)
    rung = ticket.model_copy(update={"escalated_to": ("grid",)})
    access.need_asked(rung, person("grid"), TOWN)
    access.need_asked(ticket, person("desk-a"), TOWN)


def test_no_of_the_desk_needs_a_reason_which_the_resident_hears():
    ticket, _ = possible()
    with pytest.raises(Invalid):
        endangered.deny_danger(ticket, by=person("desk-a"), why=WhyNot.OTHER, note=" ", town=TOWN, now=NOW)
    after, event = endangered.deny_danger(
        ticket, by=person("desk-a"), why=WhyNot.HAZARD, note="", town=TOWN, now=NOW
    )
    assert clocks.find_open(after, ClockKind.DANGER) is None
    assert not after.danger.is_open
    assert [notice.template for notice in event.notices] == ["danger_denied"]
    with pytest.raises(AlreadyDone):
        endangered.deny_danger(after, by=person("desk-a"), why=WhyNot.PAST, note="", town=TOWN, now=NOW)
    dispatched_, _ = dispatching.dispatch(after, unit_id="PM", handler_id=None, by=person("desk-a"), track=None,
                                          note="", town=TOWN, now=NOW)  # fmt: skip
    assert dispatched_.stage is Stage.DISPATCHED


def hear(ticket, reading):
    return endangered.heard(ticket, reading, by="reporter", town=TOWN, now=NOW)


@pytest.mark.parametrize("reading", [POSSIBLE, SURE])
@pytest.mark.parametrize("make", [dispatched, taken])
def test_a_later_word_rings_the_holder_and_the_desk(make, reading):
    after, event = hear(make(), reading)
    rung = {notice.to for notice in event.notices if notice.urgent}
    assert {"staff:handler-a", "staff:desk-a"} <= rung
    assert after.urgent is (reading is SURE)
    assert event.reading is reading


def test_a_later_word_of_an_ended_ticket_rings_the_desk_whose_yes_begins_it_again():
    ended = resolved().model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW})
    after, event = hear(ended, POSSIBLE)
    assert told(event, "danger_heard") == ["desk-a"]
    assert [(w.who, w.clock) for w in waits_for(after)] == [("desk:ST", "danger")]
    again, _ = endangered.confirm_danger(after, by=person("desk-a"), reached=True, town=TOWN, now=NOW)
    assert again.stage in (Stage.RECEIVED, Stage.DISPATCHED)
    assert (again.urgent, again.round) == (True, ended.round + 1)


def test_the_same_word_again_rings_no_second_time_while_it_is_open():
    after, _ = hear(dispatched(), POSSIBLE)
    assert hear(after, POSSIBLE) is None
    assert hear(after, SURE) is not None


def test_after_a_no_new_words_ask_anew():
    after, _ = hear(dispatched(), POSSIBLE)
    denied, _ = endangered.deny_danger(
        after, by=person("desk-a"), why=WhyNot.PAST, note="", town=TOWN, now=NOW
    )
    assert hear(denied, POSSIBLE)[0].danger.is_open


def test_a_word_without_danger_changes_nothing():
    assert hear(dispatched(), Reading()) is None


def test_whoever_has_it_already_is_rung_when_a_person_says_yes_and_so_are_assisting_units():
    asked, _ = hear(taken(), POSSIBLE)
    helped = asked.model_copy(update={"assisting": (Assisting(unit_id="TRA"),)})
    _, event = endangered.confirm_danger(helped, by=person("desk-a"), reached=True, town=TOWN, now=NOW)
    assert {"handler-a", "police"} <= set(told(event, "danger_heard"))


@pytest.mark.parametrize("stage", sorted(ENDED - {Stage.MERGED}))
def test_whatever_ended_it_a_yes_begins_it_again_with_all_that_it_is_owed(stage):
    ended = resolved().model_copy(
        update={"stage": stage, "closed_at": NOW, "unread": Unread(since=NOW, by="member")}
    )
    after, _ = say(ended, Answer.YES, DangerKind.GAS)
    again, _ = endangered.confirm_danger(after, by=person("desk-a"), reached=False, town=TOWN, now=NOW)
    assert (again.urgent, again.round, again.closed_at, again.unread) == (True, 2, None, None)
    assert clocks.find_open(again, ClockKind.RESPONSE)


def test_a_merged_one_is_urgent_where_it_goes_on():
    merged = received().model_copy(
        update={"stage": Stage.MERGED, "merged_into": "01JD0000000000000000000009"}
    )
    for act in (lambda: say(merged, Answer.YES, DangerKind.GAS), lambda: hear(merged, SURE)):
        with pytest.raises(WrongStage):
            act()


def denied_and_ended():
    ticket, _ = possible()
    after, _ = endangered.deny_danger(
        ticket, by=person("desk-a"), why=WhyNot.DRILL, note="", town=TOWN, now=NOW
    )
    return after.model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW})


def agree(ticket, by="st-head"):
    return endangered.agree_no_danger(ticket, by=person(by), town=TOWN, now=NOW)


def test_a_no_is_agreed_to_by_a_second_person_once_the_ticket_has_ended():
    ended = denied_and_ended()
    with pytest.raises(NotYours):
        agree(ended, "desk-a")
    with pytest.raises(StillOpen):
        agree(ended.model_copy(update={"stage": Stage.RECEIVED, "closed_at": None}))
    with pytest.raises(WrongStage):
        agree(resolved().model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW}))
    after, event = agree(ended)
    assert (after.danger.agreed_by, event.kind, event.notices) == ("st-head", "danger_no_agreed", ())
    with pytest.raises(AlreadyDone):
        agree(after, "area")


@pytest.mark.parametrize(
    ("case", "ended", "learned"),
    [
        ({}, True, None),  # nobody has said
        ({"answer": Answer.NO}, True, None),  # the resident alone
        ({"decided": Answer.NO}, True, None),
        ({"decided": Answer.NO, "agreed_by": "st-head"}, False, None),  # reopened meanwhile
        ({"decided": Answer.NO, "agreed_by": "st-head"}, True, "none"),
        ({"decided": Answer.YES}, False, "danger"),
        ({"answer": Answer.YES}, False, "danger"),
        ({"level": Danger.SURE}, False, None),
        ({"level": Danger.SURE}, True, "danger"),  # to its end nobody took it back
    ],
)
def test_what_is_learned_of_a_danger_is_what_people_decided(case, ended, learned):
    ticket, _ = possible()
    ticket = ticket.model_copy(
        update={
            "danger": ticket.danger.model_copy(update=case),
            "stage": Stage.CLOSED if ended else Stage.RECEIVED,
        }
    )
    row = danger_row_of(ticket)
    assert (row.label if row else None) == learned
    assert danger_row_of(ticket.model_copy(update={"confidential": True})) is None


def test_a_case_keeps_the_signs_that_heard_it():
    ticket, _ = possible()
    assert ticket.danger.signs == ("d2",)
    after, _ = hear(ticket, SURE.model_copy(update={"signs": ("d1",)}))
    assert after.danger.signs == ("d1", "d2")
