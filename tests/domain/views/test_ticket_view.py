"""What a screen shows of a ticket: secrecy to its reporter, a row while the screen is locked, a recording."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import assisting, dividing
from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.recording import KEPT_AFTER_TEXT, Recording
from chalicelib.domain.tickets.ticket import (
    Assisting,
    Confrontation,
    Meeting,
    Paused,
    Stage,
    Suggestion,
    Undertaking,
    Where,
)
from chalicelib.domain.town.vocabulary import Track
from chalicelib.domain.understanding.text_model import PROPOSED_FROM, Choice, Guess
from chalicelib.domain.views import access, ticket_view
from chalicelib.domain.views.ticket_view import recording_view, secrecy, watched_row
from chalicelib.store.tickets.tickets import summary
from tests.domain.life import NOW, TOWN, person, received, taken, waiting

ROW = {
    "ticket_id": "T",
    "urgent": True,
    "paused": False,
    "clock": "take",
    "rings_at": ["2026-11-23T10:15:00+08:00"],
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
    assert recording_view(heard, NOW) == {
        "seconds": 9, "is_unheard": False, "heard_at": "2026-11-23T10:00:00+08:00", "is_kept": True,
    }  # fmt: skip
    assert recording_view(unheard, last)["heard_at"] is None


def test_staff_read_names_beside_codes_and_nothing_of_the_machinery():
    view = access.staff_view(taken().model_copy(update={"category": "LAMP"}), person("handler-a"), TOWN)
    assert (view["lead_unit_name"], view["category_name"]) == ("城建中心", "楼道照明")
    assert view["has_reporter"] is True
    assert not {"reporter_id", "generation", "armed_for", "recording"} & set(view)


HOUR = timedelta(hours=1)


def iso(instant):
    return instant.isoformat(timespec="seconds")


def test_a_staff_page_names_places_units_and_people_beside_their_codes():
    ticket = assisting.add_assisting(
        taken(track=Track.JOINT), unit_id="TRA", by=person("desk-a"), note="请协助", town=TOWN, now=NOW
    )[0].model_copy(
        update={
            "suggestion": Suggestion(
                category="LAMP", track=Track.SIMPLE, urgent=False, confidential=False, unit_id="PM", sure=True, reason="楼道灯"
            ),
            "where": Where(place="SH", path=("HJ", "gone", "SH"), name="盛华", candidates=("GG", "gone")),
            "title": "路灯",
        }
    )  # fmt: skip
    shown = ticket_view.staff_parts(ticket, TOWN, NOW)
    assert shown == {
        "suggestion": {
            "category": "LAMP", "track": "simple", "urgent": False, "confidential": False, "unit_id": "PM", "forward_to": "",
            "sure": True, "reason": "楼道灯", "category_name": "楼道照明", "unit_name": "盛华景苑物业",
        },
        "place_path": [
            {"code": "HJ", "name": "华泾镇", "kind": "town"},
            {"code": "SH", "name": "盛华景苑", "kind": "neighbourhood"},
        ],
        "station": {"code": "ST", "name": "关港蓝湾工作站", "phone": ""},
        "lead_unit": {"code": "OFF", "name": "城建中心", "phone": ""},
        "handler": {"code": "handler-a", "name": "经办人甲"},
        "assisting": [
            ticket_view.plain(Assisting(unit_id="TRA", note="请协助", by="desk-a").model_dump()) | {"unit_name": "区交警支队"}
        ],
        "running": ticket_view.running(ticket, NOW),
        "reached_by": "只能扫码查看",
        "place_candidates": [{"code": "GG", "name": "关港蓝湾片区"}],
        "stood_still_hours": 0,
        "title": "路灯",
        "part_of": None,
        "parts": [],
    }  # fmt: skip
    bare = ticket_view.staff_parts(received().model_copy(update={"suggestion": None}), TOWN, NOW)
    assert (bare["suggestion"], bare["lead_unit"], bare["handler"]) == (None, None, None)


def test_the_clocks_that_run_come_the_soonest_due_first_and_each_says_how_it_stands():
    ticket = taken()
    first, second = ticket_view.running(ticket, NOW)
    due = clocks.find_open(ticket, ClockKind.UNIT_FEEDBACK).due_at
    assert first == {
        "kind": "unit_feedback",
        "name": "初步反馈",
        "round": 1,
        "started_at": iso(NOW),
        "due_at": iso(due),
        "rings_at": [iso(due)],
        "overdue": False,
        "paused": False,
        "extended": False,
        "provisional": False,
    }
    assert second["kind"] == "resolution"
    assert [each["overdue"] for each in ticket_view.running(ticket, due + HOUR)] == [True, False]
    assert [each["paused"] for each in ticket_view.running(waiting(), NOW)] == [False, True, False]


@pytest.mark.parametrize(
    ("reporter", "reachable", "phone", "words"),
    [
        (None, "in_wechat", True, ""),
        ("r1", "in_wechat", True, "微信、电话"),
        ("r1", "in_wechat", False, "微信"),
        ("r1", "call", True, "电话"),
        ("r1", "in_app", False, "只能扫码查看"),
    ],
)
def test_how_a_reporter_can_be_reached(reporter, reachable, phone, words):
    ticket = received(reachable=reachable).model_copy(update={"reporter_id": reporter, "phone_left": phone})
    assert ticket_view.reached_by(ticket) == words


def test_how_long_it_stood_still_counts_what_is_over_and_what_stands_now():
    over = Paused(kind="waiting", round=1, unit_id="OFF", since=NOW - 3 * HOUR, until=NOW - HOUR)
    stands = waiting().model_copy(update={"pauses": (over,)})
    assert ticket_view.stood_still_hours(taken(), NOW) == 0
    assert ticket_view.stood_still_hours(taken().model_copy(update={"pauses": (over, over)}), NOW) == 4.0
    assert ticket_view.stood_still_hours(stands, NOW + timedelta(minutes=36)) == 2.6
    asked = stands.model_copy(update={"pause": stands.pause.model_copy(update={"arrived_at": None})})
    assert ticket_view.stood_still_hours(asked, NOW + HOUR) == 2.0  # the question has not arrived
    late = stands.model_copy(update={"pause": stands.pause.model_copy(update={"arrived_at": NOW + HOUR})})
    assert ticket_view.stood_still_hours(late, NOW + 2 * HOUR) == 3.0


def queue_row(ticket, **entry):
    at_stake = {"due_at": stamp(NOW + HOUR), "clock": "take", "who": "desk:ST", "rings_at": [stamp(NOW)]}
    return ticket_view.queue_row(summary(ticket) | at_stake | entry, TOWN)


def test_a_row_of_a_queue_has_names_beside_codes_and_says_neither_whose_it_is_nor_whom_it_concerns():
    ticket = taken().model_copy(update={"category": "LAMP", "concerns": ("PM",)})
    row = queue_row(ticket)
    assert row == {
        "ticket_id": ticket.id, "number": ticket.number, "stage": "handling", "stage_name": "处置中", "category": "LAMP",
        "category_name": "楼道照明", "place": "盛华景苑", "urgent": False, "track": "simple", "confidential": False,
        "practice": False, "source": "qr", "round": 1, "received_at": iso(NOW), "unit_id": "OFF", "unit_name": "城建中心",
        "handler_id": "handler-a", "handler_name": "经办人甲", "extension_asked": False, "phone_left": False, "paused": "",
        "unread": False, "due_at": iso(NOW + HOUR), "clock": "take", "clock_name": "签收", "rings_at": [iso(NOW)],
    }  # fmt: skip
    bare = queue_row(received(), clock="")
    names = ("category", "category_name", "unit_id", "unit_name", "handler_id", "handler_name", "clock_name")
    assert [bare[name] for name in names] == [""] * len(names)


def test_a_guess_is_shown_with_how_often_such_a_one_is_right_and_only_for_categories_there_are():
    choices = (
        Choice(label="LAMP", share=0.7, error=0.1),
        Choice(label="gone", share=0.2),
        Choice(label="HORN"),
    )
    guess = Guess(label="LAMP", confidence=PROPOSED_FROM, words=("灯", "黑"), choices=choices)
    assert ticket_view.guessed(guess, TOWN) == {
        "category": "LAMP",
        "category_name": "楼道照明",
        "proposed": True,
        "words": ["灯", "黑"],
        "choices": [
            {"category": "LAMP", "category_name": "楼道照明", "share": 0.7, "error": 0.1},
            {"category": "HORN", "category_name": "机动车鸣笛", "share": None, "error": 0.0},
        ],
    }
    below = guess.model_copy(update={"confidence": PROPOSED_FROM - 0.01})
    assert ticket_view.guessed(below, TOWN)["proposed"] is False
    assert ticket_view.guessed(guess.model_copy(update={"label": "gone"}), TOWN) is None
    assert ticket_view.guessed(None, TOWN) is None


def test_a_meeting_is_shown_with_its_units_and_what_was_undertaken_at_it_and_by_whose_unit():
    held = Meeting(
        id="H1", at=NOW, place="二楼", question="谁修", unit_ids=("TRA", "OFF"), called_by="desk-a"
    )
    other = held.model_copy(update={"id": "H2", "unit_ids": ()})
    ours = Undertaking(id="H1-1", unit_id="TRA", what="设声呐", due_at=NOW)
    theirs = Undertaking(id="H1-2", unit_id="OFF", what="划线", due_at=NOW)
    ticket = taken().model_copy(update={"meetings": (held, other), "undertakings": (ours, theirs)})
    one, two = ticket_view.meetings_of(ticket, TOWN, "TRA")
    assert one == ticket_view.plain(held.model_dump()) | {
        "units": ["区交警支队", "城建中心"],
        "undertakings": [
            ticket_view.plain(ours.model_dump()) | {"unit_name": "区交警支队", "is_own": True},
            ticket_view.plain(theirs.model_dump()) | {"unit_name": "城建中心", "is_own": False},
        ],
    }
    assert (one["at"], two["units"], two["undertakings"]) == (iso(NOW), [], [])


def test_what_was_put_to_somebody_is_shown_with_who_put_it_and_to_whom():
    to_unit = Confrontation(id="C1", to="PM", text="为何没来", by="area", asked_at=NOW)
    to_one = to_unit.model_copy(update={"id": "C2", "to": "grid", "by": "gone"})
    shown = ticket_view.confrontations_of(
        taken().model_copy(update={"confrontations": (to_unit, to_one)}), TOWN
    )
    assert shown[0] == ticket_view.plain(to_unit.model_dump()) | {
        "to_name": "盛华景苑物业",
        "by_name": "片区书记",
    }
    assert (shown[1]["to_name"], shown[1]["by_name"]) == ("网格员甲", "")


def test_the_other_matters_of_a_report_are_shown_with_how_far_each_is_and_the_whole_is_as_far_as_the_last():
    matters = tuple(dividing.Matter(title=title, text=title) for title in ("灯不亮", "太吵"))
    new = (dividing.New(id="01JD0000000000000000000009", number="MS261123-7K3QX7-6"),)
    (whole, _), ((part, _),) = dividing.divide(taken(), matters=matters, new=new, by=person("desk-a"), town=TOWN, now=NOW)  # fmt: skip
    assert ticket_view.parts_of(whole) == [
        {"id": part.id, "number": part.number, "title": "太吵", "stage": "received", "done": False, "stage_name": "已受理"}
    ]  # fmt: skip
    assert ticket_view.staff_parts(part, TOWN, NOW)["part_of"] == {
        "id": whole.id,
        "number": whole.number,
        "reported_at": iso(NOW),
    }
    assert ticket_view.stage_of_whole(whole) is Stage.RECEIVED
    done = whole.model_copy(update={"parts": (whole.parts[0].model_copy(update={"done": True}),)})
    assert ticket_view.stage_of_whole(done) is Stage.HANDLING
    over = done.model_copy(update={"stage": Stage.CLOSED})
    assert ticket_view.stage_of_whole(over) is Stage.CLOSED


def test_a_locked_row_counts_whole_as_it_is():
    assert watched_row(ROW | {"urgent": False, "paused": True, "confidential": True}) == {
        "ticket_id": "T",
        "urgent": False,
        "paused": True,
        "clock": "take",
        "due_at": ROW["due_at"],
        "rings_at": ROW["rings_at"],
        "confidential": True,
        "number": "",
        "place": "",
        "category_name": "",
    }
