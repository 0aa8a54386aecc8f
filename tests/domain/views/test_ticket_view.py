"""What a screen shows of a ticket: secrecy to its reporter, a row while the screen is locked, a recording."""

from datetime import timedelta

import pytest

from chalicelib.domain.tickets.recording import KEPT_AFTER_TEXT, Recording
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import recording_view, secrecy, watched_row
from tests.domain.life import NOW, TOWN, person, received, taken

ROW = {
    "ticket_id": "T",
    "urgent": True,
    "paused": False,
    "clock": "take",
    "due_at": "2026-11-23T10:00:00+08:00",
    "confidential": False,
    "number": "MS1",
    "place": "盛华景苑",
    "category_name": "楼道照明",
    "text": "301漏水",
}


def shown(**row):
    row = watched_row(ROW | row)
    return row["number"], row["place"], row["category_name"]


def test_a_locked_screen_says_of_what_is_pressing_number_place_and_kind_and_of_a_confidential_one_the_number():
    assert shown() == ("MS1", "盛华景苑", "楼道照明")
    assert shown(urgent=False, clock="danger") == ("MS1", "盛华景苑", "楼道照明")
    assert shown(confidential=True) == ("MS1", "", "")
    assert shown(urgent=False) == ("", "", "")


def test_a_locked_screen_shows_no_words_and_still_counts():
    row = watched_row(ROW)
    assert "301漏水" not in str(row)
    assert (row["ticket_id"], row["clock"], row["due_at"]) == ("T", "take", ROW["due_at"])


def test_who_reported_in_confidence_reads_who_cannot_see_it():
    ticket = received(confidential=True).model_copy(update={"concerns": ("PM", "grid", "gone")})
    read = secrecy(ticket, TOWN)
    assert read is not None
    assert read["kept_from"] == ["盛华景苑物业", "网格员甲"]
    assert (read["by_area"], read["sealed"], read["may_lift"]) == (False, True, True)
    assert secrecy(received(), TOWN) is None


@pytest.mark.parametrize("about", [{"concerns": ()}, {"concerns": ("PM",), "stage": Stage.CLOSED}])
def test_there_is_nothing_to_lift_where_nobody_is_kept_away_and_once_it_has_ended(about):
    read = secrecy(received(confidential=True).model_copy(update=about), TOWN)
    assert read is not None
    assert read["may_lift"] is False


def test_a_complaint_about_the_station_is_with_the_area_and_a_sealed_reporter_reads_what_that_means():
    about_it = received(confidential=True).model_copy(update={"concerns": ("ST",)})
    read = secrecy(about_it, TOWN)
    assert read is not None
    assert read["by_area"]
    open_reporter = secrecy(about_it.model_copy(update={"sealed": False}), TOWN)
    assert open_reporter is not None
    assert len(read["notes"]) == len(open_reporter["notes"]) + 1  # that units read no words of theirs


def test_a_recording_is_played_until_thirty_days_after_it_was_written_down():
    heard = taken().model_copy(update={"recording": Recording(id="R", seconds=9, heard_at=NOW)})
    last = NOW + KEPT_AFTER_TEXT
    assert recording_view(heard, last - timedelta(seconds=1))["is_kept"]
    assert not recording_view(heard, last)["is_kept"]
    unheard = taken().model_copy(update={"recording": Recording(id="R", seconds=9)})
    assert recording_view(unheard, last)["is_unheard"]
    assert recording_view(taken(), NOW) is None


def test_staff_read_names_beside_codes_and_nothing_of_the_machinery():
    view = access.staff_view(taken().model_copy(update={"category": "LAMP"}), person("handler-a"), TOWN)
    assert (view["lead_unit_name"], view["category_name"]) == ("城建中心", "楼道照明")
    assert view["has_reporter"] is True
    assert not {"reporter_id", "generation", "armed_for", "recording"} & set(view)
