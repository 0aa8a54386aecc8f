"""依法解释结案 (rule 90): what comes back twice and cannot be solved is explained by two people, and is never solved."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import (
    assisting,
    classifying,
    closing,
    dispatching,
    explaining,
    following_up,
    reworking,
)
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, NotAllowed, NotYours, StillOpen, WrongStage
from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.open311.words import Word, word_of
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.life import NOW, TOWN, person, received, resolve, resolved, taken, told

SAID = {"ground": "物权法第七十四条", "text": "车位属开发商所有，镇里不能收回", "elsewhere": "区信访办复查"}


def reworked(times: int = 2, **how):
    ticket = resolved(**how)
    for n in range(times):
        ticket, _ = reworking.rework(ticket, by="desk-a", reason="没好", town=TOWN, now=NOW)
        ticket = resolve(ticket) if n < times - 1 else ticket
    return ticket


def propose(ticket, by="off-head", now=NOW):
    return explaining.propose_explanation(ticket, by=person(by), **SAID, town=TOWN, now=now)


def decide(ticket, by="area", approved=True, note="", now=NOW):
    return explaining.decide_explanation(
        ticket, by=person(by), approved=approved, note=note, town=TOWN, now=now
    )


@pytest.mark.parametrize(("times", "allowed"), [(1, False), (2, True), (3, True)])
def test_it_is_proposed_after_the_second_rework_and_not_before(times, allowed):
    if not allowed:
        with pytest.raises(WrongStage, match="重办两次"):
            propose(reworked(times))
        return
    after, event = propose(reworked(times))
    assert after.stage is Stage.HANDLING
    assert told(event)["explanation_proposed"][0] == "area"
    assert "escalated:area" in [entry.who for entry in waits_for(after)]


@pytest.mark.parametrize(("by", "refusal"), [("handler-a", NotAllowed), ("police-head", NotYours), ("desk-a", NotYours)])  # fmt: skip
def test_only_the_head_of_the_unit_that_has_it_proposes(by, refusal):
    with pytest.raises(refusal):
        propose(reworked(), by=by)


def test_not_while_others_still_work_on_it_nor_twice():
    helped, _ = assisting.add_assisting(
        reworked(), unit_id="TRA", by=person("desk-a"), note="", town=TOWN, now=NOW
    )
    with pytest.raises(StillOpen):
        propose(helped)
    with pytest.raises(AlreadyDone):
        propose(propose(reworked())[0])


@pytest.mark.parametrize("by", ["desk-a", "st-head", "off-head", "handler-a"])
def test_only_an_area_or_town_leader_decides(by):
    with pytest.raises(NotAllowed):
        decide(propose(reworked())[0], by=by)


def test_nobody_decides_what_he_or_she_proposed_or_handled():
    both = person("off-head").model_copy(update={"roles": (*person("off-head").roles, *person("area").roles)})
    proposed, _ = explaining.propose_explanation(reworked(), by=both, **SAID, town=TOWN, now=NOW)
    with pytest.raises(NotAllowed):
        explaining.decide_explanation(proposed, by=both, approved=True, note="", town=TOWN, now=NOW)
    handled = propose(reworked())[0].model_copy(update={"handler_id": "area"})
    with pytest.raises(NotAllowed):
        decide(handled)


def test_a_yes_closes_it_and_the_resident_reads_why_and_where_else_to_go():
    after, event = decide(propose(reworked())[0])
    assert (after.stage, after.outcome, after.closed_at) == (Stage.CLOSED, "explained", NOW)
    notice = next(each for each in event.notices if each.template == "explained")
    assert notice.to == "reporter"
    assert (notice.params["note"], notice.params["who"]) == (SAID["text"], SAID["elsewhere"])
    assert not any(clock.is_open for clock in after.clocks)
    assert word_of(after) is Word.NO_FURTHER_ACTION
    fact = fact_of(after)
    assert (fact.explained, fact.last_word) == (True, "")


def test_a_no_sends_it_back_to_the_work_and_its_promise_goes_on():
    before = reworked()
    after, event = decide(propose(before)[0], approved=False, note="先与开发商谈一次")
    assert (after.stage, after.explanation) == (Stage.HANDLING, None)
    assert clocks.find_open(after, ClockKind.RESOLUTION) == clocks.find_open(before, ClockKind.RESOLUTION)
    assert set(told(event)["explanation_refused"]) >= {"off-head", "handler-a"}
    with pytest.raises(WrongStage):
        decide(after)


def test_a_proposal_of_another_round_or_unit_is_no_proposal():
    proposed, _ = propose(reworked())
    again, _ = reworking.rework(resolve(proposed), by="desk-a", reason="没好", town=TOWN, now=NOW)
    for stale in (again, proposed.model_copy(update={"lead_unit_id": "TRA"})):
        with pytest.raises(WrongStage):
            decide(stale)


HANDED_ON = {
    "transfer": lambda t: dispatching.transfer(
        t, unit_id="TRA", handler_id=None, by=person("desk-a"), note="应由交警", town=TOWN, now=NOW
    ),
    "rework": lambda t: reworking.rework(resolve(t), by="desk-a", reason="没好", town=TOWN, now=NOW),
    "avoided": lambda t: classifying.avoided(t, ("TRA",), by="desk-a", town=TOWN, now=NOW),
}


@pytest.mark.parametrize("how", ["transfer", "rework"])
def test_with_its_unit_or_round_a_proposal_leaves_the_leaders_queue_and_both_read_so(how):
    proposed, _ = propose(reworked())
    after, event = HANDED_ON[how](proposed)
    assert (after.explanation, after.escalated_to) == (None, ())
    assert "escalated:area" not in [entry.who for entry in waits_for(after)]
    assert set(told(event)["explanation_lapsed"]) == {"off-head", "area"}


def test_what_leaves_it_decidable_leaves_it_where_it_is():
    proposed, _ = propose(reworked())
    after, event = HANDED_ON["avoided"](proposed)
    assert after.explanation == proposed.explanation
    assert "area" in after.escalated_to
    assert "explanation_lapsed" not in told(event)


def test_whom_it_had_climbed_to_before_keeps_it_when_the_proposal_falls_away_or_is_refused():
    climbed = reworked().model_copy(update={"escalated_to": ("area",)})
    proposed, _ = propose(climbed)
    assert HANDED_ON["transfer"](proposed)[0].escalated_to == ("area",)
    assert decide(proposed, approved=False, note="再谈")[0].escalated_to == ("area",)
    assert decide(propose(reworked())[0], approved=False, note="再谈")[0].escalated_to == ()


def test_not_solved_afterwards_reaches_the_station_and_does_not_open_it_again():
    ended, _ = decide(propose(reworked())[0])
    later = NOW + timedelta(days=1)
    said, event = following_up.rate(
        ended, solved=False, satisfied=False, words="不服", is_reporter=True, town=TOWN, now=later
    )
    assert (said.stage, said.outcome, said.unread.since) == (Stage.CLOSED, "explained", later)
    assert told(event)["words_after_end"] == ["desk-a"]
    assert not reworking.may_reopen(said, later)
    with pytest.raises(WrongStage, match="区信访办复查"):
        reworking.reopen(said, reason="不服", town=TOWN, now=later)
    again, _ = reworking.reopen_at_desk(said, by=person("desk-a"), note="有新材料", town=TOWN, now=later)
    assert (again.outcome, again.explanation) == ("", None)


def test_a_resolved_one_is_explained_too_and_otherwise_closes_only_by_its_follow_up():
    done = resolve(propose(reworked())[0])
    with pytest.raises(
        WrongStage
    ):  # resolved by the unit after all: it says so itself, and proposes anew if it must
        decide(received())
    assert decide(done)[0].outcome == "explained"
    refused, _ = decide(done, approved=False)
    with pytest.raises(Exception, match="还不能结案"):
        closing.close(refused, by=person("desk-a"), note="", town=TOWN, now=NOW)


def test_taken_once_is_no_ground():
    with pytest.raises(WrongStage):
        propose(taken())
