"""What a ticket says of itself: who may not see it, whose question waits, since when it is known."""

from datetime import timedelta

import pytest

from chalicelib.domain.tickets.clock_model import ladder_name
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import Asks, Joined, PartOf, Stage
from chalicelib.domain.tickets.voices import NOBODY, voice_of
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from tests.domain.life import NOW, received, taken, waiting

HOUR = timedelta(hours=1)


def joined(name="A", at=NOW - HOUR, **about):
    given = {"id": name, "number": name, "at": at, "source": Source.QR, "asks": Asks()}
    return Joined(**given | about)


def test_a_question_waits_for_whoever_reported_it_and_only_while_it_is_asked():
    assert waiting().asks("")
    assert not taken().asks("")
    pause = waiting().pause
    assert pause is not None
    suspended = pause.model_copy(update={"kind": "suspended"})
    assert not waiting().model_copy(update={"pause": suspended}).asks("")


def test_a_question_waits_for_the_merged_in_only_where_they_were_there_when_it_was_asked():
    before, after, with_it = joined("A"), joined("B", at=NOW + HOUR), joined("C", at=NOW - HOUR, via="A")
    ticket = waiting().model_copy(update={"joined": (before, after, with_it)})
    assert [ticket.asks(each) for each in ("A", "B", "C", "unknown")] == [True, False, True, False]


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        ({}, ("PM", "grid")),
        ({"stage": Stage.DISPATCHED}, ("PM",)),  # a person has passed it on
        ({"urgent": True}, ("PM",)),
        ({"danger": DangerCase(level=Danger.POSSIBLE, since=NOW)}, ("PM",)),
    ],
)
def test_whom_it_may_be_about_is_kept_away_until_a_person_looked_and_never_from_a_danger(about, kept):
    given = {"concerns": ("PM",), "may_concern": ("grid",)}
    assert received().model_copy(update=given | about).kept_from == kept


def test_it_was_reported_when_the_first_of_all_that_became_one_was():
    assert received().reported_at == NOW
    found = received().model_copy(update={"source": Source.PATROL})
    assert found.reported_at is None
    whole = PartOf(id="W", number="W", reported_at=NOW - 2 * HOUR)
    assert received().model_copy(update={"part_of": whole}).reported_at == NOW - 2 * HOUR
    merged = found.model_copy(update={"joined": (joined(reported_at=NOW - HOUR), joined("B"))})
    assert merged.reported_at == NOW - HOUR


def test_a_voice_is_the_same_for_ever_and_leads_back_to_nobody():
    assert voice_of("r1") == "82f3e9c695dc6b8d1b11"  # histories hold it
    assert voice_of(None) == voice_of("") == NOBODY


def test_a_role_of_an_older_count_stands_for_itself():
    assert (ladder_name("unit_head"), ladder_name("mayor")) == ("部门负责人", "mayor")
