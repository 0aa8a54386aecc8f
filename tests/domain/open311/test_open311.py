"""Open311's rules that need no service: positions, windows, pages, words, and the two formats."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadRequest
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.open311 import posted, window
from chalicelib.domain.open311.nearest import metres, nearest
from chalicelib.domain.open311.services import OWN_ID
from chalicelib.domain.open311.words import Word, is_closed, word_of
from chalicelib.domain.tickets.ticket import ENDED, Stage, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from chalicelib.web.geo_report import document

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


def test_without_dates_requests_are_of_ninety_days_and_updates_of_two_hours():
    assert window.requests_window("", "", NOW) == (NOW - timedelta(days=90), NOW)
    assert window.updates_window("", "", NOW) == (NOW - timedelta(hours=2), NOW)


@pytest.mark.parametrize(
    ("number", "size", "span"),
    [("", "", (0, 1000)), ("2", "50", (50, 100)), ("1", "5000", (0, 1000)), ("10", "1000", (9000, 10_000))],
)
def test_a_page_holds_a_thousand_at_most(number, size, span):
    assert window.page(number, size) == span


@pytest.mark.parametrize(
    ("number", "size"), [("11", "1000"), ("0", "1"), ("-1", "1"), ("1", "0"), ("１", "1"), ("1" * 7, "")]
)
def test_a_page_that_is_none_or_too_deep_is_refused(number, size):
    with pytest.raises(BadRequest):
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
        said = {"service_code": "B01", "lat": "31.1", "long": "121.4", name: value}

        def one(*names):
            return next((said[each] for each in names if each in said), "")

        return posted.report(one, {key: [given] for key, given in said.items()})

    fine = "http://a/".ljust(longest, "x")
    read(fine)
    for bad in (fine + "x", fine[:-1] + "\x00"):
        with pytest.raises(BadRequest) as refused:
            read(bad)
        assert re.match(r"\S+", refused.value.message)[0] == name
