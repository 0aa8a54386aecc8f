"""The words of a line of history: units and never persons; and what an overtaken act is told (rule 48)."""

from datetime import timedelta

import pytest

from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.views.history import history_line, overtaken
from chalicelib.domain.visits.volunteers import MARK
from tests.domain.life import NOW, TOWN


def line(kind, by="desk-a", at=NOW, **details):
    return Event(kind=kind, at=at, by=by, details=details)


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_line_has_words_without_a_gap_or_a_person(kind):
    said = history_line(line(kind, by="handler-a", unit="TRA"), TOWN)
    assert said
    for gap in ("{", "}", "None", "经办人甲", "handler-a"):
        assert gap not in said


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (line("received", by="reporter"), "已收到"),
        (line("received", by="reporter", unit="PM"), "，已派给盛华景苑物业办理"),
        (line("received", by="reporter", unit="gone"), "，已派给承办单位办理"),
        (line("received", by="reporter", to="12345"), "，已转送12345"),
        (line("received", by="reporter", unit="PM", to="12345"), "，已派给盛华景苑物业办理"),
        (line("forwarded"), "有权处理的部门"),
        (line("forwarded", to="区交通委"), "区交通委"),
        (line("merged"), "另一张工单"),
        (line("merged", number="MS2"), "MS2"),
        (line("progress", by="desk-a", unit="TRA"), "区交警支队"),  # whose progress it is, who typed it in or not
        (line("progress", by="police"), "区交警支队"),
    ],
)  # fmt: skip
def test_a_line_names_units_and_where_it_went(event, says):
    assert says in history_line(event, TOWN)


@pytest.mark.parametrize(
    ("by", "name"),
    [
        ("reporter", "居民"),
        ("machine", "系统"),
        (f"{MARK}0123", "志愿者"),
        ("gone", "工作人员"),
        ("police", "区交警支队"),
    ],
)
def test_who_did_it_is_a_unit_or_a_kind_of_person(by, name):
    (change,) = overtaken([line("progress", by=by)], TOWN).details["changes"]
    assert change["by_name"] == name


def test_an_overtaken_act_is_told_all_that_was_done_and_the_last_three_in_words():
    events = [line("progress", by="police", at=NOW + timedelta(minutes=n)) for n in range(4)]
    refused = overtaken(events, TOWN)
    said = history_line(events[0], TOWN)
    assert refused.details["changes"][0] == {
        "kind": "progress",
        "by": "police",
        "by_name": "区交警支队",
        "at": "2026-11-23T10:00:00+08:00",
        "what": said,
    }
    assert len(refused.details["changes"]) == 4
    last = "；".join(f"11月23日 10:0{n} {said}" for n in (1, 2, 3))
    assert refused.message == f"工单刚被他人处理过：{last}。请刷新，看清现状后再操作"
