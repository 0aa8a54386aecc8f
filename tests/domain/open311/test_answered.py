"""回访 by a partner's client: what its user says decides where the policy leaves the follow-up to the partner."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, WrongStage
from chalicelib.domain.open311.answered import follow_up_by_partner
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import FollowUp, Outcome, Stage
from chalicelib.domain.town.vocabulary import FollowUpHow, Source
from tests.domain.life import NOW, TOWN, resolved, taken

LATER = NOW + timedelta(hours=3)


def answered(ticket, solved=True, words=""):
    return follow_up_by_partner(ticket, solved=solved, words=words, town=TOWN, now=LATER)


def of_a_partner():
    return resolved(source=Source.HOTLINE_12345)


@pytest.mark.parametrize(("solved", "result"), [(True, "solved"), (False, "not_solved")])
def test_what_the_partner_s_user_says_is_the_round_s_follow_up(solved, result):
    after, event = answered(of_a_partner(), solved, "楼道亮了")
    assert after.follow_ups[-1] == FollowUp(
        round=1, by="reporter", how=FollowUpHow.PARTNER, at=LATER, result=result, words="楼道亮了"
    )
    assert (event.by, event.at, event.note) == ("reporter", LATER, "楼道亮了")
    assert event.details["solved"] == ("yes" if solved else "no")
    assert event.details["satisfied"] == ""


def test_solved_closes_where_the_policy_leaves_it_to_the_partner():
    after, event = answered(of_a_partner())
    assert (after.stage, after.outcome, event.kind) == (Stage.CLOSED, Outcome.SOLVED, EventKind.CLOSED)
    assert after.closed_at == LATER


def test_solved_closes_nothing_where_the_town_asks_the_resident_itself():
    after, event = answered(resolved())
    assert (after.stage, event.kind) == (Stage.RESOLVED, EventKind.RATED)


def test_not_solved_is_work_for_the_desk_that_is_to_call():
    after, event = answered(of_a_partner(), solved=False)
    assert (after.stage, after.on_call_list, event.kind) == (Stage.RESOLVED, True, EventKind.RATED)


def test_a_second_answer_of_a_round_is_refused_and_that_of_an_earlier_round_is_not():
    once, _ = answered(of_a_partner(), solved=False)
    with pytest.raises(AlreadyDone):
        answered(once)
    asked_otherwise = once.follow_ups[0].model_copy(update={"how": FollowUpHow.CALL})
    for before in (once.follow_ups[0].model_copy(update={"round": 0}), asked_otherwise):
        answered(once.model_copy(update={"follow_ups": (before,)}))


def test_what_is_not_resolved_is_not_asked_about():
    with pytest.raises(WrongStage, match="不能回访"):
        answered(taken(source=Source.HOTLINE_12345))
