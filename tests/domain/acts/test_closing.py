"""办结、双回访、重办、结案: nothing closes without what the policy demands (rules 5, 17–20, 25, 32–34)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering, closing, following_up, reworking
from chalicelib.domain.acts.reworking import verify
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    AlreadyDone,
    FollowUpMissing,
    Invalid,
    NotAllowed,
    TooLate,
    WrongStage,
)
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.ticket import FollowUpResult, Stage
from chalicelib.domain.town.vocabulary import Source, Track
from tests.domain.clock_town import at
from tests.domain.life import (
    NOW,
    TOWN,
    dispatched,
    person,
    received,
    resolve,
    resolved,
    taken,
    told,
)

PATROL = {"source": Source.PATROL, "reporter_id": None, "entered_by": "grid", "reachable": "none"}
PHONE = {"source": Source.PHONE, "entered_by": "desk-b", "reachable": "call"}


def rate(ticket, solved=True, is_reporter=True, now=NOW):
    return following_up.rate(
        ticket, solved=solved, satisfied=None, words="", is_reporter=is_reporter, town=TOWN, now=now
    )


def call(ticket, outcome="answered", solved=None, by="desk-a", now=NOW, town=TOWN, **more):
    return following_up.record_call(ticket, by=person(by), outcome=CallOutcome(outcome), solved=solved, satisfied=None, words="", **more,
                               town=town, now=now)  # fmt: skip


def rework(ticket, by="desk-a"):
    return reworking.rework(ticket, by=by, reason="没修好", town=TOWN, now=NOW)


def close(ticket, by="desk-a"):
    return closing.close(ticket, by=person(by), note="", town=TOWN, now=NOW)


def exempt(ticket, by="st-head"):
    return closing.exempt(ticket, by=person(by), rule="匿名反映", town=TOWN, now=NOW)


def check(ticket, ok=True, by="grid"):
    return verify(ticket, by=person(by), ok=ok, note="", photos=(), town=TOWN, now=NOW)


def reopen(ticket, now):
    return reworking.reopen(ticket, reason="又坏了", town=TOWN, now=now)


def in_round(ticket, round_):
    """The ticket as it is resolved in that round."""
    for _ in range(round_ - 1):
        ticket = resolve(rework(ticket)[0])
    return ticket


def test_solved_by_the_reporter_in_the_app_closes():
    ticket, event = rate(resolved())
    assert (ticket.stage, ticket.outcome, event.kind) == (Stage.CLOSED, "solved", "closed")
    assert clocks.find_latest(ticket, ClockKind.FOLLOW_UP).met_by == "reporter"


def test_not_solved_asks_for_a_call_and_warns_the_unit_head():
    ticket, event = rate(resolved(), solved=False)
    assert (ticket.stage, ticket.on_call_list) == (Stage.RESOLVED, True)
    assert told(event) == {"not_solved_warning": ["handler-a", "off-head"], "call_needed": ["desk-a"]}


def test_a_neighbours_rating_never_closes_and_never_stands_in_the_reporters_way():
    ticket, _ = rate(resolved(), is_reporter=False)
    assert ticket.stage is Stage.RESOLVED
    with pytest.raises(FollowUpMissing):
        close(ticket)
    unhappy, _ = rate(ticket, solved=False, is_reporter=False)
    assert unhappy.on_call_list
    assert rate(unhappy)[0].stage is Stage.CLOSED


def test_the_app_is_no_follow_up_for_someone_who_called():
    ticket, _ = rate(resolved(**PHONE))
    assert ticket.stage is Stage.RESOLVED


def test_each_round_is_rated_once():
    ticket, _ = rate(resolved(), solved=False)
    with pytest.raises(AlreadyDone):
        rate(ticket)
    assert rate(in_round(ticket, 2))[0].stage is Stage.CLOSED


def test_not_solved_after_closing_owes_a_call_with_a_clock_that_rings():
    answered = answering.answer(received(), by=person("desk-a"), text="八点", town=TOWN, now=NOW)[0]
    ticket, event = rate(answered, solved=False)
    assert (ticket.stage, event.kind, ticket.on_call_list) == (Stage.RESOLVED, "rated", True)
    assert clocks.find_open(ticket, ClockKind.FOLLOW_UP).is_running
    assert told(event) == {"call_needed": ["desk-a"]}


def test_solved_after_closing_is_kept_as_a_rating():
    answered = answering.answer(received(), by=person("desk-a"), text="八点", town=TOWN, now=NOW)[0]
    ticket, event = rate(answered, solved=True)
    assert (ticket.stage, event.kind, ticket.on_call_list) == (Stage.CLOSED, "rated", False)


def test_calls_in_vain_do_not_overrule_not_solved_only_the_area_leader_does():
    ticket = rate(resolved(), solved=False)[0]
    for day in (0, 0, 1):
        at_ = NOW + timedelta(days=day)
        ticket, event = following_up.record_call(
            ticket, by=person("desk-a"), outcome=CallOutcome.NOT_ANSWERED, solved=None, satisfied=None, words="", town=TOWN, now=at_
        )  # fmt: skip
    assert (ticket.stage, event.kind) == (Stage.RESOLVED, "unreached")
    assert "area" in told(event)["decision_needed"]
    with pytest.raises(NotAllowed):
        closing.exempt(ticket, by=person("st-head"), rule="打不通", town=TOWN, now=NOW)
    exempted = closing.exempt(ticket, by=person("area"), rule="现场看过，确已修好", town=TOWN, now=NOW)[0]
    assert closing.close(exempted, by=person("desk-a"), note="", town=TOWN, now=NOW)[0].outcome == "exempt"


def test_a_call_says_whether_it_is_solved():
    with pytest.raises(Invalid):
        call(resolved(), solved=None)
    assert call(resolved(), solved=True)[0].outcome == "solved"
    again, event = call(resolved(), solved=False)
    assert (again.stage, again.round, event.kind) == (Stage.HANDLING, 2, "reworked")


@pytest.mark.parametrize(
    ("days", "unreached"),
    [(["23"], False), (["23", "23", "23"], False), (["23", "23", "23", "23"], False), (["23", "24"], False), (["23", "23", "24"], True),
     (["23", "24", "25"], True)],
)  # fmt: skip
def test_three_attempts_on_two_days_without_an_answer_are_unreached(days, unreached):
    ticket = resolved()
    for day in days:
        ticket, event = call(ticket, outcome="not_answered", now=at(f"2026-11-{day} 15:00"))
    assert (event.kind == "unreached", ticket.stage is Stage.CLOSED) == (unreached, unreached)
    if unreached:
        last = ticket.follow_ups[-1]
        assert (ticket.outcome, last.result, last.satisfied) == ("unreached", FollowUpResult.UNREACHED, None)


def test_days_are_the_towns_days_not_those_of_another_clock():
    ticket = resolved()
    for instant in ("2026-11-23 20:00", "2026-11-23 21:00", "2026-11-23 23:59"):
        ticket, _ = call(ticket, outcome="not_answered", now=at(instant))
    assert ticket.stage is Stage.RESOLVED
    assert call(ticket, outcome="not_answered", now=at("2026-11-24 00:00"))[0].stage is Stage.CLOSED


def test_attempts_of_an_earlier_round_do_not_count():
    ticket = resolved()
    for day in ("23", "24"):
        ticket, _ = call(ticket, outcome="not_answered", now=at(f"2026-11-{day} 15:00"))
    ticket, _ = call(in_round(ticket, 2), outcome="not_answered", now=at("2026-11-25 15:00"))
    assert ticket.stage is Stage.RESOLVED


@pytest.mark.parametrize("act", [call, check, exempt])
def test_nobody_follows_up_checks_or_exempts_the_own_work(act):
    with pytest.raises(NotAllowed):
        act(resolved(unit="ST", handler="desk-b"), by="desk-b")
    assert act(
        resolved(unit="ST", handler="desk-b"), by="st-head", **({"solved": True} if act is call else {})
    )


def test_from_the_second_rework_on_the_track_rises():
    ticket, tracks = resolved(), []
    for _ in range(4):
        ticket, event = rework(ticket)
        tracks.append(ticket.track)
        assert told(event)["not_solved_warning"] == ["off-head"]
        ticket = resolve(ticket)
    assert tracks == [Track.SIMPLE, Track.JOINT, Track.DIFFICULT, Track.DIFFICULT]
    assert ticket.round == 5


def test_a_rework_is_a_new_round_with_new_clocks_and_no_old_exemption():
    before = exempt(resolved())[0]
    after, _ = rework(before)
    assert (after.exemption, after.on_call_list, after.outcome) == ("", False, "")
    assert [c.round for c in after.clocks if c.kind is ClockKind.RESOLUTION] == [1, 2]
    assert clocks.find_open(after, ClockKind.UNIT_FEEDBACK).round == 2
    assert clocks.find_open(after, ClockKind.FOLLOW_UP) is None


def test_what_staff_found_closes_by_someone_elses_check_and_by_nothing_less():
    ticket = resolved(**PATROL)
    with pytest.raises(FollowUpMissing):
        close(ticket)
    assert check(ticket)[0].outcome == "solved"
    assert check(ticket, ok=False)[0].round == 2


def test_a_check_of_what_a_resident_reported_does_not_replace_asking_the_resident():
    ticket, event = check(resolved())
    assert (ticket.stage, ticket.verified_round, event.kind) == (Stage.RESOLVED, 1, "verified")


def test_an_exemption_closes_without_the_stations_follow_up_and_never_without_the_units():
    ticket, _ = exempt(resolved())
    closed, _ = close(ticket)
    assert (closed.outcome, "st-head" in closed.exemption) == ("exempt", True)
    with pytest.raises(FollowUpMissing):
        close(ticket.model_copy(update={"fed_back_by_unit": 0}))


def test_a_follow_up_that_says_not_solved_does_not_close():
    ticket, _ = rate(resolved(), solved=False)
    with pytest.raises(FollowUpMissing):
        close(ticket)


@pytest.mark.parametrize(("offset", "allowed"), [(-1, True), (0, True), (1, False)])
def test_a_closed_ticket_may_be_reopened_for_thirty_days(offset, allowed):
    closed = rate(resolved())[0]
    now = NOW + timedelta(days=30, milliseconds=offset)
    assert reworking.may_reopen(closed, now) is allowed
    if allowed:
        ticket, event = reopen(closed, now)
        assert (ticket.stage, ticket.round, event.kind) == (Stage.HANDLING, 2, "reopened")
    else:
        with pytest.raises(TooLate):
            reopen(closed, now)


def test_what_was_answered_or_declined_is_looked_at_anew_by_the_desk():
    answered = answering.answer(received(), by=person("desk-a"), text="八点", town=TOWN, now=NOW)[0]
    ticket, event = reopen(answered, NOW)
    assert (ticket.stage, ticket.answered_on_the_spot) == (Stage.RECEIVED, False)
    assert clocks.find_open(ticket, ClockKind.FEEDBACK).round == 2
    assert told(event) == {"reopened": ["reporter"], "reopened_staff": ["desk-a"]}


@pytest.mark.parametrize("ticket", [received(), taken(), resolved()])
def test_what_has_not_ended_is_not_reopened(ticket):
    with pytest.raises(WrongStage):
        reopen(ticket, NOW)


@pytest.mark.parametrize("ticket", [received(), dispatched(), taken()])
def test_nothing_is_rated_called_checked_or_closed_before_it_is_resolved(ticket):
    for act in (rate, call, check, close, exempt, rework):
        with pytest.raises(WrongStage):
            act(ticket)


def a_resolved():
    return resolved()


def test_somebody_else_on_the_line_is_an_attempt_and_not_the_residents_word():
    after, event = call(a_resolved(), outcome="somebody_else", solved=True)
    assert (after.stage, after.follow_ups, event.kind) == (Stage.RESOLVED, (), "call_unanswered")


def test_a_wrong_number_is_no_attempt_ends_no_follow_up_and_another_way_is_looked_for():
    ticket = a_resolved()
    for day in (23, 24, 25, 26):
        ticket, event = call(ticket, outcome="wrong_number", now=at(f"2026-11-{day} 15:00"))
    assert (ticket.stage, ticket.wrong_number, ticket.phone_left) == (Stage.RESOLVED, True, False)
    assert told(event) == {"wrong_number_left": ["reporter"], "wrong_number": ["st-head"]}


def test_what_rang_at_a_wrong_number_counts_as_no_attempt():
    ticket = a_resolved()
    for day, outcome in (
        (23, "not_answered"),
        (24, "not_answered"),
        (24, "wrong_number"),
        (25, "not_answered"),
        (26, "not_answered"),
    ):
        ticket, _ = call(ticket, outcome=outcome, now=at(f"2026-11-{day} 15:00"))
    assert ticket.stage is Stage.RESOLVED


@pytest.mark.parametrize(
    ("hours", "allowed"), [(0, False), (1, True), (14 * 24, True), (14 * 24 + 1, False), (None, False)]
)
def test_who_asks_to_be_called_later_says_when(hours, allowed):
    call_at = None if hours is None else NOW + timedelta(hours=hours)
    if allowed:
        after, _ = call(a_resolved(), outcome="call_later", call_at=call_at)
        (entry,) = [each for each in waits_for(after) if each.who.startswith("calls:")]
        assert entry.due_at == call_at
        clock = clocks.find_open(after, ClockKind.FOLLOW_UP)
        assert clock.due_at >= call_at  # it is not late before
    else:
        with pytest.raises(Invalid):
            call(a_resolved(), outcome="call_later", call_at=call_at)


def test_a_call_that_was_asked_for_is_no_attempt():
    ticket = a_resolved()
    for day in (23, 24, 25, 26):
        now = at(f"2026-11-{day} 15:00")
        ticket, _ = call(ticket, outcome="call_later", call_at=now + timedelta(hours=20), now=now)
    assert ticket.stage is Stage.RESOLVED
