"""docs/indicators.md, figure by figure: numerator, denominator, and what is in neither."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures.counts import added, count_day, still_open
from chalicelib.domain.figures.facts import ClockFact, Fact
from chalicelib.domain.figures.indicators import (
    MINIMUM,
    NAMES,
    ends,
    escalations,
    indicators_of,
    late_by_rung,
)
from chalicelib.domain.tickets.clock_model import LadderRole, ladder_name
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Source
from tests.domain.life import NOW

ROOT = Path(__file__).resolve().parents[3]


def a_fact(**changes):
    parts = {"ticket_id": "t", "version": 1, "received_at": NOW, "stage": Stage.RECEIVED, "source": Source.QR}
    return Fact(**(parts | changes))


def closed(**changes):
    return a_fact(**({"stage": Stage.CLOSED, "closed_at": NOW, "claimed": True, "fed_back": True} | changes))


def promise(state, kind="feedback", **changes):
    return ClockFact(kind=kind, state=state, due=300, **changes)


def measured(*facts, name):
    counts = count_day(facts, [fact for fact in facts if fact.closed_at])
    return indicators_of(counts["all"][""])[name]


def parts(indicator):
    return indicator["numerator"], indicator["denominator"]


def test_a_promise_counts_when_it_is_decided_and_what_runs_or_fell_away_stands_beside():
    states = ("kept", "kept", "late", "open", "void")
    facts = [a_fact(clocks=(promise(s, by="machine" if s == "kept" else ""),)) for s in states]
    indicator = measured(*facts, name="feedback")
    assert parts(indicator) == (2, 3)
    assert (indicator["open"], indicator["void"], indicator["by_machine"], indicator["by_person"]) == (
        1,
        1,
        2,
        0,
    )


def test_an_extended_due_time_is_a_figure_of_its_own():
    clocks = (
        promise("void", "resolution"),
        promise("kept", "resolution", extended=True, round=2, by="person"),
    )
    assert parts(measured(a_fact(clocks=clocks), name="finished")) == (0, 0)
    assert parts(measured(a_fact(clocks=clocks), name="finished_extended")) == (1, 1)


def test_returned_counts_tickets_and_how_often_stands_beside():
    indicator = measured(a_fact(returns=2), a_fact(), name="returned")
    assert (*parts(indicator), indicator["times"]) == (1, 2, 2)


def test_reworked_is_of_what_was_answered_and_of_whose_answer_it_was():
    facts = (closed(unit="A", round=3, denied=("A", "B")), closed(unit="A"), a_fact(round=2), a_fact())
    indicator = measured(*facts, name="reworked")
    assert (*parts(indicator), indicator["times"]) == (1, 2, 2)
    by_unit = count_day(facts, ())["unit"]
    assert parts(indicators_of(by_unit["A"])["reworked"]) == (1, 2)
    assert parts(indicators_of(by_unit["B"])["reworked"]) == (1, 1)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (closed(last_word="solved"), (1, 1)),
        (closed(last_word="not_solved"), (0, 1)),
        (closed(last_word="unreached"), (0, 1)),
        (closed(), (0, 1)),
        (closed(source=Source.PATROL, last_word=""), (0, 0)),  # nobody to ask
        (closed(stage=Stage.WITHDRAWN), (0, 0)),
    ],
)
def test_confirmed_is_what_residents_say_of_all_who_were_asked(fact, expected):
    assert parts(measured(fact, name="confirmed")) == expected


@pytest.mark.parametrize(("satisfied", "expected"), [(True, (1, 1)), (False, (0, 1)), (None, (0, 0))])
def test_satisfaction_is_over_those_who_answered(satisfied, expected):
    indicator = measured(closed(satisfied=satisfied), name="satisfied")
    assert (*parts(indicator), indicator["asked"]) == (*expected, 1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"last_word": "solved"}, (1, 1, 0, 0)),
        ({"last_word": "solved", "fed_back": False}, (0, 1, 0, 0)),
        ({"last_word": "unreached"}, (0, 1, 1, 0)),
        ({"exempted_by": "head"}, (0, 1, 0, 1)),
        ({"on_the_spot": True}, (0, 0, 0, 0)),
    ],
)
def test_both_follow_ups_are_done_only_when_the_resident_was_heard(changes, expected):
    indicator = measured(closed(**changes), name="double_follow_up")
    assert (*parts(indicator), indicator["unreached"], indicator["exempt"]) == expected


@pytest.mark.parametrize(("tickets", "enough"), [(MINIMUM - 1, False), (MINIMUM, True), (MINIMUM + 1, True)])
def test_nobody_is_ranked_by_fewer_than_thirty(tickets, enough):
    assert measured(*[a_fact() for _ in range(tickets)], name="returned")["enough"] is enough


def test_escalations_come_in_the_order_of_the_ladder():
    clocks = (promise("late", climbed=("town_leader", "unit_head")), promise("late", climbed=("unit_head",)))
    tally = count_day([a_fact(clocks=clocks)], [])["all"][""]
    assert escalations(tally) == [("unit_head", 2), ("town_leader", 1)]


def test_a_late_ticket_stands_at_its_highest_rung_once():
    clocks = (promise("late", late_at="unit_head"), promise("late", kind="take", late_at="area_leader"))
    running = [still_open([a_fact(clocks=clocks), a_fact()]), still_open([closed(clocks=clocks)])]
    assert late_by_rung(each.late for each in running) == [("area_leader", 1)]
    assert sum(each.tickets for each in running) == 2


def test_ends_are_told_apart():
    tally = count_day([], [closed(), a_fact(stage=Stage.DECLINED, closed_at=NOW)])["all"][""]
    assert ends(tally) == [("closed", 1), ("declined", 1)]


facts = st.lists(
    st.builds(
        a_fact,
        stage=st.sampled_from(Stage),
        source=st.sampled_from(Source),
        category=st.sampled_from(["", "LAMP", "HORN"]),
        unit=st.sampled_from(["", "OFF", "PM"]),
        closed_at=st.just(NOW),
        returns=st.integers(0, 2),
        last_word=st.sampled_from(["", "solved", "not_solved", "unreached"]),
        clocks=st.lists(
            st.builds(promise, st.sampled_from(["kept", "late", "open", "void"]), by=st.just("person")),
            max_size=3,
        ).map(tuple),
    ),
    max_size=12,
)


@given(facts, st.integers(0, 12))
def test_counting_in_parts_adds_up_to_counting_whole(given_facts, at):
    one, other = given_facts[:at], given_facts[at:]
    whole = count_day(given_facts, given_facts)
    assert added([count_day(one, one), count_day(other, other)]) == whole
    for axis in whole:  # nothing is in two rows, or in none
        assert sum(tally.get("received", 0) for tally in whole[axis].values()) == len(given_facts)


@given(facts)
def test_no_numerator_is_more_than_its_denominator(given_facts):
    tally = count_day(given_facts, given_facts).get("all", {}).get("", {})
    for name, indicator in indicators_of(tally).items():
        assert 0 <= indicator["numerator"] <= indicator["denominator"], name


def test_a_return_counts_for_the_unit_that_made_it_and_for_the_town_once():
    returned = a_fact(unit="B", returns=2, returned_by=("A", "A"))
    counts = count_day([returned, a_fact(unit="A")], [])
    of_a, of_b = (indicators_of(counts["unit"][unit])["returned"] for unit in "AB")
    assert (of_a["numerator"], of_a["denominator"], of_a["times"]) == (1, 2, 2)
    assert (of_b["numerator"], of_b["denominator"], of_b["times"]) == (0, 1, 0)
    whole = indicators_of(counts["all"][""])["returned"]
    assert (whole["numerator"], whole["denominator"], whole["times"]) == (1, 2, 2)


def test_a_return_that_waits_for_its_next_unit_is_the_first_ones():
    counts = count_day([a_fact(unit="", returns=1, returned_by=("A",))], [])
    assert indicators_of(counts["unit"]["A"])["returned"]["numerator"] == 1
    assert indicators_of(counts["unit"][""])["returned"]["numerator"] == 0


def test_every_measure_has_a_name_for_people_and_the_console_says_the_same():
    words = (ROOT / "clients/desk/src/words/figures/dashboard.ts").read_text(encoding="utf-8")
    assert set(indicators_of({})) == set(NAMES)
    assert dict(re.findall(r'^  (\w+): \{ name: "([^"]+)"', words, re.MULTILINE)) == NAMES


def test_what_was_explained_is_neither_solved_nor_claimed_nor_satisfied_and_is_counted_apart():
    said = {"last_word": "solved", "satisfied": True}
    facts_ = [closed(explained=True, **said), closed(**said)]
    confirmed = measured(*facts_, name="confirmed")
    assert (parts(confirmed), confirmed["explained"]) == ((1, 2), 1)
    assert parts(measured(*facts_, name="claimed")) == (1, 2)
    assert measured(*facts_, name="satisfied")["numerator"] == 1


@pytest.mark.parametrize("role", LadderRole)
def test_every_role_of_a_ladder_has_its_place_and_its_name_in_the_figures(role):
    lowest, highest = LadderRole.HANDLER, LadderRole.UPWARD
    clocks = tuple(
        promise("late", kind=kind, late_at=each)
        for kind, each in zip(("take", "feedback", "response"), (lowest, role, lowest), strict=True)
    )
    assert still_open([a_fact(clocks=clocks)]).late == {role: 1}
    assert escalations({f"climbed.{highest}": 1, f"climbed.{role}": 1})[0][0] == role
    assert not ladder_name(role).isascii()
