"""What a phone may say of a danger, and whether what heard it was right."""

import pytest

from chalicelib.domain.tickets.dangers import name_of, was_right
from chalicelib.domain.tickets.readings import Answer, DangerCase
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from tests.domain.life import NOW


def a_case(level=Danger.POSSIBLE, **about):
    return DangerCase(level=level, since=NOW, **about)


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (None, "有人有危险"),
        (a_case(), "有人有危险"),
        (a_case(kinds=(DangerKind.FIRE, DangerKind.GAS)), "起火冒烟"),
        (a_case(kinds=(DangerKind.FIRE,), unheard=True), "有录音还没人听"),
    ],
)
def test_a_phone_says_the_kind_in_fixed_words_and_of_what_nobody_heard_only_that(case, said):
    assert name_of(case) == said


@pytest.mark.parametrize(
    ("case", "ended", "right"),
    [
        (a_case(), True, None),
        (a_case(answer=Answer.YES), False, True),
        (a_case(answer=Answer.UNSURE), True, None),
        (a_case(decided=Answer.YES), False, True),
        (a_case(answer=Answer.YES, decided=Answer.NO), True, False),  # a person of the town has the last word
        (a_case(Danger.SURE), False, None),
        (a_case(Danger.SURE), True, True),
    ],
)
def test_it_was_right_as_people_said_and_sure_danger_that_nobody_took_back_was_one(case, ended, right):
    assert was_right(case, ended=ended) is right
