"""Why an act that people look for is not offered: one plain sentence, in the words of the rule that refuses it."""

import re

import pytest

from chalicelib.domain.acts.moves import moved
from chalicelib.domain.offers.possible import ACTS, not_offered, possible_acts
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.life import (
    NOW,
    TOWN,
    dispatched,
    person,
    received,
    resolved,
    taken,
    waiting,
)


def closed():
    return moved(resolved(), Stage.CLOSED, closed_at=NOW)


STAGES = {
    "received": received,
    "dispatched": dispatched,
    "handling": taken,
    "waiting": waiting,
    "resolved": resolved,
    "closed": closed,
}
PEOPLE = ("desk-a", "handler-a", "st-head", "area")
SOUGHT = [name for name, act in ACTS.items() if act.sought]


def told(ticket, code):
    by = person(code)
    offers = possible_acts(ticket, by, TOWN, NOW)
    return offers, {each.name: each.why for each in not_offered(ticket, by, TOWN, NOW, offers)}


@pytest.mark.parametrize("code", PEOPLE)
@pytest.mark.parametrize("stage", STAGES)
def test_every_act_that_people_look_for_is_offered_or_it_is_said_why_not(stage, code):
    offers, why = told(STAGES[stage](), code)
    shown = {offer.name for offer in offers if offer.now or (offer.step and offer.needs)}
    assert shown | set(why) >= set(SOUGHT)
    assert not shown & set(why)
    for sentence in why.values():
        assert re.fullmatch(r"[^a-zA-Z_]{6,90}", sentence), sentence
        assert "刷新" not in sentence


@pytest.mark.parametrize(
    ("stage", "code", "name", "why"),
    [
        ("handling", "desk-a", "close", "工单现在是“处置中”，不能结案；承办单位办结、回访做完以后可以结案"),
        ("handling", "handler-a", "close", "结案由工作站来办"),
        ("handling", "desk-a", "resolve", "只有主办单位可以这样做；如应由您单位主办，请联系工作站"),
        ("resolved", "desk-a", "merge", "工单现在是“已办结”，不能并案；还在办、没有办结的工单可以并案"),
        ("received", "desk-a", "reopen", "工单现在是“已受理”，不能重新打开；已经结束的工单可以重新打开"),
        ("waiting", "desk-a", "divide", "工单在等待居民，不能分拆；请先恢复办理"),
    ],
)
def test_the_sentence_names_what_is_and_what_comes_first(stage, code, name, why):
    assert told(STAGES[stage](), code)[1][name] == why
