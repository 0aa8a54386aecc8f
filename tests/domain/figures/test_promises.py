"""Promises under what each of them states, and how long people waited (docs/indicators.md)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.acts import following_up, reworking
from chalicelib.domain.figures.counts import count_day
from chalicelib.domain.figures.facts import ClockFact, Fact, fact_of
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.domain.figures.promises import days_of, promises_of, public_promises, quantile, stopped_of
from chalicelib.domain.tickets.ticket import Paused, Stage
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.vocabulary import Source
from tests.domain.life import NOW, TOWN, received, resolve, resolved, taken

DAY = timedelta(days=1)


def a_fact(**changes):
    parts = {"ticket_id": "t", "version": 1, "received_at": NOW, "stage": Stage.RECEIVED, "source": Source.QR}
    return Fact(**(parts | changes))


def promised(amount, state="kept", kind="feedback", **more):
    return ClockFact(kind=kind, state=state, due=300, promise=amount, **more)


def tally(*facts):
    return count_day(facts, [fact for fact in facts if fact.closed_at])["all"][""]


def shown(*facts):
    return {each.name: (each.kept, each.decided) for each in promises_of(tally(*facts))}


def rated(ticket, *, solved, now):
    said = {"solved": solved, "satisfied": None, "words": "", "is_reporter": True}
    return following_up.rate(ticket, town=TOWN, now=now, **said)[0]


def test_a_petition_answered_after_fourteen_days_is_not_answered_in_five_minutes():
    facts = [a_fact(clocks=(promised("5 minutes", "late"),)), a_fact(clocks=(promised("15 days"),))]
    assert shown(*facts) == {"5分钟内反馈居民": (0, 1), "15天内反馈居民": (1, 1)}
    assert indicators_of(tally(*facts))["feedback"]["denominator"] == 2


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(count=5, unit=AmountUnit.MINUTES), "5分钟"),
        (Amount(count=0.5, unit=AmountUnit.WORKING_DAYS), "0.5个工作日"),
        (Amount(count=2, unit=AmountUnit.WORKING_HOURS), "2个工作小时"),
        (Amount(count=30, unit=AmountUnit.SECONDS), "30秒"),
    ],
)
def test_an_amount_is_read_back_as_it_was_written(amount, words):
    assert Amount.of(amount.code) == amount
    assert amount.words == words
    assert shown(a_fact(clocks=(promised(amount.code, kind="response"),))) == {f"{words}内响应": (1, 1)}


def test_a_clock_keeps_the_amount_of_the_row_it_began_by():
    (feedback,) = [clock for clock in received().clocks if clock.kind == "feedback"]
    rule = TOWN.clock_rule(
        "feedback", source=Source.QR, category=None, track=None, urgent=False, facility=False
    )
    assert feedback.promise == rule.amount.code


def test_promises_stand_clock_by_clock_the_shortest_first():
    clocks = [
        promised("15 days"),
        promised("5 minutes"),
        promised("1 hours", kind="response"),
        promised("90 minutes"),
    ]
    names = [each.amount for each in promises_of(tally(a_fact(clocks=tuple(clocks))))]
    assert names == ["5 minutes", "90 minutes", "15 days", "1 hours"]


@pytest.mark.parametrize(("solved", "state"), [(True, "kept"), (False, "disproved")])
def test_a_claim_in_time_that_the_resident_denies_is_no_kept_promise(solved, state):
    ticket = rated(resolved(), solved=solved, now=NOW + timedelta(hours=1))
    (resolution,) = [clock for clock in fact_of(ticket).clocks if clock.kind == "resolution"]
    assert resolution.state == state


def test_a_claim_that_failed_is_false_as_soon_as_the_work_begins_again():
    again = reworking.rework(resolved(), by="desk-a", reason="没修好", town=TOWN, now=NOW + DAY)[0]
    first, *_ = [clock for clock in fact_of(again).clocks if clock.kind == "resolution"]
    assert first.state == "disproved"
    indicator = indicators_of(tally(fact_of(again)))["finished"]
    assert (indicator["numerator"], indicator["denominator"], indicator["disproved"]) == (0, 1, 1)
    assert stopped_of(tally(fact_of(again)), NOW.date())["disproved"] == 1


def solved_after(days):
    return a_fact(stage=Stage.CLOSED, closed_at=NOW + DAY, last_word="solved", claimed=True, solved_days=days)


def test_half_and_nine_tenths_wait_so_many_days_and_how_many_wait_still_stands_beside():
    facts = [*(solved_after(days) for days in (0, 1, 1, 2, 3, 5, 8, 13, 40, 121)), a_fact(), a_fact()]
    assert days_of(tally(*facts)) == {"of": 10, "median": 3, "p90": 40, "open": 2}


def test_days_of_nothing_are_unknown():
    assert days_of(tally(a_fact())) == {"of": 0, "median": None, "p90": None, "open": 1}


@given(st.lists(st.integers(0, 400), min_size=1), st.floats(0.01, 1))
def test_a_quantile_is_what_at_least_that_share_do_not_exceed(values, share):
    counted = {value: values.count(value) for value in values}
    found = quantile(counted, share)
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


def test_nothing_is_taken_off_the_days_not_even_a_pause_of_months():
    ticket = resolve(taken(), now=NOW + 121 * DAY)
    paused = Paused(kind="suspended", round=1, unit_id="OFF", since=NOW, until=NOW + 100.5 * DAY)
    fact = fact_of(rated(ticket.model_copy(update={"pauses": (paused,)}), solved=True, now=NOW + 122 * DAY))
    assert (fact.stage, fact.solved_days) == (Stage.CLOSED, 121)
    assert (fact.pauses, fact.paused_days) == (1, 101)
    assert stopped_of(tally(fact), NOW.date())["paused_days"] == 101


STATES = st.sampled_from(["kept", "late", "open", "void", "disproved", "carried"])
CLOCKS = st.builds(
    ClockFact,
    kind=st.sampled_from(["feedback", "response", "resolution", "take"]),
    state=STATES,
    by=st.sampled_from(["person", "machine"]),
    promise=st.sampled_from(["5 minutes", "1 working_days", "15 days"]),
    due=st.just(300),
)


@given(st.lists(st.lists(CLOCKS, max_size=5), max_size=6))
def test_any_history_counted_by_promises_adds_up_to_the_same_counted_whole(histories):
    facts = [a_fact(clocks=tuple(clocks)) for clocks in histories]
    counted = tally(*facts) if facts else {}
    for name, kind in (("feedback", "feedback"), ("response", "response"), ("finished", "resolution")):
        whole = indicators_of(counted)[name]
        parts = [each for each in promises_of(counted) if each.clock == kind]
        assert sum(each.kept for each in parts) == whole["numerator"]
        assert sum(each.decided for each in parts) == whole["denominator"]
        plain = [clock for clocks in histories for clock in clocks if clock.kind == kind]
        assert whole["numerator"] == sum(clock.state == "kept" for clock in plain)
        assert whole["denominator"] == sum(clock.state in ("kept", "late", "disproved") for clock in plain)


@pytest.mark.parametrize(("kept", "late", "hidden"), [(50, 3, 2), (3, 0, 2), (50, 5, 0), (50, 0, 0)])
def test_of_a_clocks_promises_none_is_hidden_alone(kept, late, hidden):
    few = [a_fact(clocks=(promised("15 days", state),)) for state in ["kept"] * kept + ["late"] * late]
    many = [a_fact(clocks=(promised("5 minutes"),)) for _ in range(60)]
    lines = public_promises(promises_of(tally(*few, *many)))
    assert sum(line["numerator"] is None for line in lines) == hidden


ROOT = Path(__file__).resolve().parents[3]
STATES_A_PROMISE = re.compile(
    r"\d+ ?(?:分钟|小时|个?工作日|天)内(?:必|要|将)?有?(?:反馈|响应|办结|联系|签收|回访)"
)


def test_no_page_states_a_promise_by_itself_for_amounts_are_the_towns_data():
    assert STATES_A_PROMISE.search("5 分钟内必有反馈")
    folders = ("clients/miniprogram", "clients/browser", "clients/desk/src", "chalicelib/web")
    pages = [
        file
        for folder in folders
        for file in (ROOT / folder).rglob("*")
        if file.suffix in (".wxml", ".vue", ".ts", ".js", ".html", ".py")
        and "web/clients" not in file.as_posix()
    ]
    stating = [file.name for file in pages if STATES_A_PROMISE.search(file.read_text(encoding="utf-8"))]
    assert len(pages) > 200
    assert stating == []
