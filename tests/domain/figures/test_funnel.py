"""The funnel of a ticket's life: every ticket is counted up to where it came, and what became of it there is named."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures.counts import count_day
from chalicelib.domain.figures.facts import ClockFact
from chalicelib.domain.figures.funnel import funnel_of, steps_of
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Source
from tests.domain.figures.test_indicators import a_fact, closed, facts, promise
from tests.domain.life import NOW

MET = {"met": 60}
FED_BACK = (promise("kept", **MET),)
TAKEN = (*FED_BACK, promise("kept", "take", **MET))


def reached(fact):
    return list(steps_of(fact))[-1]


def funnel(*given_facts):
    return funnel_of(count_day(given_facts, []).get("life", {}).get("", {}))


@pytest.mark.parametrize(
    ("fact", "last"),
    [
        (a_fact(clocks=(promise("open"),)), "fed_back.open"),
        (a_fact(clocks=(promise("late", met=900),)), "handled.open"),  # fed back late is fed back
        (a_fact(clocks=(promise("void"),), stage=Stage.WITHDRAWN), "fed_back.withdrawn"),
        (a_fact(clocks=FED_BACK, stage=Stage.MERGED), "handled.merged"),
        (a_fact(clocks=(*FED_BACK, promise("open", "response"))), "responded.open"),
        (a_fact(clocks=TAKEN, stage=Stage.HANDLING), "claimed.open"),
        (a_fact(clocks=TAKEN, stage=Stage.RESOLVED, claimed=True), "confirmed.open"),
        (closed(clocks=(*FED_BACK, promise("void", "response"))), "responded.skipped"),
        (closed(clocks=TAKEN, last_word="solved"), "confirmed"),
        (closed(clocks=TAKEN, last_word="not_solved"), "confirmed.not_solved"),
        (closed(clocks=TAKEN, last_word="unreached"), "confirmed.unreached"),
        (closed(clocks=TAKEN), "confirmed.silent"),
        (closed(clocks=TAKEN, source=Source.PATROL), "confirmed.found"),
        (closed(clocks=FED_BACK, claimed=False, on_the_spot=True, last_word="solved"), "confirmed"),
    ],
)
def test_a_ticket_is_counted_up_to_where_it_came_and_what_became_of_it_is_named(fact, last):
    assert reached(fact) == last


def test_what_owes_no_response_is_not_lost_for_want_of_one():
    assert "responded" in list(steps_of(a_fact(clocks=FED_BACK)))


def test_a_promise_kept_in_any_round_is_kept():
    rounds = (promise("void", "response"), ClockFact(kind="response", state="kept", due=9, round=2, met=5))
    assert "responded" in list(steps_of(a_fact(clocks=rounds)))


def test_the_lines_are_named_for_people():
    first, second, *_, last = funnel(a_fact(clocks=(promise("open"),)), closed(clocks=TAKEN))
    assert (first["step_name"], first["tickets"], first["lost"]) == ("已受理", 2, [])
    assert second["lost"] == [{"why": "open", "why_name": "还在办", "tickets": 1}]
    assert last["lost"] == [{"why": "silent", "why_name": "居民没有回答", "tickets": 1}]


def test_a_funnel_of_nothing_has_every_step_with_none():
    assert [(line["tickets"], line["lost"]) for line in funnel()] == [(0, [])] * 6


@given(facts, st.booleans())
def test_no_ticket_is_lost_without_being_named(given_facts, is_met):
    """What came to a step and what is named as lost before it are together what came to the step before."""
    met = {"met": 1 if is_met else None}
    alive = [
        f.model_copy(update={"clocks": tuple(c.model_copy(update=met) for c in f.clocks)})
        for f in given_facts
    ]
    lines = funnel(*alive)
    assert lines[0]["tickets"] == len(alive)
    for before, line in pairwise(lines):
        assert line["tickets"] + sum(part["tickets"] for part in line["lost"]) == before["tickets"]
        assert all(part["why_name"] for part in line["lost"])


def test_the_day_counts_only_what_was_received_on_it():
    assert "life" not in count_day([], [closed(closed_at=NOW)])
