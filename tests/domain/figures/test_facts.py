"""The fact of a ticket: what figures need of it, from the acts of the rulebook, without who or what was said."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import closing, dispatching, following_up, reworking
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.clocks.clocks import next_alarm
from chalicelib.domain.figures.facts import Fact, area_of, fact_of, place_in_area
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.vocabulary import Source
from tests.domain.life import NOW, TOWN, dispatched, person, received, resolve, resolved, taken


def clock(ticket, kind):
    return [each for each in fact_of(ticket).clocks if each.kind == kind][-1]


def rung(ticket, now):
    """The ticket with every alarm rung that is due."""
    while (alarm := next_alarm(ticket)) is not None and alarm.at <= now:
        ticket = escalate(ticket, alarm, town=TOWN, now=now)[0]
    return ticket


def rated(ticket, **said):
    given = {"solved": True, "satisfied": None, "words": "谢谢", "is_reporter": True} | said
    return following_up.rate(ticket, town=TOWN, now=NOW + timedelta(hours=1), **given)[0]


def test_a_practice_ticket_has_no_fact():
    assert fact_of(received(practice=True)) is None


def test_a_fact_holds_neither_text_nor_who_reported():
    document = fact_of(received("门口乱糟糟")).model_dump_json()
    assert "乱糟糟" not in document
    assert '"r1"' not in document


@pytest.mark.parametrize(
    ("path", "area"), [((), ""), (("HJ",), ""), (("HJ", "GG"), "GG"), (("HJ", "GG", "SH"), "GG")]
)
def test_the_area_is_what_lies_right_under_the_town(path, area):
    assert area_of(path) == area
    assert fact_of(received(where=Where(name="某处", path=path))).area == area


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(299, "kept"), (300, "kept"), (301, "late")],  # the last instant is still in time
)
def test_feedback_is_kept_within_five_minutes(seconds, state):
    now = NOW + timedelta(seconds=seconds)
    given = {"unit_id": "OFF", "handler_id": "handler-a", "track": None, "note": ""}
    ticket = dispatching.dispatch(received(), by=person("desk-a"), town=TOWN, now=now, **given)[0]
    feedback = clock(ticket, "feedback")
    assert (feedback.state, feedback.by, feedback.met) == (state, "person", seconds)


def test_what_the_machine_dispatches_is_fed_back_by_the_machine():
    assert clock(received("楼道灯不亮"), "feedback").by == "machine"


@pytest.mark.parametrize(
    ("minutes", "state", "late_at"),
    [(4, "open", ""), (5, "late", "station_head"), (10, "late", "area_leader")],
)
def test_a_promise_still_running_is_late_from_its_first_rung_at_the_due_time(minutes, state, late_at):
    feedback = clock(rung(received(), NOW + timedelta(minutes=minutes)), "feedback")
    assert (feedback.state, feedback.late_at) == (state, late_at)


def test_reminders_are_no_escalations():
    feedback = clock(rung(received(), NOW + timedelta(minutes=10)), "feedback")
    assert (feedback.reminded, feedback.climbed) == (2, ("station_head", "area_leader"))


def test_a_promise_that_ends_unmet_before_its_time_is_void():
    returned = resolved()
    take = clock(returned, "take")
    assert take.state == "kept"
    reworked = reworking.rework(returned, by="desk-a", reason="没修好", town=TOWN, now=NOW)[0]
    assert clock(reworked, "follow_up").state == "void"


@pytest.mark.parametrize(
    ("said", "last_word", "satisfied"),
    [
        ({"solved": True, "satisfied": True}, "solved", True),
        ({"solved": True, "satisfied": False}, "solved", False),
        ({"solved": True}, "solved", None),
        ({"solved": False, "satisfied": False}, "not_solved", False),
    ],
)
def test_what_the_resident_said_is_kept_as_said(said, last_word, satisfied):
    fact = fact_of(rated(resolved(), **said))
    assert (fact.claimed, fact.last_word, fact.satisfied) == (True, last_word, satisfied)


def test_silence_is_neither_solved_nor_satisfied():
    fact = fact_of(resolved())
    assert (fact.claimed, fact.last_word, fact.satisfied) == (True, "", None)


def test_a_neighbours_rating_is_not_the_reporters():
    fact = fact_of(rated(resolved(), is_reporter=False, satisfied=True))
    assert (fact.last_word, fact.satisfied) == ("", None)


def test_after_a_rework_what_was_said_of_the_work_before_is_rework_and_no_answer():
    ticket = reworking.rework(
        rated(resolved(), solved=False, satisfied=False), by="desk-a", reason="", town=TOWN, now=NOW
    )[0]
    fact = fact_of(ticket)
    assert (fact.round, fact.last_word, fact.satisfied) == (2, "", None)


def test_unreached_is_said_as_such():
    ticket = resolved()
    for day in (0, 1, 2):
        ticket = following_up.record_call(
            ticket, by=person("desk-a"), outcome=CallOutcome.NOT_ANSWERED, solved=None, satisfied=None, words="", town=TOWN,
            now=NOW + timedelta(days=day),
        )[0]  # fmt: skip
    fact = fact_of(ticket)
    assert (fact.last_word, fact.satisfied, fact.attempts) == ("unreached", None, 3)


def test_who_approved_an_exemption_is_named_and_the_reason_stays_on_the_ticket():
    head = next(p for p in TOWN.staff if "station_head" in p.roles)
    fact = fact_of(closing.exempt(resolved(), by=head, rule="居民要求不再联系", town=TOWN, now=NOW)[0])
    assert fact.exempted_by == head.code
    assert "不再联系" not in fact.model_dump_json()


def test_found_is_told_from_reported():
    assert fact_of(received(source=Source.PATROL, reporter_id=None, entered_by="grid")).is_found
    assert not fact_of(received()).is_found


def test_a_ticket_nobody_has_yet_has_no_unit():
    assert fact_of(received()).unit == ""
    assert fact_of(dispatched()).unit == "OFF"


def test_a_fact_is_small_and_read_as_it_was_written():
    fact = fact_of(rung(resolve(taken(now=NOW - timedelta(days=9)), now=NOW), NOW))
    document = fact.model_dump_json(exclude_defaults=True)
    assert len(document) < 1024  # one write unit
    assert Fact.model_validate_json(document) == fact


@pytest.mark.parametrize(
    ("path", "area", "place"),
    [
        ((), "", ""),
        (("T",), "", ""),
        (("T", "A"), "A", ""),
        (("T", "A", "N"), "A", "N"),
        (("T", "A", "N", "G"), "A", "N"),
    ],
)
def test_a_ticket_counts_in_the_area_under_the_town_and_in_the_place_under_that(path, area, place):
    assert (area_of(path), place_in_area(path)) == (area, place)
