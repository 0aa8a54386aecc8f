"""听写 (rules 80 and 100): what was spoken is read once somebody has listened, as the words of any report are."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts.receiving import transcribe
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.danger_signs import Danger, DangerKind, DangerSign
from tests.domain.clock_town import CLOCKS, rule
from tests.domain.life import NOW, life_town, person, received

LATER = NOW + timedelta(minutes=1)
TOWN = life_town(
    danger=(DangerSign(code="lift", kind=DangerKind.LIFT, words="困在电梯", sure=True, category="LIFT"),),
    clocks=(*CLOCKS, rule("danger", "1 minutes", ladder="due station_head")),
)


def spoken(text="", **report):
    return received(text, recording=Recording(id="R", seconds=7), town=TOWN, **report)


def heard(ticket, words="二楼楼道灯不亮"):
    return transcribe(ticket, by=person("desk-a"), words=words, town=TOWN, now=LATER)


def test_a_recording_that_nobody_heard_waits_at_the_desk_as_a_possible_danger():
    ticket = spoken()
    assert (ticket.stage, ticket.danger.unheard) == (Stage.RECEIVED, True)
    assert clocks.find_open(ticket, ClockKind.DANGER) is not None


def test_what_was_heard_is_the_text_and_files_the_report():
    after, event = heard(spoken())
    assert (after.text, after.recording.heard_at, after.recording.heard_by) == (
        "二楼楼道灯不亮",
        LATER,
        "desk-a",
    )
    assert (after.category, after.facility, after.night, after.suggestion.category) == (
        "LAMP",
        True,
        False,
        "LAMP",
    )
    assert clocks.find_open(after, ClockKind.RESPONSE) is not None  # a facility's, from now on
    assert (event.kind, event.at, event.by, event.note) == (
        EventKind.TRANSCRIBED,
        LATER,
        "desk-a",
        "二楼楼道灯不亮",
    )
    assert event.reading.matters == 1


def test_what_was_typed_beside_it_stays_before_it():
    assert heard(spoken("看录音"))[0].text == "看录音\n二楼楼道灯不亮"


def test_once_the_words_speak_of_no_danger_nobody_waits_for_it_any_more():
    after, _ = heard(spoken())
    assert after.danger is None
    met = clocks.find_latest(after, ClockKind.DANGER)
    assert (met.met_at, met.met_by) == (LATER, "desk-a")


def test_words_that_surely_speak_of_danger_make_it_urgent_at_once():
    after, event = heard(spoken(), "我困在电梯里了")
    assert (after.urgent, after.danger.level, after.category) == (True, Danger.SURE, "LIFT")
    assert any(notice.urgent for notice in event.notices)


@pytest.mark.parametrize(
    "changes", [{"corrected": True, "category": "HORN"}, {"stage": Stage.HANDLING, "category": "HORN"}]
)
def test_what_a_person_has_filed_or_a_unit_has_stays_filed(changes):
    assert heard(spoken().model_copy(update=changes))[0].category == "HORN"


def test_a_response_that_runs_already_is_not_begun_again():
    running = spoken(urgent=True)
    assert sum(clock.kind is ClockKind.RESPONSE for clock in heard(running)[0].clocks) == 1


def test_the_second_who_listens_and_who_has_nothing_to_hear_are_told_so():
    with pytest.raises(AlreadyDone, match="已经有人听过"):
        heard(heard(spoken())[0])
    with pytest.raises(WrongStage, match="没有录音"):
        heard(received())
