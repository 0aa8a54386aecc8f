"""What a person is known by leaves the ticket, its history and its messages; the case stays (rule 45)."""

import pytest

from chalicelib.domain.identity.erasing import (
    TAKEN_OUT,
    Person,
    event_without,
    params_without,
    ticket_without,
)
from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.ticket import Event, FollowUp, Notice
from tests.domain.life import NOW, resolved

WHO = Person(name="王建国", phone="13812345678")
SAID = "王建国来电13812345678，水管又漏了"


def a_line(by, kind="commented", **about):
    return Event(kind=kind, at=NOW, by=by, **{"note": SAID} | about)


def is_there(text):
    return WHO.name in text or WHO.phone in text


def test_in_everybody_elses_words_only_the_person_is_taken_out():
    ticket = resolved()
    done = ticket.resolution.model_copy(update={"note": SAID})
    after = ticket_without(ticket.model_copy(update={"text": SAID, "resolution": done}), WHO)
    for words in (after.text, after.resolution.note):
        assert not is_there(words)
        assert "水管又漏了" in words
    assert (after.number, after.id, after.where, after.clocks) == (
        ticket.number,
        ticket.id,
        ticket.where,
        ticket.clocks,
    )


def test_what_the_person_said_after_the_report_and_the_room_go_whole():
    def word(said):
        return FollowUp(round=1, by="reporter", how="in_app", at=NOW, result="solved", words=said)

    ticket = resolved().model_copy(update={"room": "301", "follow_ups": (word("谢谢"), word(""))})
    after = ticket_without(ticket, WHO)
    assert after.room == ""
    assert [each.words for each in after.follow_ups] == [TAKEN_OUT, ""]


@pytest.mark.parametrize(("by", "kind"), [("reporter", "commented"), ("desk-a", "received")])
def test_of_the_persons_own_line_nothing_is_left_but_that_it_was_said(by, kind):
    told = Notice(to="staff:pm", template="commented", params={"note": "漏水", "number": "MS1"})
    silent = Notice(to="staff:pm", template="commented", params={"number": "MS1"})
    line = a_line(
        by,
        kind,
        reading=Reading(words=("漏",)),
        notices=(told, silent),
        details={"feedback": "漏水", "unit": "PM", "question": ""},
    )
    after = event_without(line, WHO)
    assert (after.note, after.reading, after.at, after.by) == (TAKEN_OUT, None, NOW, by)
    assert [each.params for each in after.notices] == [
        {"note": TAKEN_OUT, "number": "MS1"},
        {"number": "MS1"},
    ]
    assert after.details == {"feedback": TAKEN_OUT, "unit": "PM", "question": ""}


def test_a_line_without_words_gets_none():
    assert event_without(a_line("reporter", note=""), WHO).note == ""


def test_of_what_others_wrote_the_words_stay_without_the_person_wherever_they_stand():
    told = Notice(to="staff:pm", template="commented", params={"note": SAID, "who": "王建国"})
    line = a_line("desk-a", notices=(told,), details={"any": SAID}, reading=Reading(words=("漏",)))
    after = event_without(line, WHO)
    written = (after.note, after.details["any"], *after.notices[0].params.values())
    assert not any(is_there(each) for each in written)
    assert "水管又漏了" in after.note
    assert after.reading is not None


def test_a_codes_letters_are_no_words():
    """A person who is called like a code takes no code out."""
    line = a_line("desk-a", note="desk-a 看过")
    after = event_without(line, Person(name="desk-a"))
    assert after.by == "desk-a"
    assert "desk-a" not in after.note


def test_the_words_of_a_message_go_whoever_wrote_them_and_its_number_stays():
    params = {"number": "MS1", "note": "漏水", "who": "王建国"}
    assert params_without(params, WHO)["note"] == TAKEN_OUT
    assert params_without(params, WHO)["number"] == "MS1"
    assert not is_there(params_without(params, WHO)["who"])
    assert "note" not in params_without({"number": "MS1"}, WHO)
