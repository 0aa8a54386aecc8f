"""Danger goes before secrecy: where the concerned alone can help, they hear place and kind, and leaders of the conflict (rule 21)."""

import pytest

from chalicelib.domain.acts import endangered
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.ticket import Level
from chalicelib.domain.town.danger_signs import Danger, DangerKind, DangerSign
from tests.domain.life import NIGHT, NOW, life_town, received, received_with

SIGNS = (
    DangerSign(code="d1", kind=DangerKind.LIFT, category="LIFT", sure=True, words="困在…3电梯;有人出不来"),
    DangerSign(code="d2", kind=DangerKind.FIRE, words="冒烟"),
)
TOWN = life_town(danger=SIGNS)
SURE = Reading(danger=Danger.SURE, kinds=(DangerKind.LIFT,), words=("有人出不来",), category="LIFT")
POSSIBLE = Reading(danger=Danger.POSSIBLE, kinds=(DangerKind.LIFT,), words=("冒烟",))
SECRET = "物业经理骂我，我住301"


def heard(reading, *, concerns=("PM",), now=NOW):
    ticket = received(SECRET, town=TOWN).model_copy(update={"confidential": True, "concerns": concerns})
    return endangered.heard(ticket, reading, by="reporter", town=TOWN, now=now, note="301有人出不来")


def told(event, template):
    return [
        notice.to.removeprefix("staff:")
        for notice in event.notices
        if notice.template == template and notice.level is Level.RING
    ]


@pytest.mark.parametrize(("now", "who"), [(NOW, ["pm"]), (NIGHT, ["pm-head"])])
def test_the_concerned_who_alone_can_help_are_rung_with_place_and_kind_alone(now, who):
    ticket, event = heard(SURE, now=now)
    assert told(event, "danger_place") == who
    [notice] = [notice for notice in event.notices if notice.template == "danger_place"]
    assert set(notice.params) == {"place", "note"}
    said = words_of(notice.template, notice.params)
    assert ticket.where.name in said.text
    assert "有人被困" in said.text
    assert not any(part in said.title + said.text for part in (ticket.number, "301", "骂", "物业"))


def test_desk_and_leaders_are_rung_of_the_conflict_in_the_place_of_the_alert():
    _, event = heard(SURE)
    assert told(event, "danger_conflict")
    assert not told(event, "urgent_alert")
    assert not {"pm", "pm-head"} & set(told(event, "danger_conflict"))


@pytest.mark.parametrize(
    ("reading", "concerns"),
    [
        (POSSIBLE, ("PM",)),  # what nobody has confirmed keeps the secret
        (SURE, ("grid",)),  # the unit that can help is not the one concerned
        (SURE, ()),
    ],
)
def test_nobody_else_who_is_concerned_hears_of_it(reading, concerns):
    _, event = heard(reading, concerns=concerns)
    assert not told(event, "danger_place")
    assert not told(event, "danger_conflict")


@pytest.mark.parametrize("now", [NOW, NIGHT])
def test_a_report_of_danger_and_misconduct_goes_the_same_way_from_its_first_minute(now):
    ticket, event = received_with("物业骂我，我困在电梯里，有人出不来", now=now, town=TOWN)
    assert ticket.confidential
    assert "PM" in ticket.concerns
    assert ticket.urgent
    assert told(event, "danger_place")
    assert told(event, "danger_conflict")
    assert {n.template for n in event.notices if n.to in {"staff:pm", "staff:pm-head"}} == {"danger_place"}
