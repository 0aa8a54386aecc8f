"""Open311's rules that need no service: positions, windows, pages, words, and the two formats."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import BadRequest
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.open311 import posted, public, services, window
from chalicelib.domain.open311.nearest import metres, nearest, position
from chalicelib.domain.open311.services import OWN_ID
from chalicelib.domain.open311.words import Word, is_closed, word_of
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Outcome, Stage, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Category, Place, PlaceKind, Unit, UnitKind
from chalicelib.web.geo_report import document
from tests.domain.life import dispatched

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
METRE = 1 / 111_195  # of latitude, in degrees
TOWN = Town(
    places=(
        Place(code="T", kind=PlaceKind.TOWN, name="镇", lat=31.1, lon=121.4),
        Place(code="N", parent="T", kind=PlaceKind.NEIGHBOURHOOD, name="小区", lat=31.11, lon=121.45),
        Place(code="B", parent="N", kind=PlaceKind.BUILDING, name="4号楼", lat=31.11, lon=121.45),
        Place(
            code="C", parent="N", kind=PlaceKind.BUILDING, name="5号楼", lat=31.11 + 60 * METRE, lon=121.45
        ),
        Place(code="X", parent="T", kind=PlaceKind.AREA, name="没有坐标"),
    )
)


def a_ticket(stage=Stage.RECEIVED, **more):
    return Ticket(
        id="1", number="MS1", stage=stage, source="qr", where=Where(name="x"), text="x", station_id="ST", received_at=NOW, **more
    )  # fmt: skip


@pytest.mark.parametrize(
    ("north", "place"),
    [
        (0, "B"),
        (29, "B"),
        (31, "C"),
        (99, "C"),
        (101, "N"),  # beyond a building's forty metres
        (299, "N"),
        (-39, "B"),
        (-41, "N"),
    ],
)
def test_the_finest_place_within_its_reach_wins_and_of_two_the_nearer(north, place):
    assert nearest(TOWN, 31.11 + north * METRE, 121.45).code == place


def test_outside_the_town_is_no_place_of_it():
    assert nearest(TOWN, 31.1 - 3999 * METRE, 121.4).code == "T"
    with pytest.raises(BadRequest):
        nearest(TOWN, 31.1 - 4001 * METRE, 121.4)


def test_a_path_lies_where_its_finest_place_with_coordinates_does():
    assert position(TOWN, ("T", "N", "X", "no such place")) == (31.11, 121.45)
    assert position(TOWN, ("T", "N", "C")) == (31.11 + 60 * METRE, 121.45)
    assert position(TOWN, ("X",)) is None


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_a_distance_is_the_same_both_ways_and_never_more_than_half_round_the_earth(lat, lon, lat2, lon2):
    there, back = metres((lat, lon), (lat2, lon2)), metres((lat2, lon2), (lat, lon))
    assert there == pytest.approx(back)
    assert 0 <= there <= 20_016_000


@given(st.integers(0, 36_500), st.floats(0, 90))
def test_a_window_never_spans_more_than_ninety_days(day, days):
    since = datetime(2000, 1, 1, tzinfo=SHANGHAI) + timedelta(days=day)
    until = since + timedelta(days=days)
    found = window.requests_window(since.isoformat(), until.isoformat(), NOW)
    assert found == (since, until)
    first, last = window.whole_days(found)
    assert first <= since <= until <= last
    assert window.requests_window(since.isoformat(), "", NOW)[1] - since <= window.LONGEST


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1990-01-01T00:00:00+00:00", True),
        ("9000-12-31T00:00:00Z", True),
        (" 2026-11-23T00:00:00 08:00", True),  # an unescaped + arrives as a blank
        ("1989-12-31T23:59:59Z", False),
        ("9001-01-01T00:00:00Z", False),
        ("2026-11-23T00:00:00", False),  # no zone
        ("yesterday", False),
    ],
)
def test_an_instant_has_its_zone_and_a_year_that_can_be_reckoned_with(text, read):
    if read:
        assert window.instant(text, "start_date").utcoffset() == timedelta(hours=8)
        return
    for dates, name in (((text, ""), "start_date"), (("", text), "end_date"), ((text, text), "start_date")):
        with pytest.raises(BadRequest, match=f"^{name} 应为带时区的时间"):
            window.requests_window(*dates, NOW)


@pytest.mark.parametrize(("start", "end"), [("2026-11-23T00:00:00Z", ""), ("", "2026-11-23T00:00:00Z")])
def test_updates_are_asked_for_with_both_dates_or_none(start, end):
    with pytest.raises(BadRequest, match=r"^start_date 和 end_date 要么都给"):
        window.updates_window(start, end, NOW)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (NOW, NOW - timedelta(seconds=1), "end_date 早于 start_date"),
        (NOW, NOW + timedelta(days=90, seconds=1), "start_date 和 end_date 相隔不能超过 90 天"),
    ],
)
def test_a_window_that_is_none_is_refused_with_what_is_wrong(start, end, words):
    with pytest.raises(BadRequest, match=f"^{words}"):
        window.requests_window(start.isoformat(), end.isoformat(), NOW)


def test_without_dates_requests_are_of_ninety_days_and_updates_of_two_hours():
    assert window.requests_window("", "", NOW) == (NOW - timedelta(days=90), NOW)
    assert window.updates_window("", "", NOW) == (NOW - timedelta(hours=2), NOW)


@pytest.mark.parametrize(
    ("number", "size", "span"),
    [
        ("", "", (0, 1000)),
        ("2", "50", (50, 100)),
        ("1", "5000", (0, 1000)),
        ("10", "1000", (9000, 10_000)),
    ],
)
def test_a_page_holds_a_thousand_at_most(number, size, span):
    assert window.page(number, size) == span


@pytest.mark.parametrize(
    ("number", "size", "words"),
    [
        ("11", "1000", "翻得太深了"),
        ("999999", "1", "翻得太深了"),
        ("0", "1", "page 应为正整数"),
        ("-1", "1", "page 应为正整数"),
        ("1", "0", "page_size 应为正整数"),
        ("１", "1", "page 应为正整数"),
        ("1" * 7, "", "page 应为正整数"),
    ],
)
def test_a_page_that_is_none_or_too_deep_is_refused(number, size, words):
    with pytest.raises(BadRequest, match=f"^{words}"):
        window.page(number, size)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_word_and_only_what_has_ended_is_closed(stage):
    ticket = a_ticket(stage)
    assert isinstance(word_of(ticket), Word)
    assert is_closed(ticket) == (stage in ENDED)


@pytest.mark.parametrize(
    ("ticket", "word"),
    [
        (a_ticket(), "open"),
        (a_ticket(returns=1), "for_triage"),
        (a_ticket(round=2), "reopen"),
        (a_ticket(Stage.DISPATCHED, round=2), "investigating"),
        (a_ticket(Stage.HANDLING), "in_progress"),
        (a_ticket(Stage.HANDLING, round=2), "reopen"),
        (a_ticket(Stage.RESOLVED), "in_progress"),  # not closed: the resident has not been asked
        (a_ticket(Stage.SUSPENDED), "no_further_action"),
        (a_ticket(Stage.CLOSED, outcome="solved"), "fixed"),
        (a_ticket(Stage.CLOSED, outcome="unreached"), "no_further_action"),
        (a_ticket(Stage.DECLINED), "not_councils_responsibility"),
        (a_ticket(Stage.FORWARDED), "internal_referral"),
        (a_ticket(Stage.MERGED), "duplicate"),
        (a_ticket(Stage.WITHDRAWN), "cancelled"),
    ],
)
def test_a_stage_is_told_in_mysociety_s_words(ticket, word):
    assert word_of(ticket) == word


@given(st.text())
def test_whatever_is_written_can_be_read_in_both_formats(text):
    items = [{"description": text, "metadata": True, "lat": None}]
    root = ElementTree.fromstring(document("services", items, "xml").encode("utf-8", "replace"))
    assert root.findtext("service/metadata") == "true"
    assert json.loads(document("services", items, "json")) == items


TOO_LONG = {
    "account_id": 200,
    "email": 200,
    "device_id": 200,
    "deviceid": 200,
    "last_name": 100,
    "first_name": 100,
    "service_code": 60,
    "address_id": 64,
    "address_string": 300,
    "attribute[closest_address]": 300,
    f"attribute[{OWN_ID}]": 64,
    "attribute[how_many]": posted.LONGEST_TEXT,
    "description": posted.LONGEST_TEXT,
    "media_url": posted.LONGEST_TEXT,
}


@pytest.mark.parametrize(("name", "longest"), TOO_LONG.items())
def test_the_field_that_is_too_long_is_the_one_that_is_named(name, longest):
    def read(value):
        return posted.report(*asked({"service_code": "B01", "lat": "31.1", "long": "121.4", name: value}))

    fine = "http://a/".ljust(longest, "x")
    read(fine)
    for bad in (fine + "x", fine[:-1] + "\x00"):
        with pytest.raises(BadRequest) as refused:
            read(bad)
        assert re.match(r"\S+", refused.value.message)[0] == name


# --- what a client posts ---


def asked(said):
    """As a route reads a form: the first value of the first named field that has one."""

    def one(*names):
        return next((said[each] for each in names if each in said), "")

    return one, {key: [given] for key, given in said.items()}


def test_a_report_is_read_whole():
    said = {
        "service_code": "B01",
        "lat": "31.11",
        "lon": "121.45",
        "description": "灯不亮",
        "address_string": "4号楼",
        "address_id": "B#NOTPINPOINTED#",
        "last_name": "王",
        "first_name": "小明",
        "phone": "+86 21 (5555) 1234转5",
        "email": "w@example.org",
        "device_id": "d1",
        f"attribute[{OWN_ID}]": " 77 ",
        "attribute[easting]": "1",
        "attribute[how_many][]": "三盏",
        "media_url": "https://a/1.jpg",
    }
    assert posted.report(*asked(said)) == posted.Posted(
        service_code="B01",
        text="灯不亮\nhow_many：三盏\n图片：https://a/1.jpg",
        lat=31.11,
        lon=121.45,
        address="4号楼",
        address_id="B",
        name="王 小明",
        phone="+86 21 (5555) 1234转5",
        person="w@example.org",
        own_id="77",
    )


def test_a_report_needs_no_more_than_a_service_and_a_place():
    said = {
        "service_code": "B01",
        "attribute[closest_address]": "银都路口",
        "media_url": "file:///etc/passwd",
    }
    assert posted.report(*asked(said)) == posted.Posted(
        service_code="B01", text="（没有文字说明）", address="银都路口"
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"address_id": "B"}, "缺少 service_code"),
        ({"service_code": "B01"}, "请给出地点"),
        ({"service_code": "B01", "lat": "31.1"}, "lat 和 long 要一起给"),
        ({"service_code": "B01", "lat": "91", "long": "121"}, "lat 或 long 超出范围"),
        ({"service_code": "B01", "lat": "31", "long": "-181"}, "lat 或 long 超出范围"),
        ({"service_code": "B01", "address_id": "B", "phone": "call me"}, "phone 只能有数字"),
    ],
)
def test_a_report_that_lacks_something_is_told_what(said, words):
    with pytest.raises(BadRequest, match=f"^{words}"):
        posted.report(*asked(said))


UPDATE = {
    "service_request_id": "MS1",
    "update_id": "u1",
    "status": "FIXED",
    "updated_datetime": "2026-11-23T10:00:00+08:00",
    "description": "亮了",
}


def test_an_update_is_read_whole():
    said = UPDATE | {"media_url": "https://a/1.jpg"}
    assert posted.update(*asked(said)) == posted.PostedUpdate(
        service_request_id="MS1", update_id="u1", word=Word.FIXED, text="亮了\n图片：https://a/1.jpg"
    )


@pytest.mark.parametrize("name", UPDATE)
def test_an_update_that_lacks_a_field_is_told_which(name):
    with pytest.raises(BadRequest, match=f"^缺少 {name}$"):
        posted.update(*asked({key: said for key, said in UPDATE.items() if key != name}))


@pytest.mark.parametrize(("name", "said"), [("status", "good"), ("updated_datetime", "today")])
def test_an_update_of_no_known_status_or_instant_is_refused(name, said):
    with pytest.raises(BadRequest, match=r"^status 或 updated_datetime"):
        posted.update(*asked(UPDATE | {name: said}))


# --- what anyone is shown ---

LAMP = Category(code="B01", parent="B", name="楼道照明", keywords=("灯", "黑"))
SEEN = TOWN.model_copy(
    update={
        "categories": (
            Category(code="B", name="公共设施"),
            LAMP,
            Category(code="S", name="投诉", sensitive=True),
            Category(code="L", name="其他"),
        ),
        "units": (Unit(code="PM", name="物业", kind=UnitKind.PROPERTY, area="N"),),
    }
)


def test_a_service_is_shown_with_the_group_that_it_is_of():
    assert services.view_of(LAMP, SEEN) == {
        "service_code": "B01",
        "service_name": "楼道照明",
        "description": "公共设施：楼道照明",
        "metadata": True,
        "type": "realtime",
        "keywords": "灯,黑",
        "group": "公共设施",
    }
    (alone,) = (each for each in services.services(SEEN) if each.code == "L")
    shown = services.view_of(alone, SEEN)
    assert (shown["description"], shown["group"], shown["keywords"]) == ("其他", "", "")


def test_a_definition_says_of_each_attribute_that_the_client_fills_it_in():
    shown = services.definition(LAMP)
    assert shown["service_code"] == "B01"
    assert [each["code"] for each in shown["attributes"]] == [code for code, _ in services.ATTRIBUTES]
    assert shown["attributes"][1] == {
        "variable": True,
        "code": "closest_address",
        "datatype": "string",
        "required": False,
        "datatype_description": "",
        "order": 2,
        "description": "离得最近的地址",
        "automated": "server_set",
    }


def shown(ticket, key="", text="", later=timedelta(0)):
    entry = public.entry_of(ticket, NOW + later)
    return public.request(entry, SEEN, key=key, text=text)


HERE = Where(place="B", path=("T", "N", "B"), name="4号楼")
LIT = a_ticket(
    Stage.HANDLING, category="B01", lead_unit_id="PM", public_text="灯不亮（已核）"
).model_copy(update={"where": HERE})  # fmt: skip


def test_a_request_shows_what_a_neighbour_may_see_and_the_day_alone():
    assert shown(LIT) == {
        "service_request_id": "MS1",
        "status": "open",
        "status_notes": "处置中：物业",
        "service_name": "楼道照明",
        "service_code": "B01",
        "description": "灯不亮（已核）",
        "agency_responsible": "物业",
        "service_notice": "",
        "requested_datetime": "2026-11-23T00:00:00+08:00",
        "updated_datetime": "2026-11-23T00:00:00+08:00",
        "expected_datetime": "",
        "address": "4号楼",
        "address_id": "B",
        "zipcode": "",
        "lat": 31.11,
        "long": 121.45,
        "media_url": "",
    }


def test_whose_report_it_is_sees_its_own_words_and_the_minute():
    seen = shown(LIT, key="fms", text="我家门口灯不亮", later=timedelta(hours=1))
    assert seen["description"] == "我家门口灯不亮"
    assert seen["requested_datetime"] == "2026-11-23T10:00:00+08:00"
    assert seen["updated_datetime"] == "2026-11-23T11:00:00+08:00"


def test_what_has_no_place_category_or_unit_shows_none():
    seen = shown(a_ticket(Stage.WITHDRAWN))
    assert {name: seen[name] for name in ("status", "status_notes", "service_name", "service_code")} == {
        "status": "closed",
        "status_notes": "已撤回",
        "service_name": "",
        "service_code": "",
    }
    assert [seen[name] for name in ("agency_responsible", "address", "address_id", "lat", "long")] == [
        "", "", "", None, None,
    ]  # fmt: skip


def test_a_spot_that_is_no_place_of_the_tree_shows_the_path_s_position_and_no_address():
    seen = shown(LIT.model_copy(update={"where": HERE.model_copy(update={"place": None})}))
    assert (seen["address"], seen["address_id"], seen["lat"]) == ("", "", 31.11)


def test_a_closed_request_names_no_unit_in_its_note():
    assert shown(LIT.model_copy(update={"stage": Stage.DECLINED}))["status_notes"] == "不属本镇职责"


def test_an_entry_keeps_whose_ticket_it_is_and_when_it_will_be_done():
    lit = dispatched(external_ids=({"partner": "open311-fms", "number": "77"},))
    entry = public.entry_of(lit, NOW)
    due = clocks.find_open(lit, ClockKind.RESOLUTION).due_at
    assert (entry.ticket_id, entry.owner, entry.due_at, entry.unit_id) == (lit.id, "fms", due, "OFF")
    assert public.request(entry, SEEN)["expected_datetime"] == due.isoformat(timespec="seconds")
    assert public.owner_of(a_ticket(external_ids=({"partner": "12345", "number": "1"},))) == ""


@pytest.mark.parametrize("kept", ["confidential", "practice"])
def test_what_no_neighbour_may_see_has_no_entry(kept):
    assert public.entry_of(LIT.model_copy(update={kept: True}), NOW) is None


@pytest.mark.parametrize(("category", "seen"), [("B01", True), (None, True), ("gone", True), ("S", False)])
def test_what_the_town_made_sensitive_since_is_shown_no_more(category, seen):
    entry = public.entry_of(LIT.model_copy(update={"category": category}), NOW)
    assert public.is_public(entry, SEEN) is seen


def test_every_word_that_a_stage_is_told_in_has_a_note():
    told = {word_of(a_ticket(stage, outcome=outcome)) for stage in Stage for outcome in Outcome}
    assert told <= set(public.NOTES)
