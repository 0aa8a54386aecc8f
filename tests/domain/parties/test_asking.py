"""确认紧急: what opens the question whether somebody is in danger, what raises it, and what it holds up."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import StillOpen
from chalicelib.domain.parties.asking import asked, case_of, is_attended, need_decided, raised, unheard
from chalicelib.domain.tickets.readings import Answer, Reading
from chalicelib.domain.tickets.ticket import Level
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from tests.domain.life import NOW, TOWN, received

LATER = NOW + timedelta(hours=1)


def said(*words, level=Danger.POSSIBLE, kind=DangerKind.FIRE):
    return Reading(danger=level, kinds=(kind,), words=words, signs=tuple(f"sign-{each}" for each in words))


CASE = case_of(said("冒烟"), NOW)


@pytest.mark.parametrize(("seconds", "attended"), [(0, True), (60, True), (61, False)])
def test_a_console_that_was_heard_from_within_a_minute_is_attended(seconds, attended):
    assert is_attended(NOW, NOW + timedelta(seconds=seconds)) is attended
    assert not is_attended(None, NOW)


def test_a_case_keeps_what_decided_on_it_and_what_speaks_of_no_danger_opens_none():
    assert CASE is not None
    assert (CASE.words, CASE.signs, CASE.kinds, CASE.since) == (
        ("冒烟",),
        ("sign-冒烟",),
        (DangerKind.FIRE,),
        NOW,
    )
    assert case_of(Reading(words=("冒烟",)), NOW) is None
    assert case_of(None, NOW) is None


def test_more_words_of_the_same_are_asked_anew_and_the_earlier_are_kept():
    denied = CASE.model_copy(update={"decided": Answer.NO, "by": "desk-a"})
    again = raised(denied, said("有人困在里面", kind=DangerKind.LIFT), LATER)
    assert again.is_open
    assert (again.since, again.by) == (LATER, "")
    assert again.words == ("有人困在里面", "冒烟")
    assert again.kinds == (DangerKind.LIFT, DangerKind.FIRE)
    assert again.signs == ("sign-有人困在里面", "sign-冒烟")


@pytest.mark.parametrize("decided", ["", Answer.YES])
def test_sure_danger_stays_what_it_is_whatever_is_said_after_it(decided):
    sure = case_of(said("起火", level=Danger.SURE), NOW).model_copy(update={"decided": decided})
    assert raised(sure, said("冒烟"), LATER) == sure


def test_sure_danger_that_a_person_denied_is_raised_by_the_next_text():
    denied = case_of(said("起火", level=Danger.SURE), NOW).model_copy(update={"decided": Answer.NO})
    assert raised(denied, said("冒烟"), LATER).is_open


def test_the_same_words_once_more_ask_nobody_anew_while_the_question_is_open():
    assert raised(CASE, said("冒烟"), LATER) == CASE
    assert raised(CASE, said("冒烟", level=Danger.SURE), LATER).level is Danger.SURE
    denied = CASE.model_copy(update={"decided": Answer.NO})
    assert raised(denied, said("冒烟"), LATER).is_open


def test_a_text_without_danger_changes_nothing_and_a_first_one_with_it_opens_the_case():
    assert raised(CASE, Reading(), LATER) == CASE
    assert raised(None, said("冒烟"), NOW) == CASE
    assert raised(None, Reading(), NOW) is None


def with_case(case, **about):
    return received().model_copy(update={"danger": case} | about)


def test_the_desk_is_rung_and_where_it_is_about_the_station_the_leader_of_the_area():
    rung = asked(with_case(CASE), TOWN, NOW)
    assert [(each.to, each.level, each.digest) for each in rung] == [("staff:desk-a", Level.RING, False)]
    assert rung[0].params["note"] == "起火冒烟"
    about_the_station = with_case(CASE, concerns=("ST",))
    assert [(each.to, each.level) for each in asked(about_the_station, TOWN, NOW)] == [
        ("staff:area", Level.RING)
    ]


@pytest.mark.parametrize("decided", [Answer.YES, Answer.NO])
def test_who_was_asked_and_answered_is_not_rung_again(decided):
    assert asked(with_case(CASE.model_copy(update={"decided": decided})), TOWN, NOW) == ()
    assert asked(received(), TOWN, NOW) == ()


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (CASE, "可能有人有危险，还没有人确认，不能派单；请先选“是，按紧急办”或“不是”并写明原因"),
        (unheard(NOW), "录音还没有人听，不能派单；请先听一遍，把话写下来，着急就选“按紧急办”"),
    ],
)
def test_nothing_passes_an_open_question_over_and_it_is_said_what_comes_first(case, why):
    with pytest.raises(StillOpen) as refused:
        need_decided(with_case(case), "派单")
    assert refused.value.message == why
    need_decided(with_case(case.model_copy(update={"decided": Answer.NO})), "派单")
    need_decided(received(), "派单")
